from odoo import models

MENUS = (
    "inspection",
    "inspection_trend",
    "readiness",
    "corrective_action",
    "emergency_report",
    "office",
    "office_scorecard",
    "checklist",
)


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        # EXTENDS base: no rounds where no policy in force has the centre (R169)
        hidden = super()._load_menus_blacklist()
        versions = self.env.user.sudo().company_ids.npo_policy_version_id
        if not any(versions.mapped("use_measurement_center")):
            hidden += [
                self.env.ref(f"npo_relations.npo_menu_{name}").id for name in MENUS
            ]
        return hidden
