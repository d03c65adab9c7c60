from odoo import api, fields, models


class NpoMailbox(models.Model):
    """An e-mail address whose mails become inquiries, complaints or suggestions (R094).

    An association has one address at most for each of them; the address is an alias
    of Odoo's mail gateway.
    """

    _name = "npo.mailbox"
    _description = "Mailbox"
    _inherit = ["mail.alias.mixin"]
    _order = "company_id, kind"
    _rec_name = "alias_email"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("inquiry", "Inquiries"),
            ("complaint", "Complaints"),
            ("suggestion", "Suggestions"),
        ],
        "Brings",
        required=True,
    )
    alias_name = fields.Char(help="What stands before the sign of the address.")
    active = fields.Boolean(default=True)

    _once = models.UniqueIndex(
        "(company_id, kind) WHERE active IS TRUE",
        "The association has an address for this already.",
    )

    def _alias_get_creation_values(self):
        # EXTENDS mail.alias.mixin
        values = super()._alias_get_creation_values()
        if self:
            self.ensure_one()
            values["alias_model_id"] = self.env["ir.model"]._get_id(f"npo.{self.kind}")
            values["alias_defaults"] = {"company_id": self.company_id.id}
        else:  # the record is made after its alias
            values["alias_model_id"] = self.env["ir.model"]._get_id("npo.inquiry")
        return values

    def write(self, vals):
        result = super().write(vals)
        if {"kind", "company_id"} & set(vals):
            for mailbox in self:
                values = mailbox._alias_get_creation_values()
                mailbox.alias_id.sudo().write(values)
        return result

    @api.model
    def _addresses(self, companies):
        """Return {(association, kind): address to which people write about it}."""
        found = self.sudo().search([("company_id", "in", companies.ids)])
        return {(own.company_id, own.kind): own.alias_email for own in found}
