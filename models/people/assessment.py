from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .assessment_line import HEALTH_GROUPS
from .person_search import NpoPersonSearch

STATES = [
    ("draft", "Being written"),
    ("done", "Done, to be reviewed"),
    ("approved", "Approved"),
    ("superseded", "Replaced by a newer one"),
]
# The study of a file that counts: one at most.
CURRENT_STATES = ("done", "approved")
LEVELS = [
    ("severe", "Severe need"),
    ("high", "High need"),
    ("medium", "Medium need"),
    ("low", "Low need"),
]
RECOMMENDATIONS = [
    ("full", "Fully entitled"),
    ("partial", "Partly entitled"),
    ("not_eligible", "Not entitled"),
    ("refer", "Refer to another body"),
    ("defer", "Put off"),
    ("second_visit", "One more visit"),
]
OWN_TENURES = ("owned", "owned_mortgage", "inherited_shared")


class NpoAssessment(models.Model):
    """The social research on a household (R059, R113; glossary 6–8).

    Here: the form. The household is in `assessment_household`, the visit in
    `assessment_visit`, the totals and the score in `assessment_score`, the steps and
    who may write what in `assessment_flow`. The score informs and never decides
    (P012): other models show it, none acts on it.
    """

    _name = "npo.assessment"
    _description = "Social Research"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "npo.reference.mixin",
        NpoPersonSearch._name,
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _reference_prefix = "RES"

    # 1 research data
    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    beneficiary_id = fields.Many2one(
        "npo.beneficiary",
        string="Beneficiary's file",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="beneficiary_id.partner_id",
        string="Person",
        store=True,
        index=True,
        precompute=True,
    )
    request_id = fields.Many2one(
        "npo.request",
        string="Request",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('beneficiary_id', '=', beneficiary_id)]",
    )
    representative_id = fields.Many2one(related="request_id.representative_id")
    site_id = fields.Many2one(
        "npo.site",
        string="Site",
        compute="_compute_site_id",
        store=True,
        precompute=True,
        readonly=False,
        index=True,
        check_company=True,
    )
    researcher_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        copy=False,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    kind = fields.Selection(
        [
            ("initial", "Initial"),
            ("update", "Update"),
            ("complaint", "Following a complaint"),
            ("urgent", "Urgent"),
        ],
        string="Type",
        required=True,
        default="initial",
    )
    mode = fields.Selection(
        [
            ("home_visit", "Home visit"),
            ("office", "At the office"),
            ("phone", "By telephone"),
            ("remote", "Remotely"),
        ],
        required=True,
        default="home_visit",
    )
    date = fields.Date(
        required=True, copy=False, index=True, default=fields.Date.context_today
    )
    persons_present = fields.Char("Who was present")
    is_consent_confirmed = fields.Boolean(
        "Consent confirmed",
        copy=False,
        help="The household agreed to the research and to what is written down.",
    )
    is_photo_allowed = fields.Boolean(
        "Photos of the home allowed",
        copy=False,
        help="Of the home alone, never of persons (P133). Without it no picture can be"
        " attached.",
    )
    active = fields.Boolean(default=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    # 3 household
    head_situation = fields.Selection(
        [
            ("none", "None of these"),
            ("orphan", "Orphans"),
            ("widow", "Widow"),
            ("divorced", "Divorced woman"),
            ("abandoned", "Abandoned or suspended wife"),
            ("elderly", "Elderly"),
            ("absent", "Breadwinner absent"),
        ],
        string="Head of the family",
        required=True,
        default="none",
    )

    # 4 social situation
    story = fields.Text("Reason for the need")
    family_problems = fields.Text(groups=HEALTH_GROUPS)
    support_network = fields.Text("Who supports the family")
    breadwinner = fields.Char()
    absence_reason = fields.Char("Why the breadwinner is absent")
    previous_aid = fields.Text("Aid received before")
    urgency = fields.Selection(
        [
            ("none", "Nothing pressing"),
            ("eviction", "Eviction"),
            ("surgery", "Emergency surgery"),
            ("disaster", "Fire or disaster"),
        ],
        required=True,
        default="none",
    )

    # 5 health
    health_line_ids = fields.One2many(
        "npo.assessment.health",
        "assessment_id",
        string="Health",
        groups=HEALTH_GROUPS,
        copy=True,
    )

    # 6 housing
    tenure = fields.Selection(
        [
            ("owned", "Owned"),
            ("owned_mortgage", "Owned, with a loan"),
            ("inherited_shared", "Shared inheritance"),
            ("rented", "Rented"),
            ("employer", "The employer's"),
            ("charity", "Charity or endowment"),
            ("relative", "With family or relatives"),
            ("free", "Without payment"),
            ("dorm", "Shared lodging"),
            ("temporary", "Temporary shelter"),
            ("none", "No home"),
        ]
    )
    house_type = fields.Selection(
        [
            ("villa", "Villa"),
            ("traditional", "Traditional house"),
            ("floor", "Floor of a house"),
            ("apartment", "Apartment"),
            ("annex", "Annex"),
            ("tin_house", "Tin house"),
            ("tent", "Tent"),
            ("caravan", "Caravan"),
            ("room", "Room"),
        ]
    )
    construction = fields.Selection(
        [
            ("concrete", "Reinforced concrete"),
            ("block", "Blocks"),
            ("mud", "Mud"),
            ("wood", "Wood"),
            ("mixed", "Mixed"),
        ]
    )
    condition = fields.Selection(
        [
            ("good", "Good"),
            ("acceptable", "Acceptable"),
            ("needs_repair", "Needs repair"),
            ("unsafe", "About to collapse"),
            ("uninhabitable", "Unfit to live in"),
        ]
    )
    rooms = fields.Integer()
    bathrooms = fields.Integer()
    residents = fields.Integer("Residents of the home")
    utility_ids = fields.Many2many(
        "npo.assessment.item",
        "npo_assessment_utility_rel",
        "assessment_id",
        "item_id",
        string="Utilities",
        domain=[("kind", "=", "utility")],
    )
    monthly_rent = fields.Monetary()
    arrears_months = fields.Integer("Months of rent in arrears")
    contract_no = fields.Char("Rent contract number (Ejar)")
    contract_start = fields.Date()
    contract_end = fields.Date()
    owner_name = fields.Char("Owner of the home")
    deed_no = fields.Char("Deed number")
    electricity_account = fields.Char("Electricity account number")
    map_link = fields.Char("Link to the map")

    # 7–9, 11, 12 lines
    line_ids = fields.One2many("npo.assessment.line", "assessment_id", copy=True)
    income_line_ids = fields.One2many(
        "npo.assessment.line",
        "assessment_id",
        string="Income",
        domain=[("kind", "=", "income")],
    )
    expense_line_ids = fields.One2many(
        "npo.assessment.line",
        "assessment_id",
        string="Expenses",
        domain=[("kind", "=", "expense")],
    )
    debt_line_ids = fields.One2many(
        "npo.assessment.line",
        "assessment_id",
        string="Debts and obligations",
        domain=[("kind", "=", "debt")],
    )
    asset_line_ids = fields.One2many(
        "npo.assessment.line",
        "assessment_id",
        string="Property",
        domain=[("kind", "=", "asset")],
    )
    need_line_ids = fields.One2many(
        "npo.assessment.line",
        "assessment_id",
        string="Needs",
        domain=[("kind", "=", "need")],
    )
    aid_line_ids = fields.One2many(
        "npo.assessment.line",
        "assessment_id",
        string="Aid from other bodies",
        domain=[("kind", "=", "aid")],
    )

    # 10 education and skills
    dropouts = fields.Text("Who left school, and why")
    skills = fields.Text("Talents and skills")
    training_wishes = fields.Text("Training wished for")
    employability = fields.Selection(
        [
            ("working", "Works already"),
            ("ready", "Could work now"),
            ("after_training", "Could work after training"),
            ("unable", "Cannot work"),
        ]
    )

    # 13 the researcher's notes
    observation = fields.Text("What the researcher saw")
    credibility = fields.Selection(
        [
            ("confirmed", "Confirmed by documents"),
            ("plausible", "Plausible"),
            ("doubtful", "Doubtful"),
        ],
        string="Credibility of what was said",
    )
    safety_note = fields.Text("Safety")

    # 15 recommendation
    recommendation = fields.Selection(
        RECOMMENDATIONS,
        copy=False,
        tracking=True,
    )
    recommendation_note = fields.Text("Reasons of the recommendation", copy=False)
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Very high")], default="0", copy=False
    )

    # 16 approval, and what comes after
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    date_done = fields.Datetime("Handed in on", readonly=True, copy=False)
    reviewer_id = fields.Many2one(
        "res.users", string="Reviewed by", readonly=True, copy=False
    )
    date_reviewed = fields.Datetime("Reviewed on", readonly=True, copy=False)
    review_note = fields.Text("Remark of the review", copy=False)
    previous_id = fields.Many2one(
        "npo.assessment", string="Study before", readonly=True, copy=False
    )
    date_restudy = fields.Date(
        "To be studied again on",
        compute="_compute_date_restudy",
        store=True,
        precompute=True,
        index=True,
    )
    is_restudy_due = fields.Boolean(
        "Due to be studied again",
        compute="_compute_is_restudy_due",
        search="_search_is_restudy_due",
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another study."
    )
    _one_current = models.UniqueIndex(
        "(beneficiary_id) WHERE state IN ('done', 'approved') AND active IS TRUE",
        "The file has a study in force already.",
    )
    _one_draft = models.UniqueIndex(
        "(beneficiary_id) WHERE state = 'draft' AND active IS TRUE",
        "A study of this file is being written already; go on with that one.",
    )
    _counts = models.Constraint(
        "CHECK (rooms BETWEEN 0 AND 100 AND bathrooms BETWEEN 0 AND 100"
        " AND residents BETWEEN 0 AND 200 AND arrears_months BETWEEN 0 AND 600)",
        "Rooms, residents and months cannot be negative, nor so many.",
    )
    _rent_positive = models.Constraint(
        "CHECK (monthly_rent >= 0 AND monthly_rent < 1000000000)",
        "An amount cannot be negative.",
    )
    _list_idx = models.Index("(company_id, date DESC, id DESC) WHERE active IS TRUE")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("beneficiary_id", "request_id", "company_id")
    def _compute_site_id(self):
        for assessment in self:
            source = assessment.request_id.sudo() or assessment.beneficiary_id.sudo()
            if assessment.site_id and assessment.site_id.company_id == (
                assessment.company_id
            ):
                assessment.site_id = assessment.site_id
            else:
                assessment.site_id = source.site_id

    @api.depends("date", "company_id")
    def _compute_date_restudy(self):
        for assessment in self:
            months = assessment.company_id.sudo().npo_restudy_months
            assessment.date_restudy = assessment.date and fields.Date.add(
                assessment.date, months=months
            )

    @api.depends("date_restudy", "state")
    def _compute_is_restudy_due(self):
        for assessment in self:
            assessment.is_restudy_due = (
                assessment.state in CURRENT_STATES
                and bool(assessment.date_restudy)
                and assessment.date_restudy <= assessment.company_id._npo_today()
            )

    def _search_is_restudy_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        due = Domain("state", "in", CURRENT_STATES) & Domain(
            "date_restudy", "<=", today
        )
        return due if True in value else ~due

    def _access_log_name(self):
        """Return what the log of what was shown calls a study: its number."""
        return self.name

    @api.depends("name")
    def _compute_display_name(self):
        for assessment in self:
            assessment.display_name = assessment.name or self.env._("New study")

    @api.model
    def _search_display_name(self, operator, value):
        # OVERRIDE base: found by the person too
        if operator == "ilike" and isinstance(value, str) and value.strip():
            return self._npo_search_domain(value)
        return super()._search_display_name(operator, value)

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("date")
    def _check_date(self):
        for assessment in self:
            if assessment.date > assessment.company_id._npo_today():
                raise ValidationError(
                    self.env._("The day of the research cannot lie in the future.")
                )

    @api.constrains("contract_start", "contract_end")
    def _check_contract(self):
        for assessment in self.filtered(lambda one: one.contract_start):
            if (
                assessment.contract_end
                and assessment.contract_end < assessment.contract_start
            ):
                raise ValidationError(
                    self.env._("The rent contract ends before it begins.")
                )

    @api.constrains("map_link")
    def _check_map_link(self):
        for assessment in self.filtered("map_link"):
            if urlsplit(assessment.map_link).scheme not in ("http", "https"):
                raise ValidationError(
                    self.env._("A link to the map starts with https://.")
                )

    @api.constrains("request_id", "beneficiary_id")
    def _check_request(self):
        for assessment in self.sudo().filtered("request_id"):
            if assessment.request_id.beneficiary_id != assessment.beneficiary_id:
                raise ValidationError(
                    self.env._("The request is of another person than the file.")
                )

    @api.constrains("researcher_id", "company_id")
    def _check_researcher(self):
        role = "npo_relations.group_npo_social_researcher"
        for assessment in self.sudo():
            user = assessment.researcher_id
            if not user.has_group(role) or assessment.company_id not in (
                user.company_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s is not a social researcher of %(association)s.",
                        person=user.name,
                        association=assessment.company_id.name,
                    )
                )
