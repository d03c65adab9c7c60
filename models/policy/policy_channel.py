from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class NpoPolicyChannel(models.Model):
    """A channel that a version opens, in the words of the policy: R085–R095.

    One line can open several channels («الخطابات والفاكسات»). A line of the policy
    changes with a new version only; what daily work adds or stops is an operational
    addition or a suspension, with a reason in the log of the version (R211).
    """

    _name = "npo.policy.channel"
    _description = "Policy Channel"
    # kept: npo.policy.version._allowed_channel_ids
    _inherit = ["npo.policy.line.mixin", "npo.kept.mixin"]

    _version_field = "channel_line_ids"

    name = fields.Char(
        string="Wording",
        required=True,
        translate=True,
        help="In the Arabic text: as the policy words it.",
    )
    kind = fields.Selection(
        [("communication", "Communication"), ("complaint", "Complaints")],
        required=True,
        default="communication",
    )
    channel_ids = fields.Many2many(
        "npo.channel", string="Channels", required=True, ondelete="restrict"
    )
    origin = fields.Selection(
        [("policy", "Policy"), ("operational", "Operational")],
        required=True,
        default="policy",
    )
    is_in_use = fields.Boolean(
        string="In use", default=True, help="Off: not offered on new cases."
    )
    reason = fields.Char(help="Why it was added or taken out of use.")

    @api.constrains("origin", "is_in_use", "reason")
    def _check_reason(self):
        """R211: what is not the policy's own tells why it is so."""
        for line in self:
            if line.reason or (line.origin == "policy" and line.is_in_use):
                continue
            raise ValidationError(
                self.env._(
                    "Tell the reason for channel “%(channel)s”: it is not as the "
                    "policy has it.",
                    channel=line.name,
                )
            )

    @api.model
    def _add_operational(self, version, channels, reason, kind="communication"):
        """Add channels to a version in force, as an operational addition (R211).

        :return: the new line
        """
        version._check_governance()
        version._check_state("approved")
        reason = version._required_reason(reason)
        if not channels:
            raise UserError(self.env._("Choose the channels to add."))
        last = max(version.channel_line_ids.mapped("sequence"), default=0)
        line = self._create_on_frozen(
            [
                {
                    "version_id": version.id,
                    "name": ", ".join(channels.mapped("name")),
                    "kind": kind,
                    "channel_ids": channels.ids,
                    "origin": "operational",
                    "reason": reason,
                    "sequence": last + 1,
                }
            ]
        )
        version._log_reason(
            self.env._("Operational channel added: %(channel)s", channel=line.name),
            reason,
        )
        return line

    def _set_in_use(self, is_in_use, reason):
        """Take channels out of use, or back, outside a new version (R211)."""
        self.version_id._check_governance()
        self.version_id._check_state("approved")
        reason = self.version_id._required_reason(reason)
        self._write_on_frozen({"is_in_use": is_in_use, "reason": reason})
        for line in self:
            event = (
                self.env._(
                    "Channel taken into use again: %(channel)s", channel=line.name
                )
                if is_in_use
                else self.env._(
                    "Channel taken out of use: %(channel)s", channel=line.name
                )
            )
            line.version_id._log_reason(event, reason)
