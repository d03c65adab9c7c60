from odoo import fields, models

from ..core.case_mixin import NpoCaseMixin


class NpoDispute(models.Model):
    """A difference with another party, settled step by step (R029, R144, R149)."""

    _name = "npo.dispute"
    _description = "Dispute"
    _inherit = [NpoCaseMixin._name]
    _mail_post_access = "read"

    _stage_kind = "dispute"
    _first_stage = "opened"
    _reference_prefix = "DSP"

    title = fields.Char("In one line", required=True, index="trigram")
    partner_id = fields.Many2one(string="Other party")
    agreement_id = fields.Many2one(
        "npo.agreement",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
