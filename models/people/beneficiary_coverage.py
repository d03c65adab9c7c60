from odoo import api, fields, models
from odoo.tools import format_list


class NpoBeneficiary(models.Model):
    """Whether a person lives where the association serves (P135)."""

    _inherit = "npo.beneficiary"

    coverage_note = fields.Char(
        "Service area", compute="_compute_coverage_note", groups="base.group_user"
    )

    @api.depends("region_id", "city", "site_id", "company_id")
    @api.depends_context("lang")
    def _compute_coverage_note(self):
        for file in self:
            file.coverage_note = self._coverage_sentence(
                file.company_id, file.site_id, file.region_id, file.city
            )

    @api.model
    def _coverage_sentence(self, company, site, region, city):
        """Return the warning of an address that is not served here, else False."""
        areas = self.env["npo.service.area"]
        state, sites = areas._coverage(company, site, region, city)
        if state == "outside":
            return self.env._(
                "Lives outside the area that the association serves. Propose a body"
                " there, or write why an exception is made."
            )
        if state == "elsewhere" and sites:
            return self.env._(
                "Lives in the area of another site: %s. Propose to go on there, or"
                " write why an exception is made.",
                format_list(self.env, sites.mapped("name")),
            )
        return False
