from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..core.register_mixin import NpoRegisterMixin

# Who leads the register; everybody else sends ideas in and carries out what is theirs.
LEADERS = (
    "relations_officer",
    "complaint_officer",
    "centre_officer",
    "governance_officer",
    "general_manager",
)
OPEN_STATES = ("idea", "plan", "do", "check", "act")
NEXT_STATE = {"idea": "plan", "plan": "do", "do": "check", "check": "act"}


class NpoImprovement(models.Model):
    """Plan, do, check, act: what is made better, and whether it is (R055, R082, R083).

    An improvement, a correction, an idea and an obstacle are one register: each has
    an owner, a day, a measure before and one after.
    """

    _name = "npo.improvement"
    _description = "Improvement"
    _inherit = [NpoRegisterMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    _reference_prefix = "IMP"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "date_applied",
        "date_closed",
        "res_model",
        "res_id",
    }

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("In one line", required=True, index="trigram", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("corrective", "Corrective action"),
            ("improvement", "Improvement"),
            ("innovation", "Idea or innovation"),
            ("obstacle", "Obstacle"),
        ],
        required=True,
        default="improvement",
    )
    res_model = fields.Char("Kind of origin", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        "Origin", model_field="res_model", readonly=True, copy=False
    )
    origin = fields.Char("Comes of", compute="_compute_origin", compute_sudo=False)

    # where
    site_id = fields.Many2one("npo.site", check_company=True)
    service_id = fields.Many2one("npo.service", check_company=True)
    procedure_id = fields.Many2one("npo.procedure", check_company=True)
    stage_id = fields.Many2one("npo.stage", "Stage of the service")
    department_id = fields.Many2one("hr.department", "Unit", check_company=True)

    # plan
    description = fields.Text("What it is about, and its effect")
    root_cause_kind = fields.Selection(
        [
            ("people", "People"),
            ("process", "Procedures"),
            ("system", "Technical systems"),
            ("policy", "Policy"),
            ("supplier", "Supplier"),
            ("information", "Information"),
            ("resource", "Resources"),
            ("beneficiary", "Data of the beneficiary"),
            ("external", "Outside"),
        ],
        "Kind of cause",
    )
    root_cause = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date_due = fields.Date("Due", tracking=True)
    plan = fields.Text("What will be done")

    # measured
    measure = fields.Char("What is measured")
    measure_unit = fields.Char("Unit", help="Days, percent, complaints in a month…")
    value_before = fields.Float("Before", digits="Product Unit")
    date_before = fields.Date("Measured before on")
    value_after = fields.Float("After", digits="Product Unit")
    date_after = fields.Date("Measured after on")
    unmeasured_reason = fields.Text("Why it was not measured")
    result = fields.Text(tracking=True)
    steps_before = fields.Integer("Steps of the person before")
    steps_after = fields.Integer("Steps of the person after")
    steps_saved = fields.Integer(compute="_compute_steps_saved", store=True)

    # flow
    state = fields.Selection(
        [
            ("idea", "Put forward"),
            ("plan", "Planned"),
            ("do", "Carried out"),
            ("check", "Being checked"),
            ("act", "Applied"),
            ("closed", "Closed"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="idea",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    date_applied = fields.Date("Applied on", readonly=True, copy=False)
    date_closed = fields.Date("Closed on", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another improvement."
    )
    _steps_from_none = models.Constraint(
        "CHECK (steps_before >= 0 AND steps_after >= 0)",
        "Steps are counted from none up.",
    )
    _origin_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _due_idx = models.Index(
        "(company_id, date_due) WHERE state IN ('idea', 'plan', 'do', 'check', 'act')"
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_origin(self):
        """Name the origin to who may read it: a sealed case is not named here."""
        for one in self:
            record = one._origin_record()
            is_seen = record and record.has_access("read")
            one.origin = record.display_name if is_seen else False

    def _origin_record(self):
        """Return what the improvement comes of, if it is there still."""
        if not self.res_model or self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id).exists()

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        for one in self:
            one.is_overdue = (
                one.state in OPEN_STATES
                and bool(one.date_due)
                and one.date_due < one.company_id._npo_today()
            )

    @api.depends("steps_before", "steps_after")
    def _compute_steps_saved(self):
        """How much simpler a procedure became for the person (R173)."""
        for one in self:
            is_known = one.steps_before and one.steps_after
            one.steps_saved = one.steps_before - one.steps_after if is_known else 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        late = Domain("state", "in", OPEN_STATES) & Domain("date_due", "<", today)
        return late if True in value else ~late

    # ------------------------------------------------------------
    # OPENED FROM
    # ------------------------------------------------------------

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("An improvement moves by its buttons.")

    @api.model
    def _open_from(self, record, **vals):
        """Open an improvement that comes of a record, with what is known there.

        :param record: a complaint, a suggestion, a request, the result of a survey…
        :param vals: beside what the record hands on
        :return: the improvement, as the user
        """
        record.ensure_one()
        record.check_access("read")
        taken = record._improvement_vals()
        if record.sudo()._fields.get("confidentiality") and (
            record.confidentiality == "sealed"
        ):
            taken["title"] = self.env._("From a sealed case")
        self.check_access("create")
        improvement = self.sudo().create(
            {**taken, "res_model": record._name, "res_id": record.id, **vals}
        )
        return improvement.with_env(self.env)

    def _own_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_view_origin(self):
        """Open what the improvement comes of."""
        self.ensure_one()
        self.check_access("read")
        record = self._origin_record()
        if not record or not record.has_access("read"):
            raise AccessError(self.env._("You may not read what it comes of."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
