from odoo import api, fields, models

from .appointment import NpoAppointment as Base


class NpoAppointment(models.Model):
    """Whoever comes to an appointment is recognised at the door (R192)."""

    _inherit = Base._name

    @api.model
    def _appointment_of(self, partner, site):
        """Return the appointment to which a person comes to a site today, if any.

        Of several, the nearest one that the arrival is not noted of. As superuser:
        reception learns that somebody is expected, whoever the official is.
        """
        appointments = self.sudo()
        if not partner or not site:
            return appointments
        company = site.sudo().company_id
        today = company._npo_today()
        since, until = company._npo_day_bounds(today, today)
        found = appointments.search(
            [
                ("partner_id", "=", partner.id),
                ("site_id", "=", site.id),
                ("state", "=", "confirmed"),
                ("mode", "=", "in_person"),
                ("date_arrived", "=", False),
                ("start", ">=", since),
                ("start", "<", until),
            ]
        )
        now = fields.Datetime.now()
        return found.sorted(lambda one: abs(one.start - now))[:1]

    def _arrive(self, visit=None):
        """Note once that the person is here, and tell the official.

        :param visit: `npo.visit`, by which the person was registered at the door
        """
        for one in self.sudo().filtered(lambda one: not one.date_arrived):
            one.write(
                {
                    "date_arrived": visit.date_arrived
                    if visit
                    else fields.Datetime.now(),
                    "visit_id": visit.id if visit else False,
                }
            )
            one._give_task(one.env._("Has arrived for the appointment"))

    def action_arrive(self):
        """Note at the counter that the person is here."""
        self._require_staff()
        self._begin("confirmed")
        self._arrive()
