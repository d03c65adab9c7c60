from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command

# Told of a member in the table of the form; health is kept apart (P013).
SHOWN = (
    "name",
    "relation",
    "identity_masked",
    "birth_date",
    "gender",
    "education",
    "school",
    "employment",
    "income",
    "lives_in_house",
)


class NpoAssessment(models.Model):
    """The household that a study is about (D10, glossary 7, 8.1).

    While a study is written, it shows the members as the household has them; handing
    it in keeps them as they were, and gives the household what was found of its income.
    """

    _inherit = "npo.assessment"

    household_id = fields.Many2one(
        "npo.household",
        compute="_compute_household_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    member_count = fields.Integer(
        "Members of the household",
        compute="_compute_member_count",
        store=True,
        precompute=True,
    )
    dependants = fields.Integer(
        compute="_compute_member_count",
        store=True,
        precompute=True,
        help="All members but the head.",
    )
    members_kept = fields.Json(
        "Members when it was handed in", readonly=True, copy=False
    )
    members_table = fields.Html(
        "Members", compute="_compute_members_table", sanitize=False
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("partner_id.npo_household_line_ids.is_current", "state")
    def _compute_household_id(self):
        drafts = self.filtered(lambda one: one.state == "draft")
        (self - drafts)._keep(["household_id"])
        for assessment in drafts:
            assessment.household_id = (
                assessment.partner_id.npo_household_line_ids.filtered(
                    lambda line, one=assessment: (
                        line.is_current and line.company_id == one.company_id
                    )
                )[:1].household_id
            )

    @api.depends("household_id.member_count", "household_id.dependant_count", "state")
    def _compute_member_count(self):
        """Who has no household yet lives alone."""
        drafts = self.filtered(lambda one: one.state == "draft")
        (self - drafts)._keep(["member_count", "dependants"])
        for assessment in drafts:
            assessment.member_count = max(1, assessment.household_id.member_count)
            assessment.dependants = assessment.household_id.dependant_count

    @api.depends("household_id.member_ids", "members_kept")
    @api.depends_context("uid", "lang")
    def _compute_members_table(self):
        reads_health = self._npo_reads_health()
        for assessment in self:
            assessment.members_table = self.env["ir.qweb"]._render(
                "npo_relations.npo_assessment_members",
                {
                    "members": assessment._member_rows(),
                    "reads_health": reads_health,
                    "currency": assessment.currency_id,
                },
            )

    # ------------------------------------------------------------
    # MEMBERS
    # ------------------------------------------------------------

    def _member_rows(self):
        """Return the members in words, as they are or as they were handed in."""
        # superuser: who reads a study reads the family that it is about
        one = self.sudo()
        members = one.members_kept
        if one.state == "draft" or members is None:
            members = one._members_now()
        health = one._member_health() if self._npo_reads_health() else {}
        Member = self.env["npo.household.member"]
        labels = {
            name: dict(Member._fields[name]._description_selection(self.env))
            for name in ("relation", "gender", "education", "employment")
        }
        states = dict(Member._fields["health_status"]._description_selection(self.env))
        return [
            {
                **member,
                **{name: of.get(member[name], "") for name, of in labels.items()},
                "birth_date": fields.Date.to_date(member["birth_date"]),
                "health": states.get(health.get(str(member["id"])), ""),
            }
            for member in members
        ]

    def _members_now(self):
        current = self.household_id.member_ids.filtered("is_current")
        values = current.sorted("is_head", reverse=True).read(SHOWN, load=None)
        for member in values:
            member["birth_date"] = fields.Date.to_string(member["birth_date"]) or False
        return values

    def _member_health(self):
        """Return {id of a member as text: code}, for the readers of health alone."""
        if self.snapshot:
            return self.snapshot.get("member_health", {})
        current = self.household_id.member_ids.filtered("is_current")
        return {str(member.id): member.health_status for member in current}

    def action_household(self):
        """Open the household to add or correct members, or begin it."""
        self.ensure_one()
        return self.beneficiary_id.action_view_household()

    # ------------------------------------------------------------
    # WHAT A STUDY GIVES THE HOUSEHOLD
    # ------------------------------------------------------------

    def _feed_household(self):
        """Bring what the family lives on up to date, so that both say the same.

        A line of income belongs to a member or to the family as a whole; who is
        named by none has none. An older study changes nothing of a newer one's.
        """
        for assessment in self.sudo():
            household = assessment.household_id
            if household.date_studied and household.date_studied > assessment.date:
                continue
            found = defaultdict(float)
            for line in assessment.income_line_ids:
                found[line.member_id] += line.monthly_amount
            current = household.member_ids.filtered("is_current")
            household.write(
                {
                    "other_income": assessment.amount_income
                    - sum(found[member] for member in current),
                    "rent": assessment.amount_rent,
                    "debt_instalments": assessment.amount_instalments,
                    "date_studied": assessment.date,
                    "member_ids": [
                        Command.update(member.id, {"income": found[member]})
                        for member in current
                        if member.income != found[member]
                    ],
                }
            )
            household.message_post(
                body=self.env._(
                    "Income, rent and instalments as in the social research %s.",
                    assessment.name,
                )
            )
