from odoo import models

from .complaint import NpoComplaint as Base

# Who hears first and second that the answer is late, by severity (glossary 17.3).
LADDERS = {
    "low": ("unit", "unit"),
    "medium": ("unit", "centre_manager"),
    "high": ("centre_manager", "general_manager"),
    "critical": ("general_manager", "general_manager"),
}


class NpoComplaint(models.Model):
    """The graver a complaint, the higher up its lateness is told (R151, R206)."""

    _inherit = Base._name

    def _escalation_users(self, step):
        # OVERRIDE npo.voice.mixin
        rung = LADDERS[self.severity][step - 1]
        users = self.env["res.users"]
        if rung == "unit":
            users = self._unit_managers(self.department_id)
            rung = "centre_manager"
        users = users or self._role_holders(rung, self.company_id)
        return users or self._role_holders("general_manager", self.company_id)
