from odoo import fields, models

from ..spending.fund import NpoFund as SpendingFund


class NpoFund(models.Model):
    """The analytic account in which what a fund pays is found (P065)."""

    _name = SpendingFund._name
    _inherit = [SpendingFund._name]

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Analytic account",
        check_company=True,
        index="btree_not_null",
        groups="account.group_account_invoice,npo_relations.group_npo_governance_officer",
        help="Empty: that of its kind, from the settings.",
    )

    def _analytic_account(self):
        """Return the analytic account of a fund; none where it is not set up."""
        self.ensure_one()
        fund = self.sudo()
        return (
            fund.analytic_account_id or fund.company_id[f"npo_analytic_{fund.kind}_id"]
        )

    def _payout_refusal(self, kind, head):
        """Return why the fund may not pay this; False when it may (P065, P068).

        :param head: zakat head of the person who is paid
        """
        self.ensure_one()
        _ = self.env._
        fund = self.sudo()
        if kind == "compensation" and fund.kind != "unrestricted":
            return _(
                "A compensation is paid from unrestricted money only, and %s is not.",
                fund.name,
            )
        if fund.kind == "zakat" and (
            not head or (fund.zakat_head_ids and head not in fund.zakat_head_ids)
        ):
            return _(
                "%s is zakat: it goes to the heads of the fund only, and the person's"
                " file names none of them.",
                fund.name,
            )
        analytic = fund._analytic_account()
        if not analytic or not analytic.active:
            return _(
                "The fund %s has no analytic account: choose it in the settings.",
                fund.name,
            )
        return False
