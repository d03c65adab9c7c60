from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.register_mixin import NpoRegisterMixin
from .checklist import KINDS

OPEN_STATES = ("planned", "in_progress")


class NpoInspection(models.Model):
    """One round of a site on a day: the field survey, or readiness (R184, R194).

    A lean register: one line a day for each site and kind, planned by the cron. What
    is looked at is taken over from the checklist when the round begins.
    """

    _name = "npo.inspection"
    _description = "Inspection Round"
    _inherit = [NpoRegisterMixin._name]
    _order = "day desc, id desc"
    _check_company_auto = True

    _reference_prefix = "INS"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "inspector_id",
        "taken_over_from_id",
        "date_started",
        "date_ended",
        "is_in_time",
        "signed_name",
        "checklist_id",
        "checklist_version",
        "score",
        "red_count",
        "line_ids",
    }

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(KINDS, required=True, default="field_survey")
    site_id = fields.Many2one("npo.site", required=True, check_company=True)
    day = fields.Date(
        required=True, copy=False, default=lambda self: self.env.company._npo_today()
    )

    # flow
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("in_progress", "Under way"),
            ("done", "Done"),
            ("missed", "Not performed"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="planned",
    )
    date_due = fields.Datetime(
        "To be done by",
        compute="_compute_moments",
        store=True,
        precompute=True,
        help="Readiness: when the site opens. The survey: when it closes.",
    )
    date_closing = fields.Datetime(
        "Site closes", compute="_compute_moments", store=True, precompute=True
    )
    inspector_id = fields.Many2one(
        "res.users", "Carried out by", readonly=True, copy=False, index="btree_not_null"
    )
    taken_over_from_id = fields.Many2one(
        "res.users", "Taken over from", readonly=True, copy=False
    )
    date_started = fields.Datetime("Begun", readonly=True, copy=False)
    date_ended = fields.Datetime("Finished", readonly=True, copy=False)
    is_in_time = fields.Boolean("Done in time", readonly=True, copy=False)
    signed_name = fields.Char("Signed by", readonly=True, copy=False)

    # what was found
    checklist_id = fields.Many2one("npo.checklist", readonly=True, copy=False)
    checklist_version = fields.Integer(
        "Version of the checklist", readonly=True, copy=False, aggregator=None
    )
    line_ids = fields.One2many(
        "npo.inspection.line", "inspection_id", "Items", readonly=True
    )
    score = fields.Float(
        "Score (%)",
        readonly=True,
        copy=False,
        digits=(5, 1),
        aggregator="avg",
        help="In order, and half of what is partly so, of all that applies.",
    )
    red_count = fields.Integer("Not in order", readonly=True, copy=False)
    visit_count = fields.Integer("Visitors of the day", compute="_compute_visits")
    waiting_minutes = fields.Float(
        "Average waiting of the day", compute="_compute_visits", digits=(8, 1)
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_late")
    is_red = fields.Boolean(
        "Not ready", compute="_compute_is_late", search="_search_red"
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another round."
    )
    _one_a_day = models.UniqueIndex(
        "(site_id, kind, day)", "This site has a round of this kind on this day."
    )
    _list_idx = models.Index("(company_id, day DESC, id DESC)")
    _open_idx = models.Index(
        "(company_id, date_closing) WHERE state IN ('planned', 'in_progress')"
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("name", "site_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = " · ".join(filter(None, (one.name, one.site_id.name)))

    @api.depends("company_id", "site_id", "kind", "day")
    def _compute_moments(self):
        """Say by when it is done: by the hours of the site, else the association's.

        On a day without hours it is done by midnight.
        """
        for (company, site), rounds in self.grouped(
            lambda one: (one.company_id, one.site_id)
        ).items():
            calendar = company and company.sudo()._npo_work_calendar(
                site.sudo().calendar_id
            )
            for one in rounds:
                if not (company and site and one.day):
                    one.date_due = one.date_closing = False
                    continue
                midnight = company.sudo()._npo_day_bounds(one.day, one.day)[1]
                opening, closing = calendar.bounds(one.day) or (midnight, midnight)
                one.date_closing = closing
                one.date_due = opening if one.kind == "readiness" else closing

    @api.depends("site_id", "day")
    def _compute_visits(self):
        """Count the visitors of the day, and how long they waited (R197)."""
        figures = {
            (site, day): (count, waiting or 0)
            for site, day, count, waiting in self.env["npo.visit"]
            .sudo()
            ._read_group(
                Domain("site_id", "in", self.site_id.ids)
                & Domain("day", "in", [day for day in self.mapped("day") if day]),
                ["site_id", "day:day"],
                ["__count", "waiting_minutes:avg"],
            )
        }
        for one in self:
            key = (one.site_id._origin, one.day)
            one.visit_count, one.waiting_minutes = figures.get(key, (0, 0))

    @api.depends("state", "date_due", "red_count")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for one in self:
            one.is_late = one.state in OPEN_STATES and (
                bool(one.date_due) and one.date_due < now
            )
            one.is_red = one.is_late or one.state == "missed" or one.red_count > 0

    @api.model
    def _late_domain(self):
        return Domain("state", "in", OPEN_STATES) & Domain(
            "date_due", "<", fields.Datetime.now()
        )

    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._late_domain()
        return late if True in value else ~late

    def _search_red(self, operator, value):
        if operator != "in":
            return NotImplemented
        red = (
            self._late_domain()
            | Domain("state", "=", "missed")
            | Domain("red_count", ">", 0)
        )
        return red if True in value else ~red

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rounds = super().create(vals_list)
        if not self.env.su and any(
            one.day < one.company_id._npo_today() for one in rounds
        ):
            raise UserError(self.env._("A round is not planned for a day in the past."))
        return rounds

    def write(self, vals):
        if not self.env.su and {"kind", "site_id", "day"} & set(vals):
            raise UserError(
                self.env._(
                    "The site, the day and the kind of a round stay. Plan another one."
                )
            )
        return super().write(vals)

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A round is begun, answered and finished by its buttons.")

    def _today_state(self):
        """Return how the round stands, as the page of its site shows it."""
        self.ensure_one()
        if self.state == "done":
            return "red" if self.red_count else "done"
        return "late" if self.is_late else self.state
