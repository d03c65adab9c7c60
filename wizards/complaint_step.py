from odoo import api, fields, models

COMPLAINT = "npo.complaint"


class NpoComplaintStep(models.TransientModel):
    """Ask for what a step of a complaint needs; the step itself is the complaint's."""

    _name = "npo.complaint.step"
    _description = "Step of a Complaint"

    step = fields.Selection(
        [
            ("assess", "First assessment"),
            ("unit", "Ask a unit"),
            ("ask", "Ask the person"),
            ("propose", "Propose a solution"),
            ("decide", "Decide and answer"),
            ("hear", "What the person says"),
            ("refer_out", "Not ours to decide"),
            ("duplicate", "Repeats another"),
            ("withdraw", "Taken back"),
            ("seal", "Seal"),
            ("reopen", "Open again"),
        ],
        required=True,
        readonly=True,
    )
    complaint_id = fields.Many2one(COMPLAINT, required=True, readonly=True)
    company_id = fields.Many2one(related="complaint_id.company_id", related_sudo=False)
    note = fields.Text("Text")

    # assessment
    severity = fields.Selection(
        lambda self: self._labels("severity"),
        compute="_compute_from_complaint",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    urgency = fields.Selection(
        lambda self: self._labels("urgency"),
        compute="_compute_from_complaint",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    category_id = fields.Many2one(
        "npo.complaint.category",
        compute="_compute_from_complaint",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    user_id = fields.Many2one(
        "res.users",
        "Who",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # unit
    department_id = fields.Many2one("hr.department", "Unit")
    date_due = fields.Date("Answer due")

    # decision
    outcome = fields.Selection(lambda self: self._labels("outcome"))
    root_cause = fields.Selection(lambda self: self._labels("root_cause"))
    is_satisfied = fields.Boolean("The person accepts the answer")

    # the one it repeats
    similar_ids = fields.Many2many(
        COMPLAINT, compute="_compute_similar_ids", compute_sudo=False
    )
    first_id = fields.Many2one(COMPLAINT, "The one that came first")

    @api.model
    def _labels(self, name):
        return self.env[COMPLAINT]._fields[name]._description_selection(self.env)

    @api.depends("complaint_id")
    def _compute_from_complaint(self):
        for wizard in self:
            case = wizard.complaint_id
            wizard.severity = case.severity
            wizard.urgency = case.urgency
            wizard.category_id = case.category_id

    @api.depends("complaint_id")
    def _compute_similar_ids(self):
        for wizard in self:
            wizard.similar_ids = wizard.complaint_id.similar_ids

    def action_take(self):
        """Take the step; the complaint checks who may."""
        self.ensure_one()
        self.check_access("write")
        return getattr(self, f"_take_{self.step}")()

    def _take_assess(self):
        self.complaint_id._assess(
            self.severity, self.urgency, category=self.category_id, handler=self.user_id
        )

    def _take_unit(self):
        self.complaint_id._send_to_unit(
            self.department_id, self.note, user=self.user_id, date_due=self.date_due
        )

    def _take_ask(self):
        self.complaint_id._ask_person(self.note)

    def _take_propose(self):
        self.complaint_id._propose(self.note)

    def _take_decide(self):
        self.complaint_id._decide(self.outcome, self.root_cause, self.note)

    def _take_hear(self):
        self.complaint_id._take("decided")
        self.complaint_id._hear(self.is_satisfied, self.note)

    def _take_refer_out(self):
        self.complaint_id._refer_out(self.note)

    def _take_duplicate(self):
        self.complaint_id._mark_duplicate(self.first_id)

    def _take_withdraw(self):
        self.complaint_id._take_back(self.note)

    def _take_seal(self):
        return self.complaint_id._seal()

    def _take_reopen(self):
        self.complaint_id._require_handler()
        self.complaint_id._reopen(self.note)
