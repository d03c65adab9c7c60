from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .breach import NpoDataBreach as Base

BATCH = 200
SOON, LATE = 1, 2
TELL_ROLES = ("data_protection_officer", "general_manager")


class NpoDataBreach(models.Model):
    """The steps of a data incident, and who is told that time runs out (P017)."""

    _inherit = Base._name

    # ------------------------------------------------------------
    # REPORTED
    # ------------------------------------------------------------

    @api.model
    def _report(self, company, text, aware_at):
        """Record an incident in a few words, and tell who answers for it (R157).

        Anybody of the staff may; in sudo, for who reports does not read the register.

        :return: the incident, as superuser
        """
        if not (text or "").strip():
            raise UserError(self.env._("Write what happened."))
        # who reports does not follow it: the register is told to few
        quiet = self.sudo().with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        )
        incident = quiet.create(
            {
                "title": self.env._("Incident reported by the staff"),
                "what_happened": text,
                "aware_at": aware_at or fields.Datetime.now(),
                "company_id": company.id,
                "reported_by_id": self.env.uid,
            }
        )
        incident = incident.with_env(self.sudo().env)
        incident._give_task(lambda env: env._("Look at a data incident now"))
        return incident

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _check_step(self, *states):
        """Raise unless the user keeps the register and the incident is so far."""
        self.check_access("write")
        if any(one.state not in states for one in self):
            raise UserError(self.env._("This step was taken already."))

    def action_decide(self):
        """Record whether harm is possible; of none, the reason."""
        self._check_step("reported")
        for one in self:
            if not one.harm:
                raise UserError(self.env._("Choose whether harm is possible."))
            if one.harm == "none" and not (one.harm_reason or "").strip():
                raise UserError(self.env._("Write why no harm is possible."))
        self.sudo().write(
            {
                "state": "handled",
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
            }
        )

    def action_decide_again(self):
        """Go back to the decision, when more is known."""
        self._check_step("handled")
        self.sudo().state = "reported"

    def action_tell_persons(self):
        """Write to each person on the list who was not told yet (P017)."""
        self._check_step("reported", "handled")
        for one in self:
            if not (one.notice_text or "").strip():
                raise UserError(self.env._("Write what the persons are told."))
            waiting = one.person_ids._waiting()
            if not waiting:
                raise UserError(self.env._("Everybody on the list was written to."))
            waiting._tell()

    def action_close(self):
        """Close an incident of which each required thing is there."""
        self._check_step("handled")
        for one in self:
            if missing := one._missing_to_close():
                raise UserError("\n".join(missing))
        self.sudo().write({"state": "closed", "date_closed": fields.Datetime.now()})
        self.sudo().activity_ids.action_done()

    def action_reopen(self):
        """Open a closed incident again."""
        self._check_step("closed")
        self.sudo().write({"state": "handled", "date_closed": False})

    def _missing_to_close(self):
        """Return what is missing before the incident is closed, in words."""
        self.ensure_one()
        _ = self.env._
        needed = [
            (self.decided_by_id and self.harm, _("Decide whether harm is possible.")),
            (self.measures, _("Write the measures that were taken.")),
            (self.lessons, _("Write what was learned.")),
        ]
        if self.harm == "none":
            needed.append((self.harm_reason, _("Write why no harm is possible.")))
        else:
            needed += self._needed_of_harm()
        return [words for value, words in needed if not value]

    def _needed_of_harm(self):
        """Return [(value, what to do where there is none)] of a harmful incident."""
        _ = self.env._
        is_told_late = self.date_notified and not self.is_in_time
        told = self.person_ids and all(line._is_told() for line in self.person_ids)
        return [
            (self.data_kinds, _("Write which kinds of data it is about.")),
            (self.person_kinds, _("Write which kinds of persons it is about.")),
            (self.person_count, _("Write how many persons it is about.")),
            (self.consequences, _("Write the likely consequences.")),
            (
                self.date_notified and self.notice_number,
                _("Tell the authority, and enter the day and the number."),
            ),
            (
                self.late_reason or not is_told_late,
                _("Write why the authority was told late."),
            ),
            (
                self.untold_reason or told,
                _("Tell the persons, or write why not each of them is told."),
            ),
        ]

    # ------------------------------------------------------------
    # TIME
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Tell who answers that the hour comes near, and that it has passed; once."""
        now = fields.Datetime.now()
        late = self._waiting_domain() & Domain("told_level", "<", LATE)
        late &= Domain("date_deadline", "<", now)
        self._remind(
            late, LATE, lambda env: env._("Late: tell the authority of the incident")
        )
        for company in self.env["res.company"].search([]):
            hours = timedelta(hours=company.npo_breach_reminder_hours)
            soon = self._waiting_domain() & Domain("told_level", "<", SOON)
            soon &= Domain("company_id", "=", company.id)
            soon &= Domain("date_deadline", "<", now + hours)
            self._remind(
                soon, SOON, lambda env: env._("Tell the authority of the incident")
            )

    @api.model
    def _remind(self, domain, level, summary):
        incidents = self.search(domain, limit=BATCH, order="date_deadline, id")
        incidents = incidents.try_lock_for_update()
        for one in incidents:
            one._give_task(summary)
        incidents.sudo().told_level = level

    def _give_task(self, summary):
        """Give the data-protection officer and the general manager a task.

        :param summary: function of an environment in the language of who gets it
        """
        self.ensure_one()
        company = self.company_id
        holders = map(company._npo_role_holders, TELL_ROLES)
        users = self.env["res.users"].union(*holders)
        company._npo_give_task(users, lambda env: (summary(env), False), self)
