from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

FINANCE = "npo_relations.group_npo_finance_officer"


class NpoPayout(models.Model):
    """What finance sees of an order, and the way to its bill and its case (D01)."""

    _inherit = "npo.payout"

    approved_by = fields.Char(
        compute="_compute_approved_by",
        compute_sudo=True,
        help="Who granted it: by what the duties on the file tell.",
    )
    move_state = fields.Selection(related="move_id.state", string="State of the bill")
    account_masked = fields.Char(
        "Bank account", compute="_compute_account_masked", compute_sudo=True
    )
    next_step = fields.Char("What to do", compute="_compute_next_step")
    can_open_case = fields.Boolean(compute="_compute_can_open_case")
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )

    @api.depends("res_model", "res_id")
    def _compute_approved_by(self):
        for payout in self:
            source = payout._source().exists()
            persons = source and source._payout_granted_by()
            payout.approved_by = ", ".join(persons.mapped("name")) if persons else ""

    @api.depends("move_id.partner_bank_id")
    def _compute_account_masked(self):
        for payout in self:
            number = payout.move_id.partner_bank_id.sanitized_acc_number
            payout.account_masked = number and f"•••• {number[-4:]}"

    @api.depends("state", "move_id.partner_bank_id")
    def _compute_next_step(self):
        _ = self.env._
        sentences = {
            "to_check": _(
                "Validate a bank account of the payee’s own; then the bill is posted."
            ),
            "to_post": _("Open the bill, compare it with the case and post it."),
            "to_pay": _("A colleague registers the payment on the bill."),
            "partial": _("A part is paid: register the payment of the rest."),
            "returned": _(
                "The money came back: find out why, then pay again or cancel."
            ),
        }
        for payout in self:
            payout.next_step = sentences.get(payout.state, False)

    @api.depends_context("uid")
    @api.depends("res_model", "res_id")
    def _compute_can_open_case(self):
        """Tell whose case the user may see, in a few statements for all."""
        for model, payouts in self.grouped("res_model").items():
            files = self.env[model].browse(payouts.mapped("res_id")).exists()
            seen = set(files._filtered_access("read").ids)
            for payout in payouts:
                payout.can_open_case = payout.res_id in seen

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        late = self.filtered_domain(self._late_domain())
        for payout in self:
            payout.is_late = payout in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._late_domain()
        return late if True in value else ~late

    @api.model
    def _late_domain(self):
        return Domain("date_due", "<", self.env.company._npo_today()) & Domain(
            "state", "not in", ("paid", "void")
        )

    def _case(self):
        """Return what granted the money, as the user who looks."""
        return self.env[self.res_model].browse(self.res_id).exists()

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_open_bill(self):
        """Open the bill: what follows is done there, with Odoo's own buttons."""
        self.ensure_one()
        self.check_access("read")
        return self._form_of(self.move_id, self.move_id.name or self.res_name)

    def action_open_case(self):
        """Open the case that granted it, for who may see it."""
        self.ensure_one()
        self.check_access("read")
        case = self._case()
        case.check_access("read")
        return self._form_of(case, self.res_name)

    def _form_of(self, record, name):
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
        }

    def action_void(self):
        """Open the form in which an unpaid order is cancelled, with a reason."""
        return self._step_form("void", self.env._("Cancel the payment order"))

    def action_put_tax(self):
        """Open the form in which an accountant puts a tax on the bill."""
        return self._step_form("tax", self.env._("Put a tax on the bill"))

    def _step_form(self, step, title):
        self.ensure_one()
        self._require_finance()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "npo.payout.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payout_id": self.id, "default_step": step},
        }

    def _require_finance(self):
        self.check_access("read")
        if not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("A payment order is for finance."))

    def _cancel(self, reason):
        """Cancel unpaid orders; the file is told why (D01)."""
        self._require_finance()
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason first."))
        self._void(reason)


class NpoPayableMixin(models.AbstractModel):
    _inherit = "npo.payable.mixin"

    def _payout_granted_by(self):
        """Return the contacts who granted the money."""
        return self.env["npo.duty"]._persons("approve", self)


class AccountMove(models.Model):
    """The payment order on the form of its bill."""

    _inherit = "account.move"

    npo_case = fields.Char(related="npo_payout_id.res_name", string="Case")
    npo_approved_by = fields.Char(
        related="npo_payout_id.approved_by", string="Approved by"
    )
    npo_fund_id = fields.Many2one(related="npo_payout_id.fund_id", string="Fund")
    npo_payout_state = fields.Selection(related="npo_payout_id.state")
    npo_can_open_case = fields.Boolean(
        "May Open the Case", compute="_compute_npo_can_open_case"
    )
    npo_next_step = fields.Char(related="npo_payout_id.next_step")

    @api.depends_context("uid")
    @api.depends("npo_payout_id")
    def _compute_npo_can_open_case(self):
        for move in self:
            payout = move.sudo().npo_payout_id
            case = payout and move.env[payout.res_model].browse(payout.res_id)
            move.npo_can_open_case = bool(case) and case.has_access("read")

    def action_npo_open_payout(self):
        """Open the payment order of the bill."""
        self.ensure_one()
        self.check_access("read")
        return self.npo_payout_id._form_of(self.npo_payout_id, self.npo_payout_id.name)

    def action_npo_open_case(self):
        """Open the case of the bill, for who may see it."""
        self.ensure_one()
        self.check_access("read")
        return self.npo_payout_id.action_open_case()
