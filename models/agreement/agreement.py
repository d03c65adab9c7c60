from odoo import fields, models

from ..core.reference_mixin import NpoReferenceMixin

KINDS = [
    ("service_terms", "Terms of a service"),
    ("beneficiary_contract", "Support contract"),
    ("supplier", "Supply"),
    ("contractor", "Works and repairs"),
    ("partnership", "Partnership"),
    ("sponsorship", "Sponsorship"),
    ("training", "Training"),
    ("artisan", "Showing and selling products"),
    ("volunteer", "Volunteering"),
    ("employment", "Employment"),
    ("data_processing", "Data processing"),
    ("lease", "Lease"),
    ("medical", "Treatment with a hospital"),
]


class NpoAgreement(models.Model):
    """What the association and another party owe each other (R025–R029, R146–R148)."""

    _name = "npo.agreement"
    _description = "Agreement"
    _inherit = [
        NpoReferenceMixin._name,
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "title", "partner_id"]
    _check_company_auto = True

    _reference_prefix = "AGR"

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("Subject", required=True, index="trigram")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="service_terms")
    partner_id = fields.Many2one(
        "res.partner",
        string="Other party",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("legal_review", "Legal review"),
            ("approved", "Approved"),
            ("active", "In force"),
            ("to_review", "To be reviewed"),
            ("expired", "Expired"),
            ("terminated", "Terminated"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    liability_limit_type = fields.Selection(
        [
            ("none", "No limit"),
            ("amount", "An amount in all"),
            ("event", "An amount for each event"),
            ("year", "An amount for each year"),
        ],
        string="Limit of liability",
        required=True,
        default="none",
    )
    liability_limit_amount = fields.Monetary("Liable up to")
