from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.locks import hold
from .compensation import READERS
from .compensation import NpoCompensation as Base


class NpoCompensation(models.Model):
    """What was agreed, until it is granted: proposed, reviewed, signed, approved.

    Who proposes, who reviews, who approves and who pays are different people, whatever
    their groups (R143, R158, P066).
    """

    _inherit = Base._name
    _flow_fields = {
        "proposal",
        "proposed_by_id",
        "date_proposed",
        "fund_id",
        "legal_opinion",
        "legal_note",
        "legal_by_id",
        "date_legal",
        "limit_reason",
        "limit_by_id",
    }

    proposal = fields.Text(readonly=True, copy=False, prefetch=False, groups=READERS)
    proposed_by_id = fields.Many2one(
        "res.users", "Proposed by", readonly=True, copy=False
    )
    date_proposed = fields.Date("Proposed on", readonly=True, copy=False)
    fund_id = fields.Many2one(
        "npo.fund",
        "Paid from",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    legal_opinion = fields.Selection(
        [("fit", "Nothing stands against it"), ("unfit", "Not as it is")],
        "Legal opinion",
        readonly=True,
        copy=False,
    )
    legal_note = fields.Text(
        "Legal review", readonly=True, copy=False, prefetch=False, groups=READERS
    )
    legal_by_id = fields.Many2one("res.users", "Reviewed by", readonly=True, copy=False)
    date_legal = fields.Date("Reviewed on", readonly=True, copy=False)
    limit_reason = fields.Text(
        "Why above the limit of liability", readonly=True, copy=False, groups=READERS
    )
    limit_by_id = fields.Many2one(
        "res.users", "Limit passed by", readonly=True, copy=False
    )
    limit_text = fields.Char(
        "Limit of liability",
        compute="_compute_limit_text",
        compute_sudo=True,
        groups=READERS,
    )
    missing_text = fields.Text("Still missing", compute="_compute_missing_text")

    @api.constrains("fund_id")
    def _check_fund_kind(self):
        """Compensation is paid from unrestricted money alone (P065, D01)."""
        for case in self.sudo():
            if case.fund_id and case.fund_id.kind != "unrestricted":
                raise ValidationError(
                    self.env._(
                        "%s is not unrestricted: a compensation is never paid from"
                        " restricted money, an endowment or zakat.",
                        case.fund_id.name,
                    )
                )

    # ------------------------------------------------------------
    # PROPOSED, REVIEWED
    # ------------------------------------------------------------

    def _propose(self, note, fund=None):
        """Propose what was agreed, and the money that pays for it."""
        self.ensure_one()
        self._take("decision")
        note = self._require_text(note, self.env._("Write what is proposed, and why."))
        self._check_text_lengths({"proposal": note})
        self.env["npo.duty"]._claim("propose", self)
        self.sudo().write(
            {
                "proposal": note,
                "proposed_by_id": self.env.uid,
                "date_proposed": self.company_id._npo_today(),
                "fund_id": fund.id if fund and self.remedy == "money" else False,
                "legal_opinion": False,
            }
        )
        for adviser in self.company_id._npo_role_holders("legal_adviser")[:1]:
            self._task(adviser, self.env._("Review a compensation"))

    def _review_legally(self, opinion, note):
        """Review the proposal as somebody else than who made it (R143)."""
        self.ensure_one()
        self._require_group("legal_adviser")
        self._require_stage("decision")
        self._task_done()
        if not self.sudo().date_proposed:
            raise UserError(self.env._("Nothing is proposed yet."))
        note = self._require_text(note, self.env._("Write the reasons."))
        self._check_text_lengths({"legal_note": note})
        self.env["npo.duty"]._claim("legal", self)
        self.sudo().write(
            {
                "legal_opinion": opinion,
                "legal_note": note,
                "legal_by_id": self.env.uid,
                "date_legal": self.company_id._npo_today(),
            }
        )
        self._task(self.user_id, self.env._("The legal review is there"))

    # ------------------------------------------------------------
    # WHAT IS MISSING
    # ------------------------------------------------------------

    @api.depends(
        "stage_code",
        "date_proposed",
        "fund_id",
        "legal_opinion",
        "settlement_date",
        "association_signed_on",
    )
    @api.depends_context("lang")
    def _compute_missing_text(self):
        for case in self:
            waits = case.stage_code in ("decision", "approval")
            case.missing_text = "\n".join(case.sudo()._missing()) if waits else False

    def _missing(self):
        """Return what must still be there before the approval, in sentences."""
        is_funded = self.fund_id or self.remedy != "money"
        is_fit = self.legal_opinion == "fit"
        _ = self.env._
        rules = [
            (self.date_proposed, _("The compensation officer proposes it.")),
            (
                is_funded,
                _("The proposal names the unrestricted money that pays for it."),
            ),
            (
                is_fit,
                _("The legal adviser reviews it and finds nothing against it."),
            ),
            (
                self.settlement_date or self._is_by_judgment(),
                _("The harmed party signs the settlement."),
            ),
            (
                self.association_signed_on or self._is_by_judgment(),
                _("Somebody who may sign for the association signs the settlement."),
            ),
        ]
        return [sentence for is_there, sentence in rules if not is_there]

    def _is_by_judgment(self):
        """Tell whether a final judgment took the place of an agreement."""
        return not self._accepted_round() and self._has_final_judgment()

    def _check_complete(self):
        if missing := self.sudo()._missing():
            raise UserError(
                self.env._(
                    "%(case)s is not complete yet. %(missing)s",
                    case=self.name,
                    missing=" ".join(missing),
                )
            )

    # ------------------------------------------------------------
    # LIMIT OF LIABILITY, BUDGET
    # ------------------------------------------------------------

    def _company_amount(self):
        """Return the agreed amount in the currency of the association."""
        case = self.sudo()
        company = case.company_id
        return case.currency_id._convert(
            case.amount_agreed, company.currency_id, company, company._npo_today()
        )

    def _beyond_limit(self):
        """Return the limit that the amount passes, or 0 (R028)."""
        agreement = self.sudo().agreement_id
        if not agreement:
            return 0
        limit, used = agreement._liability_left(self.sudo().date_harm)
        if limit is False:
            return 0
        currency = self.company_id.currency_id
        amount = used + self._company_amount()
        return limit if currency.compare_amounts(amount, limit) > 0 else 0

    @api.depends("agreement_id", "amount_agreed", "date_harm", "stage_code")
    @api.depends_context("lang")
    def _compute_limit_text(self):
        for case in self:
            waits = case.stage_code in ("decision", "approval")
            limit = case._beyond_limit() if waits else 0
            case.limit_text = bool(limit) and self.env._(
                "With it, what was granted under the agreement passes the limit of"
                " liability of %s.",
                case.company_id.currency_id.format(limit),
            )

    def _pass_limit(self, note):
        """Let the amount go beyond the limit of liability, with a reason (R028)."""
        self.ensure_one()
        self._require_group("compensation_approver", "general_manager")
        self._require_stage("decision", "approval")
        if not self._beyond_limit():
            raise UserError(self.env._("The amount passes no limit of liability."))
        note = self._require_text(note, self.env._("Write the reason."))
        self._check_text_lengths({"limit_reason": note})
        self.env["npo.duty"]._check("approve", self)
        self.sudo().write({"limit_reason": note, "limit_by_id": self.env.uid})

    def _check_limit(self):
        if self._beyond_limit() and not self.sudo().limit_reason:
            raise UserError(
                self.env._(
                    "%s passes the limit of liability of its agreement. Only the"
                    " compensation approver lets it pass, with a reason.",
                    self.name,
                )
            )

    def _check_budget(self):
        """Raise where the fund has not so much left (R143)."""
        fund = self.sudo().fund_id
        budget = fund.budget_ids._on(self.company_id._npo_today())
        if not budget:
            return
        budget.invalidate_recordset(["amount_used", "amount_left"])
        amount = self._company_amount()
        currency = self.company_id.currency_id
        if currency.compare_amounts(amount, budget.amount_left) > 0:
            raise UserError(
                self.env._(
                    "%(fund)s has %(left)s left of its budget: too little for"
                    " %(case)s.",
                    fund=fund.name,
                    left=currency.format(max(budget.amount_left, 0)),
                    case=self.name,
                )
            )

    # ------------------------------------------------------------
    # APPROVED
    # ------------------------------------------------------------

    def action_ask_approval(self):
        """Ask for the approval that the authority matrix wants for the amount."""
        self._take("decision")
        for case in self:
            case._check_complete()
            case._check_budget()
            case._ask_for_it(case.sudo().limit_text or "")
            case._move("approval")

    def _ask_for_it(self, remark=""):
        remedies = dict(self._fields["remedy"]._description_selection(self.env))
        reason = self.env._(
            "Compensation of a harmed party. Legal opinion: nothing stands against it."
        )
        self._ask_approval(
            "compensation",
            self._company_amount(),
            "\n".join(filter(None, (reason, remark))),
            subject=remedies.get(self.remedy, ""),
        )

    def _check_approval_person(self):
        # OVERRIDE npo.approval.mixin: before it is read, so that it is read once
        self._require_stage("approval")

    def _approval_refused(self, approval):
        # OVERRIDE npo.approval.mixin: proposed anew, or refused with its reason
        self._move("decision", date_proposed=False, legal_opinion=False)
        self._task(self.user_id, self.env._("The approval was refused"))

    def _approval_given(self, approval):
        # OVERRIDE npo.approval.mixin: granted, and asked to be paid, at one moment
        self.ensure_one()
        self._hold_limits()
        self._check_complete()
        self._check_limit()
        self._check_budget()
        case = self.sudo()
        self._move(
            "payment",
            amount_approved=case.amount_agreed,
            date_approved=self.company_id._npo_today(),
            approved_by_id=self.env.uid,
            date_answered=fields.Datetime.now(),
            outcome="compensated" if case.remedy == "money" else "remedied",
        )
        if case.remedy == "money":
            case._pay_out()
        self._notify("cpn_approved")

    def _hold_limits(self):
        """Let one approval at a time count on the same limit, or the same budget."""
        case = self.sudo()
        if case.agreement_id.liability_limit_type in ("amount", "year"):
            hold(case.agreement_id)
        if case.fund_id.budget_ids:
            hold(case.fund_id)

    def _require_approved(self):
        if self.sudo().approval_id.state != "approved":
            raise AccessError(self.env._("%s was not approved.", self.name))
