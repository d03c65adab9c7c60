from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import format_list

from ..core.duty import NpoDuty as CoreDuty
from ..core.guards import check_values, is_derived, without_defaults
from .assessment import CURRENT_STATES

# Written by the steps alone.
FLOW_FIELDS = {
    "name",
    "state",
    "date_done",
    "reviewer_id",
    "date_reviewed",
    "previous_id",
    "snapshot",
    "members_kept",
    "scheme_id",
}
# Nobody but the merge of two files of one person, which runs as superuser.
MOVED_FIELDS = {"beneficiary_id", "request_id", "active"}
ALLOWED_DEFAULTS = ("beneficiary_id", "request_id", "kind", "mode", "company_id")
# What the request says of the same recommendation.
ON_REQUEST = {"full": "accept", "partial": "partial", "not_eligible": "reject"}


class NpoAssessment(models.Model):
    """Steps of a study, and who may write what of it (R113, P012, P132)."""

    _inherit = "npo.assessment"

    next_step_note = fields.Char(compute="_compute_next_step_note")

    @api.depends_context("lang", "uid")
    @api.depends(
        "state",
        "household_id",
        "mode",
        "companion",
        "is_consent_confirmed",
        "tenure",
        "story",
        "income_line_ids",
        "recommendation",
        "recommendation_note",
    )
    def _compute_next_step_note(self):
        """Say what is missing, as the step itself would."""
        for assessment in self:
            missing = assessment._missing() if assessment.state == "draft" else []
            assessment.next_step_note = bool(missing) and self.env._(
                "Before you hand it in: %s.", format_list(self.env, missing)
            )

    def _missing(self):
        """Return the names of what a study needs before it is handed in."""
        _ = self.env._
        needed = [
            (self.household_id, _("the household and its members")),
            (self.is_consent_confirmed, _("the household's consent")),
            ((self.story or "").strip(), _("the reason for the need")),
            (self.tenure, _("the tenure of the home")),
            (self.income_line_ids, _("the income, or that there is none")),
            (self.recommendation, _("the recommendation")),
            (
                (self.recommendation_note or "").strip(),
                _("the reasons of the recommendation"),
            ),
        ]
        return [label for value, label in needed if not value]

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, lambda name: name not in ALLOWED_DEFAULTS)
        vals_list = [self._with_request(dict(vals)) for vals in vals_list]
        for vals in vals_list:
            self._check_vals(vals)
            vals["company_id"] = vals.get("company_id") or self.env.company.id
        if not self.env.su:
            file_ids = {vals.get("beneficiary_id") for vals in vals_list} - {
                None,
                False,
            }
            self.env["npo.beneficiary"].browse(file_ids).check_access("read")
        companies = [
            self.env["res.company"].browse(vals["company_id"]) for vals in vals_list
        ]
        references = self._draw_references(companies)
        for vals, reference in zip(vals_list, references, strict=True):
            vals["name"] = reference
        return super().create(vals_list)

    @api.model
    def _with_request(self, vals):
        """Complete the file from the request, so that both always agree."""
        if vals.get("request_id"):
            request = self.env["npo.request"].browse(vals["request_id"])
            request.check_access("read")
            vals.setdefault("beneficiary_id", request.beneficiary_id.id)
            vals.setdefault("company_id", request.company_id.id)
        return vals

    def write(self, vals):
        self.check_access("write")  # before a refusal tells anything of the study
        self._check_vals(vals)
        self._check_content(vals)
        result = super().write(vals)
        if not self.env.su and {"site_id", "researcher_id"} & set(vals):
            self.check_access("read")
        return result

    def _check_vals(self, vals):
        check_values(self, vals)
        if self.env.su:
            return
        refused = {
            name for name in vals if name in FLOW_FIELDS or is_derived(self, name)
        }
        if refused - {"site_id"}:
            raise AccessError(
                self.env._(
                    "The steps of a study, its totals and its score are not written"
                    " by hand."
                )
            )

    def _check_content(self, vals):
        """A study handed in stays as it is, whoever writes."""
        free = {
            *FLOW_FIELDS,
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }
        if self.env.su:
            free |= MOVED_FIELDS
        elif {"review_note"} == set(vals) - free:
            return  # refused by the rules to who may not review
        if set(vals) - free - {"review_note"}:
            self._check_part_change(check_access=False)
        if not self.env.su and {"beneficiary_id", "company_id"} & set(vals):
            for name in ("beneficiary_id", "company_id"):
                if name in vals and any(one[name].id != vals[name] for one in self):
                    raise UserError(self.env._("A study stays with its file."))

    def _check_part_change(self, check_access=True):
        """Refuse to change what was handed in, and what is not the user's."""
        if check_access and not self.env.su:
            self.check_access("write")
        for assessment in self.sudo():
            if assessment.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was handed in: it stays as it is. Begin a new study when"
                        " something changed.",
                        assessment.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_in(self):
        self._check_part_change(check_access=False)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            vals["kind"] = "update"
            vals.pop("scheme_id", None)
            vals.pop("request_id", None)
        return vals_list

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _require_role(self, *roles):
        user = self.env.user
        if not any(user.has_group(f"npo_relations.group_npo_{role}") for role in roles):
            raise AccessError(
                self.env._("This step is for the social researchers and the manager.")
            )

    def _require_state(self, state):
        """Raise unless all are in a state; lock them first, so that two who press at
        once do not both get through."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._("A colleague is working on this study at this very moment.")
            ) from None
        self.invalidate_recordset(["state"])
        if any(assessment.state != state for assessment in self):
            raise UserError(
                self.env._("This step does not apply any more. Reload the page.")
            )

    def action_done(self):
        """Hand the study in: frozen, with what made its score; replaces the last."""
        self._require_role("social_researcher")
        self.check_access("write")
        self._require_state("draft")
        for assessment in self:
            if missing := assessment._missing():
                raise UserError(
                    self.env._(
                        "%(study)s needs first: %(missing)s.",
                        study=assessment.name,
                        missing=format_list(self.env, missing),
                    )
                )
        self.env["npo.duty"]._claim("assess", self)
        self._supersede_earlier()
        now = fields.Datetime.now()
        for assessment in self.sudo():
            assessment.write(
                {
                    "snapshot": assessment._make_snapshot(),
                    "members_kept": assessment._members_now(),
                    "state": "done",
                    "date_done": now,
                }
            )
        self._feed_household()
        self._tell_request()
        return True

    def _supersede_earlier(self):
        """The studies of the same files that were in force give way to these."""
        earlier = self.sudo().search(
            [
                ("beneficiary_id", "in", self.beneficiary_id.ids),
                ("state", "in", CURRENT_STATES),
            ]
        )
        by_file = earlier.grouped("beneficiary_id")
        for assessment in self.sudo():
            if previous := by_file.get(assessment.beneficiary_id):
                assessment.previous_id = previous
        earlier.write({"state": "superseded"})
        earlier.flush_recordset(["state"])  # before the new ones: one in force a file

    def _tell_request(self):
        """Carry the researcher's own words over to the request, where none are yet.

        The recommendation is a person's; the score is not looked at (P012).
        """
        for assessment in self:
            request = assessment.request_id
            if (
                request
                and request.stage_code == "research"
                and request.researcher_id == self.env.user
                and not (request.research_note or "").strip()
            ):
                request.write(
                    {
                        "research_note": assessment.recommendation_note,
                        "recommendation": request.recommendation
                        or ON_REQUEST.get(assessment.recommendation),
                    }
                )

    def action_approve(self):
        """The section's review: by another person than the researcher."""
        self._review("approved")
        return True

    def action_send_back(self):
        """Send the study back to its researcher, with a remark."""
        for assessment in self:
            if not (assessment.review_note or "").strip():
                raise UserError(
                    self.env._("Write in the remark what is to be completed.")
                )
        self._review("draft")
        return True

    def _review(self, state):
        self._require_role("social_researcher", "general_manager")
        self.check_access("read")
        if any(assessment.researcher_id == self.env.user for assessment in self):
            raise UserError(
                self.env._("A study is reviewed by another than its researcher.")
            )
        self._require_state("done")
        if state == "draft":
            drafts = self.sudo().search(
                [
                    ("beneficiary_id", "in", self.beneficiary_id.ids),
                    ("state", "=", "draft"),
                ]
            )
            if drafts:
                raise UserError(
                    self.env._(
                        "%s is being written for this file already.", drafts[0].name
                    )
                )
            self.env["npo.duty"]._check("review", self)
            vals = {"snapshot": False, "members_kept": False, "date_done": False}
        else:
            self.env["npo.duty"]._claim("review", self)
            vals = {}
        self.sudo().write(
            {
                "state": state,
                "reviewer_id": self.env.uid,
                "date_reviewed": fields.Datetime.now(),
                **vals,
            }
        )

    def action_new_study(self):
        """Begin the next study of the file from this one: only changes are asked."""
        self.ensure_one()
        self._require_role("social_researcher")
        self.check_access("read")
        draft = self.search(
            [("beneficiary_id", "=", self.beneficiary_id.id), ("state", "=", "draft")],
            limit=1,
        )
        # superuser: what the researcher may not read of it goes along, and stays hidden
        study = draft or self.sudo().copy({"researcher_id": self.env.uid})
        return study._form_action()

    def _form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Social Research"),
            "res_model": "npo.assessment",
            "res_id": self.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------

    def _npo_reads_health(self):
        """Tell whether the report carries health and family problems (P013).

        Asked of the user, not of the environment: paper may lie about. That it does
        is on record.
        """
        if not self.env.user.has_group("npo_relations.group_npo_health_reader"):
            return False
        self.env["npo.access.log"]._log_whole(self, "health")
        return True


class NpoDuty(models.Model):
    """A study is reviewed by another person than who made it."""

    _inherit = "npo.duty"

    duty = fields.Selection(
        selection_add=[("review", "Review of the study")],
        ondelete={"review": "cascade"},
    )
    _incompatible = (*CoreDuty._incompatible, ("assess", "review"))


class IrAttachment(models.Model):
    """Pictures come into a study only where the household allowed it (P133)."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._check_npo_photos()
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_id", "datas", "raw", "mimetype"} & set(vals):
            self._check_npo_photos()
        return result

    def _check_npo_photos(self):
        pictures = self.sudo().filtered(
            lambda one: (
                one.res_model == "npo.assessment"
                and one.res_id
                and not one.res_field
                and (one.mimetype or "").startswith(("image/", "video/"))
            )
        )
        studies = self.env["npo.assessment"].sudo().browse(pictures.mapped("res_id"))
        if any(not study.is_photo_allowed for study in studies.exists()):
            raise UserError(
                self.env._(
                    "The household has not allowed photos. Only the home is"
                    " photographed, never persons, and only where this is ticked."
                )
            )
