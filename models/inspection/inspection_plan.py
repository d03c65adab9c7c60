from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .inspection import OPEN_STATES
from .inspection import NpoInspection as Base

BATCH = 500
# As many rounds are named in a task; the others are counted.
NAMED = 20


class NpoInspection(models.Model):
    """Which rounds there are: one of each kind for each working day of each site.

    R184, R194. The cron may run at any time and twice: what is there is left, and a
    unique index keeps two crons apart. A round that nobody made is marked once the
    site has closed, and the centre manager is told once.
    """

    _inherit = Base._name

    @api.model
    def _cron_rounds(self):
        """Plan today and tomorrow, and mark what was missed."""
        companies = self.env["res.company"].search(
            [("npo_policy_version_id.use_measurement_center", "=", True)]
        )
        self._plan(companies)
        progress = self.env["ir.cron"]._commit_progress
        for company in companies:
            while done := self._miss(company):
                progress(done)
        progress(remaining=0)

    # ------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------

    @api.model
    def _plan(self, companies):
        """Plan what is missing of today and tomorrow; return what was planned."""
        sites = self.env["npo.site"].search([("company_id", "in", companies.ids)])
        wanted = {}
        for company, own in sites.grouped("company_id").items():
            today = company._npo_today()
            for day in (today, today + timedelta(days=1)):
                wanted |= own._rounds_of(company, day)
        known = self.search_fetch(
            Domain("site_id", "in", sites.ids)
            & Domain("day", "in", [day for _site, _kind, day in wanted]),
            ["site_id", "kind", "day"],
        )
        for one in known:
            wanted.pop((one.site_id, one.kind, one.day), None)
        return self.create(
            [
                {"company_id": company.id, "site_id": site.id, "kind": kind, "day": day}
                for (site, kind, day), company in wanted.items()
            ]
        )

    # ------------------------------------------------------------
    # MISSED
    # ------------------------------------------------------------

    @api.model
    def _miss(self, company):
        """Mark the first rounds whose time has passed; return how many were settled.

        A round that was begun may be finished until the day is over.
        """
        now, today = fields.Datetime.now(), company._npo_today()
        own = Domain("company_id", "=", company.id) & Domain("date_closing", "<=", now)
        rounds = self.search(
            own
            & Domain("state", "in", OPEN_STATES)
            & (Domain("state", "=", "planned") | Domain("day", "<", today)),
            limit=BATCH,
            order="date_closing, id",
        ).try_lock_for_update()
        closed = rounds.filtered(lambda one: not one._is_due())
        closed.unlink()
        missed = rounds - closed
        missed.state = "missed"
        if missed:
            missed._tell_missed(company)
        return len(rounds)

    def _is_due(self):
        """Tell whether the site worked on the day: a holiday may be told of late."""
        self.ensure_one()
        if self.state != "planned":
            return True
        return self.site_id.active and self.site_id._is_working_day(self.day)

    def _tell_missed(self, company):
        """Give the centre manager one task for all the rounds that nobody made."""

        def text(env):
            kinds = dict(self._fields["kind"]._description_selection(env))
            lines = [
                Markup("<li><bdi>%s</bdi> · %s · <bdi>%s</bdi></li>")
                % (
                    one.site_id.with_env(env).name,
                    kinds[one.kind],
                    format_date(env, one.day),
                )
                for one in self[:NAMED]
            ]
            if len(self) > NAMED:
                lines.append(Markup("<li>+%s</li>") % (len(self) - NAMED))
            return (
                env._("Rounds not performed: %s", len(self)),
                Markup("<ul>%s</ul>") % Markup().join(lines),
            )

        company._npo_give_task(company._npo_role_holders("centre_manager"), text)
