from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        # EXTENDS base: no menu where no policy in force has compensation (R131)
        hidden = super()._load_menus_blacklist()
        versions = self.env.user.sudo().company_ids.npo_policy_version_id
        if not any(versions.mapped("use_compensation")):
            hidden.append(self.env.ref("npo_relations.npo_menu_compensation").id)
        return hidden


class ResCompany(models.Model):
    _inherit = "res.company"

    def _compute_npo_policy_version_id(self):
        # EXTENDS: another policy in force has other menus
        super()._compute_npo_policy_version_id()
        self.env.registry.clear_cache()
