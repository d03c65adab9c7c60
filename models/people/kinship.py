from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _npo_kin(self, persons):
        """Return which of these contacts are close to which persons (R124, D05).

        Close are who live in one household today, and who ever acted for the other.

        :return: set of (id of one of these contacts, id of a person)
        """
        households = (self | persons)._npo_households()
        none = set()
        near = {
            (partner.id, person.id)
            for partner in self
            for person in persons
            if households.get(partner.id, none) & households.get(person.id, none)
        }
        rights = (
            self.env["npo.representative"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", self.ids),
                    ("representative_id", "in", persons.ids),
                ],
                ["partner_id", "representative_id"],
            )
        )
        return near | {
            (right.partner_id.id, right.representative_id.id) for right in rights
        }

    def _npo_households(self):
        """Return {partner id: ids of the households they live in}."""
        members = (
            self.env["npo.household.member"]
            .sudo()
            .search_fetch(
                [("partner_id", "in", self.ids), ("is_current", "=", True)],
                ["partner_id", "household_id"],
            )
        )
        found = {}
        for member in members:
            found.setdefault(member.partner_id.id, set()).add(member.household_id.id)
        return found
