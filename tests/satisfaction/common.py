from unittest.mock import patch

from odoo import fields

from ..portal.common import PortalCommon
from ..reception.common import ReceptionCommon

QUESTION = "npo.opinion.question"


class OpinionCommon(ReceptionCommon):
    """A person who was served, and is asked how it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        crons = type(cls.env["ir.cron"])
        cls.startClassPatcher(patch.object(crons, "_commit_progress"))
        cls.company.npo_opinion_visit_share = 100
        cls.invitations = cls.env["npo.opinion.invitation"]

    @classmethod
    def _delivered(cls, **vals):
        """Return a request that was delivered by the people's own steps."""
        request = cls._new_request(cls.file, **vals)
        cls._advance(request, "delivery")
        request.with_user(cls.users["deliverer"])._deliver(
            {
                "amount": 12000,
                "date": cls.company._npo_today(),
                "receipt_method": "signature",
            }
        )
        return request

    @classmethod
    def _survey(cls, event):
        """Return the questionnaire of an event."""
        surveys = cls.env["survey.survey"]
        return surveys.browse(surveys._npo_survey_id(cls.company.id, event))

    @classmethod
    def _invited(cls, event="after_visit", partner=None, **vals):
        """Return an invitation that was sent; what it is about plays no part."""
        company = cls.company
        return cls.invitations.create(
            {
                "event": event,
                "survey_id": cls._survey(event).id,
                "company_id": company.id,
                "partner_id": partner and partner.id,
                "state": "sent",
                "token": f"{'t' * 24}{cls.invitations.search_count([])}",
                "day": company._npo_today(),
                "date_sent": fields.Datetime.now(),
                "date_end": fields.Datetime.add(fields.Datetime.now(), days=90),
                **vals,
            }
        )

    @classmethod
    def _say(cls, invitation, first, words="", reasons=(), other=4):
        """Answer all pages of an invitation, as the page does."""
        while invitation.state != "done":
            page = invitation.page
            typed = {
                f"q{question.id}": cls._typed(question, first, words, other)
                for question in invitation._pages()[page]
            }
            invitation._save_page(page, typed, reasons)
        return invitation

    @classmethod
    def _typed(cls, question, first, words, other):
        if question.npo_role == "first":
            return str(first)
        if question.npo_scale == "text":
            return words
        return "1" if question.npo_scale in ("yes_no", "number") else str(other)

    @classmethod
    def _measure(cls, code):
        """Return (counted, kept) of a measure within the last days."""
        kpi = cls.env["npo.kpi"].search([("code", "=", code)])
        today = cls.company._npo_today()
        since = fields.Date.subtract(today, days=1)
        return kpi._figures(cls.company, since, today)[kpi]


class OpinionPageCommon(OpinionCommon, PortalCommon):
    """The pages, as a telephone asks for them."""

    def _anonymous(self):
        self.authenticate(None, None)
