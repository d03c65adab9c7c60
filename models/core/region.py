from odoo import api, fields, models
from odoo.tools import ormcache


class NpoRegion(models.Model):
    """One of the thirteen regions of Saudi Arabia (R016)."""

    _name = "npo.region"
    _description = "Region"
    _inherit = ["npo.kept.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.UniqueIndex("(code)", "This region code exists already.")

    @api.model
    @ormcache("self.env.lang")
    def _choices(self):
        """Return [(id, name)] of the regions, as each form of the portal lists them."""
        return [(region.id, region.name) for region in self.sudo().search([])]
