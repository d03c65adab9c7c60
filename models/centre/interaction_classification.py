from odoo import models

from ..core.classified_mixin import NpoClassifiedMixin
from .interaction import NpoInteraction as Base


class NpoInteraction(models.Model):
    """Letters and other contacts are told as far as they are classified (R157)."""

    _name = Base._name
    # the mixin first: what it does to the name comes after all else
    _inherit = [NpoClassifiedMixin._name, Base._name]
