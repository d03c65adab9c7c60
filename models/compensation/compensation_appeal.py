from odoo import fields, models
from odoo.fields import Domain

from ..voice.appealable import NpoAppealableMixin
from .compensation import NpoCompensation as Base

# What is agreed, proposed and signed anew where a refusal was reversed.
AGREED_FIELDS = (
    "date_proposed",
    "legal_opinion",
    "limit_reason",
    "settlement_date",
    "association_signer_id",
    "association_signed_on",
)


class NpoCompensation(models.Model):
    """A claim that was refused, as the person objects to it (D12)."""

    _name = Base._name
    _inherit = [Base._name, NpoAppealableMixin._name]

    _appeal_subject = "compensation"

    appeal_count = fields.Integer("Objections", compute="_compute_appeal_count")

    def _compute_appeal_count(self):
        counts = dict(
            self.env["npo.appeal"]
            .sudo()
            ._read_group(
                Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids),
                ["res_id"],
                ["__count"],
            )
        )
        for case in self:
            case.appeal_count = counts.get(case._origin.id, 0)

    def _appeal_announced(self):
        # OVERRIDE npo.appealable.mixin
        if self.stage_code != "rejected" or not self.date_answered:
            return False
        zone = self.with_context(tz=self.company_id._npo_tz())
        return fields.Datetime.context_timestamp(zone, self.date_answered).date()

    def _appeal_decided(self):
        """Return the decision as it stood when the person objected, for the record."""
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return outcomes.get(self.outcome, "")

    def _appeal_day_text(self):
        """Return the last day to object, in both calendars."""
        return self._format_date(self._appeal_last_day())

    def _appeal_apply(self, appeal):
        # OVERRIDE npo.appealable.mixin: it stands, or it is studied by somebody else
        if appeal.outcome == "confirmed":
            return
        case = self.sudo()
        case.finding_ids.filtered(lambda finding: finding.state == "not_met").write(
            {"state": "open", "direct_cause": False}
        )
        case._drop_agreement()
        stage = "study" if case.finding_ids else "admissibility"
        self._move(
            stage,
            outcome=False,
            answer=False,
            referred_to=False,
            date_answered=False,
            user_id=self._another_officer().id,
        )
        self._task(case.user_id, self.env._("Study the claim anew"))

    def _drop_agreement(self):
        """What was agreed, proposed and signed before the refusal holds no more."""
        self._accepted_round().result = "void"
        self.finding_ids.filtered(
            lambda finding: finding.condition == "negotiation"
        ).state = "open"
        self.head_ids.amount_agreed = 0
        self.write(dict.fromkeys(AGREED_FIELDS, False))

    def _another_officer(self):
        """Return an officer who did not find on it before, where there is one."""
        duties = self.env["npo.duty"]
        before = duties._persons("find_breach", self) | duties._persons("propose", self)
        officers = self.company_id._npo_role_holders("compensation_officer")
        others = officers.filtered(lambda user: user.partner_id not in before)
        return (others - self.user_id)[:1] or others[:1] or self.user_id

    def _require_appeal_clerk(self):
        # OVERRIDE npo.appealable.mixin
        self._require_group("compensation_officer")

    # ------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------

    def _portal_may_object(self):
        """Tell whether the user may object to the decision."""
        self.ensure_one()
        return self._is_mine() and self.sudo()._may_appeal()

    def _portal_object(self, ground, statement, **vals):
        """Object to the decision; a second press finds the first one's objection."""
        case = self._mine()
        lodger = case.partner_id
        mine = case._appeals().filtered(
            lambda appeal: not appeal.is_closed and appeal.lodged_by_id == lodger
        )
        return mine or self.env["npo.appeal"]._lodge(
            case, lodger, ground=ground, statement=statement, **vals
        )
