from odoo import api, fields, models

from ...tools.arabic import fold
from .site import NpoSite as BaseSite


class NpoServiceArea(models.Model):
    """A region, city or governorate that the association serves (P135).

    Without a site it holds for all of them; a site with areas of its own serves
    those. An association without any area serves everywhere.
    """

    _name = "npo.service.area"
    _description = "Service Area"
    _order = "company_id, region_id, city, id"
    _rec_name = "region_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one("npo.site", index="btree_not_null", check_company=True)
    region_id = fields.Many2one("npo.region", required=True)
    city = fields.Char("City or governorate", help="Empty: the whole region.")

    @api.model
    def _coverage(self, company, site, region, city):
        """Tell whether an address is served, and where.

        :return: ("unknown", none), ("inside", none), ("elsewhere", the sites that
            serve it) or ("outside", none)
        """
        # sudo: the area is known to whoever asks, the portal too
        areas = self.sudo().search([("company_id", "=", company.id)])
        own = areas.filtered(lambda area: area.site_id == site) if site else areas
        sites = self.env["npo.site"]
        found = (own or areas)._match(region, city)
        if found or found is None:
            return "inside" if found else "unknown", sites
        serving = areas.filtered(lambda area: area._match(region, city))
        if serving:
            return "elsewhere", serving.site_id
        return "outside", sites

    def _match(self, region, city):
        """Tell whether an address lies in one of the areas; None: it cannot be told."""
        if not self or not (region or city):
            return None
        answers = {area._match_one(region, city) for area in self}
        if True in answers:
            return True
        return None if None in answers else False

    def _match_one(self, region, city):
        if region and region != self.region_id:
            return False
        if not self.city:
            return True if region else None
        return fold(city) == fold(self.city) if city else None


class NpoSite(models.Model):
    _inherit = BaseSite._name

    area_ids = fields.One2many("npo.service.area", "site_id", string="Serves")


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_area_ids = fields.One2many(
        "npo.service.area", "company_id", string="Service area"
    )
