from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, ormcache

from .events import AUDIENCES, EVENTS, ROLES, SCALES

TYPE = "npo_opinion"
# What makes a questionnaire ours, and keeps its answers from Odoo's own pages.
OURS = {"npo_company_id", "npo_event", "npo_code", "survey_type", "access_mode"}
# How a scale of ours is told to Odoo's questions.
QUESTION_TYPES = {
    "satisfaction": {"question_type": "scale", "scale_min": 1, "scale_max": 5},
    "agreement": {"question_type": "scale", "scale_min": 1, "scale_max": 5},
    "recommend": {"question_type": "scale", "scale_min": 0, "scale_max": 10},
    "yes_no": {"question_type": "scale", "scale_min": 0, "scale_max": 1},
    "number": {"question_type": "numerical_box"},
    "text": {"question_type": "text_box"},
}


class SurveySurvey(models.Model):
    """A questionnaire of an association, one for each event (R068, P121).

    Its type is our own: the rules of Odoo's application let nobody read the answers
    of other types than its four, and ours are read by the pages of opinion alone.
    """

    _inherit = "survey.survey"

    survey_type = fields.Selection(
        selection_add=[(TYPE, "Opinion of the beneficiaries")],
        ondelete={TYPE: "cascade"},
    )
    npo_event = fields.Selection(EVENTS, "Asked when", index="btree_not_null")
    npo_company_id = fields.Many2one(
        "res.company", "Association", index="btree_not_null"
    )
    npo_code = fields.Char(
        "Public code", copy=False, help="Part of the address behind the printed code."
    )

    npo_open_link = fields.Char(
        "Address for everybody", compute="_compute_npo_open_link"
    )

    _npo_event_uniq = models.UniqueIndex(
        "(npo_company_id, npo_event) WHERE npo_event IS NOT NULL AND active IS TRUE",
        "There is a questionnaire for this event already.",
    )
    _npo_code_uniq = models.UniqueIndex(
        "(npo_code) WHERE npo_code IS NOT NULL", "This code was drawn already."
    )

    @api.model
    @ormcache("company_id", "event")
    def _npo_survey_id(self, company_id, event):
        """Return the id of the questionnaire that is asked; False: none is."""
        domain = [("npo_company_id", "=", company_id), ("npo_event", "=", event)]
        return self.sudo().search(domain, limit=1).id

    @api.model_create_multi
    def create(self, vals_list):
        surveys = super().create(vals_list)
        if any(vals.get("npo_event") for vals in vals_list):
            self.env.registry.clear_cache()
        return surveys

    def write(self, vals):
        if not self.env.su and OURS & set(vals):
            self._check_ours_kept(vals)
        result = super().write(vals)
        if "active" in vals or "npo_event" in vals:
            self.env.registry.clear_cache()
        return result

    def _check_ours_kept(self, vals):
        """Refuse to make a questionnaire ours, or another's, or open to everybody."""
        becomes = vals.get("survey_type") == TYPE or vals.get("npo_event")
        if becomes or TYPE in self.sudo().mapped("survey_type"):
            raise AccessError(
                self.env._(
                    "The association's settings say when a questionnaire is asked;"
                    " this cannot be changed here."
                )
            )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.depends("npo_code")
    def _compute_npo_open_link(self):
        """The address at which anybody may answer, without an invitation (R076)."""
        for survey in self:
            base = survey.get_base_url()
            code = survey.npo_code
            survey.npo_open_link = code and f"{base}/opinion/open/{code}"

    def _npo_copy_wording(self):
        """Take titles over from the bank and the events, in every language at once."""
        self.flush_recordset()
        self.question_ids.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE survey_question question SET title = bank.name
                     FROM npo_opinion_question bank
                    WHERE bank.id = question.npo_question_id
                      AND question.survey_id = ANY(%s)""",
                self.ids,
            )
        )
        self.question_ids.invalidate_recordset(["title"])
        for code, _name in self.env["res.lang"].get_installed():
            if code == "en_US":
                continue
            translated = self.with_context(lang=code)
            labels = dict(
                translated._fields["npo_event"]._description_selection(translated.env)
            )
            for survey in translated:
                survey.title = labels[survey.npo_event]


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    npo_question_id = fields.Many2one(
        "npo.opinion.question", "From the bank", index="btree_not_null"
    )
    npo_role = fields.Selection(ROLES, "Place")
    npo_scale = fields.Selection(SCALES, "Scale of the answer")
    npo_audience = fields.Selection(AUDIENCES, "Asked only of")
