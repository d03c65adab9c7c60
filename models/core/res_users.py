from odoo import fields, models
from odoo.exceptions import ValidationError


class ResUsers(models.Model):
    _inherit = "res.users"

    npo_site_ids = fields.Many2many(
        "npo.site",
        "npo_site_delegate_rel",
        "user_id",
        "site_id",
        string="Sites as a delegate",
    )

    def write(self, vals):
        if "npo_site_ids" in vals:
            self.env.registry.clear_cache()  # a record rule reads them
        return super().write(vals)

    def _npo_check_works_for(self, company):
        """Raise unless each of the users works for an association."""
        for user in self:
            if user.share or company not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(association)s.",
                        person=user.name,
                        association=company.name,
                    )
                )
