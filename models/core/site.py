from odoo import api, fields, models


class NpoSite(models.Model):
    """A place where the association serves people (R093, R200)."""

    _name = "npo.site"
    _description = "Site"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("headquarters", "Headquarters"),
            ("branch", "Branch office"),
            ("service_office", "Service office"),
        ],
        required=True,
        default="headquarters",
    )
    region_id = fields.Many2one("npo.region")
    address = fields.Char(translate=True)
    phone = fields.Char()
    calendar_id = fields.Many2one(
        "resource.calendar", string="Working hours", check_company=True
    )
    delegate_ids = fields.Many2many(
        "res.users",
        "npo_site_delegate_rel",
        "site_id",
        "user_id",
        string="Delegates",
        help="Delegates register and follow the requests of their own sites only.",
    )

    _company_code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another site of the association has this code.",
    )

    @api.model
    def _default_for(self, company):
        """Return the association's first active site: its headquarters."""
        own = [("company_id", "=", company.id)]
        return self.search_fetch(own, ["company_id"], limit=1)

    # A record rule reads the sites of a delegate: forget what it was when they change.

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "delegate_ids" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)
