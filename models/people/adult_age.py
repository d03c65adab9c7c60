from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    """The age from which a person acts for themselves (D11, P022)."""

    _inherit = "res.company"

    npo_adult_age = fields.Integer(
        "Coming of age (years)",
        default=18,
        help="From this age on nobody acts for a person as a guardian. ⚖",
    )

    _npo_adult_age_sane = models.Constraint(
        "CHECK (npo_adult_age BETWEEN 15 AND 25)",
        "A person comes of age between 15 and 25.",
    )

    def _npo_adult_since(self):
        """Return the latest birth date of who is of age today."""
        return self._npo_today() - relativedelta(years=self.sudo().npo_adult_age)

    @api.model
    def _npo_of_age_domain(self, birth_field):
        """Return the domain of who is of age by now, each by their association.

        :param birth_field: name of the field, of a model with a company
        """
        companies = self.sudo().search([])
        return Domain.OR(
            Domain("company_id", "in", those.ids) & Domain(birth_field, "<=", born)
            for born, those in companies.grouped(
                lambda company: company._npo_adult_since()
            ).items()
        )
