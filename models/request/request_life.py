from odoo import fields, models

# Levels at which something of the person may still be missing.
DESK_LEVELS = ("desk", "officer", "applicant")


class NpoRequest(models.Model):
    """The life of a request as its person sees it: what next, by whom, until when."""

    _inherit = "npo.request"

    npo_rating_ids = fields.One2many(
        "npo.rating", "request_id", groups="base.group_system", readonly=True
    )

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

    def _portal_may_rate(self):
        """Tell whether the person may say how the service was."""
        request = self.sudo()
        if request.outcome not in ("served", "served_partially"):
            return False
        ratings = self.env["npo.rating"].sudo()
        domain = [("request_id", "=", self.id), ("date_rated", "!=", False)]
        return not ratings.search_count(domain, limit=1)

    def _notify(self, event, once=""):
        # EXTENDS npo.case.mixin: the link to rate is in the message, of all in one go
        if event == "req_delivered":
            self.env["npo.rating"]._ask(self)
        return super()._notify(event, once=once)

    def _rating_link(self):
        """Return the address at which the person rates the service, once."""
        rating = self.sudo().npo_rating_ids or self.env["npo.rating"]._ask(self)
        return f"{self.get_base_url()}/rate/{rating.token}"
