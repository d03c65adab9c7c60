from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_npo_appointment(self):
        """Ask for an appointment for the person; of nobody, the person is chosen."""
        self.check_access("read")
        self.env["npo.appointment"]._require_asker(self.env["npo.official"])
        action = self.env["ir.actions.actions"]._for_xml_id(
            "npo_relations.npo_appointment_book_action"
        )
        return {**action, "context": {"default_partner_id": self[:1].id}}
