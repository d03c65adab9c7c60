from odoo import models

from .complaint import NpoComplaint as Base
from .complaint_close import OPEN


class NpoComplaint(models.Model):
    """What the person does about a complaint, in the portal or by its code (R150).

    Whose it is, is asked first; pressing twice does once what was pressed.
    """

    _inherit = Base._name

    def _mine(self):
        """Return the complaint in sudo, for whose it is."""
        self._check_mine()
        self._lock()
        return self.sudo()

    def _portal_steps_open(self):
        # EXTENDS npo.voice.mixin
        steps = super()._portal_steps_open()
        stage = self.sudo().stage_code
        if stage == "decided":
            steps |= {"satisfied", "unsatisfied", "reopen"}
        if stage in (*OPEN, "decided"):
            steps.add("withdraw")
        return steps | {"object"} if self._portal_may_object() else steps

    def _portal_reply(self, text, files=()):
        # EXTENDS npo.voice.mixin: who was waited for is waited for no longer (P084)
        result = super()._portal_reply(text, files)
        case = self.sudo()
        if case.stage_code == "waiting":
            case._move("investigation" if case.date_assessed else "acknowledged")
        case._task(case.user_id, self.env._("The person wrote"))
        return result

    def _portal_satisfied(self, is_satisfied, text=""):
        """Note whether the person accepts the answer (P077)."""
        case = self._mine()
        if not (is_satisfied and case.stage_code == "closed_accepted"):
            case._hear(is_satisfied, text)

    def _portal_reopen(self, text):
        """Open the complaint again: it was not solved (P077)."""
        case = self._mine()
        if case.stage_code != "reopened":
            case._reopen(text)

    def _portal_withdraw(self, text=""):
        """Take the complaint back."""
        case = self._mine()
        if case.stage_code != "withdrawn":
            case._withdraw(text)

    def _portal_may_object(self):
        """Tell whether the user may object to the decision."""
        self.ensure_one()
        return self._is_mine() and self._may_appeal()

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
