from odoo import fields, models


class NpoPayableMixin(models.AbstractModel):
    """What is paid through Odoo's accounting: a compensation, an aid in money (D01).

    What inherits it says what is owed to whom (`_payout_vals`), asks for it in the
    step that grants it (`_pay_out`), and goes on when Odoo says that it was paid, that
    the money came back, or that the bill is void.
    """

    _name = "npo.payable.mixin"
    _description = "Paid Through Accounting"

    payout_ids = fields.One2many(
        "npo.payout",
        "res_id",
        string="Payment orders",
        readonly=True,
        domain=lambda self: [("res_model", "=", self._name)],
    )

    def _payout_vals(self):
        """Return the values of the payment order of one record.

        :return: {"kind", "partner_id", "amount", "currency_id", "fund_id",
            "description"} and optionally "zakat_head_id", "representation_id",
            "date_due"
        """
        raise NotImplementedError

    def _payout_paid(self, payout):
        """Go on when Odoo's accounting says that all of it was paid."""

    def _payout_unpaid(self, payout):
        """Go on when money that was paid came back."""

    def _payout_void(self, payout, reason):
        """Go on when the bill was cancelled or reversed: nothing is owed by it."""
