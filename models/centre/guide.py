from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.locks import queue_for
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
    version = fields.Char(default="1", copy=False)
    replaces_id = fields.Many2one(
        "npo.guide",
        "New version of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    date_published = fields.Date("Published on", readonly=True, copy=False)
    body = fields.Html("Text", prefetch=False)
    file = fields.Binary(attachment=True)
    file_name = fields.Char()

    def _missing_to_publish(self):
        # OVERRIDE npo.audience.mixin
        if self.body or self.file:
            return False
        return self.env._("“%s” is empty: write it, or attach a file.", self.name)

    def _own_fields(self):
        # EXTENDS npo.audience.mixin
        return super()._own_fields() | {"date_published", "replaces_id"}

    def action_publish(self):
        """Publish it; the version that it replaces is taken back (R176)."""
        result = super().action_publish()
        for guide in self.sudo():
            guide.date_published = guide.company_id._npo_today()
            guide.replaces_id.write({"is_published": False, "active": False})
        return result

    def action_new_version(self):
        """Write the next version; this one stays published until that one is."""
        self.ensure_one()
        self.check_access("write")
        queue_for(self)  # of two who press at once the second finds the first one's
        if self.search_count([("replaces_id", "=", self.id)], limit=1):
            raise UserError(self.env._("The next version is being written already."))
        number = self.version or ""
        following = str(int(number) + 1) if number.isdecimal() else f"{number}+"
        guide = self.copy({"name": self.name, "version": following})
        guide.sudo().replaces_id = self
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": guide.id,
            "view_mode": "form",
        }

    @api.constrains("file", "file_name")
    def _check_file(self):
        """What everybody downloads is what its name says, and not too large."""
        for guide in self.filtered("file"):
            self.env["npo.document"]._check_content(
                guide.with_context(bin_size=False).file,
                guide.file_name,
                guide.company_id,
            )
