from odoo import fields, models

from ..people.beneficiary import CATEGORY_GROUPS


class NpoZakatHead(models.Model):
    """One of the eight to whom zakat is given (P068)."""

    _name = "npo.zakat.head"
    _description = "Zakat Head"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This head exists already.")


class NpoBeneficiary(models.Model):
    """Whether zakat may be given to the person of a file (P068)."""

    _inherit = "npo.beneficiary"

    zakat_head_id = fields.Many2one(
        "npo.zakat.head",
        string="Zakat head",
        ondelete="restrict",
        groups=CATEGORY_GROUPS,
        help="By which of the eight heads the person may receive zakat. Empty: nothing"
        " is paid from zakat.",
    )
