from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core.register_mixin import NpoRegisterMixin

SECTIONS = [("men", "Men"), ("women", "Women"), ("family", "Families")]
RESULTS = [
    ("completed", "Done"),
    ("referred", "Referred"),
    ("appointment", "Appointment made"),
    ("returned", "Something was missing"),
    ("left", "Left before the service"),
]
OPEN_STATES = ("waiting", "called", "serving")


class NpoVisit(models.Model):
    """One visitor, from the door to the door (R104, R172, R212).

    A lean register: two thousand lines a day at a site. It has no discussion; what
    comes of a visit (an inquiry, a request, a complaint) has its own. How a visitor
    is registered stands in `visit_register`, how a visit goes on in `visit_flow`.
    """

    _name = "npo.visit"
    _description = "Visit"
    _inherit = [NpoRegisterMixin._name]
    _order = "id desc"
    _check_company_auto = True

    _reference_prefix = "VIS"
    _step_fields = NpoRegisterMixin._step_fields | {
        "site_id",
        "day",
        "sheet_id",
        "section",
        "number",
        "rating_code",
        "client_key",
        "visitor_kind",
        "state",
        "counter",
        "user_id",
        "date_arrived",
        "date_called",
        "date_started",
        "date_ended",
        "waiting_minutes",
        "service_minutes",
    }

    name = fields.Char("Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one(
        "npo.site",
        required=True,
        check_company=True,
        default=lambda self: self.env["npo.interaction"]._default_site_id(),
    )
    day = fields.Date(required=True, readonly=True, copy=False)
    sheet_id = fields.Many2one(
        "npo.visit.sheet", "Count sheet", readonly=True, copy=False, index=True
    )
    section = fields.Selection(SECTIONS, required=True, default="family")
    number = fields.Integer("Number", readonly=True, copy=False, aggregator=None)
    rating_code = fields.Char(
        "Code to rate",
        readonly=True,
        copy=False,
        help="On the slip: with it the visitor says afterwards how it was.",
    )
    client_key = fields.Char(
        readonly=True,
        copy=False,
        help="Made by the counter: what is sent twice is registered once.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("called", "Called"),
            ("serving", "Being served"),
            ("done", "Served"),
            ("left", "Left before"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="waiting",
    )

    # who
    partner_id = fields.Many2one("res.partner", "Person", check_company=True)
    visitor_name = fields.Char("Name")
    visitor_kind = fields.Selection(
        [("new", "New"), ("returning", "Came before")], readonly=True, copy=False
    )
    gender = fields.Selection([("male", "Man"), ("female", "Woman")])
    companions = fields.Integer("Companions")

    # what for
    purpose_id = fields.Many2one("npo.visit.purpose", required=True)
    other_purpose_ids = fields.Many2many("npo.visit.purpose", string="Also for")
    result = fields.Selection(RESULTS, copy=False)

    # when, and by whom
    date_arrived = fields.Datetime(
        "Arrived", required=True, default=fields.Datetime.now, copy=False
    )
    date_called = fields.Datetime("Called", readonly=True, copy=False)
    date_started = fields.Datetime("Service began", readonly=True, copy=False)
    date_ended = fields.Datetime("Left", readonly=True, copy=False)
    waiting_minutes = fields.Float(readonly=True, copy=False, aggregator="avg")
    service_minutes = fields.Float(readonly=True, copy=False, aggregator="avg")
    counter = fields.Integer("Counter", readonly=True, copy=False, aggregator=None)
    user_id = fields.Many2one(
        "res.users",
        "Served by",
        readonly=True,
        copy=False,
        help="Or who is to serve, after a colleague referred the visitor.",
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another visit."
    )
    _number_uniq = models.UniqueIndex(
        "(site_id, day, section, number)", "This number was given to another visitor."
    )
    _client_key_uniq = models.UniqueIndex(
        "(company_id, client_key) WHERE client_key IS NOT NULL",
        "This visitor was registered already.",
    )
    _companions_positive = models.Constraint(
        "CHECK (companions >= 0)", "Nobody comes with fewer than no companions."
    )
    _ended_after_begun = models.Constraint(
        "CHECK (date_ended >= date_started)", "A visit does not end before it began."
    )
    # the queue, the day sheet, the person, the register
    _queue_idx = models.Index(
        "(site_id, day, section, date_arrived)"
        " WHERE state IN ('waiting', 'called', 'serving')"
    )
    _day_idx = models.Index("(company_id, day, site_id)")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")
    _list_idx = models.Index("(company_id, id DESC)")

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("companions")
    def _check_companions(self):
        for visit in self:
            if visit.companions > visit.company_id.sudo().npo_max_companions:
                raise ValidationError(
                    self.env._(
                        "Companions: %s at most. Register a larger group as several"
                        " visitors.",
                        visit.company_id.sudo().npo_max_companions,
                    )
                )

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A visit moves by its buttons.")

    # ------------------------------------------------------------
    # WRITE, DELETE
    # ------------------------------------------------------------

    def write(self, vals):
        # EXTENDS npo.register.mixin
        if not self.env.su:
            self._check_open_day()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        raise UserError(
            self.env._("Who came is counted. Mark who left before as such instead.")
        )

    def _check_open_day(self):
        """Refuse a change of a day that was counted, closed and signed (R172)."""
        for sheet in self.sudo().sheet_id:
            if sheet.state == "closed":
                raise UserError(sheet._closed_sentence())

    @api.depends("name", "number", "section")
    def _compute_display_name(self):
        """By section and number: no name of anybody (R104)."""
        sections = dict(self._fields["section"]._description_selection(self.env))
        for visit in self:
            section = sections.get(visit.section, "")
            visit.display_name = f"{section} {visit.number}".strip()

    def _print_lang(self):
        """Return the language of a slip: that of the association, not of a person."""
        return self.company_id.partner_id.lang or self.env.lang
