from odoo.exceptions import MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager

from .portal import MAX_COUNT, ROWS, NpoPortal, npo_notice_values

APPOINTMENTS, OFFICIALS = "npo.appointment", "npo.official"


class NpoAppointmentPages(NpoPortal):
    """Ask to meet an official, answer what is proposed, move it, cancel it (R192).

    To anybody but the person an appointment answers like what does not exist.
    """

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal
        values = super()._prepare_home_portal_values(counters)
        if "npo_appointment_count" in counters:
            values["npo_appointment_count"] = request.env[APPOINTMENTS]._portal_count(
                MAX_COUNT
            )
        return values

    @route(
        ["/my/appointments", "/my/appointments/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_appointments(self, page=1, **_kw):
        """List the visitor's appointments, as sentences."""
        appointments = request.env[APPOINTMENTS]
        pages = pager(
            url="/my/appointments",
            total=appointments._portal_count(MAX_COUNT),
            page=page,
            step=ROWS,
        )
        values = self._npo_values(
            "npo_appointments",
            appointments=appointments._portal_rows(ROWS, max(pages["offset"], 0)),
            pager=pages,
        )
        return request.render("npo_relations.portal_my_appointments", values)

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @route(
        "/my/appointments/new",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_appointment_new(self, **post):
        """Choose whom to meet, then a time; a press on the button asks for it."""
        company = self._npo_association()
        error = ""
        if request.httprequest.method == "POST":
            made = []
            error = self._npo_try(
                lambda: made.append(
                    request.env[APPOINTMENTS]._portal_ask(company, post)
                )
            )
            if not error:
                return self._npo_go_appointment(made[0])
        officials = request.env[OFFICIALS]._portal_offered(
            company, request.env.user.partner_id
        )
        number = post.get("official_id") or (
            str(officials.id) if len(officials) == 1 else ""
        )
        chosen = officials.filtered(lambda one: str(one.id) == number)
        values = self._npo_values(
            "npo_appointment_new",
            company,
            officials=officials,
            official=chosen,
            days=self._npo_free_days(chosen),
            typed=post,
            form_error=error,
            **npo_notice_values(company),
        )
        return request.render("npo_relations.portal_appointment_new", values)

    def _npo_free_days(self, official, spared=None):
        """Return the free times of an official, as a form shows them."""
        own = official.with_env(request.env)
        free = own._free_slots(
            spared.purpose_id if spared else None, spared=spared, with_lead=True
        )
        return request.env[APPOINTMENTS]._portal_days(free)

    # ------------------------------------------------------------
    # ONE APPOINTMENT
    # ------------------------------------------------------------

    def _npo_go_appointment(self, appointment):
        return request.redirect(f"/my/appointments/{appointment.id}")

    def _npo_own_appointment(self, appointment_id):
        """Return the visitor's own appointment; to others there is none."""
        appointment = request.env[APPOINTMENTS].browse(appointment_id)
        try:
            is_mine = appointment._is_mine()
        except MissingError:
            is_mine = False
        if not is_mine:
            raise request.not_found()
        return appointment

    @route(
        "/my/appointments/<int:appointment_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_appointment(self, appointment_id, step="", start="", **_kw):
        """Follow an appointment; agree to a time, choose another one, cancel."""
        appointment = self._npo_own_appointment(appointment_id)
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_appointment_step(appointment, step, start)
            if not error:
                return self._npo_go_appointment(appointment)
        own = appointment.sudo()
        is_open = own._is_open()
        values = self._npo_values(
            "npo_appointment",
            own.company_id,
            appointment=own,
            is_open=is_open,
            days=self._npo_free_days(own.official_id, own) if is_open else [],
            typed={"start": start} if error else {},
            form_error=error,
        )
        return request.render("npo_relations.portal_appointment", values)

    def _npo_appointment_step(self, appointment, step, start):
        """Take a step of the visitor; return why it cannot be taken."""
        steps = {
            "accept": appointment._portal_accept,
            "move": lambda: appointment._portal_move(start),
            "cancel": appointment._portal_cancel,
        }
        if step not in steps:
            return request.env._("This was done already. Look at where it stands now.")
        return self._npo_try(steps[step])
