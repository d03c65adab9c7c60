from odoo import models

from .subject_mixin import NpoOpinionSubjectMixin

SERVED = ("served", "served_partially")


class NpoRequest(models.Model):
    """A request is asked about when it was served, or refused (R068, R069)."""

    _name = "npo.request"
    _inherit = ["npo.request", NpoOpinionSubjectMixin._name]

    _opinion_event = "after_service"

    def _opinion_over(self):
        # OVERRIDE npo.opinion.subject.mixin
        return self.outcome in SERVED

    def _opinion_about(self):
        # OVERRIDE npo.opinion.subject.mixin
        return self.service_id.name

    def _notify(self, event, once=""):
        # EXTENDS npo.case.mixin: the message of the delivery is the invitation; who
        # answers before the cron comes was asked and counts as such (R076)
        invitations = self.env["npo.opinion.invitation"]
        if event == "req_delivered":
            made = invitations._invite("after_service", self)
            for company, some in made.grouped("company_id").items():
                some._to_ask(company)._mark_sent(company)
            known = {one.res_id: one.id for one in self._opinion()}
            self = self.with_context(npo_opinions=known)
        elif event == "req_rejected":
            invitations._invite("after_decision", self)
        return super()._notify(event, once=once)

    def _portal_may_rate(self):
        # EXTENDS npo.rateable.mixin: it is asked once, by the questionnaire
        opinion = self._opinion()
        if not opinion:
            return super()._portal_may_rate()
        return opinion.state != "done" and not opinion._is_over()

    def _rating_link(self):
        # EXTENDS npo.rateable.mixin: the questionnaire takes the place of the stars
        opinion = self._opinion_known() or self._opinion()
        if not opinion:
            return super()._rating_link()
        if opinion.state == "skipped" and self.env.context.get("npo_in_message"):
            return ""
        return opinion._link()

    def _opinion_decision_link(self):
        """Return the address of what is asked about the decision."""
        invitation = self._opinion_known() or (
            self.env["npo.opinion.invitation"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("event", "=", "after_decision"),
                ]
            )
        )
        return invitation._link() if invitation else ""
