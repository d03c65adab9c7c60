from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .appointment import NpoAppointment as Base

BATCH = 200


class NpoAppointment(models.Model):
    """What the person is told, and what time alone brings about (R192)."""

    _inherit = Base._name

    def _tell(self, event):
        """Write the message of an event to the persons (D04)."""
        template = self.env.ref(f"npo_relations.mail_template_{event}")
        self.env["npo.message"]._queue(template, self.sudo())

    def _portal_link(self):
        """Return the address of the appointment in the portal."""
        return f"{self.get_base_url()}/my/appointments/{self.id}"

    @api.model
    def _cron_remind(self):
        """Remind both of what is near, once for each time that was agreed."""
        now = fields.Datetime.now()
        near = self._agreed(
            lambda company: [
                ("date_reminded", "=", False),
                ("start", ">", now),
                (
                    "start",
                    "<=",
                    now + timedelta(hours=company.npo_appointment_reminder_hours),
                ),
            ]
        )
        self._in_batches(near, "_remind")

    def _remind(self):
        """Remind the persons by message, and the officials by one task a day."""
        self._tell("apt_reminder")
        todo = self.env.ref("mail.mail_activity_data_todo")
        days = self.grouped(lambda one: (one.user_id, one._task_day()))
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": todo.id,
                    "summary": self.env._("Your appointments: %s", len(meetings)),
                    "date_deadline": day,
                    "user_id": user.id,
                }
                for (user, day), meetings in days.items()
                if user.active
            ]
        )
        self.write({"date_reminded": fields.Datetime.now()})

    @api.model
    def _cron_no_show(self):
        """Mark who was expected here and did not come.

        A call or a visit is not looked for at the door: the official says of it.
        """
        now = fields.Datetime.now()
        missed = self._agreed(
            lambda company: [
                ("mode", "=", "in_person"),
                ("date_arrived", "=", False),
                ("stop", "<", now - timedelta(minutes=company.npo_no_show_minutes)),
            ]
        )
        self._in_batches(missed, "_miss")

    def _miss(self):
        """Mark that nobody came."""
        self._enter("no_show")

    @api.model
    def _agreed(self, condition):
        """Return the domain of what is agreed and of which more is true.

        :param condition: function of an association that returns a domain
        """
        officials = self.env["npo.official"].with_context(active_test=False)
        return Domain("state", "=", "confirmed") & Domain.OR(
            Domain("company_id", "=", company.id) & Domain(condition(company))
            for company in officials.search([]).company_id
        )

    @api.model
    def _in_batches(self, domain, step):
        """Take a step of those that are due, some hundred at a time."""
        found = self.search(domain, limit=BATCH, order="start, id")
        getattr(found, step)()
        self.env["ir.cron"]._commit_progress(
            len(found), remaining=self.search_count(domain)
        )
