from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.fields import Command

from ..common import AssociationCommon

# A Thursday morning; Sunday the 29th is the next working day but one.
NOW = "2026-11-26 06:00:00"


def riyadh(day, hour, minute=0):
    """Return a wall-clock time, by the day counted from 1 November 2026."""
    return datetime(2026, 11, 1, hour, minute) + timedelta(days=day - 1, hours=-3)


class AppointmentCommon(AssociationCommon):
    """The general manager receives people at the headquarters.

    Use under ``freeze_time(NOW)``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_doors()

    @classmethod
    def _open_doors(cls):
        """Make an official, and a person who wants to meet somebody."""
        cls.manager = cls.users["manager"]
        cls.front = cls.users["front"]
        cls.official = cls._new_official(cls.manager)
        cls.person = cls._new_beneficiary().partner_id

    @classmethod
    def _new_official(cls, user, **vals):
        return cls.env["npo.official"].create(
            {
                "title": "General Manager",
                "user_id": user.id,
                "site_id": cls.site.id,
                "company_id": cls.company.id,
                **vals,
            }
        )

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(type(self.env["ir.cron"]), "_commit_progress"))

    def _ask(self, start=None, user=None, is_agreed=True, **vals):
        """Return an appointment as reception asks for it."""
        user = user or self.front
        official = vals.pop("official", self.official).with_user(user)
        return (
            self.env["npo.appointment"]
            .with_user(user)
            ._ask(
                official,
                {"partner_id": self.person.id, "subject": "A refusal", **vals},
                start,
                is_agreed,
            )
        )

    def _confirmed(self, start, **vals):
        """Return an appointment that the official confirmed, as the superuser."""
        appointment = self._ask(start, **vals)
        appointment.with_user(appointment.sudo().user_id).action_confirm()
        return appointment.sudo()

    def _event(self, start, hours=1, user=None, **vals):
        """Put something into the calendar of a user."""
        user = user or self.manager
        return (
            self.env["calendar.event"]
            .with_user(user)
            .with_context(dont_notify=True)
            .create(
                {
                    "name": "Meeting",
                    "start": start,
                    "stop": start + timedelta(hours=hours),
                    "partner_ids": [Command.link(user.partner_id.id)],
                    **vals,
                }
            )
        )

    def _hours(self, official=None, **options):
        """Return the free times as “day hour”, on the clock of the association."""
        official = official or self.official
        slots = official._free_slots(**options).get(official, [])
        return [f"{start + timedelta(hours=3):%d %H:%M}" for start, _end in slots]

    def _messages(self, appointment, event):
        template = self.env.ref(f"npo_relations.mail_template_apt_{event}")
        return self.env["npo.message"].search(
            [
                ("res_model", "=", "npo.appointment"),
                ("res_id", "=", appointment.id),
                ("template_id", "=", template.id),
            ]
        )
