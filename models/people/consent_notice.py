from odoo import api, models
from odoo.tools import ormcache

from ..core.kept_mixin import NpoKeptMixin
from .consent import NpoConsent as BaseConsent
from .consent_purpose import NpoConsentPurpose as BasePurpose
from .consent_purpose import NpoConsentText as BaseText


class NpoConsentPurpose(models.Model):
    """Its notice is asked for by each public form: which one it is, is kept."""

    _name = BasePurpose._name
    _inherit = [NpoKeptMixin._name, BasePurpose._name]


class NpoConsentText(models.Model):
    """Which text is the notice in force is kept, until any text changes."""

    _name = BaseText._name
    _inherit = [NpoKeptMixin._name, BaseText._name]


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
