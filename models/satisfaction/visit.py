import secrets

from odoo import models

from ..reception.visit import NpoVisit as Base
from .subject_mixin import NpoOpinionSubjectMixin


class NpoVisit(models.Model):
    """Some visits are drawn by lot and asked about (R068, P124)."""

    _name = Base._name
    _inherit = [Base._name, NpoOpinionSubjectMixin._name]

    _opinion_event = "after_visit"

    def _opinion_over(self):
        # OVERRIDE npo.opinion.subject.mixin
        return self.state == "done"

    def _opinion_about(self):
        # OVERRIDE npo.opinion.subject.mixin
        return self.site_id.name

    def _opinion_day(self):
        # OVERRIDE npo.opinion.subject.mixin
        return self.date_ended

    def action_end(self, result=None):
        # EXTENDS npo.visit
        answer = super().action_end(result)
        drawn = self.sudo().filtered(
            lambda visit: (
                secrets.randbelow(100) < visit.company_id.npo_opinion_visit_share
            )
        )
        self.env["npo.opinion.invitation"]._invite("after_visit", drawn)
        return answer

    def _is_rateable(self):
        # EXTENDS npo.rateable.mixin: who answered the questions is not asked again
        return super()._is_rateable() and not self._opinion().is_answered

    def _rate_visit(self, rating):
        # EXTENDS npo.visit: the face is the answer to the first question
        result = super()._rate_visit(rating)
        visit = self.sudo()
        if visit.partner_id and (invitation := visit._opinion_invitation()):
            invitation._take_face(rating)
        return result
