from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """The rounds of today, and what went wrong (ux.md, Homes)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        version = self.env.company.sudo().npo_policy_version_id
        if version.use_measurement_center:
            tiles += self._round_tiles() + self._emergency_tiles()
        return tiles

    @api.model
    def _round_tiles(self):
        _ = self.env._
        today = Domain("day", "=", self.env.company._npo_today())
        readiness = today & Domain("kind", "=", "readiness")
        to_do = Domain("state", "in", ("planned", "in_progress"))
        survey = today & Domain("kind", "=", "field_survey") & to_do
        red = readiness & Domain("is_red", "=", True)
        model = "npo.inspection"
        tiles = []
        if self._has_role("service_representative", "branch_delegate"):
            tiles.append(
                (_("Readiness to sign"), "warning", model, readiness & to_do),
            )
        if self._has_role("centre_officer"):
            tiles.append((_("To inspect today"), "primary", model, survey))
        if self._has_role("centre_officer", "general_manager"):
            tiles.append((_("Sites not ready today"), "danger", model, red))
        return tiles

    @api.model
    def _emergency_tiles(self):
        _ = self.env._
        tiles = []
        if self._has_role("centre_officer", "general_manager"):
            urgent = Domain("is_emergency", "=", True) & Domain("state", "=", "open")
            label = _("Emergencies open")
            tiles.append((label, "danger", "npo.corrective.action", urgent))
        if self._has_role("centre_officer"):
            waiting = Domain("submission_state", "in", ("draft", "returned"))
            label = _("Reports to submit")
            tiles.append((label, "warning", "npo.emergency.report", waiting))
        return tiles

    @api.model
    def _quick_actions(self):
        # EXTENDS npo.home
        actions = super()._quick_actions()
        version = self.env.company.sudo().npo_policy_version_id
        if version.use_measurement_center and self._has_role(
            "service_representative", "branch_delegate", "centre_officer"
        ):
            actions.append(
                (
                    self.env._("Report an emergency"),
                    "fa-exclamation-triangle",
                    "npo_relations.npo_corrective_action_emergency",
                )
            )
        return actions
