from odoo import api, fields, models
from odoo.fields import Domain

from ..core.site import NpoSite as Base
from .checklist import KINDS

TODAY = [
    ("none", "Nothing is due"),
    ("planned", "To be done"),
    ("late", "Late"),
    ("in_progress", "Under way"),
    ("done", "In order"),
    ("red", "Not in order"),
    ("missed", "Not performed"),
]


class NpoSite(models.Model):
    """A site as the centre supervises it: who answers, and how it is today (R200)."""

    _inherit = Base._name

    supervisor_id = fields.Many2one(
        "res.users",
        "Supervisor",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    staff_ids = fields.Many2many(
        "res.users",
        "npo_site_staff_rel",
        "site_id",
        "user_id",
        string="Staff",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    has_women_section = fields.Boolean("Section for women", default=True)

    # today, of the rounds and visits
    today_readiness = fields.Selection(
        TODAY, "Readiness today", compute="_compute_today", compute_sudo=True
    )
    today_survey = fields.Selection(
        TODAY, "Field survey today", compute="_compute_today", compute_sudo=True
    )
    today_visits = fields.Integer(
        "Visitors today", compute="_compute_today", compute_sudo=True
    )
    today_waiting = fields.Float(
        "Average waiting today (minutes)",
        compute="_compute_today",
        compute_sudo=True,
        digits=(8, 0),
    )
    open_action_count = fields.Integer(
        "Open corrective actions", compute="_compute_today", compute_sudo=True
    )

    @api.constrains("supervisor_id", "staff_ids", "company_id")
    def _check_people(self):
        """Who supervises a site or works there works for its association."""
        for site in self:
            for user in site.supervisor_id | site.staff_ids:
                user._npo_check_works_for(site.company_id)

    @api.depends_context("uid")
    def _compute_today(self):
        """Say how the sites are today: three queries, however many sites there are."""
        days = {company: company._npo_today() for company in self.company_id}
        today = Domain("site_id", "in", self.ids) & Domain(
            "day", "in", list(set(days.values()))
        )
        rounds = {
            (one.site_id.id, one.kind, one.day): one._today_state()
            for one in self.env["npo.inspection"].search(today)
        }
        visits = {
            (site.id, day): (count, waiting or 0)
            for site, day, count, waiting in self.env["npo.visit"]._read_group(
                today, ["site_id", "day:day"], ["__count", "waiting_minutes:avg"]
            )
        }
        opened = dict(
            self.env["npo.corrective.action"]._read_group(
                Domain("site_id", "in", self.ids) & Domain("state", "!=", "verified"),
                ["site_id"],
                ["__count"],
            )
        )
        for site in self:
            day = days.get(site.company_id)
            readiness, survey = (
                rounds.get((site.id, kind, day), "none")
                for kind in ("readiness", "field_survey")
            )
            site.today_readiness, site.today_survey = readiness, survey
            figures = visits.get((site.id, day), (0, 0))
            site.today_visits, site.today_waiting = figures
            site.open_action_count = opened.get(site._origin, 0)

    def _is_working_day(self, day):
        """Tell whether a site works on a day: by its own hours, or the usual ones."""
        self.ensure_one()
        calendar = self.company_id.sudo()._npo_work_calendar(self.sudo().calendar_id)
        return calendar.is_working_day(day)

    def _rounds_of(self, company, day):
        """Return the rounds due on a day: {(site, kind, day): association}.

        A site without hours of its own works those of the association. What has
        closed already is planned no more.
        """
        now = fields.Datetime.now()
        due = {}
        for site in self:
            hours = company._npo_work_calendar(site.calendar_id).bounds(day)
            if hours and hours[1] > now:
                due |= {(site, kind, day): company for kind, _name in KINDS}
        return due

    def action_view_rounds(self):
        """Open the rounds of the site."""
        self.ensure_one()
        self.env["npo.inspection"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "npo_relations.npo_inspection_action_all"
        )
        return {**action, "domain": [("site_id", "=", self.id)], "context": {}}

    def action_view_actions(self):
        """Open the corrective actions of the site."""
        self.ensure_one()
        self.env["npo.corrective.action"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "npo_relations.npo_corrective_action_action"
        )
        return {
            **action,
            "domain": [("site_id", "=", self.id)],
            "context": {"default_site_id": self.id, "search_default_open": 1},
        }
