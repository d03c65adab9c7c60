from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.reception.appointment import MODES

DAYS = 14


class NpoAppointmentBook(models.TransientModel):
    """Ask for an appointment, or choose another time of one (R192, R193)."""

    _name = "npo.appointment.book"
    _description = "Choose the Time of an Appointment"

    step = fields.Selection(
        [("ask", "Ask"), ("move", "Another time"), ("decline", "Decline")],
        required=True,
        default="ask",
    )
    appointment_id = fields.Many2one("npo.appointment")
    interaction_id = fields.Many2one("npo.interaction")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    official_id = fields.Many2one(
        "npo.official",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._default_official(),
    )
    purpose_id = fields.Many2one(
        "npo.visit.purpose",
        "Purpose",
        default=lambda self: self.env.ref("npo_relations.visit_purpose_meet_official"),
    )
    source = fields.Selection(
        [("counter", "At the counter"), ("phone", "Telephone")],
        "How it was asked for",
        default="counter",
    )
    subject = fields.Char("What about")
    wishes = fields.Text("Times that suit the person")
    mode = fields.Selection(
        MODES, "How", compute="_compute_mode", store=True, readonly=False
    )
    circumstance_note = fields.Char(compute="_compute_mode", store=True)
    reason = fields.Text("Reason told to the person")

    # the times
    date_first = fields.Date("From", default=lambda self: self._today())
    slots = fields.Json(compute="_compute_slots")
    start = fields.Datetime(
        "Time", compute="_compute_start", store=True, readonly=False
    )
    may_answer = fields.Boolean(compute="_compute_may_answer")
    is_agreed = fields.Boolean(
        "The person agrees to this time",
        compute="_compute_is_agreed",
        store=True,
        readonly=False,
        help="Otherwise it is proposed to the person.",
    )

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _today(self):
        return self.env.company._npo_today()

    @api.model
    def _default_official(self):
        """Return the official, where there is but one."""
        found = self.env["npo.official"].search(
            [("company_id", "=", self.env.company.id)], limit=2
        )
        return found if len(found) == 1 else False

    @api.depends("partner_id", "appointment_id")
    def _compute_mode(self):
        """Propose a call to whom it is hard to come (R066)."""
        for form in self:
            known = form.partner_id._filtered_access("read")
            appointment = form.appointment_id or self.env["npo.appointment"].new(
                {"partner_id": known.id, "company_id": self.env.company.id}
            )
            form.circumstance_note = appointment.circumstance_note
            if form.appointment_id:
                form.mode = form.appointment_id.mode
            else:
                form.mode = "phone" if form.circumstance_note else "in_person"

    @api.depends("official_id", "purpose_id", "date_first")
    def _compute_slots(self):
        """Offer the free times of a fortnight: [[day, [[moment, hour]]]]."""
        for form in self:
            official = form.official_id._filtered_access("read")
            free = official._free_slots(
                form.purpose_id, form.date_first, DAYS, spared=form.appointment_id
            )
            form.slots = self.env["npo.appointment"]._portal_days(free)

    @api.depends("official_id", "purpose_id", "date_first")
    def _compute_start(self):
        """What was chosen is of one official and length: another is chosen anew."""
        self.start = False

    @api.depends("official_id")
    def _compute_may_answer(self):
        """Tell who may propose a time in the name of the official."""
        appointments = self.env["npo.appointment"]
        for form in self:
            own = appointments.new({"official_id": form.official_id.id})
            form.may_answer = own._may_answer()

    @api.depends("official_id")
    def _compute_is_agreed(self):
        """At the counter the person chooses; an official proposes."""
        for form in self:
            form.is_agreed = form.official_id.sudo().user_id != self.env.user

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_confirm(self):
        """Take the step, and show the appointment."""
        self.ensure_one()
        appointment = self._take()
        return {
            "type": "ir.actions.act_window",
            "res_model": appointment._name,
            "res_id": appointment.id,
            "view_mode": "form",
        }

    def _take(self):
        appointment = self.appointment_id
        if self.step == "ask":
            return self._ask()
        if self.step == "decline":
            appointment._decline(self.reason)
        elif not self.start:
            raise UserError(self.env._("Choose a time first."))
        elif self.is_agreed:
            appointment._reschedule(self.start)
        else:
            appointment._propose(self.start, self.reason)
        return appointment

    def _ask(self):
        appointments = self.env["npo.appointment"]
        appointments._require_asker(self.official_id)
        if not (self.partner_id and self.official_id and self.subject):
            raise UserError(
                self.env._("Say who wants to meet whom, and in a few words what about.")
            )
        self.partner_id.check_access("read")
        self.official_id.check_access("read")
        self.interaction_id.check_access("read")
        return appointments._ask(
            self.official_id,
            {
                "partner_id": self.partner_id.id,
                "interaction_id": self.interaction_id.id,
                "purpose_id": self.purpose_id.id,
                "source": self.source,
                "subject": self.subject,
                "wishes": self.wishes,
                "mode": self.mode,
            },
            self.start,
            self.is_agreed or not self.may_answer,
        )
