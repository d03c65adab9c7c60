import secrets

from odoo import api, fields, models
from odoo.fields import Command

from .events import EVENTS
from .survey import QUESTION_TYPES, TYPE


class ResCompany(models.Model):
    """How an association asks for opinions: each number is its own choice."""

    _inherit = "res.company"

    npo_opinion_reminder_days = fields.Integer(
        "Days to the reminder",
        default=3,
        help="⚖ Who did not answer is reminded once.",
    )
    npo_opinion_rest_days = fields.Integer(
        "Days between two invitations",
        default=30,
        help="⚖ Nobody is invited more often than that (P124).",
    )
    npo_opinion_window_days = fields.Integer(
        "Days in which one may rate",
        default=90,
        help="⚖ How long the link and the page in the portal stay open (R078).",
    )
    npo_opinion_visit_share = fields.Integer(
        "Visits that are asked, in %",
        default=30,
        help="⚖ Drawn by lot (P124).",
    )
    npo_opinion_low_score = fields.Float(
        "Low score",
        default=2,
        help="⚖ Of five. Who answers so low or lower is called back (R069).",
    )
    npo_opinion_recovery_days = fields.Integer(
        "Working days to make it good", default=2, help="⚖ P126."
    )
    npo_opinion_anonymous = fields.Boolean(
        "Answers without the case",
        help="⚖ Nobody can find out which case an answer is about: what went wrong is"
        " seen, and nobody can be called back (P123).",
    )
    npo_opinion_needs_consent = fields.Boolean(
        "Only who agreed to be asked",
        help="⚖ Off: everybody but who withdrew the consent to surveys.",
    )

    _npo_opinion_numbers = models.Constraint(
        "CHECK (npo_opinion_reminder_days > 0 AND npo_opinion_rest_days >= 0"
        " AND npo_opinion_window_days > 0 AND npo_opinion_recovery_days > 0"
        " AND npo_opinion_visit_share BETWEEN 0 AND 100"
        " AND npo_opinion_low_score BETWEEN 1 AND 5)",
        "One of the numbers of the opinion survey is out of bounds.",
    )

    # ------------------------------------------------------------
    # QUESTIONNAIRES
    # ------------------------------------------------------------

    def _npo_apply_profile(self, code):
        # EXTENDS: the questions of its kind of association
        version = super()._npo_apply_profile(code)
        self.sudo()._npo_make_questionnaires()
        return version

    @api.model
    def _npo_make_all_questionnaires(self):
        """Give each association that has its profile the questionnaires it lacks."""
        companies = self.sudo().search([("npo_profile_code", "!=", False)])
        companies._npo_make_questionnaires()

    def _npo_make_questionnaires(self):
        """Make what is missing of the questionnaires from the bank (glossary 21)."""
        surveys = self.env["survey.survey"].sudo().with_context(lang="en_US")
        known = surveys.with_context(active_test=False).search(
            [("npo_company_id", "in", self.ids)]
        )
        have = {(survey.npo_company_id, survey.npo_event) for survey in known}
        bank = self.env["npo.opinion.question"].sudo().search([])
        made = surveys.create(
            [
                company._npo_questionnaire_vals(event, label, bank)
                for company in self
                for event, label in EVENTS
                if (company, event) not in have
            ]
        )
        if made:
            made._npo_copy_wording()

    def _npo_open_questionnaire(self):
        """Return the path at which anybody rates a service, if any (R078)."""
        surveys = self.env["survey.survey"].sudo()
        survey = surveys.browse(surveys._npo_survey_id(self.id, "after_service"))
        return survey.npo_code and f"/opinion/open/{survey.npo_code}"

    def _npo_questionnaire_vals(self, event, label, bank):
        """Return the values of the questionnaire of an event."""
        asked = [
            (question, dict(question._uses())[event])
            for question in bank
            if event in dict(question._uses())
            and question.profile_code in (False, self.npo_profile_code)
        ]
        return {
            "title": label,
            "survey_type": TYPE,
            "npo_event": event,
            "npo_company_id": self.id,
            "npo_code": secrets.token_urlsafe(9),
            "access_mode": "token",
            "users_login_required": False,
            "question_and_page_ids": [
                Command.create(
                    {
                        "title": question.name,
                        "sequence": number,
                        "npo_question_id": question.id,
                        "npo_role": role,
                        "npo_scale": question.scale,
                        "npo_audience": question.audience,
                        **QUESTION_TYPES[question.scale],
                    }
                )
                for number, (question, role) in enumerate(asked, start=1)
            ],
        }
