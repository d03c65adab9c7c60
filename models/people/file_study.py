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

    def _settle_before_merge(self, other):
        """Of one person one study is in force, the newer, and one is being written.

        The draft that was begun last goes on; the other is put aside, not lost.
        """
        super()._settle_before_merge(other)
        studies = self.env["npo.assessment"].sudo()
        studies = studies.search([("beneficiary_id", "in", (self | other).ids)])
        drafts = studies.filtered(lambda study: study.state == "draft")
        current = studies.filtered(lambda study: study.state in ("done", "approved"))
        if len(current) > 1:
            newer, older = current.sorted(lambda study: (study.date, study.id))[::-1]
            older.state = "superseded"
            newer.previous_id = newer.previous_id or older
        if len(drafts) > 1:
            aside = drafts.sorted("id")[0]
            aside.active = False
            aside.message_post(
                body=self.env._(
                    "Put aside when two files of one person were merged: %s goes on.",
                    drafts.sorted("id")[1].name,
                )
            )
