from odoo import api, models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """The file of a document comes in through the document, where it is checked."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            given = self.env.context.get("default_res_model")
            self._check_npo_document(
                {vals.get("res_model", given) for vals in vals_list}
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            models_touched = set(self.sudo().mapped("res_model"))
            self._check_npo_document(models_touched | {vals.get("res_model")})
        return super().write(vals)

    @api.model
    def _check_npo_document(self, model_names):
        if "npo.document" in model_names:
            raise AccessError(
                self.env._("Add the file on the document itself, where it is checked.")
            )
