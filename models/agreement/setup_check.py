from odoo import models

from ..core.setup_check import SETTINGS, USERS
from ..core.setup_check import NpoSetupCheck as Base


class NpoSetupCheck(models.TransientModel):
    """What agreements and disputes need, where the policy has them (R147–R149)."""

    _inherit = Base._name

    def _checks(self, company):
        # EXTENDS npo.setup.check
        version = company.npo_policy_version_id
        own = version.use_disputes or version.use_compensation
        return [
            *super()._checks(company),
            *(self._agreement_checks(company) if own else ()),
        ]

    def _agreement_checks(self, company):
        _ = self.env._
        items = self.env["npo.agreement.check.item"]
        group = self.env.ref("npo_relations.group_npo_legal_adviser")
        advisers = self.env["res.users"].sudo()
        return [
            self._check(
                "people",
                "legal_adviser",
                _("A legal adviser"),
                advisers.search_count(
                    [
                        ("group_ids", "in", group.ids),
                        ("company_ids", "in", company.ids),
                        ("share", "=", False),
                    ],
                    limit=1,
                ),
                why=_("No agreement is reviewed, and no dispute is led."),
                hint=_("Give the role to who advises the association."),
                action=USERS,
            ),
            self._check(
                "service",
                "legal_checklist",
                _("Legal checklist of agreements"),
                items.search_count([("is_mandatory", "=", True)], limit=1),
                why=_("An agreement comes into force without a look at its law."),
                hint=_("Mark what no agreement comes into force without."),
                action="npo_relations.npo_agreement_check_item_action",
            ),
            self._check(
                "service",
                "dispute_ladder",
                _("Days to settle a dispute amicably"),
                company.npo_amicable_days > 0,
                why=_("A dispute without an agreement has no day to be settled by."),
                hint=_("Enter them in the settings."),
                action=SETTINGS,
            ),
        ]
