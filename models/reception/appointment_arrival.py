from odoo import api, fields, models

from .appointment import NpoAppointment as Base


class NpoAppointment(models.Model):
    """Whoever comes to an appointment is recognised at the door (R192)."""

    _inherit = Base._name

    @api.model
    def _appointments_of(self, partners, site):
        """Return {person: appointment}: for which of them people come to a site today.

        Of several of a person, the nearest one that the arrival is not noted of. As
        superuser: reception learns that somebody is expected, whoever the official is.
        """
        if not partners or not site:
            return {}
        company = site.sudo().company_id
        today = company._npo_today()
        since, until = company._npo_day_bounds(today, today)
        found = self.sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("site_id", "=", site.id),
                ("state", "=", "confirmed"),
                ("mode", "=", "in_person"),
                ("date_arrived", "=", False),
                ("start", ">=", since),
                ("start", "<", until),
            ]
        )
        now = fields.Datetime.now()
        nearest_last = found.sorted(lambda one: -abs(one.start - now))
        return {one.partner_id: one for one in nearest_last}

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
