from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        # EXTENDS base: the catalogue is of policies with a measurement centre (R169)
        hidden = super()._load_menus_blacklist()
        versions = self.env.user.sudo().company_ids.npo_policy_version_id
        if not any(versions.mapped("use_measurement_center")):
            for name in ("npo_menu_centre_tasks", "npo_menu_centre_task"):
                hidden.append(self.env.ref(f"npo_relations.{name}").id)
        return hidden
