from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ...tools import hijri
from ...tools.arabic import to_arabic_digits
from ...tools.slots import Diary, common
from ...tools.worktime import WorkCalendar
from .official import NpoOfficial as Base

FORTNIGHT = 14
# How many free times a refusal names.
ALTERNATIVES = 3
# States in which an appointment takes its time.
LIVE = ("requested", "proposed", "confirmed", "rescheduled")


class NpoOfficial(models.Model):
    """When an official is free (R193).

    Own hours ∩ hours of the site, in which holidays, breaks and Ramadan are; without
    absences, the calendar, and the other appointments. Read for any number of
    officials in the same number of statements; the arithmetic is `tools/slots.py`.
    """

    _inherit = Base._name

    # ------------------------------------------------------------
    # FREE TIMES
    # ------------------------------------------------------------

    def _free_slots(self, purpose=None, first=None, days=FORTNIGHT, **options):
        """Return {official: [(start, end)]}, the free times of some days.

        :param purpose: `npo.visit.purpose`, by which the length is chosen
        :param date first: today, where the association works, by default
        :param options: see `_diaries`
        """
        diaries = self._diaries(first, days, **options)
        return {
            one: diary.slots(one._minutes(purpose)) for one, diary in diaries.items()
        }

    def _diaries(self, first=None, days=FORTNIGHT, spared=None, with_lead=False):
        """Return {official: `Diary`} of those who can be met.

        :param spared: an appointment that is about to be moved: its time is free
        :param with_lead: keep the hours that an official asks for to prepare
        """
        result = {}
        for company, officials in self._receives().grouped("company_id").items():
            begin = max(first or company._npo_today(), company._npo_today())
            last = begin + timedelta(days=days - 1)
            bounds = company._npo_day_bounds(begin, last)
            openings = officials._openings(company, begin, last)
            taken = officials._taken(company, begin, last, bounds, spared)
            meetings = officials._meetings(bounds, spared)
            now = fields.Datetime.now()
            for one in officials:
                lead = timedelta(hours=with_lead and one._number("lead_hours"))
                ahead = company._npo_today() + timedelta(one._number("days_ahead"))
                result[one.with_env(self.env)] = Diary(
                    openings[one],
                    taken[one.user_id.id] + meetings[one.id],
                    [start for start, _end in meetings[one.id]],
                    one._number("max_a_day"),
                    max(bounds[0], now + lead),
                    min(bounds[1], company._npo_day_bounds(ahead, ahead)[1]),
                    company._npo_tz(),
                )
        return result

    def _openings(self, company, first, last):
        """Return {official: [(start, end)]} of the hours in which they receive."""
        weeks = company._npo_weeks(self.calendar_id)
        sites = {
            hours: company._npo_work_calendar(hours).openings(first, last)
            for hours in self.site_id.grouped("calendar_id")
        }
        own = {
            hours: WorkCalendar(weeks[hours.id], tz=company._npo_tz())
            for hours in self.calendar_id
        }
        return {
            one: common(
                sites[one.site_id.calendar_id],
                own[one.calendar_id].openings(first, last),
            )
            if one.calendar_id
            else sites[one.site_id.calendar_id]
            for one in self
        }

    # ------------------------------------------------------------
    # WHAT IS TAKEN
    # ------------------------------------------------------------

    def _taken(self, company, first, last, bounds, spared):
        """Return {user id: [(start, end)]}: away, on leave, or in another meeting."""
        taken = defaultdict(list)
        for absence in self.env["npo.absence"].search_fetch(
            [
                ("user_id", "in", self.user_id.ids),
                ("company_id", "=", company.id),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ],
            ["user_id", "date_from", "date_to"],
        ):
            days = company._npo_day_bounds(absence.date_from, absence.date_to)
            taken[absence.user_id.id].append(days)
        self._add_leaves(taken, bounds)
        self._add_events(taken, bounds, company, spared)
        return taken

    def _add_leaves(self, taken, bounds):
        """Add the leaves of the officials, and of the hours in which they receive."""
        leaves = self.env["resource.calendar.leaves"].search_fetch(
            [
                "|",
                ("resource_id.user_id", "in", self.user_id.ids),
                "&",
                ("resource_id", "=", False),
                ("calendar_id", "in", self.calendar_id.ids),
                ("date_from", "<", bounds[1]),
                ("date_to", ">", bounds[0]),
            ],
            ["resource_id", "calendar_id", "date_from", "date_to"],
        )
        for leave in leaves:
            officials = self.filtered(
                lambda one, leave=leave: (
                    leave.resource_id.user_id == one.user_id
                    if leave.resource_id
                    else leave.calendar_id == one.calendar_id
                )
            )
            for one in officials:
                taken[one.user_id.id].append((leave.date_from, leave.date_to))

    def _add_events(self, taken, bounds, company, spared):
        """Add what is in the calendars, unless it was declined or is free time."""
        for name in ("calendar.event", "calendar.attendee"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT users.id, event.start, event.stop, event.allday,
                       event.start_date, event.stop_date
                  FROM calendar_event event
                  JOIN calendar_attendee attendee ON attendee.event_id = event.id
                  JOIN res_users users ON users.partner_id = attendee.partner_id
                 WHERE users.id = ANY(%(users)s) AND event.active IS TRUE
                   AND event.show_as = 'busy' AND attendee.state != 'declined'
                   AND event.start < %(until)s AND event.stop > %(since)s
                   AND event.id != %(own)s
                """,
                users=self.user_id.ids,
                since=bounds[0] - timedelta(days=1),
                until=bounds[1] + timedelta(days=1),
                own=spared.sudo().event_id.id or 0 if spared else 0,
            )
        )
        for user_id, start, stop, is_all_day, first, last in rows:
            if is_all_day:  # stored as if they began at eight
                start, stop = company._npo_day_bounds(first, last)
            taken[user_id].append((start, stop))

    def _meetings(self, bounds, spared):
        """Return {official id: [(start, end)]} of the other appointments."""
        meetings = defaultdict(list)
        for meeting in self.env["npo.appointment"].search_fetch(
            [
                ("official_id", "in", self.ids),
                ("state", "in", (*LIVE, "held")),
                ("start", "<", bounds[1]),
                ("stop", ">", bounds[0]),
                ("id", "!=", spared.id if spared else 0),
            ],
            ["official_id", "start", "stop"],
            order="id",
        ):
            meetings[meeting.official_id.id].append((meeting.start, meeting.stop))
        return meetings

    # ------------------------------------------------------------
    # TAKING ONE
    # ------------------------------------------------------------

    def _check_free(self, start, end, purpose=None, spared=None, with_lead=False):
        """Raise unless a time is free; the sentence names the next ones that are."""
        self.ensure_one()
        self._check_receives()
        day = self._local(start).date()
        options = {"spared": spared, "with_lead": with_lead}
        one = self.sudo()
        code = one._diaries(day, **options)[one].refusal(start, end)
        if not code:
            return
        free = one._free_slots(purpose, day, **options)[one]
        free = free or one._free_slots(purpose, **options)[one]
        raise UserError(f"{self._refusal_text(code)} {self._alternatives_text(free)}")

    def _refusal_text(self, code):
        _ = self.env._
        return {
            "early": _("This time has passed, or is too near to prepare."),
            "far": _("So far ahead no appointments are given yet."),
            "closed": _("At this time the official does not receive."),
            "taken": _("At this time the official has another meeting."),
            "full": _("On this day the official receives nobody more."),
        }[code]

    def _alternatives_text(self, free):
        """Return the sentence that names the next free times."""
        if not free:
            return self.env._("No time is free in the next two weeks.")
        times = [self._moment_text(start) for start, _end in free[:ALTERNATIVES]]
        return self.env._("The next free times: %s", " · ".join(times))

    def _moment_text(self, moment):
        """Return a moment as people read it: weekday, both calendars, the hour."""
        return (
            f"{self._day_text(self._local(moment).date())} · {self._hour_text(moment)}"
        )

    def _day_text(self, day):
        """Return a day as people read it: weekday, and both calendars."""
        lang = self.env.lang or self.env.user.lang or "en_US"
        weekday = format_date(self.env, day, lang, "EEEE")
        digits = self.company_id.sudo().npo_digits
        return f"{weekday} {hijri.format_both(day, lang, digits)}"

    def _hour_text(self, moment):
        """Return the hour of a moment, in the digits of the association."""
        text = f"{self._local(moment):%H:%M}"
        is_arabic = self.company_id.sudo().npo_digits == "arabic"
        return to_arabic_digits(text) if is_arabic else text

    def _local(self, moment):
        """Return a moment as the clock on the wall shows it."""
        company = self.company_id.sudo()
        local = company.with_context(tz=company._npo_tz())
        return fields.Datetime.context_timestamp(local, moment)
