from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What an association chooses about paying; ⚖ is its own or the law's."""

    _inherit = "res.config.settings"

    npo_compensation_journal_id = fields.Many2one(
        related="company_id.npo_compensation_journal_id", readonly=False
    )
    npo_compensation_account_id = fields.Many2one(
        related="company_id.npo_compensation_account_id", readonly=False
    )
    npo_compensation_document = fields.Selection(
        related="company_id.npo_compensation_document", readonly=False, required=True
    )
    npo_aid_journal_id = fields.Many2one(
        related="company_id.npo_aid_journal_id", readonly=False
    )
    npo_aid_account_id = fields.Many2one(
        related="company_id.npo_aid_account_id", readonly=False
    )
    npo_aid_document = fields.Selection(
        related="company_id.npo_aid_document", readonly=False, required=True
    )
    npo_analytic_unrestricted_id = fields.Many2one(
        related="company_id.npo_analytic_unrestricted_id", readonly=False
    )
    npo_analytic_restricted_id = fields.Many2one(
        related="company_id.npo_analytic_restricted_id", readonly=False
    )
    npo_analytic_waqf_id = fields.Many2one(
        related="company_id.npo_analytic_waqf_id", readonly=False
    )
    npo_analytic_zakat_id = fields.Many2one(
        related="company_id.npo_analytic_zakat_id", readonly=False
    )
    npo_post_pay_apart = fields.Boolean(
        related="company_id.npo_post_pay_apart", readonly=False
    )
    npo_agent_instrument = fields.Boolean(
        related="company_id.npo_agent_instrument", readonly=False
    )
    npo_receipt_above = fields.Monetary(
        related="company_id.npo_receipt_above",
        readonly=False,
        currency_field="npo_currency_id",
    )
    npo_currency_id = fields.Many2one(related="company_id.currency_id")
