from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..centre.improvable_mixin import NpoImprovableMixin
from ..core.register_mixin import NpoRegisterMixin

# What may still be written of an incident that is closed.
OPEN_AFTER = frozenset({"activity_ids", "message_ids", "message_follower_ids"})
# What was decided by `action_decide`, with who did and when.
DECIDED = frozenset({"harm", "harm_reason"})
# The clock of a telephone may be ahead by so much.
CLOCK_LEEWAY = timedelta(minutes=5)


class NpoDataBreach(models.Model):
    """An incident with personal data, and what was done about it (P017, R157).

    The time to tell the authority runs from the moment the association knew, by the
    clock; it is stored, and lateness is searched. An incident that can harm nobody is
    on record as well, with the reason why nobody was told. The steps stand in
    `breach_flow`, the paper for the authority in `breach_print`.
    """

    _name = "npo.data.breach"
    _description = "Data Incident"
    _inherit = [
        NpoRegisterMixin._name,
        NpoImprovableMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "aware_at desc, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    _reference_prefix = "BRC"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "reported_by_id",
        "decided_by_id",
        "date_decided",
        "date_closed",
        "told_level",
    }

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("In one line", required=True, help="Without any name.")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    reported_by_id = fields.Many2one(
        "res.users", string="Reported by", readonly=True, copy=False
    )
    state = fields.Selection(
        [
            ("reported", "Reported"),
            ("handled", "Being handled"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="reported",
        tracking=True,
        index=True,
    )

    # what the authority is told (P017)
    what_happened = fields.Text("What happened", required=True)
    date_occurred = fields.Datetime("Happened on")
    aware_at = fields.Datetime(
        "Known since",
        required=True,
        default=fields.Datetime.now,
        tracking=True,
        help="When the association came to know of it: the time runs from here.",
    )
    data_kinds = fields.Text("Kinds of data")
    has_sensitive = fields.Boolean(
        "Sensitive data among them", help="Health, debts, the identity of a parent…"
    )
    person_kinds = fields.Text("Kinds of persons")
    person_count = fields.Integer("Number of persons", help="About; 0: not known yet.")
    consequences = fields.Text("Likely consequences")
    measures = fields.Text("Measures taken and planned")

    # may it harm
    harm = fields.Selection(
        [
            ("none", "No harm is possible"),
            ("possible", "Harm is possible"),
        ],
        tracking=True,
        copy=False,
    )
    harm_reason = fields.Text(
        "Why", copy=False, help="Why no harm is possible, so that nobody is told."
    )
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False
    )
    date_decided = fields.Datetime("Decided on", readonly=True, copy=False)

    # the authority
    date_deadline = fields.Datetime(
        "Authority to be told by",
        compute="_compute_date_deadline",
        store=True,
        precompute=True,
        help="So many hours of the clock after the association knew.",
    )
    date_notified = fields.Datetime(
        "Authority told on", copy=False, tracking=True, help="SDAIA."
    )
    notice_number = fields.Char("Number of the notice", copy=False)
    notice_file = fields.Binary("Notice as sent", attachment=True, copy=False)
    notice_file_name = fields.Char(copy=False)
    late_reason = fields.Text("Why it was told late", copy=False)
    is_in_time = fields.Boolean(
        "Told in time", compute="_compute_is_in_time", store=True
    )
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    hours_left = fields.Float(
        "Hours left", compute="_compute_is_overdue", digits=(16, 1)
    )
    told_level = fields.Integer(
        readonly=True, copy=False, help="1: the hour is near; 2: it has passed."
    )

    # the persons
    person_ids = fields.One2many(
        "npo.data.breach.person", "breach_id", string="Notices to the persons"
    )
    notice_text = fields.Text(
        "What the persons are told",
        copy=False,
        help="In plain language: what happened, what it may mean, what we do, and what"
        " they can do.",
    )
    untold_reason = fields.Text(
        "Why not each person is told",
        copy=False,
        help="How they are told instead, or why it is not needed.",
    )

    # afterwards
    lessons = fields.Text("Lessons", copy=False)
    date_closed = fields.Datetime("Closed on", readonly=True, copy=False)
    missing = fields.Text("Missing to close", compute="_compute_missing")

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another incident."
    )
    _count_from_none = models.Constraint(
        "CHECK (person_count >= 0)", "Persons are counted from none up."
    )
    _list_idx = models.Index("(company_id, aware_at DESC, id DESC)")
    _late_idx = models.Index(
        "(date_deadline) WHERE date_notified IS NULL AND state <> 'closed'"
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("aware_at")
    def _compute_date_deadline(self):
        for one in self:
            hours = one.company_id.sudo().npo_breach_hours
            one.date_deadline = one.aware_at and one.aware_at + timedelta(hours=hours)

    @api.depends("date_notified", "date_deadline")
    def _compute_is_in_time(self):
        for one in self:
            told, last = one.date_notified, one.date_deadline
            one.is_in_time = bool(told and last and told <= last)

    @api.model
    def _waiting_domain(self):
        """Return what the authority must still be told of, or may have to be."""
        domain = Domain("date_notified", "=", False) & Domain("state", "!=", "closed")
        return domain & Domain("harm", "in", (False, "possible"))

    @api.depends("date_deadline", "date_notified", "state", "harm")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for one in self:
            left = one.date_deadline and one.date_deadline - now
            waits = bool(left) and bool(one.filtered_domain(self._waiting_domain()))
            one.hours_left = left.total_seconds() / 3600 if waits else 0
            one.is_overdue = waits and left < timedelta()

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._waiting_domain()
        late &= Domain("date_deadline", "<", fields.Datetime.now())
        return late if True in value else ~late

    @api.depends(
        "what_happened",
        "measures",
        "lessons",
        "harm",
        "harm_reason",
        "decided_by_id",
        "data_kinds",
        "person_kinds",
        "person_count",
        "consequences",
        "date_notified",
        "notice_number",
        "late_reason",
        "person_ids.date_told",
        "person_ids.way",
        "person_ids.message_state",
        "untold_reason",
    )
    def _compute_missing(self):
        for one in self:
            one.missing = "\n".join(one._missing_to_close())

    # ------------------------------------------------------------
    # CONSTRAINTS, CREATE, WRITE
    # ------------------------------------------------------------

    @api.constrains("aware_at", "date_occurred", "date_notified")
    def _check_order(self):
        latest = fields.Datetime.now() + CLOCK_LEEWAY
        for one in self:
            if one.aware_at > latest:
                raise ValidationError(
                    self.env._("An incident cannot become known in the future.")
                )
            if one.date_occurred and one.date_occurred > one.aware_at:
                raise ValidationError(
                    self.env._("An incident happens before it becomes known.")
                )
            told = one.date_notified
            if told and not one.aware_at <= told <= latest:
                raise ValidationError(
                    self.env._(
                        "The authority is told after the incident became known, and"
                        " not in the future."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        incidents = super().create(vals_list)
        for one in incidents.sudo().filtered(lambda one: not one.reported_by_id):
            one.reported_by_id = self.env.uid
        return incidents

    def write(self, vals):
        if not self.env.su and set(vals) - OPEN_AFTER:
            self._check_open()
            if DECIDED & set(vals) and any(one.state != "reported" for one in self):
                raise UserError(
                    self.env._("The decision stands. To change it, decide again.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A data incident is on record and not deleted."))

    def _check_open(self):
        """Refuse to change what was closed."""
        if any(one.state == "closed" for one in self):
            raise UserError(
                self.env._("This incident is closed. Open it again to change it.")
            )

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("This is written by the buttons of the incident.")

    def _improvement_vals(self):
        # EXTENDS npo.improvable.mixin: a correction, and nothing of the persons
        return {**super()._improvement_vals(), "kind": "corrective"}
