from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_stakeholder_type_ids = fields.Many2many(
        "npo.stakeholder.type",
        "npo_company_stakeholder_rel",
        "company_id",
        "type_id",
        string="Kinds of stakeholders",
        default=lambda self: self.env["npo.stakeholder.type"].sudo().search([]),
        help="The kinds that the policy names.",
    )

    @api.model
    def _npo_fill_stakeholder_types(self):
        """Let the associations that have no kinds deal with all of them."""
        companies = self.search([("npo_stakeholder_type_ids", "=", False)])
        companies.npo_stakeholder_type_ids = self.env["npo.stakeholder.type"].search([])

    def _npo_apply_profile(self, code):
        # EXTENDS npo_relations: the kinds that the policy of the profile names
        is_first = not self.sudo().npo_profile_code
        version = super()._npo_apply_profile(code)
        if is_first:
            codes = self._npo_read_profile(code)["stakeholders"]
            kinds = self.env["npo.stakeholder.type"].sudo()
            self.sudo().npo_stakeholder_type_ids = kinds.search([("code", "in", codes)])
        loader = self.sudo().with_company(self).with_context(lang="en_US")
        loader._npo_load_procedures(version.sudo().with_env(loader.env))
        return version
