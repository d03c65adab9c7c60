from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list


class NpoChannelMixin(models.AbstractModel):
    """What comes by a channel: one that the policy in force opens (R085).

    A channel that is closed later stays on what came by it.
    """

    _name = "npo.channel.mixin"
    _description = "Comes by a Channel"

    channel_id = fields.Many2one("npo.channel", index="btree_not_null")
    open_channel_ids = fields.Many2many(
        "npo.channel", string="Open channels", compute="_compute_open_channel_ids"
    )

    def _open_channels(self, version):
        """Return the channels by which something new may come, under a version."""
        return version._allowed_channels()

    @api.depends("company_id")
    def _compute_open_channel_ids(self):
        for company, records in self.grouped("company_id").items():
            version = company.sudo().npo_policy_version_id
            records.open_channel_ids = (
                self._open_channels(version)
                if version
                else self.env["npo.channel"].search([])
            )

    @api.constrains("channel_id")
    def _check_channel(self):
        """A channel that the policy does not open is refused on what is new (R085)."""
        for company, records in (
            self.filtered("channel_id").grouped("company_id").items()
        ):
            version = company.sudo().npo_policy_version_id
            if not version:
                continue
            allowed = self._open_channels(version)
            closed = records.channel_id - allowed
            if closed:
                raise ValidationError(
                    self.env._(
                        "The channel “%(channel)s” is not open in the policy in force."
                        " Choose one of: %(open)s.",
                        channel=closed[0].name,
                        open=format_list(self.env, allowed.mapped("name")),
                    )
                )
