from odoo import api, fields, models
from odoo.fields import Domain

from ..agreement.agreement import IN_FORCE
from .account_move_on_time import BILLS


class AccountMove(models.Model):
    """A vendor bill falls due as the agreement in force says (R160)."""

    _inherit = "account.move"

    npo_agreed_terms_id = fields.Many2one(
        "account.payment.term",
        string="Agreed terms",
        compute="_compute_npo_agreed_terms_id",
        help="Of the agreement in force, or else of the bill, or of the vendor.",
    )

    @api.depends("invoice_payment_term_id", "partner_id", "invoice_date")
    def _compute_npo_agreed_terms_id(self):
        terms = self._npo_terms_in_force()
        for move in self:
            vendor = move.partner_id.with_company(move.company_id)
            move.npo_agreed_terms_id = (
                terms[move]
                or move.invoice_payment_term_id
                or vendor.property_supplier_payment_term_id
            )

    @api.depends("partner_id")
    def _compute_invoice_payment_term_id(self):
        # EXTENDS account: what is agreed with a vendor comes before its usual terms
        super()._compute_invoice_payment_term_id()
        bought = self.filtered(
            lambda move: move.move_type in BILLS and not move.npo_payout_id
        )
        for move, term in bought._npo_terms_in_force().items():
            if term:
                move.invoice_payment_term_id = term

    def _npo_terms_in_force(self):
        """Return {move: terms of payment agreed with its party, on its day}."""
        parties = self.partner_id | self.partner_id.commercial_partner_id
        agreements = (
            self.env["npo.agreement"]
            .sudo()
            .search(
                Domain("company_id", "in", self.company_id.ids)
                & Domain("party_ids.partner_id", "in", parties.ids)
                & Domain("payment_term_id", "!=", False)
                & Domain("state", "in", IN_FORCE)
            )
        )
        return {move: move._npo_term_among(agreements) for move in self}

    def _npo_term_among(self, agreements):
        """Return the terms of the newest of agreements that binds the party."""
        day = self.invoice_date or self.company_id._npo_today()
        own = self.partner_id | self.partner_id.commercial_partner_id
        binding = agreements.filtered(
            lambda one: (
                one.company_id == self.company_id
                and one.party_ids.partner_id & own
                and one.date_from <= day
                and (not one.date_to or one.date_to >= day)
            )
        )
        return binding[:1].payment_term_id
