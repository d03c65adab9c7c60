import base64

from odoo import api, fields, models


class NpoCommitteePaper(models.TransientModel):
    """A file that was made for one user to take along: letters, list of decisions."""

    _name = "npo.committee.paper"
    _description = "File of a Session"

    file = fields.Binary(readonly=True, attachment=True)
    file_name = fields.Char(readonly=True)

    @api.model
    def _offer(self, name, content):
        """Return the action that downloads a file, which its user alone can open."""
        # sudo: nobody makes one but by the steps; its creator is the user all the same
        paper = self.sudo().create(
            {"file": base64.b64encode(content), "file_name": name}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{paper.id}/file"
            "?download=true&filename_field=file_name",
            "target": "download",
        }
