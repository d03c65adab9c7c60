from odoo import api, fields, models

from ..core.register_mixin import NpoRegisterMixin
from .official_slots import LIVE

STATES = [
    ("requested", "Asked for"),
    ("proposed", "Proposed"),
    ("confirmed", "Confirmed"),
    ("rescheduled", "Rescheduled"),
    ("held", "Held"),
    ("no_show", "Did not come"),
    ("declined", "Declined"),
    ("cancelled", "Cancelled"),
]
MODES = [
    ("in_person", "At the association"),
    ("phone", "By telephone"),
    ("remote", "By video"),
    ("home", "At the person's home"),
]


class NpoAppointment(models.Model):
    """A person meets an official: asked for, agreed by both, held (R192).

    While it is open, its time is nobody else's: the database refuses a second one.
    Who it is with and what it is about stay here; the calendar of the official says
    that the hour is taken, and no more.
    """

    _name = "npo.appointment"
    _description = "Appointment With an Official"
    _inherit = [NpoRegisterMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "start desc, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True

    _reference_prefix = "APT"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "start",
        "stop",
        "official_id",
        "partner_id",
        "reason",
        "source",
        "date_confirmed",
        "date_arrived",
        "date_reminded",
        "visit_id",
        "event_id",
    }

    @api.model
    def _default_purpose(self):
        """Return the meeting with an official, without a statement for each."""
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return get_id("npo_relations.visit_purpose_meet_official")

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    source = fields.Selection(
        [("counter", "At the counter"), ("phone", "Telephone"), ("portal", "Portal")],
        "How it was asked for",
        required=True,
        readonly=True,
        default="counter",
    )

    # who, and what about
    partner_id = fields.Many2one(
        "res.partner", "Person", required=True, index=True, check_company=True
    )
    phone = fields.Char(related="partner_id.phone", string="Mobile")
    official_id = fields.Many2one(
        "npo.official", required=True, index=True, check_company=True
    )
    user_id = fields.Many2one(
        related="official_id.user_id",
        string="Who receives",
        store=True,
        index=True,
        precompute=True,
    )
    site_id = fields.Many2one(
        related="official_id.site_id",
        string="Site",
        store=True,
        index=True,
        precompute=True,
    )
    purpose_id = fields.Many2one(
        "npo.visit.purpose",
        "Purpose",
        required=True,
        default=lambda self: self._default_purpose(),
    )
    subject = fields.Char("What about", required=True, index="trigram")
    wishes = fields.Text("Times that suit the person")
    mode = fields.Selection(MODES, "How", required=True, default="in_person")
    circumstance_note = fields.Char(
        "Circumstances", compute="_compute_circumstance_note"
    )

    # when
    start = fields.Datetime("Begins", readonly=True, copy=False, tracking=True)
    stop = fields.Datetime("Ends", readonly=True, copy=False)
    event_id = fields.Many2one(
        "calendar.event",
        "In the calendar",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    # flow
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        copy=False,
        default="requested",
        tracking=True,
    )
    reason = fields.Text("Reason told to the person", readonly=True, copy=False)
    outcome = fields.Text("What came of it", copy=False)
    date_confirmed = fields.Datetime("Confirmed on", readonly=True, copy=False)
    date_reminded = fields.Datetime("Reminded on", readonly=True, copy=False)
    date_arrived = fields.Datetime("Arrived", readonly=True, copy=False)
    interaction_id = fields.Many2one(
        "npo.interaction",
        "Came of the contact",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    visit_id = fields.Many2one(
        "npo.visit",
        "Visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another appointment."
    )
    _time_once = models.Constraint(
        "EXCLUDE USING gist (int4range(official_id, official_id, '[]') WITH &&,"
        " tsrange(start, stop) WITH &&)"
        " WHERE (start IS NOT NULL AND state IN"
        " ('requested', 'proposed', 'confirmed', 'rescheduled'))",
        "This time has just been taken. Choose another one.",
    )
    _time_in_order = models.Constraint(
        "CHECK ((start IS NULL) = (stop IS NULL) AND (start IS NULL OR start < stop))",
        "An appointment ends after it begins.",
    )
    _time_agreed = models.Constraint(
        "CHECK (start IS NOT NULL OR state IN ('requested', 'declined', 'cancelled'))",
        "Choose a time first.",
    )
    _open_idx = models.Index(
        "(company_id, start) WHERE state IN"
        " ('requested', 'proposed', 'confirmed', 'rescheduled')"
    )
    _list_idx = models.Index("(start DESC, id DESC)")

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("name", "official_id.title")
    def _compute_display_name(self):
        """Name it by its number and the office: whose it is stays inside."""
        for one in self:
            parts = (one.name, one.official_id.sudo().title)
            one.display_name = " · ".join(filter(None, parts))

    @api.depends("partner_id")
    @api.depends_context("uid", "lang")
    def _compute_circumstance_note(self):
        """Advise a telephone call or a visit to whom it is hard to come (R066)."""
        files = self.env["npo.beneficiary"]
        found = files.sudo().search_fetch(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            ["partner_id", "company_id", "circumstance_ids"],
        )
        for one in self:
            own = found.filtered(
                lambda file, one=one: (
                    file.partner_id == one.partner_id
                    and file.company_id == one.company_id
                )
            )
            circumstances = own.circumstance_ids.sudo(False)
            one.circumstance_note = files._circumstance_sentence(circumstances)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for one in self:
            one.can_answer = one._may_answer()

    # ------------------------------------------------------------
    # WHAT IS TOLD OF IT
    # ------------------------------------------------------------

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("An appointment moves by its buttons.")

    def _is_open(self):
        return self.state in LIVE

    def _when_text(self):
        """Return when it is: weekday, both calendars, the hour."""
        return self.official_id._moment_text(self.start) if self.start else ""

    def _label(self, name):
        """Return the label of a selection's value."""
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")
