from odoo import fields, models

from ..core.reference_mixin import NpoReferenceMixin


class NpoPayout(models.Model):
    """A payment order: what was granted, and the bill by which it is paid (D01)."""

    _name = "npo.payout"
    _description = "Payment Order"
    _inherit = [NpoReferenceMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _reference_prefix = "PAY"

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    kind = fields.Selection(
        [("compensation", "Compensation"), ("aid", "Aid in money")], required=True
    )
    res_model = fields.Char("Kind of file", required=True)
    res_id = fields.Many2oneReference("File", model_field="res_model", required=True)
    res_name = fields.Char("Granted by", required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Owed to", required=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(required=True)
    fund_id = fields.Many2one("npo.fund", index="btree_not_null", ondelete="restrict")
    move_id = fields.Many2one(
        "account.move", string="Bill", index="btree_not_null", ondelete="restrict"
    )
