from odoo import api, fields, models
from odoo.fields import Domain

PURCHASES = ("in_invoice", "in_receipt")


class AccountMove(models.Model):
    """A vendor bill above the association's value is by an agreement (R146)."""

    _inherit = "account.move"

    npo_needs_agreement = fields.Boolean(
        "Needs an agreement",
        compute="_compute_npo_agreement",
        search="_search_npo_needs",
    )
    npo_lacks_agreement = fields.Boolean(
        "Without an agreement",
        compute="_compute_npo_agreement",
        search="_search_npo_lacks",
    )

    @api.depends("partner_id", "amount_total_signed", "invoice_date", "state")
    def _compute_npo_agreement(self):
        bills = self.filtered(lambda move: move._origin and move.move_type in PURCHASES)
        domain = self._search_npo_needs("in", [True]) & Domain("id", "in", bills.ids)
        needing = bills and self.sudo().search(domain)
        dealings = self.env["npo.agreement.exception"]
        lacking = needing and dealings._of("bill", needing).mapped("res_id") or ()
        for move in self:
            move.npo_needs_agreement = move._origin.id in needing.ids
            move.npo_lacks_agreement = move._origin.id in lacking

    @api.model
    def _search_npo_needs(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"].sudo().search([])
        above = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("amount_total_signed", "<", -company.npo_agreement_threshold)
            for company in companies
            if company.npo_agreement_check != "off"
        )
        own = self.env["npo.payout"].sudo()._search([("move_id", "!=", False)])
        needing = (
            Domain("move_type", "in", PURCHASES)
            & Domain("state", "!=", "cancel")
            & above
            & Domain("id", "not in", own.subselect("move_id"))
        )
        return needing if True in value else ~needing

    @api.model
    def _search_npo_lacks(self, operator, value):
        if operator != "in":
            return NotImplemented
        dealings = self.env["npo.agreement.exception"].sudo()
        found = dealings.search_fetch(
            [("kind", "=", "bill"), ("waiver_id", "=", False)], ["res_id"]
        )
        lacking = Domain("id", "in", found.mapped("res_id"))
        return lacking if True in value else ~lacking

    def _post(self, soft=True):
        # EXTENDS account: refused, or noted on the bill, as the association chose
        bills = self.filtered(lambda move: move.move_type in PURCHASES)
        if bills:
            dealings = self.env["npo.agreement.exception"]
            lacking = dealings._check_dealing("bill", bills)
            for bill in bills.browse(lacking.mapped("res_id")):
                bill.message_post(
                    body=self.env._("Posted without an agreement in force.")
                )
        return super()._post(soft)
