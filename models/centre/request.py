from odoo import fields, models

from ..request.request import NpoRequest as Base


class NpoRequest(models.Model):
    _inherit = Base._name

    interaction_id = fields.Many2one(
        "npo.interaction",
        "Came from",
        index="btree_not_null",
        check_company=True,
        copy=False,
    )
