from odoo import models

from ..request.request import NpoRequest as Base
from .improvable_mixin import NpoImprovableMixin


class NpoRequest(models.Model):
    """What stands in the way of a service is raised from the request (R083)."""

    _name = "npo.request"
    _inherit = [Base._name, NpoImprovableMixin._name]

    def _improvement_vals(self):
        # EXTENDS npo.improvable.mixin: where it stood, and nothing of the person
        vals = super()._improvement_vals()
        return {
            **vals,
            "title": self.env._("Obstacle: %s", self.service_id.name),
            "kind": "obstacle",
            "stage_id": self.stage_id.id,
        }
