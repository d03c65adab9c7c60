from odoo import models


class NpoOpinionSubjectMixin(models.AbstractModel):
    """What people are asked about after it ended: a request, a visit, a complaint."""

    _name = "npo.opinion.subject.mixin"
    _description = "What Opinions Are About"

    # The question that a person is asked by, once it ended.
    _opinion_event = None

    def _opinion_over(self):
        """Tell whether it ended, so that its person may say how it was."""
        self.ensure_one()
        return False

    def _opinion_day(self):
        """Return the moment it ended: the time to rate runs from there."""
        return self.date_closed

    def _opinion_about(self):
        """Return what the list in the portal calls it, beside its number."""
        return ""

    def _opinion_facts(self):
        """Return what is kept beside an answer; never who served."""
        fields = self._fields
        return {
            "partner": self.partner_id,
            "company": self.company_id,
            "site": self.site_id if "site_id" in fields else False,
            "service": self.service_id if "service_id" in fields else False,
            "channel": self.channel_id if "channel_id" in fields else False,
            "sealed": "confidentiality" in fields and self.confidentiality == "sealed",
        }

    def _opinion(self):
        """Return the invitation of the subject's own event, in sudo; none if none."""
        return (
            self.env["npo.opinion.invitation"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("event", "=", self._opinion_event),
                ]
            )
        )

    def _opinion_known(self):
        """Return the invitation that a batch of messages has read already, if any."""
        known = self.env.context.get("npo_opinions") or {}
        return self.env["npo.opinion.invitation"].sudo().browse(known.get(self.id))

    def _opinion_invitation(self):
        """Return the invitation, made now if the person comes without one (R078)."""
        self.ensure_one()
        invitations = self.env["npo.opinion.invitation"]
        return (
            self._opinion()
            or invitations._invite(self._opinion_event, self.sudo(), state="open")
            or self._opinion()
        )

    def _opinion_link(self):
        """Return the address of the page; in a kept message it is filled in later."""
        invitation = self._opinion_known() or self._opinion()
        if not invitation and self._opinion_over():
            invitation = self._opinion_invitation()
        return invitation._link() if invitation else ""
