from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..centre.improvable_mixin import NpoImprovableMixin
from ..core.register_mixin import NpoRegisterMixin

EMERGENCY_KINDS = [
    ("crowding", "Heavy crowding"),
    ("system_down", "Systems are down"),
    ("power", "Power cut"),
    ("fire_safety", "Safety and fire"),
    ("medical", "A medical case"),
    ("conflict", "A quarrel or an insult"),
    ("staff_shortage", "Shortage of staff"),
    ("data_leak", "Leak of data"),
    ("facility", "Breakdown of a facility"),
    ("weather", "Weather"),
    ("other", "Other"),
]
# Told to the general manager: it stays as it was told once the report is submitted.
FACTS = {
    "site_id",
    "is_emergency",
    "emergency_kind",
    "problem",
    "date_detected",
    "action",
    "date_taken",
    "taken_by_id",
    "result",
    "root_cause",
    "preventive",
}
# What may still be written of an action that was verified.
OPEN_AFTER = {"activity_ids", "message_ids", "message_follower_ids"}
# The clock of a telephone may be ahead by so much.
CLOCK_LEEWAY = timedelta(minutes=5)


class NpoCorrectiveAction(models.Model):
    """What was put right: seen when, done when, by whom, and does it hold (R198).

    From an item of a round or alone. An emergency has a report to the general manager,
    drafted at once; what the report told is frozen with it.
    """

    _name = "npo.corrective.action"
    _description = "Corrective Action"
    _inherit = [
        NpoRegisterMixin._name,
        NpoImprovableMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_detected desc, id desc"
    _rec_names_search = ["name", "problem"]
    _check_company_auto = True

    _reference_prefix = "COR"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "line_id",
        "verified_by_id",
        "date_verified",
    }

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one(
        "npo.site",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self.env["npo.site"]._default_for(self.env.company),
    )
    line_id = fields.Many2one(
        "npo.inspection.line",
        "Seen on a round",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("immediate", "Immediate"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
        ],
        required=True,
        default="immediate",
    )
    is_emergency = fields.Boolean("Emergency", tracking=True)
    emergency_kind = fields.Selection(EMERGENCY_KINDS, "Kind of emergency")

    # what was seen, and what was done
    problem = fields.Text(required=True, index="trigram")
    date_detected = fields.Datetime(
        "Seen on",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        tracking=True,
    )
    action = fields.Text("What was done")
    date_taken = fields.Datetime("Done on", copy=False, tracking=True)
    taken_by_id = fields.Many2one(
        "res.users",
        "Done by",
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    response_minutes = fields.Float(
        "Minutes until it was done",
        compute="_compute_response_minutes",
        store=True,
        precompute=True,
        digits=(10, 0),
        aggregator="avg",
    )
    result = fields.Text(tracking=True)

    # so that it does not happen again
    root_cause = fields.Text()
    preventive = fields.Text("So that it does not happen again")
    owner_id = fields.Many2one(
        "res.users",
        "Owner",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date_due = fields.Date("Due", tracking=True)

    # flow
    state = fields.Selection(
        [("open", "Open"), ("taken", "Put right"), ("verified", "Verified")],
        required=True,
        readonly=True,
        copy=False,
        default="open",
        tracking=True,
    )
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_verified = fields.Datetime("Verified on", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    report_ids = fields.One2many(
        "npo.emergency.report", "action_id", "Report to the general manager"
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another action."
    )
    _list_idx = models.Index("(company_id, date_detected DESC, id DESC)")
    _open_idx = models.Index("(company_id, date_due) WHERE state IN ('open', 'taken')")
    _emergency_has_kind = models.Constraint(
        "CHECK (is_emergency IS NOT TRUE OR emergency_kind IS NOT NULL)",
        "Say which kind of emergency it is.",
    )
    _done_after_seen = models.Constraint(
        "CHECK (date_taken IS NULL OR date_taken >= date_detected)",
        "It was not put right before it was seen: correct one of the two times.",
    )

    # ------------------------------------------------------------
    # COMPUTES AND CONSTRAINTS
    # ------------------------------------------------------------

    @api.depends("date_detected", "date_taken")
    def _compute_response_minutes(self):
        for one in self:
            taken = one.date_taken and one.date_detected
            passed = one.date_taken - one.date_detected if taken else timedelta()
            one.response_minutes = max(0.0, passed.total_seconds() / 60)

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        for one in self:
            one.is_overdue = (
                one.state != "verified"
                and bool(one.date_due)
                and one.date_due < one.company_id._npo_today()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        late = Domain("state", "!=", "verified") & Domain("date_due", "<", today)
        return late if True in value else ~late

    @api.constrains("date_detected", "date_taken")
    def _check_not_to_come(self):
        limit = fields.Datetime.now() + CLOCK_LEEWAY
        for one in self:
            if max(one.date_detected, one.date_taken or one.date_detected) > limit:
                raise ValidationError(
                    self.env._("What has not happened yet is not recorded.")
                )

    @api.constrains("owner_id", "taken_by_id", "company_id")
    def _check_people(self):
        """Who is named works here, and an owner may open what is theirs."""
        for one in self:
            for user in one.owner_id | one.taken_by_id:
                user._npo_check_works_for(one.company_id)
            if one.owner_id and not self.with_user(one.owner_id).has_access("read"):
                raise ValidationError(
                    self.env._(
                        "%s has no role in which corrective actions are seen. Choose"
                        " somebody of reception, of a branch or of the centre.",
                        one.owner_id.name,
                    )
                )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._draft_reports()
        return actions

    def write(self, vals):
        if not self.env.su and set(vals) - OPEN_AFTER:
            self._check_changes(set(vals))
            self._check_seen(vals)
        result = super().write(vals)
        if "is_emergency" in vals:
            self._draft_reports()
        return result

    def _check_changes(self, names):
        """Refuse a change of what was verified, or was told to the manager."""
        if any(one.state == "verified" for one in self):
            raise UserError(self.env._("What was verified stays as it is."))
        reports = self.sudo().report_ids
        if names & FACTS and any(report._is_frozen() for report in reports):
            raise UserError(
                self.env._(
                    "The general manager has the report on this emergency: what it"
                    " tells is not changed. The manager can return it."
                )
            )

    def _check_seen(self, vals):
        """Refuse another moment than that at which the round saw it (R198)."""
        seen = fields.Datetime.to_datetime(vals.get("date_detected"))
        if seen and any(one.date_detected != seen for one in self.filtered("line_id")):
            raise UserError(
                self.env._("When it was seen is known of the round, and not changed.")
            )

    def _draft_reports(self):
        """Draft the report on each emergency; what is none has no draft."""
        actions = self.sudo()
        reports = actions.report_ids
        stale = reports.filtered(lambda report: not report.action_id.is_emergency)
        if any(report._is_known() for report in stale):
            raise UserError(
                self.env._(
                    "The report on this emergency was submitted, or is late: it stays"
                    " an emergency."
                )
            )
        stale.unlink()
        new = actions.filtered("is_emergency") - (reports - stale).action_id
        self.env["npo.emergency.report"].sudo().create(
            [
                {"company_id": action.company_id.id, "action_id": action.id}
                for action in new
            ]
        )

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A corrective action moves by its buttons.")

    @api.model
    def _open_from_line(self, line):
        """Make the corrective action of an item of a round; in sudo."""
        return self.create(
            {
                "company_id": line.company_id.id,
                "site_id": line.site_id.id,
                "line_id": line.id,
                "problem": f"{line.name}: {line.note}",
                "date_detected": line.date_answered,
            }
        )

    def _improvement_vals(self):
        # EXTENDS npo.improvable.mixin
        vals = super()._improvement_vals()
        return {
            **vals,
            "title": self.problem.splitlines()[0],
            "kind": "corrective",
            "description": self.problem,
            "root_cause": self.root_cause,
        }

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_taken(self):
        """Note that it was put right, by whom and when; now, if nothing is said."""
        self.check_access("write")
        for one in self:
            if one.state != "open":
                raise UserError(self.env._("This was put right already."))
            if not (one.action or "").strip():
                raise UserError(self.env._("Write what was done."))
            one.sudo().write(
                {
                    "state": "taken",
                    "date_taken": one.date_taken
                    or max(fields.Datetime.now(), one.date_detected),
                    "taken_by_id": one.taken_by_id.id or self.env.uid,
                }
            )
            self.env["npo.duty"]._claim("put_right", one, one.taken_by_id)

    def action_verify(self):
        """Confirm that it holds; somebody else does, who looked (R198)."""
        self.check_access("write")
        for one in self:
            if one.state != "taken":
                raise UserError(self.env._("First it is put right."))
            if self.env.user in one.taken_by_id | one.owner_id:
                raise UserError(
                    self.env._("Somebody else looks whether it was put right.")
                )
            if not (one.result or "").strip():
                raise UserError(self.env._("Write in the result what you found."))
            one._claim_own_counter()
            self.env["npo.duty"]._claim("sign_off", one)
            one.sudo().write(
                {
                    "state": "verified",
                    "verified_by_id": self.env.uid,
                    "date_verified": fields.Datetime.now(),
                }
            )

    def _claim_own_counter(self):
        """Note that who made the round served at that counter the same day (R158)."""
        round_ = self.sudo().line_id.inspection_id
        inspector = round_.inspector_id
        duties = self.env["npo.duty"]
        if not inspector or inspector.partner_id in duties._persons("inspect", self):
            return
        served = [
            ("site_id", "=", round_.site_id.id),
            ("user_id", "=", inspector.id),
            ("day", "=", round_.day),
        ]
        if self.env["npo.visit"].sudo().search_count(served, limit=1):
            duties._claim("inspect", self, inspector)

    def action_back(self):
        """Open it again: who looked found that it does not hold."""
        self.check_access("write")
        if any(one.state != "taken" for one in self):
            raise UserError(self.env._("Only what was put right is opened again."))
        self.sudo().state = "open"

    def action_view_report(self):
        """Open the report to the general manager."""
        self.ensure_one()
        self.check_access("read")
        report = self.report_ids[:1]
        report.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": report._name,
            "res_id": report.id,
            "view_mode": "form",
        }
