from odoo import fields, models

from ..core.duty import NpoDuty as CoreDuty


class NpoDuty(models.Model):
    """Two different persons approve a destruction (D17)."""

    _name = CoreDuty._name
    _inherit = [CoreDuty._name]

    duty = fields.Selection(
        selection_add=[
            ("destroy_first", "Approval of a destruction: data protection"),
            ("destroy_second", "Approval of a destruction: management"),
        ],
        ondelete={"destroy_first": "cascade", "destroy_second": "cascade"},
    )

    _incompatible = (*CoreDuty._incompatible, ("destroy_first", "destroy_second"))
