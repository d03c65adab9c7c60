import secrets

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .events import ASSISTED, SOURCES
from .invitation import KEY_BYTES

ASKED_BY = (
    "service_representative",
    "branch_delegate",
    "complaint_officer",
    "centre_officer",
)


class NpoOpinionEntry(models.TransientModel):
    """Write down what a person says by telephone, at the desk or on paper (R185, P122).

    Never by who served the person (P125), and never once the person has begun.
    """

    _name = "npo.opinion.entry"
    _description = "Write Down an Opinion"

    subject = fields.Reference(
        [
            ("npo.request", "Request"),
            ("npo.visit", "Visit"),
            ("npo.complaint", "Complaint"),
        ],
        "What was received",
        required=True,
    )
    source = fields.Selection(
        [one for one in SOURCES if one[0] in ASSISTED],
        "How the person answers",
        required=True,
        default="phone",
    )

    def action_start(self):
        """Open the questions for who asks them; the person's own link is over."""
        self.ensure_one()
        if not any(
            self.env.user.has_group(f"npo_relations.group_npo_{role}")
            for role in ASKED_BY
        ):
            raise AccessError(self.env._("Your role does not allow this step."))
        self.check_access("write")
        self.subject.check_access("read")
        subject = self.subject.sudo()
        if not subject._opinion_over():
            raise UserError(self.env._("It is not finished yet: ask when it is."))
        if self.env.user in subject._rating_served_by() | subject.user_id:
            raise UserError(
                self.env._("You served this person: a colleague asks how it was.")
            )
        invitation = subject._opinion_invitation()
        if not invitation:
            raise UserError(self.env._("There is no questionnaire for this."))
        invitation._begin_for(self.env.user, self.source)
        return {
            "type": "ir.actions.act_url",
            "url": f"/opinion/{invitation.token}",
            "target": "new",
        }


class NpoOpinionInvitation(models.Model):
    _inherit = "npo.opinion.invitation"

    def _begin_for(self, user, source):
        """Let a colleague write down the answers; what was begun is the person's.

        The key is drawn anew: whoever asks holds none that the person uses later, and
        the person is neither asked nor reminded of what a colleague asks.
        """
        self.ensure_one()
        self._hold()
        if self.is_answered or self.state == "done":
            raise UserError(self.env._("The person has answered already."))
        if self._is_over():
            raise UserError(self.env._("The time to answer is over."))
        state = "open" if self.state in ("waiting", "sent") else self.state
        self.write(
            {
                "state": state,
                "date_remind": False,
                "source": source,
                "interviewer_id": user.id,
                "token": secrets.token_urlsafe(KEY_BYTES),
            }
        )
