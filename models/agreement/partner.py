from odoo import models


class ResPartner(models.Model):
    """A contact shows the agreements from which its rights come (R025)."""

    _inherit = "res.partner"

    def action_npo_agreements(self):
        """Open the agreements of the contact, and of the body it belongs to."""
        self.ensure_one()
        agreements = self.env["npo.agreement"]
        agreements.check_access("read")
        parties = self | self.commercial_partner_id | self.child_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreements"),
            "res_model": agreements._name,
            "view_mode": "list,form",
            "domain": [("party_ids.partner_id", "in", parties.ids)],
            "context": {"default_partner_id": self.id},
        }
