from odoo import fields, models


class ResCompany(models.Model):
    """What an association decides about its agreements ⚖."""

    _inherit = "res.company"

    npo_agreement_threshold = fields.Monetary(
        "Agreement needed above",
        default=10000,
        help="A dealing above this value is by an agreement in force (R146).",
    )
    npo_agreement_check = fields.Selection(
        [("off", "Not looked at"), ("warn", "Warn"), ("block", "Refuse")],
        string="Dealing without an agreement",
        required=True,
        default="warn",
    )
    npo_agreement_notice_days = fields.Integer(
        "Days before an agreement ends that it is told", default=60
    )
    npo_agreement_review_days = fields.Integer(
        "Days to review an agreement",
        default=30,
        help="So many days after the day of its review it counts as reviewed in time.",
    )
    npo_amicable_days = fields.Integer(
        "Working days to settle amicably",
        default=15,
        help="Where no agreement names its own.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_agreement_threshold = fields.Monetary(
        related="company_id.npo_agreement_threshold",
        readonly=False,
        currency_field="currency_id",
    )
    npo_agreement_check = fields.Selection(
        related="company_id.npo_agreement_check", readonly=False, required=True
    )
    npo_agreement_notice_days = fields.Integer(
        related="company_id.npo_agreement_notice_days", readonly=False
    )
    npo_agreement_review_days = fields.Integer(
        related="company_id.npo_agreement_review_days", readonly=False
    )
    npo_amicable_days = fields.Integer(
        related="company_id.npo_amicable_days", readonly=False
    )
