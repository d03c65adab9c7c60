from odoo import api, fields, models

from .audience_mixin import NpoAudienceMixin


class NpoGuide(models.Model):
    """A guide for those who use the services: what to do, and how (R176)."""

    _name = "npo.guide"
    _description = "User Guide"
    _inherit = [NpoAudienceMixin._name]
    _order = "name, version desc, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    service_id = fields.Many2one(
        "npo.service", index="btree_not_null", check_company=True
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        default=lambda self: self.env.lang or self.env.user.lang or "en_US",
    )
    version = fields.Char(default="1")
    body = fields.Html("Text", prefetch=False)
    file = fields.Binary(attachment=True)
    file_name = fields.Char()

    def _missing_to_publish(self):
        # OVERRIDE npo.audience.mixin
        if self.body or self.file:
            return False
        return self.env._("“%s” is empty: write it, or attach a file.", self.name)

    @api.constrains("file", "file_name")
    def _check_file(self):
        """What everybody downloads is what its name says, and not too large."""
        for guide in self.filtered("file"):
            self.env["npo.document"]._check_content(
                guide.with_context(bin_size=False).file,
                guide.file_name,
                guide.company_id,
            )
