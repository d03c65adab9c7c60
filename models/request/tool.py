from odoo import models


class NpoTool(models.Model):
    """The tool “support request” is the form itself (R101)."""

    _inherit = "npo.tool"

    def action_open(self):
        # EXTENDS npo.tool: without a file of its own, print the blank form
        self.ensure_one()
        if self.code == "support_request_form" and not self._get_url():
            self.check_access("read")
            report = "npo_relations.action_report_npo_request_form_blank"
            return self.env.ref(report).report_action(self.env["npo.request"])
        return super().action_open()
