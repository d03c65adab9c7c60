from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.guards import check_values, is_derived, without_defaults

# Written by the steps alone.
STEP_FIELDS = frozenset(
    {"name", "state", "consent_id", "date_sent", "sent_by_id", "company_id"}
)
RESULT_FIELDS = frozenset({"date_answered", "result", "result_note"})
WRITER_GROUPS = (
    "npo_relations.group_npo_relations_officer,npo_relations.group_npo_branch_delegate"
)


class NpoOutsideReferral(models.Model):
    """A beneficiary referred to a body outside, with consent and a result (R056)."""

    _name = "npo.outside.referral"
    _description = "Referral to Another Body"
    _inherit = ["npo.reference.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _reference_prefix = "OUT"

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    beneficiary_id = fields.Many2one(
        "npo.beneficiary",
        string="Beneficiary's file",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="beneficiary_id.partner_id", store=True, precompute=True, index=True
    )
    site_id = fields.Many2one(
        related="beneficiary_id.site_id", store=True, precompute=True, index=True
    )
    request_id = fields.Many2one(
        "npo.request", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    service_id = fields.Many2one("npo.service", check_company=True)

    # to whom, about what
    body_id = fields.Many2one(
        "res.partner",
        string="Body",
        required=True,
        index=True,
        domain="[('is_company', '=', True)]",
        ondelete="restrict",
    )
    body_kind = fields.Selection(
        [
            ("government", "Government"),
            ("civil", "Civil society"),
            ("private", "Private sector"),
        ],
        required=True,
        default="civil",
    )
    agreement_id = fields.Many2one(
        "npo.agreement",
        compute="_compute_agreement_id",
        store=True,
        readonly=False,
        compute_sudo=True,
        index="btree_not_null",
        check_company=True,
        domain="[('party_ids.partner_id', '=', body_id),"
        " ('state', 'in', ('active', 'to_review'))]",
        ondelete="restrict",
        help="Under which the body serves, if there is one (R146).",
    )
    need = fields.Text("What is asked of the body", required=True)
    shared_data = fields.Text(
        "What the body is told", help="Only what it needs for this."
    )
    is_agreed = fields.Boolean(
        "The person agrees that this body is told this", tracking=True
    )

    # steps
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    consent_id = fields.Many2one(
        "npo.consent", string="Consent", readonly=True, copy=False, ondelete="restrict"
    )
    date_sent = fields.Date("Sent on", readonly=True, copy=False)
    sent_by_id = fields.Many2one(
        "res.users", string="Sent by", readonly=True, copy=False
    )
    date_due = fields.Date("Answer expected by", copy=False)
    date_answered = fields.Date("Answered on", copy=False)
    result = fields.Selection(
        [
            ("served", "Served by the body"),
            ("accepted", "Taken on by the body"),
            ("refused", "Refused by the body"),
            ("no_answer", "No answer"),
        ],
        copy=False,
        tracking=True,
    )
    result_note = fields.Text("Answer of the body", copy=False)

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another referral."
    )
    _open_idx = models.Index("(company_id, date_due) WHERE state = 'sent'")

    @api.depends("body_id", "company_id")
    def _compute_agreement_id(self):
        agreements = self.env["npo.agreement"]
        for referral in self:
            found = agreements
            if referral.body_id:
                found = agreements._in_force(referral.body_id, referral.company_id)
            referral.agreement_id = found[:1]

    @api.constrains("request_id", "beneficiary_id")
    def _check_request(self):
        for referral in self.filtered("request_id"):
            if referral.request_id.beneficiary_id != referral.beneficiary_id:
                raise ValidationError(
                    self.env._("The request is that of another beneficiary.")
                )

    @api.constrains("date_sent", "date_answered", "company_id")
    def _check_dates(self):
        for referral in self.filtered("date_answered"):
            today = referral.company_id._npo_today()
            if not (
                referral.date_sent
                and referral.date_sent <= referral.date_answered <= today
            ):
                raise ValidationError(
                    self.env._(
                        "The answer came after the letter, and not later than today."
                    )
                )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, lambda name: name in STEP_FIELDS | RESULT_FIELDS)
        references = self._new_references(vals_list)
        for vals, reference in zip(vals_list, references, strict=True):
            check_values(self, vals)
            self._check_fields(set(vals) - {"company_id"})
            vals["name"] = reference
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        self._check_fields(vals)
        if not self.env.su:
            told = set(vals) - set(self.env["mail.activity.mixin"]._fields)
            told -= set(self.env["mail.thread"]._fields)
            for referral in self:
                allowed = {"sent": RESULT_FIELDS}.get(referral.state, frozenset())
                if referral.state != "draft" and told - allowed:
                    raise UserError(
                        self.env._("What was sent to another body is not changed.")
                    )
        return super().write(vals)

    def _check_fields(self, names):
        """Refuse what only a step writes."""
        if not self.env.su and any(
            name in STEP_FIELDS or is_derived(self, name) for name in names
        ):
            raise AccessError(
                self.env._("A referral to another body moves by its buttons.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if any(referral.state != "draft" for referral in self):
            raise UserError(self.env._("Only a draft of a referral is deleted."))

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _require(self, *states):
        """Raise unless the user may take steps, and the referrals are in a state."""
        if not self.env.user.has_groups(WRITER_GROUPS):
            raise AccessError(
                self.env._("Only a relations officer refers to another body.")
            )
        self.check_access("write")
        if any(referral.state not in states for referral in self):
            raise UserError(
                self.env._("This step does not apply now. Reload the page.")
            )

    def action_send(self):
        """Send the letter: with the person's consent to share, and for this body."""
        self._require("draft")
        dealings = self.env["npo.agreement.exception"]
        for dealing in dealings._check_dealing("referral", self):
            self.browse(dealing.res_id).message_post(
                body=self.env._("Sent without an agreement in force.")
            )
        for referral in self:
            consents = self.env["npo.consent"]._current(
                referral.partner_id, referral.company_id
            )
            consent = consents.filtered(lambda one: one.purpose_id.code == "share")
            if not consent or not referral.is_agreed:
                raise UserError(
                    self.env._(
                        "%s has to agree first: to sharing with partner bodies in the"
                        " consents, and to this body here.",
                        referral.partner_id.name,
                    )
                )
            referral.sudo().write(
                {
                    "state": "sent",
                    "consent_id": consent[:1].id,
                    "date_sent": referral.company_id._npo_today(),
                    "sent_by_id": self.env.uid,
                }
            )
        return self.action_print()

    def action_print(self):
        """Print the letter to the body."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_outside_referral")
        return report.report_action(self)

    def action_answered(self):
        """Close the referral with the result that the body told."""
        self._require("sent")
        for referral in self:
            if not (referral.result and referral.date_answered):
                raise UserError(
                    self.env._("Fill in the result and the day of the answer first.")
                )
        self.sudo().write({"state": "answered"})

    def action_cancel(self):
        """Take a referral back that was not answered."""
        self._require("draft", "sent")
        self.sudo().write({"state": "cancelled"})
