from odoo import fields, models
from odoo.fields import Domain


class NpoStakeholderType(models.Model):
    """How often the association is in touch with a kind of stakeholder (R153) ⚖."""

    _inherit = "npo.stakeholder.type"

    contact_months = fields.Integer(
        "In touch every (months)", help="0: it is not looked at. ⚖"
    )

    _contact_months_not_negative = models.Constraint(
        "CHECK (contact_months >= 0)", "Months are not negative."
    )


class ResPartner(models.Model):
    """Whom nobody was in touch with for as long as the kind allows (R153)."""

    _inherit = "res.partner"

    npo_to_contact = fields.Boolean(
        "To be contacted",
        compute="_compute_npo_to_contact",
        search="_search_npo_to_contact",
    )

    def _compute_npo_to_contact(self):
        everyone = self.with_context(active_test=False)
        waiting = everyone.search(
            Domain("id", "in", self.ids) & self._npo_to_contact_domain()
        )
        for partner in self:
            partner.npo_to_contact = partner._origin in waiting

    def _search_npo_to_contact(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = self._npo_to_contact_domain()
        return waiting if True in value else ~waiting

    def _npo_to_contact_domain(self):
        """Return the domain of the contacts that waited too long, kind by kind."""
        kinds = self.env["npo.stakeholder.type"].search([("contact_months", ">", 0)])
        return Domain.OR(
            Domain("npo_stakeholder_type_ids", "in", own.ids)
            & self._npo_untouched_domain(months)
            for months, own in kinds.grouped("contact_months").items()
        )

    def _npo_untouched_domain(self, months):
        """Return the domain of who was known before some months, not met since."""
        start = fields.Datetime.subtract(fields.Datetime.now(), months=months)
        met = self.env["npo.interaction"].sudo()  # sudo: that there was one, no more
        met = met._search([("date", ">=", start), ("partner_id", "!=", False)])
        return Domain("create_date", "<", start) & Domain(
            "id", "not in", met.subselect("partner_id")
        )
