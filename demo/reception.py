from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models

from .centre import NpoDemo as Centre

OPENS = time(8)


class NpoDemo(models.AbstractModel):
    """The visitors of yesterday, counted and signed, and those of today."""

    _inherit = Centre._name

    def _load_centre(self, code, company):
        # EXTENDS npo.demo
        super()._load_centre(code, company)
        if code == "harfa":
            self._load_visits(code, company)

    def _load_visits(self, code, company):
        name = f"demo_visit_sheet_{code}"
        if self._find(name):
            return
        front = self._find(f"demo_user_reception_{code}")
        lines = self._read("visits")
        files = self.env["npo.beneficiary"].search([("company_id", "=", company.id)])
        visits = self.env["npo.visit"].with_user(front).with_company(company)
        today = company._npo_today()
        opened = self._moment(company, today - timedelta(days=1), OPENS)
        yesterday = self._register_day(visits, lines, opened, files.partner_id)
        sheet = yesterday.sheet_id
        sheet._close(typed_name=front.name)
        # today began two hours ago, or at midnight
        begun = fields.Datetime.now() - timedelta(hours=2)
        begun = max(begun, self._moment(company, today, time()))
        self._register_day(visits, lines, begun, files.partner_id)
        self._name_records({name: sheet})

    @staticmethod
    def _moment(company, day, hour):
        zone = ZoneInfo(company._npo_tz())
        moment = datetime.combine(day, hour, zone)
        return moment.astimezone(UTC).replace(tzinfo=None)

    def _register_day(self, visits, lines, opened, people):
        """Register and serve the visitors of a day, as far as it has come."""
        now = fields.Datetime.now().replace(microsecond=0)
        come = [line for line in lines if opened + timedelta(minutes=line["at"]) <= now]
        site = self.env["npo.site"]._default_for(visits.env.company)
        made = visits._register_visitors(
            [
                {
                    "company_id": visits.env.company.id,
                    "site_id": site.id,
                    "section": line["section"],
                    "gender": line.get("gender"),
                    "companions": line.get("companions", 0),
                    "purpose_id": self._find(f"visit_purpose_{line['purpose']}").id,
                    "partner_id": people[line["person"] % len(people)].id
                    if "person" in line
                    else False,
                    "date_arrived": opened + timedelta(minutes=line["at"]),
                }
                for line in come
            ]
        )
        for visit, line in zip(made, come, strict=True):
            self._serve(visit, line, now)
        return made

    def _serve(self, visit, line, now):
        """Let a visitor be called, served and go, each at its time."""
        started = visit.date_arrived + timedelta(minutes=line["waits"])
        ended = started + timedelta(minutes=line["takes"])
        if started > now:
            return
        if line["result"] == "left":
            vals = {"state": "left", "result": "left", "date_ended": started}
            visit._step(vals)
            return
        visit._step(
            {
                "state": "serving",
                "date_called": started,
                "date_started": started,
                "waiting_minutes": line["waits"],
                "counter": line.get("counter", 1),
                "user_id": visit.env.uid,
            }
        )
        for service in line.get("services", ()):
            visit.action_support(service)
        if ended > now:
            return
        visit._step(
            {
                "state": "done",
                "result": line["result"],
                "date_ended": ended,
                "service_minutes": line["takes"],
            }
        )
        if "rating" in line:
            self.env["npo.rating"]._ask(visit)._rate(line["rating"])
