from odoo import models
from odoo.exceptions import AccessError, UserError

from .improvement import LEADERS, NEXT_STATE, OPEN_STATES
from .improvement import NpoImprovement as Base


class NpoImprovement(models.Model):
    """The steps of an improvement, and what each of them asks for (R055, R082)."""

    _inherit = Base._name

    def _lead(self, *states):
        """Raise unless the user leads the register or owns all of these, in a state."""
        user = self.env.user
        is_leader = any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in LEADERS
        )
        self.check_access("read")
        if not is_leader and any(one.user_id != user for one in self):
            raise AccessError(
                self.env._("This step is for the owner, or for who leads the register.")
            )
        if any(one.state not in states for one in self):
            raise UserError(
                self.env._("This step does not apply now. Reload the page.")
            )

    def action_next(self):
        """Take the next step of plan, do, check, act."""
        self._lead(*NEXT_STATE)
        for one in self:
            code = NEXT_STATE[one.state]
            if missing := one._missing(code):
                raise UserError(
                    self.env._(
                        "First: %(what)s (%(name)s).", what=missing, name=one.name
                    )
                )
            one._enter(code)

    def _missing(self, code):
        """Return what is not said yet and has to be, before a state is entered."""
        if code == "plan" and not (self.user_id and self.date_due):
            return self.env._("name the owner and the day")
        if code == "do" and not (self.plan and self.root_cause):
            return self.env._("write the cause and what will be done")
        if code == "do" and not self._is_measured("before"):
            return self.env._("measure how it is before, or say why it is not measured")
        if code == "act" and not self.result:
            return self.env._("write what the check showed")
        return False

    def _is_measured(self, when):
        """Tell whether there is a value of before or after, or a reason for none."""
        is_known = self.measure and self[f"date_{when}"]
        return bool(is_known or (self.unmeasured_reason or "").strip())

    def _enter(self, code):
        """Move to a state as superuser; the step has checked who and what."""
        vals = {"state": code}
        today = self.company_id._npo_today()
        if code == "act":
            vals["date_applied"] = today
        if code in ("closed", "dropped"):
            vals["date_closed"] = today
        self.sudo().write(vals)

    def action_finish(self):
        """Close what was applied: with how it is now, or why nobody measured it."""
        self._lead("act")
        for one in self:
            if not one._is_measured("after"):
                raise UserError(
                    self.env._(
                        "Measure how it is now, or write why it is not measured:"
                        " without it nobody knows whether it became better."
                    )
                )
            one._enter("closed")

    def action_drop(self):
        """End what is not carried out; the result says why."""
        self._lead(*OPEN_STATES)
        for one in self:
            if not (one.result or "").strip():
                raise UserError(self.env._("Write in the result why it is dropped."))
            one._enter("dropped")

    def action_back(self):
        """Plan again what the check found wanting."""
        self._lead("check", "act")
        for one in self:
            one.sudo().write({"state": "plan", "date_applied": False})
