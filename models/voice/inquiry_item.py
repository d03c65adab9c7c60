from odoo import api, fields, models

from .inquiry import NpoInquiry as Base


class NpoInquiry(models.Model):
    """Somebody says that what we publish is wrong: a question about it (R166)."""

    _inherit = Base._name

    info_item_id = fields.Many2one(
        "npo.info.item",
        string="About the information",
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="What is said to be wrong; its owner has the task to correct it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS: the owner of the information learns of it, the words stay here
        inquiries = super().create(vals_list)
        for inquiry in inquiries.filtered("info_item_id"):
            inquiry.info_item_id._report_error(
                self.env._("Somebody says that it is wrong: %s", inquiry.name)
            )
        return inquiries
