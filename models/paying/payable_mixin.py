from odoo import fields, models

from ..core.locks import hold


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
            "date_due"; records as their ids
        """
        raise NotImplementedError

    def _pay_out(self):
        """Make for each record one payment order and one draft bill, all or none.

        What is missing is said before anything is written. It is called by the step
        that grants the money, in its transaction and by its user.

        :return: the payment orders, in the order of the records
        """
        hold(self)
        return self.env["npo.payout"]._issue(self)

    def _payout_evidence(self):
        """Return [(label, value)] of what shows that the money is owed (D01).

        It is for who pays: nothing of health, nothing sealed, nobody's words.
        """
        return []

    def _claim_payout_duty(self, duty):
        """Record that the user posts or pays what the files granted (P066).

        Done before by the same person, it is not recorded again.
        """
        duties = self.env["npo.duty"].sudo()
        done = duties.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("duty", "=", duty),
                ("partner_id", "=", self.env.user.partner_id.id),
            ]
        )
        known = self.browse(done.mapped("res_id"))
        self.env["npo.duty"]._check(duty, known)
        self.env["npo.duty"]._claim(duty, self - known)

    def _payout_paid(self, payout):
        """Go on when Odoo's accounting says that all of it was paid."""

    def _payout_unpaid(self, payout):
        """Go on when money that was paid came back."""

    def _payout_void(self, payout, reason):
        """Go on when the bill was cancelled or reversed: nothing is owed by it."""
