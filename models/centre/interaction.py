from odoo import api, fields, models

from ..core.reference_mixin import NpoReferenceMixin


class NpoInteraction(models.Model):
    """One contact with somebody, by whichever channel (R085–R095)."""

    _name = "npo.interaction"
    _description = "Contact"
    _inherit = [NpoReferenceMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    _reference_prefix = "CON"

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one("npo.site", index="btree_not_null", check_company=True)
    channel_id = fields.Many2one("npo.channel", required=True, index=True)
    partner_id = fields.Many2one("res.partner", "Person", index="btree_not_null")
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    @api.model_create_multi
    def create(self, vals_list):
        companies = self.env["res.company"]
        references = self._draw_references(
            [
                companies.browse(vals.get("company_id") or self.env.company.id)
                for vals in vals_list
            ]
        )
        for vals, reference in zip(vals_list, references, strict=True):
            vals["name"] = reference
        return super().create(vals_list)
