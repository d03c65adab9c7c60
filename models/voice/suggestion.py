from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .voice_mixin import NpoVoiceMixin


class NpoSuggestion(models.Model):
    """What somebody proposes, remarks, or thanks for (R054, glossary 17).

    A suggestion is studied, adopted and carried out, or declined with a reply; what is
    adopted becomes an improvement. Thanks are passed on to whom they are for.
    """

    _name = "npo.suggestion"
    _description = "Suggestion"
    _inherit = [NpoVoiceMixin._name]

    _stage_kind = "suggestion"
    _first_stage = "new"
    _reference_prefix = "SUG"
    _acknowledge_event = "sug_ack"

    kind = fields.Selection(
        [("suggestion", "Suggestion"), ("note", "Remark"), ("thanks", "Thanks")],
        required=True,
        default="suggestion",
    )
    category = fields.Selection(
        [
            ("service", "A new service"),
            ("procedure", "Simpler procedure"),
            ("digital", "Electronic service"),
            ("facility", "Premises"),
            ("communication", "Communication"),
            ("program", "Programme"),
            ("staff", "Performance"),
            ("other", "Other"),
        ]
    )
    thanked_id = fields.Many2one(
        "res.users",
        "Thanks to",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The colleague whom the thanks are for.",
    )

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")

    @api.constrains("thanked_id")
    def _check_thanked(self):
        for suggestion in self.filtered("thanked_id"):
            user = suggestion.sudo().thanked_id
            if user.share or suggestion.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._("Thanks are for a colleague of the association.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS npo.case.mixin: whichever way it came, the person hears of it at once
        suggestions = super().create(vals_list)
        suggestions._acknowledge()
        return suggestions
