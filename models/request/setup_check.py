from odoo import api, models


class NpoSetupCheck(models.TransientModel):
    """What the checklist asks of services, sites and the research committee (D21)."""

    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        return [*super()._checks(company), *self._request_checks(company)]

    def _request_checks(self, company):
        _ = self.env._
        own = [("company_id", "=", company.id)]
        committees = self.env["npo.committee"].sudo().search(own)
        services = self.env["npo.service"].sudo().search(own)
        bare = services.filtered(
            lambda service: (
                not (
                    service.document_line_ids
                    and service.target_days
                    and service.conditions
                )
            )
        )
        return [
            self._check(
                "people",
                "committee",
                _("Research committee with its chair"),
                any(committee._users("chair") for committee in committees),
                why=_("No committee has a chair in office."),
                hint=_("Enter the members, the chair and the secretary."),
                model="npo.committee",
            ),
            self._check(
                "service",
                "sites",
                _("Sites"),
                self.env["npo.site"].sudo().search_count(own, limit=1),
                why=_("The association has no site."),
                hint=_("Enter the headquarters and the branches."),
                model="npo.site",
            ),
            self._check(
                "service",
                "services",
                _("Services"),
                services,
                why=_("The association has no service."),
                hint=_("Enter what people can ask for."),
                model="npo.service",
            ),
            self._check(
                "service",
                "service_cards",
                _("A card for each service"),
                services and not bare,
                why=_(
                    "Without documents, time or conditions: %s",
                    " · ".join(bare.mapped("name")),
                ),
                hint=_("Complete the card: documents, days, conditions."),
                model="npo.service",
            ),
        ]
