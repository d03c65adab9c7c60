from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_list

from ...tools import hijri
from .channel_mixin import NpoChannelMixin
from .guards import check_values, is_derived, without_defaults
from .reference_mixin import NpoReferenceMixin
from .stage import LEVELS


class NpoCaseMixin(models.AbstractModel):
    """What every case has, whatever its kind: request, inquiry, complaint…

    A case moves through the stages of its kind by *steps*: methods that check who
    does it and what is missing, then call `_move`. Fields in `_flow_fields` belong to
    the steps; whoever writes them by another way (screen, RPC, import) is refused,
    and a card dragged to another column passes through the step of that column.
    """

    _name = "npo.case.mixin"
    _description = "Case"
    _inherit = [
        NpoReferenceMixin._name,
        NpoChannelMixin._name,
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "priority desc, id desc"
    _rec_names_search = ["name", "partner_id"]
    _check_company_auto = True

    _stage_kind = None
    _first_stage = "new"
    # Written by the steps of the flow alone.
    _flow_fields = frozenset(
        {
            "name",
            "stage_id",
            "date_since",
            "policy_version_id",
            "date_closed",
            "company_id",
        }
    )
    # Stage code -> the step that a card dragged there takes.
    _drag_steps = {}

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    policy_version_id = fields.Many2one(
        "npo.policy.version",
        string="Policy in force",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The version under which the case runs; a later one never moves it.",
    )

    # people
    partner_id = fields.Many2one(
        "res.partner",
        string="Applicant",
        required=True,
        index=True,
        check_company=True,
    )
    representative_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        check_company=True,
        help="Who acts on the applicant's behalf.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # where it came from
    site_id = fields.Many2one(
        "npo.site",
        index=True,
        check_company=True,
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
    )

    # flow
    stage_id = fields.Many2one(
        "npo.stage",
        required=True,
        index=True,
        copy=False,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self._default_stage_id(),
        group_expand="_read_group_stage_ids",
        domain=lambda self: [("kind", "=", self._stage_kind)],
    )
    stage_code = fields.Char(
        related="stage_id.code", store=True, precompute=True, index=True
    )
    stage_category = fields.Selection(
        related="stage_id.category", store=True, precompute=True
    )
    level = fields.Selection(
        LEVELS,
        compute="_compute_level",
        store=True,
        precompute=True,
        help="At which level of the association the case is dealt with (R103).",
    )
    date_since = fields.Datetime(
        "There since", readonly=True, copy=False, default=fields.Datetime.now
    )
    holder = fields.Char("Is with", compute="_compute_holder")
    is_closed = fields.Boolean(
        compute="_compute_is_closed", store=True, precompute=True
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent"), ("3", "Critical")],
        default="0",
        required=True,
    )
    confidentiality = fields.Selection(
        [("normal", "Normal"), ("restricted", "Restricted"), ("sealed", "Sealed")],
        default="normal",
        required=True,
    )
    stage_log_ids = fields.One2many(
        "npo.stage.log",
        "res_id",
        string="Hand-over log",
        readonly=True,
        domain=lambda self: [("res_model", "=", self._name)],
    )
    message_log_ids = fields.One2many(
        "npo.message",
        "res_id",
        string="Messages sent",
        readonly=True,
        domain=lambda self: [("res_model", "=", self._name)],
    )

    # time
    date_deadline = fields.Date(
        "Due", compute="_compute_date_deadline", store=True, precompute=True
    )
    date_closed = fields.Datetime("Closed on", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    portal_sentence = fields.Char(compute="_compute_portal_sentence")

    @api.model
    def _case_models(self):
        """Return the names of the models that are kinds of cases."""
        return [
            name
            for name, model in self.env.registry.items()
            if getattr(model, "_stage_kind", None) and not model._abstract
        ]

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_stage_id(self):
        return self.env["npo.stage"]._get(self._stage_kind, self._first_stage)

    @api.depends("company_id")
    def _compute_site_id(self):
        sites = {
            company: self.env["npo.site"]._default_for(company)
            for company in self.company_id
        }
        for case in self:
            if not case.site_id or case.site_id.company_id != case.company_id:
                case.site_id = sites.get(case.company_id)

    @api.depends("stage_category")
    def _compute_is_closed(self):
        for case in self:
            case.is_closed = case.stage_category == "done"

    @api.depends("stage_id.level")
    def _compute_level(self):
        for case in self:
            case.level = case.stage_id.level

    def _holder(self):
        """Return the user who has the case at its level; empty where a body has it."""
        return self.user_id

    @api.depends("level", "user_id")
    @api.depends_context("lang")
    def _compute_holder(self):
        """Tell who has the case: the level, and by name who works on it there."""
        labels = dict(self._fields["level"]._description_selection(self.env))
        for case in self:
            user = case.sudo()._holder()
            case.holder = " · ".join(filter(None, (labels.get(case.level), user.name)))

    def _stage_due(self):
        """Return the day by which the case should leave its stage, or False."""
        return False

    def _is_waiting(self):
        """Tell whether the case waits for its applicant: time not ours (R067)."""
        return self.level == "applicant" or self.stage_category == "paused"

    def _compute_date_deadline(self):
        """Each kind of case says when its next answer is due."""
        self.date_deadline = False

    @api.depends("date_deadline", "stage_category")
    def _compute_is_overdue(self):
        for case in self:
            case.is_overdue = (
                case.stage_category == "open"
                and bool(case.date_deadline)
                and case.date_deadline < case.company_id._npo_today()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain("stage_category", "=", "open") & Domain(
            "date_deadline", "<", today
        )
        return late if True in value else ~late

    @api.depends("stage_id", "date_deadline")
    @api.depends_context("lang")
    def _compute_portal_sentence(self):
        for case in self:
            sentence = case.stage_id.sudo().portal_sentence or case.stage_id.name or ""
            deadline = case._format_date(case.date_deadline)
            case.portal_sentence = sentence.replace("{deadline}", deadline)

    def _public_sentence(self):
        """Return what who holds the number is told; of a sealed case, no stage."""
        self.ensure_one()
        if self.confidentiality == "sealed":
            return self.env._("We received it, and somebody named for it looks at it.")
        return self.portal_sentence

    def _format_date(self, day):
        """Return a date in both calendars, in the language of the environment (D08)."""
        lang = self.env.lang or self.env.user.lang or "en_US"
        return hijri.format_both(day, lang, self.company_id.npo_digits)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Each open stage is a column; a folded one only where it holds a case.

        A list of what stands at one stage has no columns of the others.
        """
        listed = (
            Domain(domain)
            .optimize(self)
            .map_conditions(
                lambda term: (
                    Domain("code", term.operator, term.value)
                    if term.field_expr == "stage_code"
                    else Domain.TRUE
                )
            )
        )
        unfolded = Domain("kind", "=", self._stage_kind) & Domain("fold", "=", False)
        return stages.search(listed & unfolded | Domain("id", "in", stages.ids))

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    def _check_text_lengths(self, vals):
        """Refuse texts that are longer than the association allows."""
        check_values(self, vals)

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # EXTENDS base: what a context brings in shows no more than it would record
        own = without_defaults(self, self._is_guarded)
        return super(NpoCaseMixin, own).default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, self._is_guarded)
        references = self._new_references(vals_list)
        for vals, reference in zip(vals_list, references, strict=True):
            if not self.env.su:
                self._check_flow_fields(set(vals) - {"company_id"})
                self._check_archiving(vals)
            self._check_text_lengths(vals)
            vals["name"] = reference
        # The hand-over log tells who registered it and when: no message beside it.
        cases = super(
            NpoCaseMixin,
            self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True),
        ).create(vals_list)
        cases = cases.with_env(self.env)
        self.env["npo.stage.log"]._enter(cases, close=False)
        return cases

    def write(self, vals):
        self._check_text_lengths(vals)
        if self.env.su:
            return super().write(vals)
        vals = dict(vals)
        if stage_id := vals.pop("stage_id", None):
            self._move_by_hand(self.env["npo.stage"].browse(stage_id))
        self._check_flow_fields(vals)
        self._check_archiving(vals)
        handed = self._handed_over(vals)
        result = super().write(vals) if vals else True
        if handed:
            handed._log_hand_over()
        if "site_id" in vals:
            self.check_access("write")  # nobody gives a case away out of the own sites
            self._move_logs()
        return result

    def _handed_over(self, vals):
        """Return the cases that another person gets by these values."""
        if "user_id" not in vals:
            return self.browse()
        return self.filtered(lambda case: case.user_id.id != vals["user_id"])

    def _log_hand_over(self, note=False):
        """Log that somebody else has the cases from now on, at the same stage."""
        self.sudo().write({"date_since": fields.Datetime.now()})
        self.env["npo.stage.log"]._enter(self, note=note)

    def _move_to_site(self, site):
        """Bring cases to another site, with all that was logged of them."""
        self.site_id = site
        self._move_logs()

    def _move_logs(self):
        """Take what was logged of the cases along to their site, for its delegates."""
        for site, cases in self.sudo().grouped("site_id").items():
            cases.stage_log_ids.write({"site_id": site.id})
            cases.message_log_ids.write({"site_id": site.id})

    def _check_archiving(self, vals):
        """An open case is not hidden from those who wait for it."""
        if "active" not in vals or vals["active"]:
            return
        if not self or any(not case.is_closed for case in self):
            raise UserError(
                self.env._("Only a closed case is archived. Close it by its buttons.")
            )

    @api.model
    def _is_guarded(self, name):
        """Tell whether a field is not for anybody to write, or to give a default of."""
        return (
            name == "active"
            or (name in self._steps_only() and name != "company_id")
            or is_derived(self, name)
        )

    @api.model
    def _steps_only(self):
        """Return the names of the fields that the steps alone write.

        Each part of a model names its own in `_flow_fields`.
        """
        parts = (vars(part).get("_flow_fields", ()) for part in type(self).mro())
        return frozenset().union(*parts)

    def _check_flow_fields(self, names):
        """Refuse what only a step of the flow writes, and what is worked out.

        The ORM itself takes a value for a stored field that is computed or related,
        although the screen shows it as read-only.
        """
        derived = {name for name in names if is_derived(self, name)}
        if refused := (self._steps_only() & set(names)) | derived:
            labels = self.sudo().fields_get(list(refused), ["string"])
            raise AccessError(
                self.env._(
                    "These are filled by the steps of the case and cannot be written"
                    " directly: %s.",
                    format_list(
                        self.env, sorted(field["string"] for field in labels.values())
                    ),
                )
            )

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _move_by_hand(self, stage):
        """Take the step that leads to a stage, as when a card is dragged there."""
        moved = self.filtered(lambda case: case.stage_id != stage)
        if not moved:
            return
        step = self._drag_steps.get(stage.code) if stage.kind == self._stage_kind else 0
        if not step:
            raise UserError(
                self.env._(
                    "A case does not get to “%s” by dragging it. Open it: its main"
                    " button is the next step.",
                    stage.name,
                )
            )
        getattr(moved, step)()

    def _move(self, code, **vals):
        """Put the cases into a stage, with what the step records; log the hand-over.

        The step has checked who does it and what is missing.
        """
        stage = self.env["npo.stage"]._get(self._stage_kind, code)
        self.check_access("read")
        cases = self.sudo()
        closing = stage.category == "done"
        cases.write(
            {
                "stage_id": stage.id,
                "date_closed": fields.Datetime.now() if closing else False,
                "date_since": fields.Datetime.now(),
                **vals,
            }
        )
        self.env["npo.stage.log"]._enter(self)

    def _require_stage(self, *codes):
        """Raise unless all the cases are in one of the stages; lock them first.

        Two people who press at once: the second waits, then finds the case moved on.
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "A colleague is working on this case at this very moment. Reload"
                    " the page to see what was done, then try again."
                )
            ) from None
        self.invalidate_recordset(["stage_id", "stage_code"])
        for case in self:
            if case.stage_code not in codes:
                raise UserError(
                    self.env._(
                        "%(case)s is at “%(stage)s” now, so this step does not apply."
                        " Reload the page to see what was done.",
                        case=case.name,
                        stage=case.stage_id.name,
                    )
                )

    def _lock(self):
        """Wait for who else acts on the cases at this moment.

        The rows are written, so that PostgreSQL has who comes second start again and
        find what the first one did.
        """
        self.env.execute_query(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                self.ids,
            )
        )

    def _require_group(self, *groups):
        """Raise unless the user has one of the roles, named without their prefix."""
        self.env["npo.home"]._require_role(*groups)
        self.check_access("read")

    @api.model
    def _refresh_deadlines(self, companies):
        """Compute the deadlines of the open cases of the associations again."""

    # ------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------

    def _notify(self, event, once=""):
        """Write the message of an event to the persons (D04, glossary 13.3).

        :param once: tells apart what happens more than once at one stage
        """
        template_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"npo_relations.mail_template_{event}"
        )
        template = self.env["mail.template"].browse(template_id)
        self.env["npo.message"]._queue(template, self.sudo(), event=once)

    def _date_text(self, path):
        """Return a date of the case in both calendars, for a message or a page."""
        value = self.mapped(path)[:1] if "." in path else [self[path]]
        day = value[0] if value else False
        return self._format_date(fields.Date.to_date(day))

    def _portal_link(self):
        """Return the address of the case in the portal."""
        return f"{self.get_base_url()}{self.access_url}"

    def _get_report_base_filename(self):
        """Return the name of a file that is downloaded from the portal."""
        self.ensure_one()
        return self.name
