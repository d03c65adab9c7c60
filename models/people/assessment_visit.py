from odoo import api, fields, models
from odoo.tools import format_list

from .beneficiary import CATEGORY_GROUPS


class NpoAssessment(models.Model):
    """Whom a study is about, and the visit to the home: agreed, by two, by a woman
    to women alone (P133)."""

    _inherit = "npo.assessment"

    date_visit = fields.Datetime("Visit agreed for", copy=False, index="btree_not_null")
    companion = fields.Char(
        "Second person of the visit",
        copy=False,
        help="Two go to a home together, unless the association settled otherwise.",
    )
    is_woman_alone = fields.Boolean(
        "No man in the home", compute="_compute_is_woman_alone"
    )
    visit_note = fields.Char(compute="_compute_visit_note")
    person_phone = fields.Char(related="partner_id.phone")
    person_city = fields.Char(related="partner_id.city")
    short_address = fields.Char(related="beneficiary_id.short_address")
    # the applicant, as the file has it (glossary 8.1, section 2)
    identity_masked = fields.Char(related="beneficiary_id.identity_masked")
    birth_date = fields.Date(related="beneficiary_id.birth_date")
    marital_status = fields.Selection(
        related="beneficiary_id.marital_status", groups=CATEGORY_GROUPS
    )
    education = fields.Selection(related="beneficiary_id.education")
    employment = fields.Selection(related="beneficiary_id.employment")

    @api.depends("partner_id.npo_gender", "household_id.member_ids.is_current")
    def _compute_is_woman_alone(self):
        for assessment in self.sudo():
            age = assessment.company_id.npo_adult_age
            men = assessment.household_id.member_ids.filtered(
                lambda member, age=age: (
                    member.is_current
                    and member.lives_in_house
                    and member.gender == "male"
                    and member.age >= age
                )
            )
            assessment.is_woman_alone = (
                assessment.partner_id.npo_gender == "female" and not men
            )

    @api.depends("state", "mode", "researcher_id", "company_id", "is_woman_alone")
    def _compute_visit_note(self):
        """Propose the female researchers where a man would visit women alone."""
        unfit = self.filtered(
            lambda one: (
                one.state == "draft"
                and one.mode == "home_visit"
                and one.is_woman_alone
                and one.researcher_id.sudo().npo_gender == "male"
            )
        )
        (self - unfit).visit_note = False
        for company, assessments in unfit.grouped("company_id").items():
            women = self._female_researchers(company)
            names = format_list(self.env, women.mapped("name")) if women else "—"
            assessments.visit_note = self.env._(
                "No man lives in this home: a female researcher makes the visit, or a"
                " woman comes along. Female researchers: %s.",
                names,
            )

    @api.model
    def _female_researchers(self, company):
        group = self.env.ref("npo_relations.group_npo_social_researcher")
        # superuser: the names of colleagues, whatever else of users may be read
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                    ("partner_id.npo_gender", "=", "female"),
                ],
                limit=10,
            )
        )

    def _missing(self):
        # EXTENDS npo.assessment
        missing = super()._missing()
        in_pairs = self.company_id.sudo().npo_visit_in_pairs
        if (
            in_pairs
            and self.mode == "home_visit"
            and not (self.companion or "").strip()
        ):
            missing.append(self.env._("who came along: two go to a home"))
        return missing
