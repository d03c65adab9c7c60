from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.arabic import ordinal, to_arabic_digits
from ...tools.hijri import format_both
from .positions import POSITIONS

# What is known of a meeting; at least one of them (R006).
FACTS = ("ordinal", "session_no", "minutes_no", "date", "year")


class NpoBoardMeeting(models.Model):
    """A meeting of the board that approved something: R006, P007.

    All parts are optional but one: documents name a meeting by its place in the year,
    its session, its minutes, its date or its year, and what they do not say is not
    made up. A meeting may be on any day of the week.
    """

    _name = "npo.board.meeting"
    _description = "Meeting of the Board"
    _order = "year desc, date desc, ordinal desc, id desc"
    _rec_names_search = ["session_no", "minutes_no"]

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    ordinal = fields.Integer(
        "Meeting of the year", help="1 for the first meeting of the year."
    )
    session_no = fields.Char("Session number")
    minutes_no = fields.Char("Minutes number")
    date = fields.Date()
    year = fields.Integer(
        compute="_compute_year",
        store=True,
        readonly=False,
        help="Gregorian. Where only the year is known.",
    )
    year_alone = fields.Integer(
        compute="_compute_year_alone", help="The year, where no day is known."
    )
    minutes = fields.Binary("Signed minutes", attachment=True)
    minutes_name = fields.Char()
    text = fields.Char(
        "In words",
        compute="_compute_text",
        help="As the approval of a policy names it, in the language of the document.",
    )
    version_ids = fields.One2many(
        "npo.policy.version", "meeting_id", string="Approved versions", readonly=True
    )

    _ordinal_uniq = models.UniqueIndex(
        "(company_id, year, ordinal) WHERE ordinal > 0 AND year > 0",
        "There is a meeting of this place in the year already.",
    )

    @api.depends("date")
    def _compute_year(self):
        for meeting in self:
            meeting.year = meeting.date.year if meeting.date else meeting.year

    @api.depends("year", "date")
    def _compute_year_alone(self):
        for meeting in self:
            meeting.year_alone = 0 if meeting.date else meeting.year

    @api.depends(*FACTS, "company_id.npo_digits")
    def _compute_text(self):
        for meeting in self:
            text = meeting._words()
            is_arabic = meeting.company_id.npo_digits == "arabic"
            meeting.text = to_arabic_digits(text) if is_arabic else text

    @api.depends("text", "date")
    def _compute_display_name(self):
        lang = self.env.lang or "en_US"
        for meeting in self:
            digits = meeting.company_id.npo_digits
            day = format_both(meeting.date, lang, digits)
            meeting.display_name = " · ".join(filter(None, (meeting.text, day)))

    @api.constrains(*FACTS)
    def _check_facts(self):
        for meeting in self:
            if not any(meeting[name] for name in FACTS):
                raise ValidationError(
                    self.env._(
                        "Enter what is known of the meeting: its number, its date or "
                        "its year."
                    )
                )
            if meeting.ordinal < 0:
                raise ValidationError(self.env._("Meetings are counted from 1."))
            if meeting.year and not 1900 < meeting.year < 2100:
                raise ValidationError(
                    self.env._("Enter the Gregorian year of the meeting.")
                )
            if meeting.date and meeting.date.year != meeting.year:
                raise ValidationError(
                    self.env._("The date of the meeting lies in another year.")
                )

    def write(self, vals):
        if {*FACTS, "company_id"} & set(vals):
            self._check_not_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._check_not_evidence()

    def _check_not_evidence(self):
        """Raise when the approval of a decided version rests on one of the meetings."""
        decided = self.sudo().version_ids.filtered(
            lambda version: version.state not in ("draft", "under_review")
        )
        if decided:
            raise UserError(
                self.env._(
                    "The approval of %(version)s rests on this meeting: only its "
                    "signed minutes can still be added.",
                    version=decided[0].display_name,
                )
            )

    def _words(self):
        """Return how a document names the meeting, with what is known only."""
        self.ensure_one()
        if self.ordinal and ordinal(self.ordinal):
            year = f" لعام {self.year}م" if self.year else ""
            return f"الاجتماع {ordinal(self.ordinal)}{year}"
        if self.session_no:
            return f"اجتماع مجلس الإدارة بجلسته ({self.session_no})"
        if self.minutes_no:
            return f"محضر اجتماع مجلس الإدارة رقم ({self.minutes_no})"
        return "اجتماع مجلس الإدارة"


class NpoBoardMember(models.Model):
    """A member of the board in a term: R012. One chair at a time."""

    _name = "npo.board.member"
    _description = "Member of the Board"
    _order = "company_id, sequence, date_from, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, check_company=True
    )
    position = fields.Selection(POSITIONS, required=True, default="member")
    sequence = fields.Integer(
        compute="_compute_sequence", store=True, help="The order of the positions."
    )
    date_from = fields.Date("In office from", required=True)
    date_to = fields.Date("In office to", help="Empty: still in office.")
    is_in_office = fields.Boolean(
        compute="_compute_is_in_office", search="_search_is_in_office"
    )

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The term ends before it begins.",
    )
    _chair_uniq = models.UniqueIndex(
        "(company_id) WHERE position = 'chair' AND date_to IS NULL",
        "The association has a chair in office already. End that term first.",
    )

    @api.depends("position")
    def _compute_sequence(self):
        order = [position for position, _label in POSITIONS]
        for member in self:
            member.sequence = (
                order.index(member.position) if member.position else len(order)
            )

    @api.depends("date_from", "date_to")
    def _compute_is_in_office(self):
        today = fields.Date.context_today(self)
        for member in self:
            member.is_in_office = bool(
                member.date_from
                and member.date_from <= today
                and (not member.date_to or member.date_to >= today)
            )

    def _search_is_in_office(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._in_office_domain(fields.Date.context_today(self))

    @api.constrains("position", "date_from", "date_to", "company_id")
    def _check_one_chair(self):
        """R012: two chairs at the same time are refused."""
        for member in self.filtered(lambda member: member.position == "chair"):
            domain = Domain(
                [
                    ("company_id", "=", member.company_id.id),
                    ("position", "=", "chair"),
                    ("id", "!=", member.id),
                ]
            ) & (
                Domain("date_to", "=", False)
                | Domain("date_to", ">=", member.date_from)
            )
            if member.date_to:
                domain &= Domain("date_from", "<=", member.date_to)
            if self.sudo().search_count(domain, limit=1):
                raise ValidationError(
                    self.env._("The board has another chair in this time.")
                )

    @api.model
    def _in_office_domain(self, day):
        """Return the domain of who was in office on a day."""
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    @api.model
    def _chair_of(self, company):
        """Return the contact of the chair of the board in office today."""
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("position", "=", "chair")
        domain &= self._in_office_domain(company._npo_today())
        return self.sudo().search(domain, limit=1).partner_id

    @api.model
    def _users_of(self, company):
        """Return the accounts of the members in office today, in sudo."""
        domain = Domain("company_id", "=", company.id)
        domain &= self._in_office_domain(company._npo_today())
        staff = self.env.ref("npo_relations.group_npo_staff")
        return (
            self.sudo()
            .search(domain)
            .partner_id.user_ids.filtered(
                lambda user: company in user.company_ids and staff in user.all_group_ids
            )
        )

    @api.model
    def _chaired_by(self, partner):
        """Return the associations whose board a contact chairs today, in sudo."""
        domain = Domain("partner_id", "=", partner.id) & Domain(
            "position", "=", "chair"
        )
        return (
            self.sudo()
            .search(domain)
            .company_id.filtered(lambda company: self._chair_of(company) == partner)
        )
