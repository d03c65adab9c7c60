from odoo import api, fields, models

from ...tools import hijri
from ..compensation.compensation import NpoCompensation as BaseCase
from .delivery import NpoDelivery as BaseDelivery


class NpoPayout(models.Model):
    """What shows who pays that the money is owed, without the case (D01, R158)."""

    _inherit = "npo.payout"

    evidence = fields.Text(
        "What it rests on", compute="_compute_evidence", compute_sudo=True
    )

    @api.depends("res_model", "res_id", "state")
    @api.depends_context("lang")
    def _compute_evidence(self):
        for payout in self:
            source = payout._source().exists()
            rows = source._payout_evidence() if source else []
            payout.evidence = "\n".join(
                f"{label}: {text}" for label, text in rows if text
            )

    def _day(self, day):
        """Return a day in both calendars, in the reader's language."""
        lang = self.env.lang or self.env.user.lang or "en_US"
        return hijri.format_both(day, lang, self.company_id.npo_digits)


class NpoDelivery(models.Model):
    """What an aid in money rests on: its decision, and how it was handed over."""

    _inherit = BaseDelivery._name

    def _payout_evidence(self):
        # OVERRIDE npo.payable.mixin: no service and no ground, which may tell of health
        _ = self.env._
        request = self.request_id
        decisions = dict(request._fields["decision"]._description_selection(self.env))
        ways = dict(self._fields["receipt_method"]._description_selection(self.env))
        day = self.payout_ids[:1]._day
        return [
            (_("Request"), request.name),
            (_("Decision"), decisions.get(request.decision)),
            (_("Told on"), day(request.date_announced)),
            (_("Hand-over"), self.name),
            (_("Instalment"), self.instalment),
            (_("Handed over on"), day(self.date)),
            (_("Handed over by"), self.user_id.name),
            (_("Receipt"), ways.get(self.receipt_method)),
        ]


class NpoCompensation(models.Model):
    """What a compensation rests on: that it was found, agreed on and approved."""

    _inherit = BaseCase._name

    def _payout_evidence(self):
        # OVERRIDE npo.payable.mixin: that each condition is met, never why
        _ = self.env._
        met = self.finding_ids.filtered(lambda one: one.state in ("met", "partly"))
        day = self.payout_ids[:1]._day
        opinions = dict(self._fields["legal_opinion"]._description_selection(self.env))
        return [
            (_("Case"), self.name),
            (
                _("Conditions met"),
                _("%(met)s of %(all)s", met=len(met), all=len(self.finding_ids)),
            ),
            (_("Legal review"), opinions.get(self.legal_opinion)),
            (_("Settlement signed on"), day(self.settlement_date)),
            (_("Approved on"), day(self.date_approved)),
            (_("Approved by"), self.approved_by_id.name),
        ]
