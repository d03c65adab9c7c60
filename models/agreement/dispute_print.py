from odoo import models
from odoo.exceptions import UserError


class NpoDispute(models.Model):
    """The deed of settlement on paper, for both signatures."""

    _inherit = "npo.dispute"

    def action_print_deed(self):
        """Print the deed, once its terms are written."""
        self.check_access("read")
        if not all(dispute.date_deed for dispute in self):
            raise UserError(self.env._("Write the terms of the settlement first."))
        report = self.env.ref("npo_relations.action_report_npo_dispute_deed")
        return report.report_action(self)
