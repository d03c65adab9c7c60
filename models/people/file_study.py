from odoo import fields, models

from .assessment import LEVELS

# Who is shown what the social research found; neither the front desk nor delivery.
SCORE_GROUPS = (
    "npo_relations.group_npo_social_researcher,"
    "npo_relations.group_npo_committee_member,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)


class NpoBeneficiary(models.Model):
    """The studies of a file: shown on it, settled when two files are merged."""

    _inherit = "npo.beneficiary"

    study_id = fields.Many2one(
        "npo.assessment",
        string="Social research",
        compute="_compute_study",
        groups=SCORE_GROUPS,
    )
    study_date = fields.Date(
        "Studied on", compute="_compute_study", groups=SCORE_GROUPS
    )
    study_level = fields.Selection(
        LEVELS, "Level of need", compute="_compute_study", groups=SCORE_GROUPS
    )

    def _compute_study(self):
        current, _drafts = self._studies()
        for file in self:
            study = current.get(file)
            file.study_id = study
            file.study_date = study and study.date
            file.study_level = study and study.level

    def _studies(self):
        """Return {file: study in force} and {file: study being written}.

        What the user may not read is not there.
        """
        studies = self.env["npo.assessment"]
        if studies.has_access("read"):
            studies = studies.search(
                [
                    ("beneficiary_id", "in", self.ids),
                    ("state", "!=", "superseded"),
                ]
            )
        drafts = studies.filtered(lambda study: study.state == "draft")
        return (
            (studies - drafts).grouped("beneficiary_id"),
            drafts.grouped("beneficiary_id"),
        )

    def action_view_studies(self):
        """Open the studies of the file; the next one is begun there."""
        self.ensure_one()
        self.env["npo.assessment"].check_access("read")
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Social Research"),
            "res_model": "npo.assessment",
            "view_mode": "list,form",
            "domain": [("beneficiary_id", "=", self.id)],
            "context": {"default_beneficiary_id": self.id},
        }
