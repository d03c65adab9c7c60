from odoo import api, fields, models


class NpoRequest(models.Model):
    """Consideration for the person's circumstances (R066)."""

    _inherit = "npo.request"

    circumstance_note = fields.Char(
        "Circumstances",
        compute="_compute_circumstance_note",
        groups="base.group_user",
    )

    @api.depends("beneficiary_id")
    @api.depends_context("uid", "lang")
    def _compute_circumstance_note(self):
        for request in self:
            file = request.beneficiary_id
            request.circumstance_note = file._circumstance_sentence(
                file.sudo().circumstance_ids.sudo(False)
            )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS npo.request: telephone for whom coming is hard, if nothing was said
        todo = [vals for vals in vals_list if not vals.get("channel_id")]
        todo = [vals for vals in todo if vals.get("beneficiary_id")]
        if todo:
            files = self.env["npo.beneficiary"].browse(
                vals["beneficiary_id"] for vals in todo
            )
            flagged = {
                file.id: file._proposed_channel()
                for file in files.sudo()
                if any(file.circumstance_ids.mapped("is_remote"))
            }
            vals_list = [
                {**vals, "channel_id": channel.id}
                if not vals.get("channel_id")
                and (channel := flagged.get(vals.get("beneficiary_id")))
                else vals
                for vals in vals_list
            ]
        return super().create(vals_list)


class NpoBeneficiary(models.Model):
    _inherit = "npo.beneficiary"

    def _proposed_channel(self, company=None):
        """Return the preferred channel, else the telephone, if the policy has it.

        :param company: for whoever has no file yet
        """
        version = (company or self.company_id).sudo().npo_policy_version_id
        allowed = version._allowed_channels() if version else self.env["npo.channel"]
        if self.preferred_channel_id & allowed:
            return self.preferred_channel_id
        return allowed.filtered(lambda channel: channel.kind == "phone")[:1]
