from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from .voice_mixin import NpoVoiceMixin

BATCH = 1000
# As many cases are named in a task; the others are counted.
NAMED = 20
STEPS = 2


class NpoVoice(models.AbstractModel):
    """Who hears of a late answer: unit or centre, then those above (R151, R206).

    Lateness itself is searched (`is_overdue`); this only tells people, each step once
    for each case, in the working time of the association. The work done is that of
    what is newly late, however many cases are open.
    """

    _inherit = NpoVoiceMixin._name
    _flow_fields = frozenset({"escalation"})

    escalation = fields.Integer("Told of lateness", readonly=True, copy=False)
    date_escalate = fields.Datetime(
        "Next told",
        compute="_compute_date_escalate",
        store=True,
        precompute=True,
        help="When the next person hears that the answer is late.",
    )

    _escalate_idx = models.Index(
        "(company_id, date_escalate) WHERE date_escalate IS NOT NULL"
    )

    @api.depends(
        "date_due",
        "date_answered",
        "stage_category",
        "escalation",
        "company_id.npo_escalation_days",
    )
    def _compute_date_escalate(self):
        for (company, site), cases in self.grouped(
            lambda case: (case.company_id, case.site_id)
        ).items():
            calendar = company._npo_work_calendar(site.calendar_id)
            for case in cases:
                if (
                    case.stage_category != "open"
                    or case.date_answered
                    or not case.date_due
                    or case.escalation >= STEPS
                ):
                    case.date_escalate = False
                    continue
                days = case.escalation * company.npo_escalation_days
                case.date_escalate = (
                    calendar.add_days(case.date_due, days) if days else case.date_due
                )

    # ------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------

    @api.model
    def _unit_managers(self, department):
        return department.sudo().manager_id.user_id.filtered(lambda user: user.active)

    @api.model
    def _role_holders(self, role, company):
        """Return who has a role; administrators only where nobody else has it."""
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        groups = self.env["res.groups"].sudo()
        group = groups.browse(get_id(f"npo_relations.group_npo_{role}"))
        holders = group.all_user_ids.filtered(
            lambda user: company in user.company_ids and not user.share
        )
        return (holders & group.user_ids) or holders

    def _escalation_users(self, step):
        """Return who hears at a step (1 or 2) that a case is late."""
        self.ensure_one()
        users = self.env["res.users"]
        if step == 1:
            users = self._unit_managers(self.department_id) or self._role_holders(
                "centre_manager", self.company_id
            )
        return users or self._role_holders("general_manager", self.company_id)

    def _may_name(self):
        """Tell whether a task may name the case."""
        return True

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell who must know of what is newly late, kind by kind."""
        progress = self.env["ir.cron"]._commit_progress
        for name in self.env["npo.voice.mixin"]._voice_models():
            cases = self.env[name].sudo()
            for company in cases._companies_late():
                while (done := cases._escalate_batch(company)) == BATCH:
                    progress(done)
        progress(remaining=0)

    @api.model
    def _voice_models(self):
        """Return the names of the kinds of cases that people say something by."""
        return [
            name
            for name in self._case_models()
            if "date_escalate" in self.env[name]._fields
        ]

    @api.model
    def _companies_late(self):
        """Return the associations at work now that have something newly late."""
        self.flush_model()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM %s WHERE date_escalate <= %s",
                SQL.identifier(self._table),
                now,
            )
        )
        companies = self.env["res.company"].browse(company_id for (company_id,) in rows)
        return companies.filtered(
            lambda company: company._npo_work_calendar().next_opening(now) == now
        )

    @api.model
    def _escalate_batch(self, company):
        """Mark, log and tell the first cases that are due; return how many.

        Another cron that runs at the same time skips the rows of this one.
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s SET escalation = COALESCE(escalation, 0) + 1
                 WHERE id IN (SELECT id FROM %(table)s
                               WHERE company_id = %(company)s
                                 AND date_escalate <= %(now)s
                               ORDER BY date_escalate, id LIMIT %(batch)s
                                 FOR UPDATE SKIP LOCKED)
             RETURNING id
                """,
                table=SQL.identifier(self._table),
                company=company.id,
                now=fields.Datetime.now(),
                batch=BATCH,
            )
        )
        cases = self.browse(case_id for (case_id,) in rows)
        cases.invalidate_recordset(["escalation"])
        self.env.add_to_compute(self._fields["date_escalate"], cases)
        told = cases._group_escalated()
        self._log_escalated(told)
        for user, own in told.items():
            own._tell_escalated(company, user)
        self.flush_model(["date_escalate"])
        return len(rows)

    def _group_escalated(self):
        """Return {user: cases of which this user is told}; absences are covered."""
        told, present = {}, {}
        for case in self:
            users = case._escalation_users(case.escalation)
            if users not in present:
                present[users] = self.env["npo.absence"]._present(
                    users, case.company_id
                )
            for user in case._not_barred(present[users]):
                told[user] = told.get(user, self.browse()) | case
        return told

    def _not_barred(self, users):
        """Return those of the users whom the case is not kept from."""
        return users

    @api.model
    def _log_escalated(self, told):
        self.env["npo.reminder"].sudo().create(
            [
                {
                    "res_model": self._name,
                    "res_id": case.id,
                    "company_id": case.company_id.id,
                    "kind": f"late_{case.escalation}",
                    "user_id": user.id,
                    "date": fields.Datetime.now(),
                    "date_due": case.date_deadline,
                }
                for user, cases in told.items()
                for case in cases
            ]
        )

    def _tell_escalated(self, company, user):
        """Give a user one task for all that is late, with a list that opens it."""
        env = self.with_context(lang=user.lang or "en_US").env
        named = self.filtered(lambda case: case._may_name())
        names = ", ".join(named[:NAMED].mapped("name"))
        text = Markup("<bdi>%s</bdi>") % names
        if len(self) > len(named[:NAMED]):
            text += Markup(" … +%s") % (len(self) - len(named[:NAMED]))
        link = Markup('<a href="/odoo/voices-late">%s</a>') % env._("Open the list")
        env["mail.activity"].create(
            {
                "summary": env._("Answers late: %s", len(self)),
                "note": Markup("<p>%s</p><p>%s</p>") % (text, link),
                "activity_type_id": env.ref("mail.mail_activity_data_todo").id,
                "date_deadline": company._npo_today(),
                "user_id": user.id,
            }
        )


class NpoReminder(models.Model):
    _inherit = "npo.reminder"

    kind = fields.Selection(
        selection_add=[
            ("late_1", "Answer late: unit or centre"),
            ("late_2", "Answer late: general manager"),
            ("centre", "Reminded by the centre"),
        ],
        ondelete={"late_1": "cascade", "late_2": "cascade", "centre": "cascade"},
    )
