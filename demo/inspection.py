from datetime import datetime, time, timedelta

from odoo import api, models

from .demo_loader import ARABIC, MODULE, QUIET
from .demo_loader import NpoDemo as Base


class NpoDemo(models.AbstractModel):
    """Rounds of the last fortnight in the one association that has the centre."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS npo.demo
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        data = self._read("rounds")
        code = data["association"]
        company = demo._find(f"demo_company_{code}")
        chief = demo._round_chief(data, code, company)
        if demo.env["npo.inspection"].search_count([("company_id", "=", company.id)]):
            return
        centre = demo._find(f"demo_user_centre_{code}")
        front = demo._find(f"demo_user_reception_{code}")
        sites = demo.env["npo.site"].search([("company_id", "=", company.id)])
        sites[0].write({"supervisor_id": chief.id, "staff_ids": front.ids})
        sites[1:].supervisor_id = demo._find(f"demo_user_delegate_{code}")
        demo._make_rounds(data, company, sites, {"survey": centre, "ready": front})
        demo._report_emergency(data["emergency"], code, sites, centre)
        demo.env["npo.inspection"]._plan(company)

    def _round_chief(self, data, code, company):
        """Return the manager of the centre, who is told of what was not done."""
        role, *who = data["chief"]
        group = self.env.ref(f"{MODULE}.group_npo_{role}")
        return self._load_users(code, company, {"chief": (group, *who)})["chief"]

    def _make_rounds(self, data, company, sites, people):
        """Let the rounds of each working day before today be made, but for one."""
        today = company._npo_today()
        days = [today - timedelta(days=n) for n in range(data["days"], 0, -1)]
        days = [day for day in days if company._npo_work_calendar().is_working_day(day)]
        rounds = self.env["npo.inspection"].create(
            [
                {"company_id": company.id, "site_id": site.id, "kind": kind, "day": day}
                for day in days
                for site in sites
                for kind in ("readiness", "field_survey")
            ]
        )
        for number, one in enumerate(rounds):
            before = len(days) - days.index(one.day)
            is_survey = one.kind == "field_survey"
            if is_survey and before == data["missed"] and one.site_id == sites[-1]:
                one.state = "missed"
                continue
            red = data["found" if is_survey else "unready"].get(str(before), [])
            who = people["survey" if is_survey else "ready"]
            self._make_round(one, red if one.site_id == sites[0] else [], who, number)

    def _make_round(self, one, red, user, number):
        """Let somebody go through a round, at its hour of the day."""
        one._begin(user)
        found = {code: (result, note) for code, result, note in red}
        one.line_ids.write({"result": "ok"})
        for line in one.line_ids:
            # something does not apply on some days, as in life
            if line.code == "go_start_time" and number % 3:
                line.result = "na"
            result, note = found.get(
                (line.code or "").removeprefix("rd_"), (None, None)
            )
            if result:
                line.write({"result": result, "note": note})
        begun = self._round_hour(one, 7, 35)
        if one.kind == "field_survey":
            begun = self._round_hour(one, 11, number % 40)
        ended = begun + timedelta(minutes=6 + number % 9)
        one.line_ids.date_answered = ended
        one.with_user(user).sudo().action_finish(user.name)
        one.write(
            {
                "date_started": begun,
                "date_ended": ended,
                "is_in_time": ended <= one.date_due,
                "signed_name": user.name if one.kind == "readiness" else False,
            }
        )

    def _round_hour(self, one, hour, minute):
        """Return a moment of the day of a round, by the clock of its association."""
        start = one.company_id._npo_day_bounds(one.day, one.day)[0]
        return start + (
            datetime.combine(one.day, time(hour, minute))
            - datetime.combine(one.day, time.min)
        )

    def _report_emergency(self, data, code, sites, centre):
        """Let an emergency of a round be put right, and reported to the manager."""
        rounds = self.env["npo.inspection"].search(
            [
                ("site_id", "=", sites[data["site"]].id),
                ("kind", "=", "field_survey"),
                ("state", "=", "done"),
            ],
            order="day desc",
            limit=data["days"],
        )
        one = rounds[-1]
        line = one.line_ids.filtered(lambda item: item.code == data["code"])
        line.write({"result": "not_ok", "note": data["note"]})
        seen = self._round_hour(one, 9, 5)
        line.date_answered = seen
        one.red_count = len(one.line_ids.filtered(lambda x: x.result == "not_ok"))
        action = self.env["npo.corrective.action"]._open_from_line(line)
        told = {name: data[name] for name in ("action", "result", "root_cause")}
        action.write(
            {
                **told,
                "is_emergency": True,
                "emergency_kind": data["kind"],
                "preventive": data["preventive"],
                "taken_by_id": centre.id,
                "date_taken": seen + timedelta(minutes=data["minutes"]),
                "date_due": one.company_id._npo_today() + timedelta(days=10),
                "owner_id": centre.id,
            }
        )
        action.action_taken()
        report = action.report_ids
        report.write({name: data[name] for name in ("effect", "recommendation")})
        report.with_user(centre).sudo().action_submit()
        submitted = action.date_taken + timedelta(hours=3)
        report.write(
            {
                "date_submitted": submitted,
                "date_first_submitted": submitted,
                "is_in_time": True,
            }
        )
        self._name_records(
            {
                f"demo_action_{code}": action,
                f"demo_emergency_report_{code}": report,
            }
        )
