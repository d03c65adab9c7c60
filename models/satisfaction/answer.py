from odoo import api, fields, models

from ..core.told_group import NpoToldGroupMixin
from .events import (
    AUDIENCES,
    DIMENSIONS,
    EVENTS,
    GENDERS,
    SCALES,
    SOURCES,
    on_five,
    promoter,
)

SATISFIED = 4


class NpoOpinionAnswer(models.Model):
    """One answer to one question, with what it may be broken down by.

    No person, no case, and nobody who served: all figures are counted here. Who reads
    the lines is the management alone; everybody else sees the page of analysis.
    """

    _name = "npo.opinion.answer"
    _description = "Answer"
    _inherit = [NpoToldGroupMixin._name]
    _order = "id desc"
    _rec_name = "question_id"

    company_id = fields.Many2one(
        "res.company", "Association", required=True, readonly=True, index=True
    )
    event = fields.Selection(EVENTS, "Occasion", required=True, readonly=True)
    audience = fields.Selection(AUDIENCES, "Asked as", readonly=True)
    question_id = fields.Many2one(
        "npo.opinion.question", "Question", readonly=True, index="btree_not_null"
    )
    question_code = fields.Char("Code of the question", readonly=True)
    dimension = fields.Selection(DIMENSIONS, readonly=True)
    scale = fields.Selection(SCALES, readonly=True)
    is_first = fields.Boolean("First question", readonly=True)
    score = fields.Float("Answer", readonly=True, aggregator="avg")
    score_five = fields.Float("Score of five", readonly=True, aggregator="avg")
    score_hundred = fields.Float("Score of a hundred", readonly=True, aggregator="avg")
    promoter = fields.Integer("Net promoters", readonly=True, aggregator="avg")
    is_satisfied = fields.Boolean("Satisfied", readonly=True)
    date = fields.Date(required=True, readonly=True)
    site_id = fields.Many2one("npo.site", "Site", readonly=True, index="btree_not_null")
    service_id = fields.Many2one(
        "npo.service", "Service", readonly=True, index="btree_not_null"
    )
    category_id = fields.Many2one("npo.beneficiary.category", "Category", readonly=True)
    gender = fields.Selection(GENDERS, readonly=True)
    channel_id = fields.Many2one("npo.channel", "Channel", readonly=True)
    source = fields.Selection(SOURCES, "Answered how", readonly=True)
    user_input_id = fields.Many2one(
        "survey.user_input",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="base.group_system",
    )

    _figures_idx = models.Index("(company_id, date, question_code)")

    @api.model
    def _vals(self, invitation, question, value, user_input):
        """Return the line of a scored answer."""
        bank = question.npo_question_id
        score = on_five(question.npo_scale, value)
        return {
            **self._facts(invitation),
            "question_id": bank.id,
            "question_code": bank.code,
            "dimension": bank.dimension,
            "scale": question.npo_scale,
            "is_first": question.npo_role == "first",
            "score": value,
            "score_five": score,
            "score_hundred": score * 20,
            "promoter": promoter(question.npo_scale, value),
            "is_satisfied": score >= SATISFIED,
            "user_input_id": user_input.id,
        }

    @api.model
    def _facts(self, invitation):
        """Return what an answer and a remark may be broken down by."""
        return {
            "company_id": invitation.company_id.id,
            "event": invitation.event,
            "audience": invitation.audience,
            "date": invitation.company_id._npo_today(),
            "site_id": invitation.site_id.id,
            "service_id": invitation.service_id.id,
            "category_id": invitation.category_id.id,
            "gender": invitation.gender,
            "channel_id": invitation.channel_id.id,
            "source": invitation.source or "link",
            "person_key": self._key_of(invitation.partner_id or invitation),
        }
