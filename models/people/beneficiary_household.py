from odoo import api, fields, models

from .beneficiary import CATEGORY_GROUPS
from .household import HOUSEHOLD_GROUPS
from .household_member import EDUCATIONS, EMPLOYMENTS


class ResPartner(models.Model):
    _inherit = "res.partner"

    npo_household_line_ids = fields.One2many(
        "npo.household.member",
        "partner_id",
        string="In households",
        groups=HOUSEHOLD_GROUPS,
    )


class NpoBeneficiary(models.Model):
    """What a file tells of the person's situation and family (glossary 5)."""

    _inherit = "npo.beneficiary"

    nationality_status = fields.Selection(
        [
            ("saudi", "Saudi"),
            ("treated_saudi", "Treated as Saudi"),
            ("resident", "Resident"),
            ("displaced", "Of the displaced tribes"),
        ]
    )
    marital_status = fields.Selection(
        [
            ("single", "Single"),
            ("married", "Married"),
            ("divorced", "Divorced"),
            ("widowed", "Widowed"),
            ("separated", "Separated"),
            ("abandoned", "Abandoned"),
        ],
        groups=CATEGORY_GROUPS,
    )
    education = fields.Selection(EDUCATIONS)
    employment = fields.Selection(EMPLOYMENTS)
    preferred_time = fields.Selection(
        related="partner_id.npo_preferred_time", readonly=False
    )
    circumstance_ids = fields.Many2many(
        "npo.circumstance", string="Special circumstances", groups=CATEGORY_GROUPS
    )
    household_id = fields.Many2one(
        "npo.household",
        string="Household",
        compute="_compute_household_id",
        compute_sudo=False,
        groups=HOUSEHOLD_GROUPS,
    )
    household_income = fields.Monetary(
        "Income of the household",
        compute="_compute_household_id",
        compute_sudo=False,
        currency_field="household_currency_id",
        groups=HOUSEHOLD_GROUPS,
    )
    household_per_capita = fields.Monetary(
        "Per-capita income",
        compute="_compute_household_id",
        compute_sudo=False,
        currency_field="household_currency_id",
        groups=HOUSEHOLD_GROUPS,
    )
    household_currency_id = fields.Many2one(related="company_id.currency_id")
    household_member_ids = fields.Many2many(
        "npo.household.member",
        string="Family",
        compute="_compute_household_id",
        compute_sudo=False,
        groups=HOUSEHOLD_GROUPS,
    )

    def _compute_household_id(self):
        """Find the households of all the files by one search, as the user may."""
        members = self.env["npo.household.member"].search(
            [("partner_id", "in", self.partner_id.ids), ("is_current", "=", True)]
        )
        found = {
            (member.partner_id, member.company_id): member.household_id
            for member in members
        }
        for file in self:
            household = found.get((file.partner_id, file.company_id))
            file.household_id = household
            file.household_member_ids = household.member_ids if household else False
            file.household_income = household and household.total_income
            file.household_per_capita = household and household.per_capita

    def _is_minor(self):
        """Tell whether the person is under age today; of no file: no."""
        born = self.birth_date
        return bool(born) and born > self.company_id._npo_adult_since()

    def action_view_household(self):
        """Open the person's household, or begin one that the person heads."""
        self.ensure_one()
        self.env["npo.household"].check_access("read")
        self.check_access("read")
        household = self.household_id
        head = {"relation": "head", "partner_id": self.partner_id.id, "name": self.name}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Household"),
            "res_model": "npo.household",
            "res_id": household.id,
            "view_mode": "form",
            "context": {}
            if household
            else {
                "default_company_id": self.company_id.id,
                "default_site_id": self.site_id.id,
                "default_member_ids": [fields.Command.create(head)],
            },
        }

    @api.model
    def _circumstance_sentence(self, circumstances):
        """Return the advice of a banner; what is sensitive is named by right only."""
        shown = circumstances.filtered("is_remote")
        if not shown:
            return False
        if not self.env.user.has_groups(CATEGORY_GROUPS):
            shown = shown.filtered(lambda circumstance: not circumstance.is_sensitive)
        advice = self.env._(
            "Serve this person by telephone or at home instead of asking them to come."
        )
        return " · ".join([advice, *shown.mapped("name")])
