from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.form_text import clean_line, clean_text
from ..people.consent_notice import shown_notice
from .appointment import MODES
from .appointment import NpoAppointment as Base
from .official_slots import LIVE

LIST_FIELDS = ("name", "subject", "state", "start", "stop", "company_id", "official_id")
# What is asked for in the portal does not bring somebody to a home.
PORTAL_MODES = tuple(mode for mode, _label in MODES if mode != "home")


class NpoAppointment(models.Model):
    """What a person asks for and answers in the portal (R192).

    A portal user has no right on the model: whose it is, is asked first, then the step
    is taken in sudo.
    """

    _inherit = Base._name

    notice_text_id = shown_notice()

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.model
    def _portal_domain(self):
        return Domain("partner_id", "=", self.env.user.partner_id.id)

    @api.model
    def _portal_count(self, most):
        """Count the user's own appointments, up to a number."""
        return self.sudo().search_count(self._portal_domain(), limit=most)

    @api.model
    def _portal_rows(self, limit, offset=0):
        """Return the user's own appointments, newest first, as superuser."""
        return self.sudo().search_fetch(
            self._portal_domain(),
            LIST_FIELDS,
            limit=limit,
            offset=offset,
            order="id desc",
        )

    def _is_mine(self):
        """Tell whether the appointment is the user's own."""
        self.ensure_one()
        return self.sudo().partner_id == self.env.user.partner_id

    def _portal_sentence(self):
        """Return where the appointment stands, as a sentence for the person."""
        _ = self.env._
        when = self._when_text()
        if self.state == "requested":
            if not when:
                return _("We look for a time, and propose it to you here.")
            return _("You asked for %s. We tell you whether it suits.", when)
        return {
            "proposed": _("We propose %s. Does it suit you?", when),
            "confirmed": _("We expect you on %s.", when),
            "rescheduled": _("You asked to move it to %s. We tell you soon.", when),
            "held": _("It took place on %s.", when),
            "no_show": _("We waited for you on %s. Ask for another time.", when),
            "declined": _("It cannot take place. You read below why."),
            "cancelled": _("It was cancelled."),
        }[self.state]

    @api.model
    def _portal_days(self, free):
        """Return [(day in words, [(value, hour)])] of free times, for a form.

        :param free: {official: [(start, end)]} of one official
        """
        days = {}
        for official, slots in free.items():
            for start, _end in slots:
                day = official._local(start).date()
                value = fields.Datetime.to_string(start), official._hour_text(start)
                days.setdefault((official, day), []).append(value)
        return [
            (official._day_text(day), hours) for (official, day), hours in days.items()
        ]

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    @api.model
    def _portal_ask(self, company, post):
        """Record that the user asks to meet an official; pressed twice, it is one.

        :param post: official_id, start, subject, wishes, mode, as typed
        :return: the appointment, as superuser
        """
        partner = self.env.user.partner_id
        notice_vals = self.env["npo.consent"]._shown_vals(company, post)
        offered = self.env["npo.official"]._portal_offered(company, partner)
        number = clean_line(post.get("official_id"))
        official = offered.filtered(lambda one: str(one.id) == number)
        if not official:
            raise UserError(self.env._("Choose whom you want to meet."))
        subject = clean_line(post.get("subject"))
        if not subject:
            raise UserError(self.env._("Write in a few words what it is about."))
        start = self._read_start(post.get("start"))
        wishes = clean_text(post.get("wishes"))
        if not start and not wishes:
            raise UserError(self.env._("Choose a time, or write which times suit you."))
        if same := self._asked_before(official, subject, start):
            return same
        self._check_flood(company, partner)
        mode = clean_line(post.get("mode"))
        vals = {
            "partner_id": partner.id,
            "subject": subject,
            "wishes": wishes,
            "mode": mode if mode in PORTAL_MODES else "in_person",
            "source": "portal",
            **notice_vals,
        }
        return self._ask(official.with_env(self.env), vals, start).sudo()

    @api.model
    def _read_start(self, text):
        """Return the moment that a form carries; nothing for anything else."""
        text = clean_line(text)
        try:
            return fields.Datetime.to_datetime(text or False)
        except ValueError:
            raise UserError(
                self.env._("This is no time. Choose one of the list.")
            ) from None

    @api.model
    def _open_ones(self):
        return self.sudo().search(self._portal_domain() & Domain("state", "in", LIVE))

    @api.model
    def _asked_before(self, official, subject, start):
        """Return the open one that says the same: the button was pressed twice."""
        return self._open_ones().filtered(
            lambda one: (
                (one.official_id, one.subject, one.start) == (official, subject, start)
            )
        )[:1]

    @api.model
    def _check_flood(self, company, partner):
        """Refuse more open appointments than one person needs, and machines."""
        most = company.sudo().npo_open_appointments
        if len(self._open_ones()) >= most:
            raise UserError(
                self.env._(
                    "You have open appointments already: %s. Cancel one of them, or"
                    " call us.",
                    most,
                )
            )
        guard = self.env["npo.flood.guard"]
        key = guard._key(company, "appointment", partner.id)
        if guard._is_full(company, {key: company.sudo().npo_posts_per_contact}):
            raise UserError(
                self.env._("You asked several times in an hour. Try later, or call us.")
            )
        guard._count(company, key, 60)

    def _mine(self, *states):
        """Return the appointment in sudo, for whose it is, where a step applies."""
        if not self._is_mine():
            raise AccessError(self.env._("This appointment is not yours."))
        own = self.sudo()
        own._begin(*states)
        return own

    def _portal_accept(self):
        """The person agrees to the time that was proposed."""
        self._mine("proposed")._confirm()

    def _portal_move(self, text):
        """The person asks for another time."""
        start = self._read_start(text)
        if not start:
            raise UserError(self.env._("Choose a time first."))
        own = self._mine(*LIVE)
        if start != own.start:
            own._settle(start, is_agreed=True)

    def _portal_cancel(self):
        """The person does not come; who answers is told."""
        own = self._mine(*LIVE)
        own._enter("cancelled")
        own._give_task(self.env._("The person cancelled the appointment"))
