from odoo import SUPERUSER_ID, api, fields, models

from .beneficiary import IDENTITY_GROUPS
from .beneficiary import NpoBeneficiary as BaseBeneficiary

MINUTES = 60


class NpoBeneficiary(models.Model):
    """How often a whole identity number is tried by who may not see it (R157, P025).

    The mask tells the first and the last digits: who could try all that lie between
    would read the number. The desk tries the one on the card in somebody's hand.
    """

    _inherit = BaseBeneficiary._name

    @api.model
    def _may_look_up(self, code):
        """Tell whether files may be looked for by a code, and count it.

        The same code is counted once in an hour: a screen asks several times.
        """
        user = self.env.user
        if self.env.uid == SUPERUSER_ID or user.has_groups(IDENTITY_GROUPS):
            return True
        if self.env.context.get("npo_many_texts"):
            return False
        guard, company = self.env["npo.flood.guard"].sudo(), self.env.company.sudo()
        tried = guard._key(company, "identity_number", f"{user.id}:{code}")
        if guard._is_full(company, {tried: 1}):
            return True
        who = guard._key(company, "identity_user", user.id)
        if guard._count(company, who, MINUTES) > company.npo_identity_lookups:
            return False
        guard._count(company, tried, MINUTES)
        self._count_though_undone(company, who, tried)
        return True

    def _count_though_undone(self, company, *keys):
        """Count once more what is undone with the call: an error must not be free."""
        registry, company_id = self.env.registry, company.id

        def count_again():
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                again = env["res.company"].browse(company_id)
                for key in keys:
                    env["npo.flood.guard"]._count(again, key, MINUTES)

        self.env.cr.postrollback.add(count_again)


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_identity_lookups = fields.Integer(
        "Identity numbers that one may try in an hour",
        default=120,
        help="Of those who see them masked: the desk finds a person by their card.",
    )
