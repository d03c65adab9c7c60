from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..core.guards import check_values, without_defaults
from .complaint import NpoComplaint as Base

KINDS = [
    ("contacted", "Person contacted"),
    ("forwarded", "Referred to the unit"),
    ("meeting", "Meeting"),
    ("site_check", "Looked at on site"),
    ("apology", "Apology"),
    ("correction", "Correction"),
    ("redo", "Service given again"),
    ("refund", "Paid back"),
    ("compensation", "Referred for compensation"),
    ("training", "Employee trained"),
    ("procedure_change", "Procedure changed"),
    ("disciplinary_referral", "Referred to the competent party"),
    ("authority_referral", "Referred to an authority"),
    ("none", "Kept on file, with the reason"),
]


class NpoComplaintAction(models.Model):
    """Something that was done about a complaint (R180, glossary 17.4)."""

    _name = "npo.complaint.action"
    _description = "Action Taken on a Complaint"
    _order = "date desc, id desc"
    _rec_name = "kind"

    # A measure of them counts the persons who complained.
    _counts_person = "complaint_id.partner_id"

    complaint_id = fields.Many2one(
        Base._name, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(KINDS, required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    department_id = fields.Many2one("hr.department", "Unit")
    user_id = fields.Many2one(
        "res.users", "By", required=True, default=lambda self: self.env.user
    )
    result = fields.Text()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            if not self.env.su:
                vals["user_id"] = self.env.uid
        own = {"complaint_id", "department_id", "kind", "date"}
        actions = super(
            NpoComplaintAction, without_defaults(self, lambda name: name not in own)
        ).create(vals_list)
        actions._check_open()
        actions._check_result()
        actions.complaint_id._note_action()
        return actions

    def write(self, vals):
        check_values(self, vals)
        if not self.env.su and {"complaint_id", "user_id"} & set(vals):
            raise AccessError(self.env._("An action stays with who took it."))
        self._check_open()
        result = super().write(vals)
        self._check_result()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self):
        """What was done about a closed complaint stays as it is."""
        if self.env.su:
            return
        self.complaint_id._require_handler()
        if any(case.is_closed for case in self.complaint_id):
            raise UserError(
                self.env._("The complaint is closed. Open it again to go on.")
            )

    def _check_result(self):
        for action in self:
            if action.kind == "none" and not (action.result or "").strip():
                raise UserError(
                    self.env._("Write why nothing is done: it is kept with the reason.")
                )


class NpoComplaint(models.Model):
    """What was done about a complaint, and which of them nobody touched (R180)."""

    _inherit = Base._name

    action_ids = fields.One2many(
        "npo.complaint.action", "complaint_id", string="Actions taken"
    )
    date_action = fields.Datetime(
        "Last action on", readonly=True, copy=False, help="Empty: none was taken yet."
    )
    is_untouched = fields.Boolean(
        "No action taken",
        compute="_compute_is_untouched",
        search="_search_is_untouched",
    )

    def _note_action(self):
        self.sudo().write({"date_action": fields.Datetime.now()})

    def _untouched_since(self, company):
        """Return the moment before which an open complaint wants an action."""
        return fields.Datetime.subtract(
            fields.Datetime.now(), days=company.npo_no_action_days
        )

    @api.depends("date_action", "date_received", "stage_category")
    def _compute_is_untouched(self):
        for case in self:
            case.is_untouched = (
                not case.is_closed
                and not case.date_action
                and bool(case.date_received)
                and case.date_received < case._untouched_since(case.company_id)
            )

    def _search_is_untouched(self, operator, value):
        if operator != "in":
            return NotImplemented
        untouched = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_received", "<", self._untouched_since(company))
            for company in self.env.companies
        )
        untouched &= Domain("is_closed", "=", False) & Domain("date_action", "=", False)
        return untouched if True in value else ~untouched
