from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..core.register_mixin import NpoRegisterMixin


class NpoTrainingTopic(models.Model):
    """What who serves is trained in (glossary 25)."""

    _name = "npo.training.topic"
    _description = "Training Topic"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_required = fields.Boolean(
        "For each representative", help="Who serves without it is listed."
    )

    _code_uniq = models.UniqueIndex("(code)", "Another topic has this code.")


class NpoTraining(models.Model):
    """A training of those who serve, planned and held (R080, R190)."""

    _name = "npo.training"
    _description = "Training"
    _inherit = [NpoRegisterMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    _reference_prefix = "TRN"
    _step_fields = NpoRegisterMixin._step_fields | {"state"}
    # What the register says of a training that was held stays.
    _held_fields = frozenset({"topic_id", "date_from", "date_to", "hours"})

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("In one line", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    topic_id = fields.Many2one("npo.training.topic", required=True)
    date_from = fields.Date("From", required=True, tracking=True)
    date_to = fields.Date("To")
    hours = fields.Float("Hours", required=True, tracking=True)
    trainer = fields.Char()
    way = fields.Selection(
        [
            ("inside", "In the association"),
            ("outside", "Outside"),
            ("online", "Online"),
        ],
        "Where",
        required=True,
        default="inside",
    )
    site_id = fields.Many2one("npo.site", check_company=True)
    attendee_ids = fields.One2many("npo.training.attendee", "training_id", copy=False)
    attendee_count = fields.Integer("Attended by", compute="_compute_attendee_count")
    note = fields.Text("What it is about")
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="planned",
        copy=False,
        tracking=True,
        index=True,
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another training."
    )
    _hours_positive = models.Constraint(
        "CHECK (hours > 0)", "A training takes some time: enter its hours."
    )

    @api.depends("name", "title")
    def _compute_display_name(self):
        for training in self:
            words = filter(None, (training.name, training.title))
            training.display_name = " · ".join(words)

    @api.depends("attendee_ids.is_present")
    def _compute_attendee_count(self):
        for training in self:
            present = training.attendee_ids.filtered("is_present")
            training.attendee_count = len(present)

    @api.constrains("date_from", "date_to", "hours")
    def _check_dates(self):
        for training in self:
            last = training.date_to or training.date_from
            if last < training.date_from:
                raise ValidationError(
                    self.env._("A training ends on the day it begins, or later.")
                )
            if training.hours > 24 * ((last - training.date_from).days + 1):
                raise ValidationError(
                    self.env._("So many hours do not fit into its days.")
                )

    def write(self, vals):
        # EXTENDS npo.register.mixin
        if self._held_fields & set(vals) and not self.env.su:
            self._check_planned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._check_planned()

    def _check_planned(self):
        if any(training.state == "held" for training in self):
            raise UserError(
                self.env._("A training that was held stays as it is on record.")
            )

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A training moves by its buttons.")

    def action_hold(self):
        """Say that it was held, and by whom it was attended."""
        self.check_access("write")
        for training in self:
            if training.state != "planned":
                raise UserError(self.env._("Only what is planned is held."))
            if training.date_from > training.company_id._npo_today():
                raise UserError(self.env._("It has not begun yet."))
            if not training.attendee_ids.filtered("is_present"):
                raise UserError(self.env._("Enter who attended it."))
        self.sudo().state = "held"

    def action_cancel(self):
        """Call it off."""
        self.check_access("write")
        self._check_planned()
        self.sudo().state = "cancelled"

    def action_plan(self):
        """Plan it again; of what was held by mistake, only the manager does."""
        self.check_access("write")
        manager = "npo_relations.group_npo_centre_manager"
        if not self.env.user.has_group(manager):
            self._check_planned()
        self.sudo().state = "planned"


class NpoTrainingAttendee(models.Model):
    """Who attended a training, for how long, and what came of it."""

    _name = "npo.training.attendee"
    _description = "Attendance of a Training"
    _order = "date desc, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    training_id = fields.Many2one(
        "npo.training", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="training_id.company_id", string="Association", store=True, index=True
    )
    date = fields.Date(related="training_id.date_from", store=True)
    topic_id = fields.Many2one(related="training_id.topic_id", store=True)
    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, check_company=True
    )
    department_id = fields.Many2one(
        "hr.department",
        "Unit",
        compute="_compute_department_id",
        store=True,
        precompute=True,
        compute_sudo=True,
        index="btree_not_null",
        help="As it was when the training was entered.",
    )
    is_present = fields.Boolean("Attended", default=True)
    is_attended = fields.Boolean(
        "Counts", compute="_compute_hours", store=True, help="Held, and attended."
    )
    hours = fields.Float(compute="_compute_hours", store=True)
    is_representative = fields.Boolean(
        "Serves the beneficiaries",
        compute="_compute_is_representative",
        search="_search_is_representative",
    )
    evaluation = fields.Selection(
        [(str(mark), str(mark)) for mark in range(1, 6)],
        help="How far it helped, from 1 to 5, as the attendee says.",
    )
    certificate = fields.Binary(attachment=True)
    certificate_name = fields.Char()

    _once = models.UniqueIndex(
        "(training_id, employee_id)", "This employee is entered for it already."
    )

    @api.depends("employee_id")
    def _compute_department_id(self):
        for line in self:
            line.department_id = line.employee_id.department_id

    @api.depends("is_present", "training_id.hours", "training_id.state")
    def _compute_hours(self):
        for line in self:
            line.is_attended = line.is_present and line.training_id.state == "held"
            line.hours = line.training_id.hours if line.is_attended else 0

    @api.depends("employee_id")
    def _compute_is_representative(self):
        serving = self.sudo().search(
            [("id", "in", self.ids), ("is_representative", "=", True)]
        )
        for line in self:
            line.is_representative = line in serving

    @api.model
    def _search_is_representative(self, operator, value):
        if operator != "in":
            return NotImplemented
        serving = self.env["npo.service.representative"].sudo()._search([])
        own = Domain("employee_id", "in", serving.subselect("employee_id"))
        return own if True in value else ~own

    @api.constrains("certificate", "certificate_name")
    def _check_certificate(self):
        """A certificate is what its name says, and not too large."""
        for line in self.filtered("certificate"):
            self.env["npo.document"]._check_content(
                line.with_context(bin_size=False).certificate,
                line.certificate_name,
                line.company_id,
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.training_id._check_planned()
        return lines

    def write(self, vals):
        if not self.env.su and {"employee_id", "is_present", "training_id"} & set(vals):
            self.training_id._check_planned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self.training_id._check_planned()
