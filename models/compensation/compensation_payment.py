from odoo import fields, models
from odoo.exceptions import UserError

from ..paying.payable_mixin import NpoPayableMixin
from .compensation import NpoCompensation as Base


class NpoCompensation(models.Model):
    """What was granted, until it is paid or performed (D01).

    The case follows Odoo's accounting: it is paid when that says so, owed again when
    the money came back, and to be approved again when its bill is void.
    """

    _name = Base._name
    _inherit = [Base._name, NpoPayableMixin._name]
    _flow_fields = {"date_performed", "performance"}

    date_performed = fields.Date("Performed on", readonly=True, copy=False)
    performance = fields.Text("What was done", readonly=True, copy=False)

    # ------------------------------------------------------------
    # PAID THROUGH ODOO'S ACCOUNTING
    # ------------------------------------------------------------

    def _payout_vals(self):
        # OVERRIDE npo.payable.mixin
        self._require_approved()
        return {
            "kind": "compensation",
            "partner_id": self.partner_id.id,
            "amount": self.amount_approved,
            "currency_id": self.currency_id.id,
            "fund_id": self.fund_id.id,
            "description": self.name,
        }

    def _payout_paid(self, payout):
        # OVERRIDE npo.payable.mixin
        self._require_stage("payment")
        self._move("paid")
        self._notify("cpn_paid", once=payout.name)
        self._task(self.user_id, self.env._("It was paid: close the case"))

    def _payout_unpaid(self, payout):
        # OVERRIDE npo.payable.mixin: owed again, also where it was closed meanwhile
        self._require_stage("paid", "closed")
        self._move("payment")
        self._task(self.user_id, self.env._("The money came back: it is owed again"))

    def _payout_void(self, payout, reason):
        # OVERRIDE npo.payable.mixin: nothing is owed by it until it is approved again
        self._require_stage("payment", "paid", "closed")
        self._move(
            "approval",
            amount_approved=0,
            date_approved=False,
            approved_by_id=False,
            outcome=False,
            date_answered=False,
        )
        self._ask_for_it(self.env._("The bill was taken back: %s", reason or ""))
        self._task(self.user_id, self.env._("The bill was taken back"))

    # ------------------------------------------------------------
    # PERFORMED WITHOUT MONEY
    # ------------------------------------------------------------

    def _perform(self, note, date=None, files=()):
        """Record that what was granted was done, and close the case (R142)."""
        self.ensure_one()
        self._take("payment")
        if self.remedy == "money":
            raise UserError(
                self.env._("%s is paid by finance: it closes after that.", self.name)
            )
        note = self._require_text(note, self.env._("Write what was done."))
        self._check_text_lengths({"performance": note})
        self._attach(files, source="performance")
        self.sudo().activity_ids.unlink()
        self._move(
            "closed", performance=note, date_performed=self._not_after_today(date)
        )

    def _compute_portal_sentence(self):
        # EXTENDS: what is made good without money is not paid
        super()._compute_portal_sentence()
        for case in self.filtered(lambda case: case.stage_code == "payment"):
            if case.sudo().remedy != "money":
                case.portal_sentence = self.env._(
                    "What was agreed with you is approved, and is being done."
                )
