from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...tools.hijri import to_gregorian, to_hijri

TIME_ZONE = "Asia/Riyadh"

# Sunday to Thursday: (weekday of Odoo, Arabic name)
_WEEK = (
    ("6", "الأحد"),
    ("0", "الاثنين"),
    ("1", "الثلاثاء"),
    ("2", "الأربعاء"),
    ("3", "الخميس"),
)
_USUAL_HOURS = ((8, 12, "morning"), (13, 16, "afternoon"))
_RAMADAN_HOURS = ((10, 12, "morning"), (12, 16, "afternoon"))

# (code, name, Gregorian month and day)
_NATIONAL_DAYS = (
    ("founding_day", "يوم التأسيس", 2, 22),
    ("national_day", "اليوم الوطني", 9, 23),
)
# (code, name, Hijri month and day that the leave begins after, days)
_EIDS = (
    ("eid_fitr", "عيد الفطر", 9, 29, 4),
    ("eid_adha", "عيد الأضحى", 12, 8, 4),
)


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    npo_holiday_code = fields.Char(
        string="Official holiday",
        copy=False,
        help="The holiday and its year. A holiday is added once: its dates can be "
        "edited, as when the moon is sighted a day later.",
    )

    _npo_holiday_uniq = models.UniqueIndex(
        "(company_id, npo_holiday_code) WHERE npo_holiday_code IS NOT NULL",
        "The association has this holiday already.",
    )


class ResCompany(models.Model):
    """Working hours and official holidays of an association: D09, glossary 28.

    Both are defaults of the product, entered as records that the association edits.
    """

    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("resource_calendar_id"):
            # the holidays are those of the association, whatever its hours
            self.env["resource.calendar.leaves"].sudo().search(
                [("company_id", "in", self.ids), ("npo_holiday_code", "!=", False)]
            ).write({"calendar_id": vals["resource_calendar_id"]})
        return result

    def _npo_load_working_time(self):
        """Give an association its hours and the holidays of this and the next year."""
        self.ensure_one()
        if not self.npo_ramadan_calendar_id:
            calendars = self.env["resource.calendar"].create(
                [
                    self._npo_calendar_vals("دوام الجمعية", _USUAL_HOURS),
                    self._npo_calendar_vals("دوام رمضان", _RAMADAN_HOURS),
                ]
            )
            self.write(
                {
                    "resource_calendar_id": calendars[0].id,
                    "npo_ramadan_calendar_id": calendars[1].id,
                }
            )
        year = self._npo_today().year
        self._npo_add_holidays(year, year + 1)

    def _npo_calendar_vals(self, name, hours):
        """Return the values of a calendar with the same hours on each working day."""
        return {
            "name": name,
            "company_id": self.id,
            "tz": TIME_ZONE,
            "attendance_ids": [
                Command.create(
                    {
                        "name": day_name,
                        "dayofweek": weekday,
                        "day_period": period,
                        "hour_from": hour_from,
                        "hour_to": hour_to,
                    }
                )
                for weekday, day_name in _WEEK
                for hour_from, hour_to, period in hours
            ],
        }

    def _npo_add_holidays(self, *years):
        """Add the official holidays of Gregorian years that the associations lack.

        They stand on the usual calendar, from which Odoo takes their association; the
        work calendar of the cases closes the hours of Ramadan with them as well.
        """
        holidays = [
            holiday for year in years for holiday in self._npo_official_holidays(year)
        ]
        leaves = self.env["resource.calendar.leaves"].sudo()
        known = {
            (leave.company_id.id, leave.npo_holiday_code)
            for leave in leaves.search(
                Domain("company_id", "in", self.ids)
                & Domain("npo_holiday_code", "in", [code for code, *_rest in holidays])
            )
        }
        return leaves.create(
            [
                {
                    "name": name,
                    "npo_holiday_code": code,
                    "calendar_id": company.resource_calendar_id.id,
                    "date_from": self._npo_midnight(first),
                    "date_to": self._npo_midnight(last + timedelta(days=1))
                    - timedelta(seconds=1),
                }
                for company in self
                for code, name, first, last in holidays
                if (company.id, code) not in known
            ]
        )

    @api.model
    def _npo_official_holidays(self, year):
        """Return the holidays that begin in a Gregorian year (Umm al-Qura table).

        :return: list of (code with year, name, first day, last day)
        """
        holidays = [
            (f"{code}-{year}", name, date(year, month, day), date(year, month, day))
            for code, name, month, day in _NATIONAL_DAYS
        ]
        new_year, year_end = to_hijri(date(year, 1, 1)), to_hijri(date(year, 12, 31))
        if not (new_year and year_end):
            return holidays
        for hijri_year in range(new_year.year, year_end.year + 1):
            for code, name, month, day, days in _EIDS:
                first = to_gregorian(hijri_year, month, day) + timedelta(days=1)
                last = first + timedelta(days=days - 1)
                if first.year == year:
                    holidays.append((f"{code}-{hijri_year}", name, first, last))
        return sorted(holidays, key=lambda holiday: holiday[2])

    @api.model
    def _npo_midnight(self, day):
        """Return the start of a local day, as Odoo stores it."""
        start = datetime.combine(day, time.min, ZoneInfo(TIME_ZONE))
        return start.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    @api.model
    def _cron_npo_add_holidays(self):
        """Add the holidays of the coming year to every association (yearly)."""
        companies = self.sudo().search([("npo_ramadan_calendar_id", "!=", False)])
        companies._npo_add_holidays(fields.Date.today().year + 1)
