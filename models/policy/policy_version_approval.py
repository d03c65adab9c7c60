from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.arabic import to_arabic_digits, to_latin_digits
from ...tools.hijri import to_hijri
from ...tools.sentence import render_sentence
from .profile import ARABIC

# What a sentence of approval says where the document has none of its own.
APPROVAL_TEMPLATE = (
    "تم اعتماد {policy}[ {association}][ في {meeting}]"
    "[ بتاريخ {hijri} هـ][ الموافق {gregorian} م][ عام {year} م]."
)


def _from_meeting(name, fact):
    """Return the compute of a field: what the meeting tells, else what it is (R006).

    One for each field: the ORM leaves all fields of a compute alone where one of them
    is written.
    """

    @api.depends("meeting_id")
    def compute(self):
        for version in self:
            version[name] = version.meeting_id[fact] or version[name]

    return compute


class NpoPolicyVersionApproval(models.Model):
    """The evidence of a version's approval: meeting, sentence, signatures.

    R006, R009–R013. What the meeting does not tell stays empty.
    """

    _inherit = "npo.policy.version"

    meeting_id = fields.Many2one(
        "npo.board.meeting",
        string="Meeting of the board",
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Fills in what is known of the approval.",
    )
    approved_by_body = fields.Selection(
        compute="_compute_approved_by_body", store=True, readonly=False
    )
    approval_date = fields.Date(
        compute=_from_meeting("approval_date", "date"), store=True, readonly=False
    )
    approval_year = fields.Integer(
        compute=_from_meeting("approval_year", "year_alone"), store=True, readonly=False
    )
    meeting_text = fields.Char(
        compute=_from_meeting("meeting_text", "text"), store=True, readonly=False
    )
    session_no = fields.Char(
        compute=_from_meeting("session_no", "session_no"), store=True, readonly=False
    )
    minutes_no = fields.Char(
        compute=_from_meeting("minutes_no", "minutes_no"), store=True, readonly=False
    )
    approval_template = fields.Char(
        "Form of the approval sentence",
        help="Placeholders: {policy} {association} {meeting} {session} {minutes} "
        "{hijri} {gregorian} {year}. A part in [square brackets] is left out where "
        "something in it is not known. Empty: the form of the product.",
    )
    approval_sentence = fields.Char(
        compute="_compute_approval_sentence",
        help="In the language of the document, with what is known only.",
    )
    chair_signs = fields.Boolean(
        "The chair signs at the end", help="A block for the chair's signature."
    )

    @api.depends("meeting_id")
    def _compute_approved_by_body(self):
        """A meeting of the board tells that it was the board."""
        for version in self:
            version.approved_by_body = (
                version.approved_by_body or (version.meeting_id and "board") or False
            )

    @api.depends(
        "approval_template",
        "approval_date",
        "approval_year",
        "meeting_text",
        "session_no",
        "minutes_no",
        "policy_id.name",
        "company_id.name",
        "company_id.npo_digits",
    )
    def _compute_approval_sentence(self):
        for version in self:
            version.approval_sentence = version._approval_sentence()

    def _approval_sentence(self):
        """Return the sentence that tells of the approval (R009, R010).

        The document's own form, where all that it needs is known; else the product's,
        which leaves out what is not. None where nothing of the approval is known.
        """
        self.ensure_one()
        if self.is_evidence_missing:
            return None
        values = self._approval_values()
        text = self.approval_template and render_sentence(
            self.approval_template, values
        )
        if not text:
            text = render_sentence(APPROVAL_TEMPLATE, self._without_repetition(values))
        is_arabic = self.company_id.npo_digits == "arabic"
        return to_arabic_digits(text) if is_arabic and text else text

    def _approval_values(self):
        """Return the values of the placeholders; what is not known is empty."""
        self.ensure_one()
        day, hijri = self.approval_date, to_hijri(self.approval_date)
        policy = self.policy_id
        if self.env["res.lang"]._get_data(code=ARABIC):
            policy = policy.with_context(lang=ARABIC)
        year = self.approval_year or (day.year if day else "")
        return {
            "policy": policy.name,
            "association": self.company_id.sudo().name,
            "meeting": self.meeting_text,
            "session": self.session_no,
            "minutes": self.minutes_no,
            "hijri": hijri and f"{hijri.day} / {hijri.month} / {hijri.year}",
            "gregorian": day and f"{day.day} / {day.month} / {day.year}",
            "year": year and str(year),
        }

    @staticmethod
    def _without_repetition(values):
        """Return the values without what another one says already."""
        meeting = to_latin_digits(values["meeting"] or "")
        said = values["gregorian"] or (values["year"] and values["year"] in meeting)
        is_named = values["association"] and values["association"] in (
            values["policy"] or ""
        )
        return {
            **values,
            "year": "" if said else values["year"],
            "association": "" if is_named else values["association"],
        }

    def action_fill_signatories(self):
        """Enter the members of the board in office on the day of the approval (R011).

        A line of the position without a name takes the name; nobody is entered twice.
        """
        self.ensure_one()
        self._check_governance()
        if not self.approval_date:
            raise UserError(
                self.env._(
                    "Enter the date of the approval first: the members in office on "
                    "that day sign."
                )
            )
        self._check_content_open({"signatory_ids"})
        members = self.env["npo.board.member"]
        in_office = members.search(
            members._in_office_domain(self.approval_date)
            & Domain("company_id", "=", self.company_id.id)
        )
        if not in_office:
            raise UserError(
                self.env._("No member of the board is recorded for that day.")
            )
        free = self.signatory_ids.filtered(
            lambda line: not line.partner_id and not line.name_on_document
        )
        for member in in_office:
            if member.partner_id in self.signatory_ids.partner_id:
                continue
            line = free.filtered(lambda line, m=member: line.position == m.position)[:1]
            free -= line
            if line:
                line.partner_id = member.partner_id
            else:
                self._add_signatory(member)

    def _add_signatory(self, member):
        last = max(self.signatory_ids.mapped("sequence"), default=0)
        self.env["npo.policy.signatory"].create(
            {
                "version_id": self.id,
                "position": member.position,
                "partner_id": member.partner_id.id,
                "sequence": last + 10,
            }
        )
