from odoo import fields, models


class NpoPolicyChannelAdjust(models.TransientModel):
    """Add or stop a channel of the version in force, with a reason: R211."""

    _name = "npo.policy.channel.adjust"
    _description = "Channel Outside a New Version"

    version_id = fields.Many2one("npo.policy.version", required=True)
    operation = fields.Selection(
        [
            ("add", "Add an operational channel"),
            ("stop", "Take a channel out of use"),
            ("resume", "Take a channel into use again"),
        ],
        required=True,
        default="add",
    )
    kind = fields.Selection(
        [("communication", "Communication"), ("complaint", "Complaints")],
        required=True,
        default="communication",
    )
    channel_ids = fields.Many2many("npo.channel", string="Channels to add")
    line_ids = fields.Many2many(
        "npo.policy.channel",
        string="Channels",
        domain="[('version_id', '=', version_id),"
        " ('is_in_use', '=', operation == 'stop')]",
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Do the change; the line checks who may, and logs the reason."""
        self.ensure_one()
        if self.operation == "add":
            self.line_ids._add_operational(
                self.version_id, self.channel_ids, self.reason, self.kind
            )
        else:
            # lines of another version are none of this form's business
            lines = self.line_ids & self.version_id.channel_line_ids
            lines._set_in_use(self.operation == "resume", self.reason)
        return {"type": "ir.actions.act_window_close"}
