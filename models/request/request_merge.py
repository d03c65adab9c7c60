from odoo import models


class NpoRequest(models.Model):
    """What of a person's requests there is once, when two files are merged."""

    _inherit = "npo.request"

    def _before_merge(self, kept, gone):
        """One draft for a service: the last one; the papers stay on the file."""
        drafts = self.search(
            [
                ("partner_id", "in", (kept.partner_id | gone.partner_id).ids),
                ("stage_code", "=", "draft"),
            ],
            order="write_date DESC, id DESC",
        )
        sentences = []
        for service, own in drafts.grouped("service_id").items():
            if len(own) > 1:
                own[1:].document_ids.write({"request_id": False})
                own[1:].unlink()
                sentences.append(self.env._("One draft stays: %s", service.name))
        return sentences
