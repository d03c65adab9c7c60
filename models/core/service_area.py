from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import ormcache

from ...tools.arabic import fold
from .site import NpoSite as BaseSite


class NpoServiceArea(models.Model):
    """A region, city or governorate that the association serves (P135).

    Without a site it holds for all of them; a site with areas of its own serves
    those. An association without any area serves everywhere.
    """

    _name = "npo.service.area"
    _description = "Service Area"
    _inherit = ["npo.kept.mixin"]
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
        areas = self._areas(company.id)
        own = [area for area in areas if area.site_id == site.id] if site else areas
        sites = self.env["npo.site"]
        found = _match(own or areas, region.id, city)
        if found or found is None:
            return "inside" if found else "unknown", sites
        serving = [area for area in areas if _match([area], region.id, city)]
        if serving:
            ids = {area.site_id for area in serving if area.site_id}
            return "elsewhere", sites.sudo().browse(sorted(ids))
        return "outside", sites

    @api.model
    @ormcache("company_id")
    def _areas(self, company_id):
        """Return what an association serves, as `Area`; asked of each case, so kept."""
        # sudo: the area is known to whoever asks, the portal too
        areas = self.sudo().search([("company_id", "=", company_id)])
        return [
            Area(area.site_id.id, area.region_id.id, fold(area.city)) for area in areas
        ]


class Area(NamedTuple):
    """A service area: ids of site and region, the city as `fold` leaves it."""

    site_id: int | bool
    region_id: int
    city: str


def _match(areas, region_id, city):
    """Tell whether an address lies in one of the areas; None: it cannot be told."""
    if not areas or not (region_id or city):
        return None
    answers = {_match_one(area, region_id, city) for area in areas}
    if True in answers:
        return True
    return None if None in answers else False


def _match_one(area, region_id, city):
    if region_id and region_id != area.region_id:
        return False
    if not area.city:
        return True if region_id else None
    return fold(city) == area.city if city else None


class NpoSite(models.Model):
    _inherit = BaseSite._name

    area_ids = fields.One2many("npo.service.area", "site_id", string="Serves")


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_area_ids = fields.One2many(
        "npo.service.area", "company_id", string="Service area"
    )
