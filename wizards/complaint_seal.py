from odoo import fields, models


class NpoComplaintSeal(models.TransientModel):
    """What a focal person gives when a sealed complaint is shown to others (P092)."""

    _name = "npo.complaint.seal"
    _description = "Step of a Sealed Complaint"

    complaint_id = fields.Many2one(
        "npo.complaint",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one(related="complaint_id.company_id", related_sudo=False)
    step = fields.Selection(
        [("unseal", "Open it to others"), ("name", "Name one more person")],
        required=True,
    )
    level = fields.Selection(
        [("restricted", "Restricted"), ("normal", "Normal")],
        "From now on",
        default="restricted",
    )
    user_id = fields.Many2one(
        "res.users",
        "Who must know of it",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    reason = fields.Text("Why", required=True)

    def action_confirm(self):
        """Take the step; the complaint checks who may."""
        self.ensure_one()
        if self.step == "unseal":
            self.complaint_id._unseal(self.level, self.reason)
        else:
            self.complaint_id._name_focal_person(self.user_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
