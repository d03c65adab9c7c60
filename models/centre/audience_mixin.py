from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class NpoAudienceMixin(models.AbstractModel):
    """What is published for some kinds of party, and not for the others (R165)."""

    _name = "npo.audience.mixin"
    _description = "Published for an Audience"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    type_ids = fields.Many2many(
        "npo.stakeholder.type", string="For whom", help="Nobody named: for everybody."
    )
    is_published = fields.Boolean("Published", readonly=True, copy=False)

    def _missing_to_publish(self):
        """Return what is missing before it may be published, in words; or False."""
        return False

    @api.constrains("is_published")
    def _check_publishable(self):
        for record in self.filtered("is_published"):
            if missing := record._missing_to_publish():
                raise ValidationError(missing)

    def _own_fields(self):
        """Return the fields that only the buttons write."""
        return {"is_published"}

    def write(self, vals):
        if not self.env.su:
            vals = {
                name: value
                for name, value in vals.items()
                if name not in self._own_fields()
            }
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for name in self._own_fields() & set(vals):
                    del vals[name]
        return super().create(vals_list)

    def action_publish(self):
        """Show it to those whom it is for."""
        self.check_access("write")
        self.sudo().is_published = True

    def action_unpublish(self):
        """Take it back."""
        self.check_access("write")
        self.sudo().is_published = False

    @api.model
    def _visible_to(self, partner, company):
        """Return, as superuser, what an association has published for a contact.

        :param partner: empty for a visitor: what is for everybody
        """
        contact = partner.sudo().with_context(allowed_company_ids=company.ids)
        kinds = contact.npo_stakeholder_type_ids
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("is_published", "=", True)
            & (Domain("type_ids", "=", False) | Domain("type_ids", "in", kinds.ids))
        )
