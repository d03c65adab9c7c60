from odoo import fields, models

from ..core.clock_mixin import NpoClockMixin


class NpoCompensation(models.Model):
    """A claim for harm that the association did, under four conditions (R131–R143)."""

    _name = "npo.compensation"
    _description = "Compensation Case"
    _inherit = [NpoClockMixin._name]
    _mail_post_access = "read"

    _stage_kind = "compensation"
    _first_stage = "received"
    _reference_prefix = "CPN"

    title = fields.Char("In one line", required=True, index="trigram")
    partner_id = fields.Many2one(string="Harmed party")
    agreement_id = fields.Many2one(
        "npo.agreement",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    complaint_id = fields.Many2one(
        "npo.complaint",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    dispute_id = fields.Many2one(
        "npo.dispute",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
