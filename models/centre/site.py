from odoo import fields, models

from ..core.site import NpoSite as Base


class NpoSite(models.Model):
    """A site is looked after from the day on which it was opened (R200)."""

    _inherit = Base._name

    date_open = fields.Date(
        "Open since", help="Nothing is due there before. Empty: from the beginning."
    )
