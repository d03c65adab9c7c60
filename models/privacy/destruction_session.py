from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.guards import without_defaults
from ..core.register_mixin import NpoRegisterMixin
from .retention_rule import PERSON

DRAWERS = ("data_protection_officer", "governance_officer", "general_manager")
FIRST = ("data_protection_officer",)
SECOND = ("general_manager", "governance_officer")
STATES = [
    ("draft", "Drawn up"),
    ("approval", "To be approved"),
    ("running", "Being carried out"),
    ("done", "Carried out"),
    ("cancelled", "Cancelled"),
]
OPEN = ("draft", "approval")  # nothing of it was destroyed


class NpoDestructionSession(models.Model):
    """What is destroyed at one time, who approved it, and how far it came (D17, P016).

    Drawn up once: the list of what is due is frozen as lines. Two different persons
    approve it, the data-protection officer and the general manager or the governance
    officer; whoever drew it up is one of them at most. Then a cron carries it out,
    batch by batch; each batch is a transaction of its own, so that whatever is cut off
    half-way goes on where it stopped. What is held by then, or has begun again, is
    skipped with its reason. The certificate names no person.
    """

    _name = "npo.destruction.session"
    _description = "Destruction Session"
    _inherit = [NpoRegisterMixin._name, "mail.thread"]
    _order = "id desc"
    _reference_prefix = "DST"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "drawn_by_id",
        "date_drawn",
        "first_by_id",
        "date_first",
        "second_by_id",
        "date_second",
        "date_done",
        "line_ids",
        "request_id",
    }

    name = fields.Char("Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", tracking=True, copy=False
    )
    note = fields.Text("Remarks")
    request_id = fields.Many2one(
        "npo.data.request",
        string="Privacy request",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # who
    drawn_by_id = fields.Many2one(
        "res.users",
        "Drawn up by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    date_drawn = fields.Datetime(
        "Drawn up on", readonly=True, copy=False, default=fields.Datetime.now
    )
    first_by_id = fields.Many2one(
        "res.users", "Approved by: data protection", readonly=True, copy=False
    )
    date_first = fields.Datetime("First approval on", readonly=True, copy=False)
    second_by_id = fields.Many2one(
        "res.users", "Approved by: management", readonly=True, copy=False
    )
    date_second = fields.Datetime("Second approval on", readonly=True, copy=False)
    date_done = fields.Datetime("Carried out on", readonly=True, copy=False)
    cancel_reason = fields.Text("Why it was cancelled", copy=False)

    # how far
    line_ids = fields.One2many("npo.destruction.line", "session_id", "Records")
    line_count = fields.Integer("Records in all", compute="_compute_progress")
    done_count = fields.Integer("Made nameless", compute="_compute_progress")
    held_count = fields.Integer("Skipped", compute="_compute_progress")
    progress = fields.Float("Progress (%)", compute="_compute_progress")

    _running_idx = models.Index("(id) WHERE state = 'running'")

    @api.depends("state")
    def _compute_progress(self):
        lines = self.env["npo.destruction.line"].sudo()
        counts = {}
        for session, state, count in lines._read_group(
            [("session_id", "in", self.ids)], ["session_id", "state"], ["__count"]
        ):
            counts.setdefault(session.id, {})[state] = count
        for session in self:
            found = counts.get(session.id, {})
            total = sum(found.values())
            over = total - found.get("waiting", 0)
            session.line_count = total
            session.done_count = found.get("done", 0)
            session.held_count = found.get("held", 0)
            session.progress = 100 * over / total if total else 0

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.env["npo.home"]._require_role(*DRAWERS)
        # none at all: nobody begins with the reason of a cancellation either
        return super(NpoDestructionSession, without_defaults(self)).create(vals_list)

    def write(self, vals):
        if not self.env.su and "cancel_reason" in vals:
            if any(one.state not in OPEN for one in self):
                raise UserError(self.env._("The session is not at this step."))
        return super().write(vals)

    def _step_refusal(self):
        return self.env._("A session goes on by its steps, and is not written by hand.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A session is on record and not deleted. Cancel it.")
        )

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _check_step(self, roles, *states):
        """Raise unless the user may take a step of the session now."""
        self.ensure_one()
        self.env["npo.home"]._require_role(*roles)
        self.check_access("write")
        self.sudo().lock_for_update()
        if self.state not in states:
            raise UserError(self.env._("The session is not at this step."))

    def action_draw_up(self):
        """Freeze what is due now as the lines of the session (D17)."""
        self._check_step(DRAWERS, "draft")
        session = self.sudo()
        if not session.request_id:
            session._draw_lines()
        session._note_years()
        lines = self.env["npo.destruction.line"].sudo()
        if not lines.search_count([("session_id", "=", session.id)], limit=1):
            raise UserError(self.env._("Nothing is due: there is nothing to destroy."))
        session.write(
            {
                "state": "approval",
                "drawn_by_id": self.env.uid,
                "date_drawn": fields.Datetime.now(),
            }
        )

    def _draw_lines(self):
        """Write a line for each record that is due; one statement for each rule."""
        lines = self.env["npo.destruction.line"]
        for rule in self.env["npo.retention.rule"]._starting():
            self.env.cr.execute(
                SQL(
                    """INSERT INTO npo_destruction_line
                              (session_id, company_id, rule_id, class_id, res_id,
                               state, create_uid, create_date, write_uid, write_date)
                       SELECT %(session)s, %(company)s, %(rule)s, %(class)s, due.id,
                              'waiting', %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                              now() AT TIME ZONE 'UTC'
                         FROM (%(due)s) due
                        WHERE NOT EXISTS (
                              SELECT FROM npo_destruction_line l
                               WHERE l.rule_id = %(rule)s AND l.res_id = due.id
                                 AND l.state = 'waiting')
                        ORDER BY due.id""",
                    session=self.id,
                    company=self.company_id.id,
                    rule=rule.id,
                    **{"class": rule.class_id.id},
                    uid=self.env.uid,
                    due=rule._due(self.company_id),
                )
            )
        lines.invalidate_model()
        self.invalidate_recordset(["line_ids", "line_count", "progress"])

    def action_approve(self):
        """Approve as one of the two: data protection, or management (D17, P016)."""
        self._check_step((*FIRST, *SECOND), "approval")
        has_role = self.env["npo.home"]._has_role
        session = self.sudo()
        if not session.first_by_id and has_role(*FIRST):
            side = "first"
        elif not session.second_by_id and has_role(*SECOND):
            side = "second"
        else:
            raise UserError(
                self.env._("This side has approved already: the other one is missing.")
            )
        duty = {"first": "destroy_first", "second": "destroy_second"}[side]
        self.env["npo.duty"]._claim(duty, session)
        session.write(
            {f"{side}_by_id": self.env.uid, f"date_{side}": fields.Datetime.now()}
        )
        if session.first_by_id and session.second_by_id:
            session._start()

    def _start(self):
        """Begin once both have approved; the cron does the rest.

        Who approved is read from the duties, which only the steps claim.
        """
        first, second = self.first_by_id.partner_id, self.second_by_id.partner_id
        claimed = self.env["npo.duty"]._persons
        if (
            not first
            or first == second
            or claimed("destroy_first", self) != first
            or claimed("destroy_second", self) != second
        ):
            raise UserError(self.env._("Two different persons approve."))
        self._note_years()
        self.state = "running"
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        cron_id = get_id("npo_relations.ir_cron_npo_destruction")
        self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    def _note_years(self):
        """Keep with the session the years by which it was drawn up and approved."""
        classes = self.env["npo.retention.class"].sudo().search([])
        lines = [
            f"{one.name}: {one.years}"
            for one in classes.with_company(self.company_id)
            if not one.is_permanent
        ]
        self.message_post(body="; ".join(lines))

    def action_cancel(self):
        """Give a session up before anything of it was carried out, with a reason."""
        self._check_step(DRAWERS, *OPEN)
        if not (self.cancel_reason or "").strip():
            raise UserError(self.env._("Write first why the session is cancelled."))
        session = self.sudo()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE npo_destruction_line SET state = 'cancelled'
                    WHERE session_id = %s AND state = 'waiting'""",
                session.id,
            )
        )
        self.env["npo.destruction.line"].invalidate_model(["state"])
        session.state = "cancelled"
        session._give_back()

    def _give_back(self):
        """Open the request again that was granted by this session (P010, P014).

        The person was told that it is done: who answers has to answer anew. Where the
        same was asked again meanwhile, the answer is given there.
        """
        case, company = self.request_id, self.company_id
        if not case:
            return
        asked_again = case.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", case.partner_id.id),
                ("kind", "=", case.kind),
                ("is_closed", "=", False),
            ],
            limit=1,
        )
        if not asked_again:
            case._move("open", outcome=False, outcome_note=False, is_reminded=False)

        def text(env):
            return env._("The destruction was given up: answer the person again"), False

        case = asked_again or case
        company._npo_give_task(case.user_id or case._answerer(company), text, case)

    def action_open_lines(self):
        """Open the lines of the session."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "npo_relations.npo_destruction_line_action"
        )
        return {**action, "domain": [("session_id", "=", self.id)]}

    def action_certificate(self):
        """Print the certificate of a session that was carried out."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(
                self.env._("The certificate is given once all is carried out.")
            )
        report = self.env.ref("npo_relations.action_report_npo_destruction")
        return report.report_action(self)

    # ------------------------------------------------------------
    # A PERSON'S OWN REQUEST
    # ------------------------------------------------------------

    @api.model
    def _ask_destruction(self, partner, company, request):
        """Bring a person who asked for it into a session of its own (P010, P016).

        Their years need not have run: only what a law asks, a hold, or what is still
        open keeps anything. Two persons approve it all the same.

        :param request: `npo.data.request` that was accepted
        :return: the session, to be approved
        """
        rule = self.env["npo.retention.rule"]._known()
        rule = rule.filtered(lambda one: one.res_model == PERSON)
        session = self.sudo().create(
            {"company_id": company.id, "request_id": request.id}
        )
        without_defaults(self.env["npo.destruction.line"].sudo()).create(
            {
                "session_id": session.id,
                "rule_id": rule.id,
                "class_id": rule.class_id.id,
                "res_id": partner.id,
                "by_request": True,
            }
        )
        session.write({"state": "approval"})
        return session.with_env(self.env)

    # ------------------------------------------------------------
    # CERTIFICATE
    # ------------------------------------------------------------

    def _certificate(self):
        """Return what the certificate counts: no person, no number of a file.

        :return: {"rows": [(class, kind, method, done, held, from, to)],
            "reasons": [(reason, count)]}
        """
        self.ensure_one()
        lines = self.env["npo.destruction.line"].sudo()
        own = [("session_id", "=", self.id)]
        groups = lines._read_group(
            own,
            ["rule_id"],
            ["__count", "date_from:min", "date_from:max"],
        )
        done = dict(
            lines._read_group([*own, ("state", "=", "done")], ["rule_id"], ["__count"])
        )
        methods = dict(
            self.env["npo.retention.rule"]
            ._fields["method"]
            ._description_selection(self.env)
        )
        reasons = dict(lines._fields["held_reason"]._description_selection(self.env))
        rows = [
            (
                rule.class_id.with_env(self.env).name,
                rule.with_env(self.env).name,
                methods[rule.method],
                done.get(rule, 0),
                count - done.get(rule, 0),
                first,
                last,
            )
            for rule, count, first, last in groups
        ]
        held = lines._read_group(
            [*own, ("state", "=", "held")], ["held_reason"], ["__count"]
        )
        return {
            "rows": rows,
            "reasons": [(reasons.get(code, ""), count) for code, count in held],
        }
