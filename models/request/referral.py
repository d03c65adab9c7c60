from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class NpoReferral(models.Model):
    """An applicant who found something unclear, referred to the social researcher.

    Step 3 of the policies (R110–R115): the researcher answers and explains, and the
    referral ends when the applicant says that it is understood.
    """

    _name = "npo.referral"
    _description = "Referral to the Social Researcher"
    _order = "id desc"
    _rec_name = "question"
    _check_company_auto = True

    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    partner_id = fields.Many2one(related="request_id.partner_id")
    return_stage_code = fields.Char(
        readonly=True, help="Where the request goes on after the answer."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Referred by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    researcher_id = fields.Many2one(
        "res.users",
        string="Researcher",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    mode = fields.Selection(
        [
            ("phone", "By telephone"),
            ("in_person", "In person"),
            ("video", "By video"),
            ("message", "By message"),
        ],
        required=True,
        default="phone",
    )
    aspect = fields.Selection(
        [
            ("organisational", "Organisational"),
            ("documents", "Documents"),
            ("eligibility", "Entitlement"),
            ("timing", "Time"),
            ("legal", "Legal"),
        ],
        required=True,
        default="organisational",
    )
    question = fields.Text(required=True)
    date_due = fields.Date("Due")
    answer = fields.Text()
    is_understood = fields.Boolean("The applicant says it is understood")
    date_answered = fields.Datetime("Answered on", readonly=True)
    state = fields.Selection(
        [("open", "To answer"), ("answered", "Answered")],
        compute="_compute_state",
        store=True,
        precompute=True,
    )

    is_in_time = fields.Boolean(
        "Answered in time", compute="_compute_is_in_time", search="_search_is_in_time"
    )

    _open_idx = models.Index("(researcher_id, date_due) WHERE state = 'open'")

    @api.depends("date_answered")
    def _compute_state(self):
        for referral in self:
            referral.state = "answered" if referral.date_answered else "open"

    @api.depends("date_answered", "date_due")
    def _compute_is_in_time(self):
        """Answered by its day, as the day is counted where the association works."""
        for referral in self:
            local = referral.with_context(tz=referral.company_id._npo_tz())
            answered = referral.date_answered
            referral.is_in_time = bool(answered) and (
                not referral.date_due
                or fields.Datetime.context_timestamp(local, answered).date()
                <= referral.date_due
            )

    @api.model
    def _search_is_in_time(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["date_answered", "date_due", "company_id"])
        in_time = Domain(
            "id",
            "in",
            SQL(
                """(SELECT r.id FROM npo_referral r
                     JOIN res_company c ON c.id = r.company_id
                    WHERE r.date_answered IS NOT NULL AND (r.date_due IS NULL OR
                          (r.date_answered AT TIME ZONE 'UTC' AT TIME ZONE
                           COALESCE(c.npo_tz, 'Asia/Riyadh'))::date <= r.date_due))"""
            ),
        )
        return in_time if True in value else ~in_time

    @api.constrains("aspect", "request_id")
    def _check_aspect(self):
        """The legal aspect is open where the policy names it (R115)."""
        for referral in self.filtered(lambda referral: referral.aspect == "legal"):
            version = referral.request_id._version()
            if version and not version.referral_legal_aspect:
                raise ValidationError(
                    self.env._(
                        "The policy in force refers organisational questions to the"
                        " researcher, not legal ones."
                    )
                )

    def write(self, vals):
        """What was answered is kept as it was."""
        if not self.env.su:
            if any(referral.state == "answered" for referral in self):
                raise UserError(self.env._("An answered referral is not changed."))
            if {"date_answered", "return_stage_code", "request_id"} & set(vals):
                raise UserError(self.env._("Use the button “Answer”."))
        return super().write(vals)

    def action_answer(self):
        """Close the referrals with their answer, and give the requests back."""
        self.check_access("write")
        for referral in self:
            if self.env.user != referral.researcher_id:
                raise UserError(
                    self.env._(
                        "This referral is for %s to answer.",
                        referral.researcher_id.name,
                    )
                )
            if not (referral.answer or "").strip():
                raise UserError(self.env._("Write the answer first."))
            if not referral.is_understood:
                raise UserError(
                    self.env._(
                        "Ask the applicant whether it is understood, and tick it:"
                        " only then is the referral closed."
                    )
                )
        self.sudo().write({"date_answered": fields.Datetime.now()})
        for referral in self:
            referral.request_id._end_referral(referral)
