from odoo import api, models

OFFER = "npo_relations.npo_complaint_server_action_compensate"


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        # EXTENDS base: no menu where no policy in force has compensation (R131)
        hidden = super()._load_menus_blacklist()
        if not self.env.user.company_ids._npo_any_compensates():
            hidden.append(self.env.ref("npo_relations.npo_menu_compensation").id)
        return hidden


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        # EXTENDS base: nor is a complaint referred for compensation there (R131)
        bindings = super().get_bindings(model_name)
        if (
            model_name == "npo.complaint"
            and not self.env.user.company_ids._npo_any_compensates()
        ):
            offer = self.env["ir.model.data"]._xmlid_to_res_id(OFFER)
            bindings = {
                kind: [action for action in actions if action["id"] != offer]
                for kind, actions in bindings.items()
            }
        return bindings


class ResCompany(models.Model):
    _inherit = "res.company"

    def _npo_any_compensates(self):
        """Tell whether the policy in force of one of them has compensation."""
        return any(self.sudo().npo_policy_version_id.mapped("use_compensation"))

    def _compute_npo_policy_version_id(self):
        # EXTENDS: another policy in force has other menus
        super()._compute_npo_policy_version_id()
        self.env.registry.clear_cache()
