from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core.register_mixin import NpoRegisterMixin

# ⚖ Days before a campaign, and after it, whose requests are compared.
WINDOW_DAYS = 30
SHARE = "npo_relations.kpi_e_service_share"


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_campaign_days = fields.Integer(
        "Days compared before and after a campaign", default=WINDOW_DAYS
    )

    _npo_campaign_days_positive = models.Constraint(
        "CHECK (npo_campaign_days > 0)", "One day at least is compared."
    )


class NpoCampaign(models.Model):
    """What is made known, to whom, by which channels, and what came of it (R181).

    The share of the requests that come electronically is kept as it was before it
    and after it; the figure is that of the measure.
    """

    _name = "npo.campaign"
    _description = "Awareness Campaign"
    _inherit = [NpoRegisterMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    _reference_prefix = "CAM"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "share_before",
        "share_after",
    }

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("In one line", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    topic = fields.Selection(
        [
            ("e_services", "The electronic services"),
            ("rating", "Rating a service is your right"),
            ("update", "Keeping data up to date"),
            ("complaints", "How to complain"),
            ("home_safety", "Safety at home"),
            ("health", "Health"),
            ("retirement", "Planning retirement"),
            ("products", "Buying national products and crafts"),
            ("other", "Something else"),
        ],
        required=True,
        default="e_services",
    )
    type_ids = fields.Many2many(
        "npo.stakeholder.type",
        "npo_campaign_type_rel",
        "campaign_id",
        "type_id",
        string="For whom",
        help="Nobody named: for everybody.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date_from = fields.Date("From", required=True, tracking=True)
    date_to = fields.Date("To", required=True, tracking=True)
    objective = fields.Text("What it is to reach", required=True)
    result = fields.Text("What came of it", tracking=True)
    post_ids = fields.One2many("npo.campaign.post", "campaign_id", "Posts")
    material_ids = fields.Many2many(
        "ir.attachment",
        "npo_campaign_attachment_rel",
        "campaign_id",
        "attachment_id",
        string="Materials",
    )
    reach = fields.Integer("Persons reached", compute="_compute_reach", store=True)
    share_before = fields.Float(
        "Electronic requests before (%)", readonly=True, copy=False, aggregator="avg"
    )
    share_after = fields.Float(
        "Electronic requests after (%)", readonly=True, copy=False, aggregator="avg"
    )
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="planned",
        copy=False,
        tracking=True,
        index=True,
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another campaign."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A campaign ends on its first day, or later."
    )

    @api.depends("post_ids.reach")
    def _compute_reach(self):
        for campaign in self:
            campaign.reach = sum(campaign.post_ids.mapped("reach"))

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._(
            "A campaign moves by its buttons, and its shares are counted."
        )

    def action_start(self):
        """Begin it; how people asked before is kept."""
        self._step("planned")
        for campaign in self.sudo():
            campaign.write(
                {"state": "running", "share_before": campaign._share(before=True)}
            )

    def action_finish(self):
        """Close it: with a post that can be opened, and what came of it."""
        self._step("running")
        for campaign in self.sudo():
            if not campaign.post_ids.filtered("url"):
                raise UserError(self.env._("Enter the link of one post at least."))
            if not (campaign.result or "").strip():
                raise UserError(self.env._("Write what came of it."))
            if campaign.date_from > campaign.company_id._npo_today():
                raise UserError(self.env._("It has not begun yet."))
            campaign.write({"state": "closed", "share_after": campaign._share()})

    def action_measure(self):
        """Count the electronic requests again: those after it come later."""
        self._step("running", "closed")
        for campaign in self.sudo():
            campaign.write(
                {
                    "share_before": campaign._share(before=True),
                    "share_after": campaign._share(),
                }
            )

    def _step(self, *states):
        self.check_access("write")
        if any(campaign.state not in states for campaign in self):
            raise UserError(
                self.env._("This step does not apply now. Reload the page.")
            )

    def _share(self, before=False):
        """Return the share of electronic requests before the campaign, or since.

        Since: from its first day to so many days after its last.
        """
        company = self.company_id
        days = company.npo_campaign_days
        first = self.date_from
        last = fields.Date.add(self.date_to, days=days)
        if before:
            first = fields.Date.subtract(self.date_from, days=days)
            last = fields.Date.subtract(self.date_from, days=1)
        kpi = self.env.ref(SHARE)
        return kpi._figure_value(*kpi._figures(company, first, last)[kpi])


class NpoCampaignPost(models.Model):
    """A post of a campaign: where it is, and whom it reached (R182, R183)."""

    _name = "npo.campaign.post"
    _description = "Post of a Campaign"
    _order = "date desc, id desc"
    _rec_name = "url"

    campaign_id = fields.Many2one(
        "npo.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", string="Association", store=True, index=True
    )
    channel_id = fields.Many2one("npo.channel", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    url = fields.Char("Link")
    reach = fields.Integer("Persons reached")
    reactions = fields.Integer("Reactions")
    clicks = fields.Integer("Visits of the link")

    _counted_from_none = models.Constraint(
        "CHECK (reach >= 0 AND reactions >= 0 AND clicks >= 0)",
        "Persons, reactions and visits are counted from none up.",
    )

    @api.constrains("url")
    def _check_url(self):
        for post in self.filtered("url"):
            parts = urlsplit(post.url)
            if parts.scheme not in ("http", "https") or not parts.netloc:
                raise ValidationError(
                    self.env._("“%s” is no link: copy it from the browser.", post.url)
                )
