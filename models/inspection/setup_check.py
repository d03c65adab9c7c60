from odoo import api, models


class NpoSetupCheck(models.TransientModel):
    """What the checklist asks of the rounds (R194, R200)."""

    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        checks = super()._checks(company)
        if company.npo_policy_version_id.use_measurement_center:
            checks = [*checks, self._supervisor_check(company)]
        return checks

    def _supervisor_check(self, company):
        _ = self.env._
        sites = self.env["npo.site"].search([("company_id", "=", company.id)])
        vacant = sites.filtered(lambda site: not site.supervisor_id)
        return self._check(
            "people",
            "site_supervisors",
            _("A supervisor for each site"),
            sites and not vacant,
            why=_("Nobody supervises: %s", " · ".join(vacant.mapped("name"))),
            hint=_("Name one on the card of the site."),
            action="npo_relations.npo_site_action",
        )
