from odoo import api, models


class NpoSetupCheck(models.TransientModel):
    """What the checklist asks of meetings with officials (R192)."""

    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        officials = self.env["npo.official"].sudo()
        return [
            *super()._checks(company),
            self._check(
                "people",
                "officials",
                self.env._("Officials who can be met"),
                officials.search([("company_id", "=", company.id)])._receives(),
                why=self.env._("Nobody can be met: no appointment can be given."),
                hint=self.env._("Enter who receives people, where, and when."),
                action="npo_relations.npo_official_action",
            ),
        ]
