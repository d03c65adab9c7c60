from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .guards import check_values, reads
from .locks import hold
from .register_mixin import NpoRegisterMixin

MANAGER = "npo_relations.group_npo_general_manager"
# Granting, entering and paying: two of them by one person only if the chair of the
# board says so, never the general manager alone (P066).
MONEY = {"approve", "post", "pay"}
# What is asked, in the words of who asks.
ASKED = (
    "user_id",
    "duty",
    "other_duty",
    "scope",
    "file",
    "kind",
    "date_to",
    "reason",
    "section",
)
# Duties that no exception reaches: somebody's own file, and one that is about them, are
# refused before any exception is looked for (`npo.duty._check_own_file`).


class NpoDutyException(models.Model):
    """Two incompatible duties by one person: where, until when, by whose leave (R158).

    A small association cannot always tell its duties apart. What it does then stands
    here before it is done: the section of the internal-control manual that allows it
    (R159), the reason, who asked, and who allowed it, who is another person: the
    general manager, or the chair of the board, whatever roles the chair has.
    """

    _name = "npo.duty.exception"
    _description = "Exception from the Separation of Duties"
    _inherit = [NpoRegisterMixin._name]
    _order = "id desc"
    _rec_names_search = ["name", "section"]
    _check_company_auto = True
    _reference_prefix = "EXC"
    _step_fields = frozenset(
        {
            "name",
            "company_id",
            "state",
            "asked_by_id",
            "answer_note",
            "answered_by_id",
            "date_answered",
            "date_ended",
        }
    )

    name = fields.Char("Number", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )

    # what is asked
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    duty = fields.Selection("_selection_duties", "Duty", required=True)
    other_duty = fields.Selection("_selection_duties", "And duty", required=True)
    scope = fields.Selection(
        [("file", "One file"), ("kind", "A kind of file, until a day")],
        required=True,
        default="file",
    )
    file = fields.Reference("_selection_kinds")
    kind = fields.Selection("_selection_kinds", "Kind of file")
    date_to = fields.Date(
        "Until",
        required=True,
        default=lambda self: self._last_day(self.env.company),
    )
    reason = fields.Text(required=True)
    section = fields.Char(
        "Section of the internal-control manual",
        required=True,
        help="Where the manual says that this is allowed, and what watches over it.",
    )
    asked_by_id = fields.Many2one(
        "res.users",
        "Asked by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )

    # what is answered
    state = fields.Selection(
        [
            ("asked", "Waiting for an answer"),
            ("allowed", "Allowed"),
            ("refused", "Refused"),
            ("ended", "Ended early"),
        ],
        required=True,
        readonly=True,
        default="asked",
        copy=False,
    )
    answer_note = fields.Text("Reason of the answer", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", "Answered by", readonly=True, copy=False
    )
    date_answered = fields.Datetime("Answered on", readonly=True, copy=False)
    date_ended = fields.Date("Ended on", readonly=True, copy=False)
    is_for_chair = fields.Boolean(
        "For the chair of the board",
        compute="_compute_is_for_chair",
        help="Of two duties about money, and where no other general manager is there.",
    )
    is_mine = fields.Boolean(
        "For me to answer", compute="_compute_is_mine", search="_search_is_mine"
    )
    is_in_force = fields.Boolean(
        "In force", compute="_compute_is_in_force", search="_search_is_in_force"
    )
    duty_ids = fields.One2many("npo.duty", "exception_id", "Done by it", readonly=True)
    duty_count = fields.Integer("Times used", compute="_compute_duty_count")

    _scope_is_whole = models.Constraint(
        "CHECK ((scope = 'file' AND file IS NOT NULL)"
        " OR (scope = 'kind' AND kind IS NOT NULL))",
        "Choose the file, or the kind of file.",
    )
    _two_duties = models.Constraint(
        "CHECK (duty != other_duty)", "An exception is about two duties."
    )
    _allowed_idx = models.Index("(user_id, company_id) WHERE state = 'allowed'")

    @api.model
    def _selection_duties(self):
        return self.env["npo.duty"]._fields["duty"]._description_selection(self.env)

    @api.model
    def _selection_kinds(self):
        """Return the kinds of file on which duties are told apart."""
        names = (
            "npo.request",
            "npo.complaint",
            "npo.assessment",
            "npo.agreement",
            "npo.compensation",
            "npo.delivery",
            "npo.corrective.action",
        )
        models_ = self.env["ir.model"].sudo()
        return [(name, models_._get(name).name or name) for name in names]

    @api.depends("duty", "other_duty", "user_id", "asked_by_id", "company_id")
    def _compute_is_for_chair(self):
        theirs = self.filtered_domain(self._chair_domain(self.company_id))
        for one in self:
            one.is_for_chair = one in theirs

    @api.model
    def _chair_domain(self, companies):
        """Return the domain of what the chair of the board answers in associations.

        It is not stored: who is general manager today decides who else could answer.
        """
        money = Domain("duty", "in", MONEY) & Domain("other_duty", "in", MONEY)
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & (money | self._alone_domain(company))
            for company in companies
        )

    @api.model
    def _alone_domain(self, company):
        """Return the domain of what concerns every general manager there is."""
        managers = company._npo_role_holders("general_manager").partner_id
        return Domain.AND(
            Domain("user_id.partner_id", "=", manager.id)
            | Domain("asked_by_id.partner_id", "=", manager.id)
            for manager in managers
        )

    @api.depends("is_for_chair", "user_id", "asked_by_id", "company_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._mine_domain())
        for one in self:
            one.is_mine = one in mine

    def _concerned(self):
        """Return the contacts of who would do both duties, and of who asks."""
        return (self.user_id | self.asked_by_id).partner_id

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._mine_domain() if True in value else ~self._mine_domain()

    @api.model
    def _mine_domain(self):
        """Return the domain of what the user answers, or has answered."""
        user = self.env.user
        person = user.partner_id.id
        chaired = self.env["npo.board.member"]._chaired_by(user.partner_id)
        for_chair = self._chair_domain(user.sudo().company_ids | chaired)
        mine = for_chair & Domain("company_id", "in", chaired.ids)
        if user.has_group(MANAGER):
            mine |= ~for_chair
        return (
            mine
            & Domain("user_id.partner_id", "!=", person)
            & Domain("asked_by_id.partner_id", "!=", person)
        )

    @api.depends("state", "date_to")
    def _compute_is_in_force(self):
        for one in self:
            today = (one.company_id or self.env.company).sudo()._npo_today()
            one.is_in_force = (
                one.state == "allowed" and bool(one.date_to) and one.date_to >= today
            )

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        lasts = Domain("state", "=", "allowed") & Domain("date_to", ">=", today)
        return lasts if True in value else ~lasts

    def _compute_duty_count(self):
        counts = dict(
            self.env["npo.duty"]
            .sudo()
            ._read_group(
                [("exception_id", "in", self.ids)], ["exception_id"], ["__count"]
            )
        )
        for one in self:
            one.duty_count = counts.get(one._origin, 0)

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    @api.model
    def _last_day(self, company):
        """Return the last day to which an exception may be asked today."""
        months = company.npo_duty_exception_months
        return company._npo_today() + relativedelta(months=months)

    @api.constrains("duty", "other_duty")
    def _check_pair(self):
        duties = self.env["npo.duty"]
        known = {frozenset(pair) for pair in duties._incompatible + duties._not_alone}
        for one in self:
            if frozenset((one.duty, one.other_duty)) not in known:
                raise ValidationError(
                    self.env._("One person may do these two duties anyway.")
                )

    @api.constrains("date_to", "company_id")
    def _check_days(self):
        for one in self:
            last = self._last_day(one.company_id)
            if not one.company_id._npo_today() <= one.date_to <= last:
                raise ValidationError(
                    self.env._(
                        "An exception ends after %s months at the latest.",
                        one.company_id.npo_duty_exception_months,
                    )
                )

    @api.constrains("user_id", "file", "company_id")
    def _check_person(self):
        """The person works here; no exception is for one's own file."""
        for one in self:
            one.user_id._npo_check_works_for(one.company_id)
            file = one._file()
            if not file:
                continue
            # what is refused would tell of a file that the user does not read; the
            # duty itself is refused on one's own file, whatever was allowed
            is_read = reads(file.with_user(self.env.user))  # a constraint is in sudo
            if file.company_id != one.company_id:
                raise ValidationError(self.env._("The file is of another association."))
            if is_read:
                self.env["npo.duty"]._check_own_file(file, one.user_id.partner_id)

    @api.model_create_multi
    def create(self, vals_list):
        exceptions = super().create(vals_list)
        exceptions._ask()
        return exceptions

    def _file(self):
        """Return the one file that it is for, in sudo, if there is one."""
        self.ensure_one()
        return self.scope == "file" and self.file and self.file.sudo().exists()

    def write(self, vals):
        if not self.env.su:
            self._check_changes()
        return super().write(vals)

    def _check_changes(self):
        """What was answered stays; what is asked is changed by who asks alone."""
        for one in self:
            if one.state != "asked":
                raise UserError(self.env._("What was answered stays as it is."))
            if one.asked_by_id != self.env.user:
                raise UserError(self.env._("Only who asked changes what is asked."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise AccessError(self.env._("An exception is not deleted: end it."))

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("An exception is answered by its buttons.")

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _ask(self):
        """Give who may answer a task; the home page leads to what is asked."""
        for one in self.sudo():
            one.company_id._npo_give_task(
                one._answerers(),
                lambda env, one=one: (
                    env._("Answer an exception from the separation of duties"),
                    env._("%s is on your home page.", one.name),
                ),
            )

    def _answerers(self):
        """Return the users who may answer it."""
        self.ensure_one()
        company = self.company_id
        if self.is_for_chair:
            chair = self.env["npo.board.member"]._chair_of(company)
            users = chair.user_ids.filtered(
                lambda user: not user.share and company in user.company_ids
            )
        else:
            users = company._npo_role_holders("general_manager")
        return users.filtered(lambda user: user.partner_id not in self._concerned())

    def action_answer(self):
        """Open the form of the answer."""
        self.ensure_one()
        self._require_answerer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "npo.duty.exception.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_exception_id": self.id},
        }

    def action_end(self):
        """End it before its day; what was done by it stays on record."""
        for one in self:
            one._require_answerer()
            if one.state != "allowed":
                raise UserError(self.env._("Only what was allowed is ended."))
            one.sudo().write(
                {"state": "ended", "date_ended": one.company_id._npo_today()}
            )

    def _as_asked(self):
        """Return what tells one wording of what is asked from the next."""
        self.ensure_one()
        return str([self[name] for name in ASKED])

    def _answer(self, state, note, as_asked=None):
        """Answer what was asked, with the reason (R158).

        The one who answers took no part in asking.

        :param state: allowed or refused
        :param as_asked: the wording that was read (`_as_asked`), if one was shown
        """
        self.ensure_one()
        self._require_answerer()
        hold(self)
        self.invalidate_recordset()
        if self.state != "asked":
            raise UserError(self.env._("It was answered already."))
        if as_asked and as_asked != self._as_asked():
            raise UserError(
                self.env._("What is asked was changed meanwhile: read it again.")
            )
        note = (note or "").strip()
        if not note:
            raise UserError(self.env._("Write the reason of the answer first."))
        check_values(self, {"answer_note": note})
        self.sudo().write(
            {
                "state": state,
                "answer_note": note,
                "answered_by_id": self.env.uid,
                "date_answered": fields.Datetime.now(),
            }
        )

    def _require_answerer(self):
        """Raise unless the user may answer: of the rank, and not concerned by it."""
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if user.partner_id in self.sudo()._concerned():
            raise UserError(
                self.env._("Nobody allows an exception to themselves, or one they ask.")
            )
        if not self.is_mine:
            raise AccessError(
                self.env._("This exception is for the chair of the board.")
                if self.is_for_chair
                else self.env._("This is for the general manager.")
            )
        if file := self._file():
            reads(file.with_user(user))  # what one may not know of is not there
            self.env["npo.duty"]._check_own_file(file, user.partner_id)

    # ------------------------------------------------------------
    # WHAT IT ALLOWS
    # ------------------------------------------------------------

    @api.model
    def _in_force(self, persons, companies):
        """Return the exceptions of contacts that are in force today, in sudo."""
        return (
            self.sudo()
            .search(
                Domain("state", "=", "allowed")
                & Domain("user_id.partner_id", "in", persons.ids)
                & Domain("company_id", "in", companies.ids)
            )
            .filtered(lambda one: one.date_to >= one.company_id._npo_today())
        )

    def _covering(self, pair, person, record):
        """Return the first of them that allows a person two duties on a file.

        :param pair: (duty done, duty about to be done)
        :param person: contact
        """
        return self.filtered(
            lambda one: (
                {one.duty, one.other_duty} == set(pair)
                and one.user_id.partner_id == person
                and one.company_id == record.company_id
                and one._is_for(record)
            )
        )[:1]

    def _is_for(self, record):
        if self.scope == "kind":
            return self.kind == record._name
        return self.file and (self.file._name, self.file.id) == (
            record._name,
            record.id,
        )

    # ------------------------------------------------------------
    # THE AUDITOR'S PAPER
    # ------------------------------------------------------------

    def _conflicts(self):
        """Return the duties done beside one that excludes them, newest first."""
        return self.env["npo.duty"]._conflicts_of(self.company_id)

    def _exceptions(self):
        """Return the exceptions that the paper tells of: those that were chosen."""
        return self

    def _label(self, name):
        """Return the label of the value of one of its selections."""
        return dict(self._fields[name]._description_selection(self.env)).get(
            self[name], ""
        )

    def _file_text(self):
        """Return the number of the file, or the kind of files, that it is for."""
        self.ensure_one()
        if self.scope == "file":
            return self.file.sudo().name or ""
        return self._label("kind")
