from odoo import api, fields, models

from ..people.assessment import LEVELS, RECOMMENDATIONS
from ..people.file_study import SCORE_GROUPS


class NpoRequest(models.Model):
    """The social research beside a request: shown, and acted on by nobody (P012)."""

    _inherit = "npo.request"

    assessment_id = fields.Many2one(
        "npo.assessment",
        string="Social research",
        compute="_compute_assessment",
        groups=SCORE_GROUPS,
    )
    assessment_draft_id = fields.Many2one(
        "npo.assessment",
        string="Research being written",
        compute="_compute_assessment",
        groups=SCORE_GROUPS,
    )
    assessment_date = fields.Date(
        "Studied on", compute="_compute_assessment", groups=SCORE_GROUPS
    )
    assessment_score = fields.Integer(
        "Score of need",
        compute="_compute_assessment",
        groups=SCORE_GROUPS,
        help="Out of 100. It informs the committee, which decides.",
    )
    assessment_level = fields.Selection(
        LEVELS, "Level of need", compute="_compute_assessment", groups=SCORE_GROUPS
    )
    assessment_recommendation = fields.Selection(
        RECOMMENDATIONS,
        "Recommendation of the research",
        compute="_compute_assessment",
        groups=SCORE_GROUPS,
    )

    @api.depends("beneficiary_id")
    @api.depends_context("uid")
    def _compute_assessment(self):
        """Show the study in force of the file, and the one being written.

        What the user may not read is not there.
        """
        current, drafts = self.beneficiary_id._studies()
        for request in self:
            study = current.get(request.beneficiary_id, self.env["npo.assessment"])
            request.assessment_id = study
            request.assessment_draft_id = drafts.get(request.beneficiary_id)
            request.assessment_date = study.date
            request.assessment_score = study.score
            request.assessment_level = study.level
            request.assessment_recommendation = study.recommendation

    def action_assess(self):
        """Open the study of the case: the one being written, else a new one."""
        self.ensure_one()
        self._require_group("social_researcher")
        self.invalidate_recordset(["assessment_id", "assessment_draft_id"])
        if draft := self.assessment_draft_id:
            return draft._form_action()
        current = self.assessment_id
        if current and (current.request_id == self or self.stage_code != "research"):
            return current._form_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Social Research"),
            "res_model": "npo.assessment",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_beneficiary_id": self.beneficiary_id.id,
                "default_request_id": self.id,
                "default_kind": "update" if current else "initial",
            },
        }
