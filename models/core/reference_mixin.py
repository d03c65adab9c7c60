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
