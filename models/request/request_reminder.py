from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 1000
# As many cases are named in a task; the others are counted.
NAMED = 20


class Ladder(NamedTuple):
    """Who hears of a case one after the other, as a day comes near and passes.

    :param due: the column of the day
    :param mark: the column that tells how many steps were taken
    :param next_day: the column of the day of the next step
    :param steps: how many there are
    """

    name: str
    due: str
    mark: str
    next_day: str
    steps: int


WINDOW = Ladder("window", "reply_deadline", "window_reminder", "date_window_next", 3)
STAGE = Ladder("stage", "date_stage_due", "stage_reminder", "date_stage_next", 2)


class NpoRequest(models.Model):
    """Reminders before the answer is late, and escalation of what stays too long.

    Annex B: so many days before the ceiling the chair of the committee is told, later
    the general manager, and both once it is late. R067: a stage that is not left in
    time is told to the head of the level, then to the general manager. Each step
    happens once, within the working hours of the association.
    """

    _inherit = "npo.request"

    window_reminder = fields.Integer(readonly=True, copy=False, default=0)
    date_window_next = fields.Date(
        compute="_compute_date_window_next", store=True, precompute=True
    )
    stage_reminder = fields.Integer(readonly=True, copy=False, default=0)
    date_stage_next = fields.Date(
        compute="_compute_date_stage_next", store=True, precompute=True
    )
    reminder_ids = fields.One2many(
        "npo.reminder",
        "res_id",
        string="Reminders",
        readonly=True,
        domain=lambda self: [("res_model", "=", self._name)],
    )

    _window_next_idx = models.Index(
        "(company_id, date_window_next) WHERE date_window_next IS NOT NULL"
    )
    _stage_next_idx = models.Index(
        "(company_id, date_stage_next) WHERE date_stage_next IS NOT NULL"
    )

    # ------------------------------------------------------------
    # THE DAY OF THE NEXT STEP
    # ------------------------------------------------------------

    @api.model
    def _reminder_days(self, ladder, company):
        """Return on which day each step falls, counted from the day that is due.

        A number, or the SQL of one where each request has its own.
        """
        if ladder.name == "stage":
            return (SQL("1"), SQL("%s", 1 + company.npo_escalation_days))
        before = SQL("COALESCE(reminder_before_max, 0)")
        manager = SQL("-LEAST(%s, %s)", before, company.npo_manager_reminder_days)
        return (SQL("-%s", before), manager, SQL("1"))

    @api.depends(
        "reply_deadline",
        "reminder_before_max",
        "window_reminder",
        "date_announced",
        "stage_category",
        "company_id.npo_manager_reminder_days",
    )
    def _compute_date_window_next(self):
        for request in self:
            before = request.reminder_before_max
            manager = min(before, request.company_id.npo_manager_reminder_days)
            is_open = (
                request.stage_category == "open" and not request.date_announced
            ) and request.reply_deadline
            request.date_window_next = is_open and request._next_step_day(
                WINDOW, (-before, -manager, 1)
            )

    @api.depends(
        "date_stage_due",
        "stage_reminder",
        "stage_category",
        "company_id.npo_escalation_days",
    )
    def _compute_date_stage_next(self):
        for request in self:
            is_open = request.stage_category == "open" and request.date_stage_due
            later = 1 + request.company_id.npo_escalation_days
            request.date_stage_next = is_open and request._next_step_day(
                STAGE, (1, later)
            )

    def _next_step_day(self, ladder, days):
        """Return the day of the step of a ladder that comes next; False: none."""
        taken = self[ladder.mark]
        if taken >= ladder.steps:
            return False
        return self[ladder.due] + timedelta(days=days[taken])

    def _move(self, code, **vals):
        # EXTENDS npo.case.mixin: in each stage the ladder begins anew
        super()._move(code, stage_reminder=0, **vals)

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Tell who must know of what is about to be late, or late: each once."""
        requests = self.sudo()
        for company in requests._companies_to_remind():
            for ladder in (WINDOW, STAGE):
                while requests._remind_batch(ladder, company) == BATCH:
                    self.env["ir.cron"]._commit_progress(BATCH)
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _companies_to_remind(self):
        """Return the associations that are at work now and have something to say."""
        self.flush_model()
        tomorrow = fields.Date.add(fields.Date.today(), days=1)
        rows = self.env.execute_query(
            SQL(
                """SELECT company_id FROM npo_request WHERE date_window_next <= %s
                    UNION SELECT company_id FROM npo_request
                    WHERE date_stage_next <= %s""",
                tomorrow,
                tomorrow,
            )
        )
        companies = self.env["res.company"].browse(company_id for (company_id,) in rows)
        now = fields.Datetime.now()
        return companies.filtered(
            lambda company: company._npo_work_calendar().next_opening(now) == now
        )

    @api.model
    def _remind_batch(self, ladder, company):
        """Mark, log and tell the first cases that are due; return how many."""
        rows = self._mark_reminded(ladder, company)
        told = self._group_reminded(ladder, company, rows)
        self._log_reminders(ladder, company, told)
        for user, cases in told.items():
            self._tell_reminded(ladder, company, user, cases)
        self.invalidate_model([ladder.mark, ladder.next_day])
        return len(rows)

    @api.model
    def _mark_reminded(self, ladder, company):
        """Take the steps that are due by one statement; return what was marked.

        A case that was not looked at for days takes its last step alone. Another cron
        running at the same time skips the rows of this one.

        :return: list of (id, name, step, due day, committee id, stage id, service id)
        """
        today = company._npo_today()
        due = SQL.identifier(ladder.due)
        days = [
            SQL("(%s + %s)", due, day) for day in self._reminder_days(ladder, company)
        ]
        taken = SQL("CASE %s END", self._last_first(days, today))
        following = [*days[1:], SQL("NULL::date")]
        after = SQL("CASE %s END", self._last_first(days, today, following))
        return self.env.execute_query(
            SQL(
                """
                UPDATE npo_request
                   SET %(mark)s = %(taken)s, %(next)s = %(after)s
                 WHERE id IN (
                    SELECT id FROM npo_request
                     WHERE company_id = %(company)s AND %(next)s <= %(today)s
                     ORDER BY %(next)s, id LIMIT %(batch)s
                       FOR UPDATE SKIP LOCKED)
             RETURNING id, name, %(mark)s, %(due)s, committee_id, stage_id, service_id
                """,
                mark=SQL.identifier(ladder.mark),
                next=SQL.identifier(ladder.next_day),
                due=due,
                taken=taken,
                after=after,
                company=company.id,
                today=today,
                batch=BATCH,
            )
        )

    @api.model
    def _last_first(self, days, today, values=None):
        """Return WHEN clauses: of the days that have come, the last one counts."""
        numbered = list(enumerate(days, start=1))
        values = values or [SQL("%s", number) for number, _day in numbered]
        return SQL(" ").join(
            SQL("WHEN %s <= %s THEN %s", day, today, values[number - 1])
            for number, day in reversed(numbered)
        )

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    @api.model
    def _group_reminded(self, ladder, company, rows):
        """Return {user: rows of which this user is told}; absences are covered."""
        told, known = {}, {}
        for row in rows:
            _id, _name, step, _due, committee_id, stage_id, service_id = row
            key = (step, committee_id, stage_id, service_id)
            if key not in known:
                known[key] = self._reminder_users(ladder, company, *key)
            for user in known[key]:
                told.setdefault(user, []).append(row)
        return told

    @api.model
    def _reminder_users(
        self, ladder, company, step, committee_id, stage_id, service_id
    ):
        """Return who is told of a step: the chair, the head of a level, the manager."""
        committee = self.env["npo.committee"].browse(committee_id)
        if ladder.name == "window":
            chair = committee._users("chair") or committee._users("deputy")
            users = chair if step in (1, 3) else chair.browse()
            if step > 1 or not users:
                users |= self._general_managers(company)
        else:
            users = self.env["res.users"]
            if step == 1:
                users = self.env["npo.stage.target"]._manager(
                    company, stage_id, service_id
                )
            users = users or self._general_managers(company)
        return self.env["npo.absence"]._present(users, company)

    @api.model
    def _general_managers(self, company):
        """Return the general managers; administrators only where nobody else is one."""
        group = self.env.ref("npo_relations.group_npo_general_manager").sudo()
        everybody = group.all_user_ids.filtered(
            lambda user: company in user.company_ids and not user.share
        )
        return (everybody & group.user_ids) or everybody

    @api.model
    def _log_reminders(self, ladder, company, told):
        """Log who is told of which case, by one statement."""
        lines = [
            (row[0], row[2], row[3], user.id) for user in told for row in told[user]
        ]
        if not lines:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO npo_reminder (res_model, res_id, request_id, company_id,
                    kind, date_due, user_id, date, create_uid, create_date, write_uid,
                    write_date)
                SELECT %(model)s, r.id, r.id, %(company)s,
                       %(ladder)s || '_' || r.step, r.due, r.user_id, %(now)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(ids)s, %(steps)s, %(due)s::date[], %(users)s)
                       AS r(id, step, due, user_id)
                """,
                model=self._name,
                company=company.id,
                ladder=ladder.name,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                **{
                    name: list(values)
                    for name, values in zip(
                        ("ids", "steps", "due", "users"),
                        zip(*lines, strict=True),
                        strict=True,
                    )
                },
            )
        )
        self.env["npo.reminder"].invalidate_model()

    @api.model
    def _tell_reminded(self, ladder, company, user, rows):
        """Give a user one task for all the cases, with a list that opens them."""
        env = self.with_context(lang=user.lang or "en_US").env
        if ladder.name == "window":
            summary = env._("Answers due or late: %s", len(rows))
            path = "reminded-of-answers"
        else:
            summary = env._("Requests too long in their stage: %s", len(rows))
            path = "reminded-of-stages"
        names = [row[1] for row in rows[:NAMED]]
        more = len(rows) - len(names)
        text = Markup("<bdi>%s</bdi>") % ", ".join(names)
        if more:
            text += Markup(" … +%s") % more
        link = Markup('<a href="/odoo/%s">%s</a>') % (path, env._("Open the list"))
        env["mail.activity"].create(
            {
                "summary": summary,
                "note": Markup("<p>%s</p><p>%s</p>") % (text, link),
                "activity_type_id": env.ref("mail.mail_activity_data_todo").id,
                "date_deadline": company._npo_today(),
                "user_id": user.id,
            }
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_manager_reminder_days = fields.Integer(
        "Days before the latest reply when the general manager is told",
        default=3,
        help="The chair of the committee is told before, as the policy's version says.",
    )
    npo_escalation_days = fields.Integer(
        "Days after which the general manager is told of a late stage",
        default=3,
        help="The head of the level is told on the day after the target.",
    )
