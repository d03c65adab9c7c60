from odoo import fields, models


class NpoPolicyVersionJustify(models.TransientModel):
    """Ask for the reason of an act on a policy version, and do it."""

    _name = "npo.policy.version.justify"
    _description = "Reason of an Act on a Policy Version"

    version_id = fields.Many2one("npo.policy.version", required=True)
    operation = fields.Selection(
        [
            ("unevidenced", "Put in force without evidence of the approval"),
            ("withdraw", "Withdraw"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Do the act; the version checks who may, and logs the reason."""
        self.ensure_one()
        if self.operation == "withdraw":
            self.version_id._withdraw(self.reason)
        else:
            self.version_id._put_in_force_unevidenced(self.reason)
        return {"type": "ir.actions.act_window_close"}
