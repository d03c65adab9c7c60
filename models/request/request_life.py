from odoo import models

# Levels at which something of the person may still be missing.
DESK_LEVELS = ("desk", "officer", "applicant")


class NpoRequest(models.Model):
    """The life of a request as its person sees it: what next, by whom, until when."""

    _inherit = "npo.request"

    def _portal_life(self, steps):
        """Return what the person asks first.

        :param steps: of the policy, as `_portal_steps` returns them
        :return: dict of who has it (a role), what comes next, what is missing
        """
        self.ensure_one()
        request = self.sudo()
        if request.is_closed or not request.date_submitted:
            return {}
        levels = dict(
            self.env["npo.stage"]._fields["level"]._description_selection(self.env)
        )
        stage = request.stage_id
        # what the applicant signed is with the officer again
        is_signed = request.stage_code == "declaration" and request.declaration_id
        level = "officer" if is_signed else stage.level
        is_mine = level == "applicant"
        return {
            "who": self.env._("You") if is_mine else levels.get(level),
            "next": next((name for name, state in steps if state == "todo"), False),
            "missing": stage.level in DESK_LEVELS and request.missing_text,
        }

    def _portal_deliveries(self):
        """Return what was handed over to the person, newest first. In sudo."""
        return self.sudo().delivery_ids

    def _is_rateable(self):
        # OVERRIDE npo.case.mixin
        return self.outcome in ("served", "served_partially")

    def _rating_served_by(self):
        # OVERRIDE npo.case.mixin
        return self.delivery_ids.user_id

    def _rating_about(self):
        # OVERRIDE npo.case.mixin
        return self.service_id.name

    def _notify(self, event, once=""):
        # EXTENDS npo.case.mixin: the link to rate is in the message, of all in one go
        if event == "req_delivered":
            self.env["npo.rating"]._ask(self)
        return super()._notify(event, once=once)
