from collections import Counter

from odoo import models


class NpoReferenceMixin(models.AbstractModel):
    """A register: its records are numbered by company and year (D03)."""

    _name = "npo.reference.mixin"
    _description = "Numbered Register"

    _reference_prefix = None

    def _draw_references(self, companies):
        """Draw the next numbers of the register.

        :param list companies: a company record for each reference wanted
        :return: list of references in the same order; one query by company
        """
        draw = self.env["ir.sequence"]._npo_draw
        numbers = {
            company: iter(draw(self._reference_prefix, company, count))
            for company, count in Counter(companies).items()
        }
        return [next(numbers[company]) for company in companies]

    def _new_references(self, vals_list):
        """Draw a number for each record about to be made, by its own association.

        :param vals_list: values of the records; without a company, that of the user
        :return: list of references in the same order
        """
        companies = self.env["res.company"]
        return self._draw_references(
            [
                companies.browse(vals.get("company_id") or self.env.company.id)
                for vals in vals_list
            ]
        )
