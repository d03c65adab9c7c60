from odoo import fields, models
from odoo.exceptions import UserError


class NpoDataRequest(models.Model):
    """Correction goes through verification: proposed, then confirmed (P010)."""

    _inherit = "npo.data.request"

    correction_ids = fields.One2many("npo.data.correction", "case_id", "Corrections")

    def _drop_corrections(self):
        """Drop what is proposed: no value stays in clear beside a closed request."""
        lines = self.sudo().correction_ids
        lines.filtered(lambda line: line.state == "proposed")._decide("dropped")

    def _check_corrected(self, outcome):
        """Raise while a correction waits, or was dropped and all is said to be done."""
        lines = self.sudo().correction_ids
        if any(line.state == "proposed" for line in lines):
            raise UserError(
                self.env._("A correction waits: confirm it or drop it, then answer.")
            )
        if outcome == "done" and any(line.state == "dropped" for line in lines):
            raise UserError(
                self.env._("A correction was dropped: the request is done in part.")
            )
