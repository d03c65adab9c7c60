from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..core.kept_mixin import NpoKeptMixin
from .consent import NpoConsent as BaseConsent
from .consent_purpose import NpoConsentPurpose as BasePurpose
from .consent_purpose import NpoConsentText as BaseText


def shown_notice():
    """Return the field that keeps which notice stood on a form that was sent (P015)."""
    return fields.Many2one(
        "npo.consent.text",
        string="Notice shown",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="What the form said about the use of the data when it was sent.",
    )


class NpoConsentPurpose(models.Model):
    """Its notice is asked for by each public form: which one it is, is kept."""

    _name = BasePurpose._name
    _inherit = [NpoKeptMixin._name, BasePurpose._name]


class NpoConsentText(models.Model):
    """Which text is the notice in force is kept, until any text changes."""

    _name = BaseText._name
    _inherit = [NpoKeptMixin._name, BaseText._name]

    def _is_used(self):
        # EXTENDS npo.text.version.mixin: a notice that stood on a form was read
        return super()._is_used() or any(
            model.sudo()
            .with_context(active_test=False)
            .search_count([("notice_text_id", "in", self.ids)], limit=1)
            for model in map(self.env.__getitem__, self.env.registry)
            if not model._abstract and "notice_text_id" in model._fields
        )


class NpoConsent(models.Model):
    """The notice in force, read once a day for each association (P015)."""

    _inherit = BaseConsent._name

    @api.model
    def _notice(self, company):
        # EXTENDS: from the cache
        notice_id = self._notice_id(company.id, company.sudo()._npo_today())
        return self.env["npo.consent.text"].sudo().browse(notice_id)

    @api.model
    @ormcache("company_id", "today")
    def _notice_id(self, company_id, today):
        """Return the id of the notice on a day; False where there is none."""
        company = self.env["res.company"].browse(company_id)
        return super()._notice(company).id

    @api.model
    def _notice_message(self, company, post):
        """Return what is told to who was not shown the notice in force; "" else.

        :param post: what a form sent, by name; it says which notice stood on it
        """
        notice = self._notice(company)
        if notice and post.get("notice") != str(notice.id):
            return self.env._(
                "Please read how your data is used, and press the button again."
            )
        return ""

    @api.model
    def _shown_vals(self, company, post):
        """Return what is kept of the notice that stood on a form of the portal.

        :raise UserError: where it was not the one in force
        """
        if message := self._notice_message(company, post):
            raise UserError(message)
        return {"notice_text_id": self._notice(company).id}
