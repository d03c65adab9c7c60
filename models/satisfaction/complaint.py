from odoo import models

from ..voice.complaint import NpoComplaint as Base
from .subject_mixin import NpoOpinionSubjectMixin

ASKED = ("closed_accepted", "closed_final", "unfounded")


class NpoComplaint(models.Model):
    """Who complained is asked how it was dealt with, once it is closed (R068)."""

    _name = Base._name
    _inherit = [Base._name, NpoOpinionSubjectMixin._name]

    _opinion_event = "after_complaint"

    def _opinion_over(self):
        # OVERRIDE npo.opinion.subject.mixin
        return self.stage_code in ASKED

    def _move(self, code, **vals):
        # EXTENDS npo.case.mixin
        result = super()._move(code, **vals)
        if code in ASKED:
            self.env["npo.opinion.invitation"]._invite("after_complaint", self)
        return result

    def _portal_may_rate(self):
        # EXTENDS npo.rateable.mixin
        opinion = self._opinion()
        if not opinion:
            return super()._portal_may_rate()
        return opinion.state != "done" and not opinion._is_over()

    def _rating_link(self):
        # EXTENDS npo.rateable.mixin: closed, the questionnaire takes its place
        opinion = self._opinion()
        return opinion._link() if opinion else super()._rating_link()
