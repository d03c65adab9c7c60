from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import ormcache

from ...tools import hijri
from ...tools.worktime import WorkCalendar

RAMADAN = 9


class ResCompany(models.Model):
    """One company is one association; every choice of an association is set here."""

    _inherit = "res.company"

    # identity, printed on paper (R015–R017)
    npo_profile_code = fields.Char("Profile", readonly=True)
    npo_name_en = fields.Char("English name")
    npo_short_name = fields.Char("Short name")
    npo_acronym = fields.Char("Acronym")
    npo_slogan = fields.Char("Slogan")
    npo_sector = fields.Char("Sector code")
    npo_region_id = fields.Many2one("npo.region", string="Region of work")
    npo_license_no = fields.Char("Licence number")
    npo_supervisor = fields.Char("Supervising body")

    # choices with a legal side
    npo_identity_copy_basis = fields.Text(
        "Legal basis for copying identity documents",
        help="Identity documents are matched with the original and not copied. Only"
        " where the association wrote down here why it may keep a copy can an image"
        " of one be attached.",
    )
    npo_file_validity_months = fields.Integer(
        "Validity of a beneficiary's file (months)", default=12
    )
    npo_renewal_notice_days = fields.Integer(
        "Days before a file ends that it is told",
        default=30,
        help="So many days before, the person is asked to bring the data up to date.",
    )
    npo_restudy_months = fields.Integer(
        "Months until a household is studied again", default=12
    )
    npo_duty_exception_months = fields.Integer(
        "Months that an exception from the separation of duties lasts",
        default=6,
        help="At most so many months from the day on which it is asked.",
    )
    npo_visit_in_pairs = fields.Boolean("Two go to a home together", default=True)
    npo_appeal_days = fields.Integer("Days to object to a decision", default=30)
    npo_return_days = fields.Integer(
        "Days to complete a returned request",
        default=14,
        help="Told to the applicant as the date by which to complete the request.",
    )

    # service promise and limits
    npo_desk_days = fields.Integer(
        "Days at the desk",
        default=5,
        help="Within how many working days a request sent in is brought before the"
        " research committee.",
    )
    npo_referral_days = fields.Integer(
        "Days to answer a referral",
        default=2,
        help="Within how many working days the social researcher answers.",
    )
    npo_cash_by_hand = fields.Boolean(
        "Cash is paid by hand",
        help="The delivery officer pays and records the receipt. Otherwise a delivery"
        " of money waits until finance has paid.",
    )
    npo_code_minutes = fields.Integer(
        "Validity of a confirmation code (minutes)", default=15
    )
    npo_code_tries = fields.Integer("Tries of a confirmation code", default=5)
    npo_max_upload_mb = fields.Integer("Largest file (MB)", default=10)
    npo_max_text = fields.Integer("Longest text (characters)", default=5000)
    npo_digits = fields.Selection(
        [("latin", "0123456789"), ("arabic", "٠١٢٣٤٥٦٧٨٩")],
        string="Digits on paper and in messages",
        default="latin",
        required=True,
    )
    npo_ramadan_calendar_id = fields.Many2one(
        "resource.calendar", string="Working hours in Ramadan", check_company=True
    )

    npo_tz = fields.Selection(
        related="resource_calendar_id.tz", string="Time zone of the work", store=True
    )

    # where people reach a human
    npo_contact_hours = fields.Char("Hours for calls and visits", translate=True)

    def write(self, vals):
        result = super().write(vals)
        if {"resource_calendar_id", "npo_ramadan_calendar_id"} & set(vals):
            self.env.registry.clear_cache()  # the working time of the associations
        return result

    def _npo_tz(self):
        """Return the time zone of the association's working days."""
        return self.sudo().npo_tz or "Asia/Riyadh"

    def _npo_today(self):
        """Return the date of today where the association works."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._npo_tz()))

    def _npo_day_of(self, moment):
        """Return the date of a moment (UTC) where the association works (D09)."""
        zone = ZoneInfo(self._npo_tz())
        return moment.replace(tzinfo=UTC).astimezone(zone).date()

    def _npo_colleague(self, *roles):
        """Return who is given a task: the first to hold the first role that is held.

        Who has a role through another one, as administrators do, comes after those
        to whom it was given.

        :param roles: names of groups without their prefix; the user when none is held
        """
        self.ensure_one()
        users = self.env["res.users"].sudo()
        for role in roles:
            group = self.env.ref(f"npo_relations.group_npo_{role}")
            domain = [("company_ids", "in", self.ids), ("share", "=", False)]
            for held in ("group_ids", "all_group_ids"):
                holder = [*domain, (held, "in", group.ids)]
                if found := users.search(holder, limit=1, order="id"):
                    return found
        return self.env.user

    def _npo_role_holders(self, role):
        """Return who has a role; administrators only where nobody else has it."""
        self.ensure_one()
        group = self.env.ref(f"npo_relations.group_npo_{role}").sudo()
        holders = group.all_user_ids.filtered(
            lambda user: self in user.company_ids and not user.share
        )
        return (holders & group.user_ids) or holders

    def _npo_give_task(self, users, text, record=None, day=None):
        """Give each of the users one task, in the language of who gets it.

        :param text: function of an environment in the user's language that returns
            the summary and the note
        :param record: what the task is about; without one it stands by itself
        :param date day: by which it is done; today where the association works
        """
        self.ensure_one()
        tasks = []
        for user in users:
            summary, note = text(self.with_context(lang=user.lang or "en_US").env)
            tasks.append(
                {
                    "summary": summary,
                    "note": note,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                    "date_deadline": day or self._npo_today(),
                    "user_id": user.id,
                    **self._npo_task_record(record),
                }
            )
        # a mail tells of a task by its record
        context = {"mail_activity_quick_update": not record}
        self.env["mail.activity"].sudo().with_context(**context).create(tasks)

    def _npo_task_record(self, record):
        if not record:
            return {}
        model = self.env["ir.model"]._get(record._name)
        return {"res_model_id": model.id, "res_id": record.id, "automated": True}

    def _npo_day_bounds(self, date_from, date_to):
        """Return the UTC moments between which days of the association lie.

        :return: (the start of the first day, the start of the day after the last)
        """
        tz = ZoneInfo(self._npo_tz())
        return tuple(
            datetime.combine(day, time.min, tz).astimezone(UTC).replace(tzinfo=None)
            for day in (date_from, date_to + timedelta(days=1))
        )

    def _npo_work_calendar(self, hours=None):
        """Read the association's working time once, for any number of cases (D09).

        :param hours: `resource.calendar` of a site; that of the association if none
        :return: `WorkCalendar` of the company's weekly hours, its holidays and the
            shorter hours of Ramadan
        """
        self.ensure_one()
        calendar_id = hours.id if hours else False
        return self._npo_work_calendar_on(self.id, calendar_id, self._npo_today())

    @api.model
    @ormcache("company_id", "calendar_id", "today")
    def _npo_work_calendar_on(self, company_id, calendar_id, today):
        """Return the calendar as it is told on a day; forgotten when one changes.

        :param date today: around it lie the Ramadans that are known
        """
        company = self.sudo().browse(company_id)
        calendar = self.env["resource.calendar"].sudo().browse(calendar_id)
        calendar = calendar or company.resource_calendar_id
        leaves = self.env["resource.calendar.leaves"].sudo()
        holidays = leaves.search_fetch(
            [
                ("resource_id", "=", False),
                ("company_id", "in", (company.id, False)),
                # holidays stand on the association's hours: its sites keep them
                (
                    "calendar_id",
                    "in",
                    (calendar.id, company.resource_calendar_id.id, False),
                ),
            ],
            ["date_from", "date_to"],
        )
        weeks = company._npo_weeks(calendar | company.npo_ramadan_calendar_id)
        return WorkCalendar(
            weeks[calendar.id],
            [(leave.date_from, leave.date_to) for leave in holidays],
            company._npo_tz(),
            seasons=company._npo_seasons(weeks[company.npo_ramadan_calendar_id.id]),
        )

    def _npo_weeks(self, calendars):
        """Return the opening hours of calendars, without the breaks, in one query.

        :return: {calendar id: {weekday: [(from, to)]}}, hours from midnight
        """
        attendances = self.env["resource.calendar.attendance"].search_fetch(
            [("calendar_id", "in", calendars.ids), ("display_type", "=", False)],
            ["calendar_id", "dayofweek", "day_period", "hour_from", "hour_to"],
        )
        weeks = defaultdict(lambda: defaultdict(list))
        for attendance in attendances:
            if attendance.day_period != "lunch":
                hours = (attendance.hour_from, attendance.hour_to)
                weekday = int(attendance.dayofweek)
                weeks[attendance.calendar_id.id][weekday].append(hours)
        return weeks

    def _npo_seasons(self, attendances):
        """Return the Ramadans of this Hijri year and its neighbours, with their week.

        :param attendances: opening hours of Ramadan; none means as all year

        :return: list of (first day, last day, attendances)
        """
        this_year = hijri.to_hijri(self._npo_today())
        if not attendances or not this_year:
            return []
        years = range(
            max(this_year.year - 1, hijri.FIRST_YEAR),
            min(this_year.year + 2, hijri.LAST_YEAR) + 1,
        )
        seasons = []
        for year in years:
            first = hijri.to_gregorian(year, RAMADAN, 1)
            last = first + timedelta(days=hijri.month_length(year, RAMADAN) - 1)
            seasons.append((first, last, attendances))
        return seasons
