from odoo import models

from ..core.message import NpoMessage as Base
from .data_request_flow import PROTECTOR

# What data protection writes to people, on its own account.
OWN = {"npo.data.request", "npo.data.breach.person"}


class NpoMessage(models.Model):
    """Data protection sees to it that its own messages arrive (P014, P017)."""

    _inherit = Base._name

    def _is_sender(self):
        # EXTENDS npo.message
        is_own = set(self.sudo().mapped("res_model")) <= OWN
        return super()._is_sender() or (is_own and self.env.user.has_group(PROTECTOR))
