from odoo import api, models


class NpoHouseholdMember(models.Model):
    """Whose aid is counted together (P069)."""

    _inherit = "npo.household.member"

    @api.model
    def _current_of(self, partners):
        """Return the lines by which persons belong to their households now, in sudo."""
        return self.sudo().search_fetch(
            [("partner_id", "in", partners.ids), ("is_current", "=", True)],
            ["partner_id", "household_id"],
        )

    @api.model
    def _families(self, partners):
        """Return {person: the persons of the household, who lives alone alone}."""
        lines = self._current_of(partners)
        members = self.sudo().search_fetch(
            [
                ("household_id", "in", lines.household_id.ids),
                ("is_current", "=", True),
                ("partner_id", "!=", False),
            ],
            ["partner_id", "household_id"],
        )
        by_household = members.grouped("household_id")
        families = {
            line.partner_id: by_household[line.household_id].partner_id
            for line in lines
        }
        return {partner: families.get(partner, partner) for partner in partners}
