from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..core.guards import without_defaults
from .undertaking_text import KINDS

# Who asks for undertakings and takes in what was signed on paper.
KEEPERS = ("governance_officer", "data_protection_officer")
# Written by the round and by the two ways to sign alone.
SIGNED_FIELDS = frozenset(
    {
        "text_id",
        "user_id",
        "company_id",
        "date_asked",
        "date_due",
        "date_signed",
        "date_end",
        "method",
        "recorded_by_id",
        "is_replaced",
        "date_reminded",
    }
)
WHO_AND_WHAT = frozenset({"partner_id", "kind"})
# What may still be written of what was signed.
OPEN_AFTER = frozenset({"activity_ids", "message_ids", "message_follower_ids"})


class NpoUndertaking(models.Model):
    """Who undertook to keep what is confidential, and to keep the code (R156, R157).

    One line for a person, a document and a year. Staff sign in their own account, or
    on paper; volunteers on paper. A line not signed says that a person has none, or
    that the last one ends; the round of each day asks for it.
    """

    _name = "npo.undertaking"
    _description = "Undertaking"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(KINDS, required=True, default="confidentiality")
    text_id = fields.Many2one(
        "npo.undertaking.text", readonly=True, index=True, ondelete="restrict"
    )
    text = fields.Text(compute="_compute_text")
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Account",
        readonly=True,
        index="btree_not_null",
        help="Empty: a volunteer, who signs on paper.",
    )
    is_volunteer = fields.Boolean(
        "Volunteer", compute="_compute_is_volunteer", store=True, precompute=True
    )
    date_asked = fields.Date("Asked on", readonly=True)
    date_due = fields.Date("To be signed by", readonly=True)
    date_reminded = fields.Date(readonly=True)
    date_signed = fields.Date("Signed on", readonly=True, copy=False)
    date_end = fields.Date("Valid until", readonly=True, copy=False)
    method = fields.Selection(
        [("account", "In the own account"), ("paper", "On paper")],
        "Signed",
        readonly=True,
        copy=False,
    )
    date_paper = fields.Date("Day on the paper", copy=False)
    scan = fields.Binary("Signed paper", attachment=True, copy=False)
    scan_name = fields.Char(copy=False)
    recorded_by_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, copy=False
    )
    is_replaced = fields.Boolean("Followed by another", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("waiting", "To be signed"),
            ("late", "Late"),
            ("current", "In force"),
            ("over", "Over"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _one_asked = models.UniqueIndex(
        "(company_id, partner_id, kind) WHERE date_signed IS NULL",
        "This person was asked for this undertaking already.",
    )
    _end_idx = models.Index("(company_id, date_end) WHERE is_replaced IS NOT TRUE")

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("text_id", "company_id")
    @api.depends_context("lang")
    def _compute_text(self):
        for line in self:
            association = line.company_id.sudo().name or ""
            text = line.text_id.sudo().text or ""
            line.text = text.replace("{association}", association)

    @api.depends("user_id")
    def _compute_is_volunteer(self):
        for line in self:
            line.is_volunteer = not line.user_id

    @api.depends("kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            names = (kinds.get(line.kind), line.partner_id.sudo().name)
            line.display_name = " · ".join(filter(None, names))

    @api.depends("date_signed", "date_end", "date_due")
    def _compute_state(self):
        for line in self:
            today = (line.company_id or self.env.company).sudo()._npo_today()
            if line.date_signed:
                ended = line.date_end and line.date_end < today
                line.state = "over" if ended else "current"
            else:
                is_late = line.date_due and line.date_due < today
                line.state = "late" if is_late else "waiting"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        signed = Domain("date_signed", "!=", False)
        ended = Domain("date_end", "<", today)
        late = Domain("date_due", "<", today)
        domains = {
            "waiting": ~signed & ~late,
            "late": ~signed & late,
            "current": signed & ~ended,
            "over": signed & ended,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for line in self:
            line.is_mine = line.user_id == self.env.user

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, lambda name: name in SIGNED_FIELDS)
        for vals in vals_list:
            self._check_signed_fields(set(vals) - {"company_id"})
        return super().create(self._completed(vals_list))

    def write(self, vals):
        self._check_signed_fields(vals)
        if not self.env.su and set(vals) - OPEN_AFTER:
            if WHO_AND_WHAT & set(vals):
                raise UserError(self.env._("Ask the other person with a new line."))
            if any(line.date_signed for line in self):
                raise UserError(self.env._("What was signed stays as it was signed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(line.date_signed for line in self):
            raise UserError(self.env._("What was signed stays as it was signed."))

    def _check_signed_fields(self, names):
        if not self.env.su and SIGNED_FIELDS & set(names):
            raise AccessError(
                self.env._("An undertaking is asked for and signed by its buttons.")
            )

    @api.model
    def _completed(self, vals_list):
        """Return values of lines with the text in force, the account and the days."""
        companies = self.env["res.company"].sudo()
        ids = [vals.get("company_id") or self.env.company.id for vals in vals_list]
        known = {
            company.id: (
                company._npo_today(),
                company.npo_acknowledgement_days,
                self.env["npo.undertaking.text"]._current(company),
                {user.partner_id.id: user.id for user in self._staff(company)},
            )
            for company in companies.browse(set(ids))
        }
        completed = []
        for company_id, vals in zip(ids, vals_list, strict=True):
            today, days, texts, staff = known[company_id]
            kind = vals.get("kind") or "confidentiality"
            if kind not in texts:
                raise UserError(self.env._("There is no text of this undertaking yet."))
            asked = {
                "text_id": texts[kind].id,
                "user_id": staff.get(vals.get("partner_id")),
                "date_asked": today,
                "date_due": vals.get("date_due") or fields.Date.add(today, days=days),
            }
            completed.append({**asked, **vals, "date_due": asked["date_due"]})
        return completed

    # ------------------------------------------------------------
    # SIGNED
    # ------------------------------------------------------------

    def action_sign(self):
        """Sign in the own account: by the person asked alone."""
        self.check_access("read")
        if any(line.user_id != self.env.user for line in self):
            raise AccessError(self.env._("Each person signs in the own account."))
        self._sign("account")

    def action_signed_on_paper(self):
        """Record what was signed on paper, with its day and the paper itself."""
        self._check_keeper()
        for line in self:
            if line.user_id == self.env.user:
                raise UserError(self.env._("Sign your own in your account."))
            if not line.scan:
                raise UserError(self.env._("Attach the signed paper first."))
            today = line.company_id._npo_today()
            if (line.date_paper or today) > today:
                raise UserError(self.env._("Nothing is signed in the future."))
        self._sign("paper")

    def action_print(self):
        """Print undertakings, signed or to be signed by hand."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_undertaking")
        return report.report_action(self)

    def _check_keeper(self):
        self.check_access("write")
        if not self.env.su:
            self.env["npo.home"]._require_role(*KEEPERS)

    def _sign(self, method):
        if any(line.date_signed for line in self):
            raise UserError(self.env._("It is signed already."))
        for line in self.sudo():
            company = line.company_id
            day = company._npo_today()
            if method == "paper":
                day = line.date_paper or day
            months = max(company.npo_undertaking_months, 1)
            line._previous().is_replaced = True
            line.write(
                {
                    "date_signed": day,
                    "date_end": fields.Date.add(day, months=months),
                    "method": method,
                    "recorded_by_id": self.env.uid,
                }
            )
            line.activity_ids.action_done()

    def _previous(self):
        """Return what the person signed before, in the same place."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("kind", "=", self.kind),
                ("date_signed", "!=", False),
                ("is_replaced", "=", False),
                ("id", "!=", self.id),
            ]
        )
