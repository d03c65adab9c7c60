from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..request.request import NpoRequest as Base
from .guards import CASE_GROUPS

# What the researcher recommends, as a first motion to vote on.
RECOMMENDED = {"accept": "accepted", "partial": "partial", "reject": "rejected"}


class NpoRequest(models.Model):
    """A request before the committee: on which agendas, and what is proposed."""

    _inherit = Base._name

    committee_item_ids = fields.One2many(
        "npo.committee.item", "request_id", groups=CASE_GROUPS
    )

    def _proposed_motion(self):
        """Return the first motion on a request: what the researcher recommends."""
        if not self.recommendation:
            return {}
        motion = RECOMMENDED[self.recommendation]
        given = self._given(motion, {}) if motion == "accepted" else {}
        return {
            "motion": motion,
            "amount": given.get("amount_approved", 0),
            "quantity": given.get("quantity_approved", 0),
        }

    def _check_relatives(self, members):
        """Nobody decides on the request of their household or family (R124)."""
        pairs = self.env["npo.committee.recusal"]._relatives(self, members)
        if pairs:
            relatives = members.filtered(lambda user: (self.id, user.id) in pairs)
            raise UserError(
                self.env._(
                    "A relative of the applicant does not decide on %(request)s:"
                    " %(persons)s.",
                    request=self.name,
                    persons=format_list(self.env, relatives.mapped("name")),
                )
            )

    def _move(self, code, **vals):
        # EXTENDS npo.case.mixin: what leaves the committee leaves its agenda
        waiting = self.filtered(lambda request: request.stage_code == "committee")
        result = super()._move(code, **vals)
        if waiting and code != "committee":
            items = waiting.sudo().committee_item_ids
            items.filtered(lambda item: item.state == "pending").write(
                {"state": "withdrawn"}
            )
        return result

    def _announce(self, decision):
        # EXTENDS npo.request: the letters of a session are made after it
        result = super()._announce(decision)
        items = self.sudo().committee_item_ids
        items.filtered(lambda item: item.state == "decided")._want_letters()
        return result
