from odoo import fields, models

from .complaint import NpoComplaint as Base

# Stages in which a decision stands, and may be objected to.
DECIDED = ("decided", "closed_accepted", "closed_final", "unfounded")


class NpoComplaint(models.Model):
    """The decision on a complaint as the person objects to it (P078, D12)."""

    _name = Base._name
    _inherit = [Base._name, "npo.appealable.mixin"]

    _appeal_subject = "complaint_decision"

    appeal_ids = fields.One2many(
        "npo.appeal", "complaint_id", string="Objections", readonly=True
    )

    def _appeal_announced(self):
        # OVERRIDE npo.appealable.mixin
        if not self.date_answered or self.stage_code not in DECIDED:
            return False
        zone = self.with_context(tz=self.company_id._npo_tz())
        return fields.Datetime.context_timestamp(zone, self.date_answered).date()

    def _appeal_decided(self):
        """Return the decision as it stood when the person objected, for the record."""
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return outcomes.get(self.outcome, "")

    def _require_appeal_clerk(self):
        # OVERRIDE npo.appealable.mixin: whoever hears what the person says to it
        self._require_handler()

    def _appeal_lodged(self, appeal):
        # OVERRIDE npo.appealable.mixin
        self._end_tasks()
        self._move("appealed")

    def _appeal_dropped(self, appeal):
        # OVERRIDE npo.appealable.mixin: the decision stands as it was
        if self.stage_code == "appealed":
            self._close_final()

    def _appeal_apply(self, appeal):
        # OVERRIDE npo.appealable.mixin
        if appeal.outcome == "confirmed":
            self._close_final()
        elif appeal.outcome == "new_study":
            self._reopen(appeal.outcome_note)
            self._assign_another(appeal)
        else:
            self.sudo().earlier_answers = self._earlier_answers(appeal.name)
            changed = "upheld" if appeal.outcome == "reversed" else "partly_upheld"
            self._tell_decision(changed, self.root_cause, appeal.outcome_note)

    def _assign_another(self, appeal):
        """Have it studied anew by somebody who did not handle it before (P078)."""
        case = self.sudo()
        duties = self.env["npo.duty"]
        before = duties._persons("handle", case) | duties._persons("decide", case)
        group = "npo_relations.group_npo_complaint_officer"
        others = case._unconcerned(group).filtered(
            lambda user: user.partner_id not in before
        )
        case.user_id = case._least_busy(others) or case.user_id
