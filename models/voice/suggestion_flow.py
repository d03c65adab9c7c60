from odoo import fields, models
from odoo.exceptions import UserError

from .suggestion import NpoSuggestion as Base

HANDLERS = (
    "relations_officer",
    "branch_delegate",
    "complaint_officer",
    "centre_officer",
    "general_manager",
)
DECIDERS = ("relations_officer", "centre_manager", "general_manager")


class NpoSuggestion(models.Model):
    """The steps of a suggestion; the person hears of each of them (R054)."""

    _inherit = Base._name

    _drag_steps = {
        "under_study": "action_study",
        "adopted": "action_adopt",
        "implemented": "action_implement",
        "declined": "action_decline",
        "thanked": "action_pass_on",
    }

    def _step(self, groups, *stages):
        """Raise unless the user has a role, and all are at a stage that fits."""
        self._require_group(*groups)
        self._require_stage(*stages)

    def _tell(self, code, **vals):
        """Put suggestions into a stage and tell the persons; answered once told."""
        now = fields.Datetime.now()
        for is_answered, suggestions in self.grouped(
            lambda one: bool(one.date_answered)
        ).items():
            answered = {} if is_answered else {"date_answered": now}
            suggestions._move(code, **vals, **answered)
        self._notify("sug_reply")

    def _require_kind(self, is_thanks):
        for suggestion in self:
            if (suggestion.kind == "thanks") != is_thanks:
                raise UserError(
                    self.env._(
                        "Thanks are passed on; a suggestion or a remark is studied."
                    )
                )

    def action_study(self):
        """Take suggestions to be studied."""
        self._step(HANDLERS, "new")
        self._require_kind(is_thanks=False)
        for suggestion in self:
            owner = suggestion.user_id or self.env.user
            suggestion._move("under_study", user_id=owner.id)
        self._notify("sug_reply")

    def action_adopt(self):
        """Adopt suggestions: each becomes an improvement that is measured."""
        self._step(DECIDERS, "new", "under_study")
        self._require_kind(is_thanks=False)
        self._tell("adopted")
        improvements = self.env["npo.improvement"]
        for suggestion in self.filtered(lambda one: not one.improvement_ids):
            improvements._open_from(suggestion)

    def action_implement(self):
        """Tell the person that what was proposed is there."""
        self._step(DECIDERS, "adopted")
        for suggestion in self.sudo():
            states = set(suggestion.improvement_ids.mapped("state"))
            if not states & {"act", "closed"}:
                raise UserError(
                    self.env._(
                        "%s is not applied yet: take its improvement to “Applied”"
                        " first.",
                        suggestion.name,
                    )
                )
        self._tell("implemented")

    def action_decline(self):
        """Do not adopt suggestions: the reply says why (R054)."""
        self._step(DECIDERS, "new", "under_study")
        self._require_kind(is_thanks=False)
        for suggestion in self:
            if not (suggestion.answer or "").strip():
                raise UserError(
                    self.env._(
                        "Write the reply first: who proposed %s is told why.",
                        suggestion.name,
                    )
                )
        self._tell("declined")

    def action_pass_on(self):
        """Pass thanks on to the colleague, or to who leads the unit."""
        self._step(HANDLERS, "new")
        self._require_kind(is_thanks=True)
        for suggestion in self:
            suggestion._write_to_thanked()
        self._tell("thanked")

    def _write_to_thanked(self):
        """Send the words of thanks to whom they are for."""
        unit = self.sudo().department_id
        user = self.sudo().thanked_id or unit.manager_id.user_id
        if not user:
            raise UserError(
                self.env._(
                    "Say whom the thanks are for: a colleague, or a unit that has"
                    " somebody at its head."
                )
            )
        # sudo: whoever is thanked need not be one who reads suggestions
        self.sudo().message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("Somebody thanks you"),
            body=self.description or self.title,
        )
