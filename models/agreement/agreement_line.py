from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .part_mixin import NpoAgreementPartMixin

CONSEQUENCES = [
    ("notice", "Notice"),
    ("warning", "Warning"),
    ("suspension", "Suspension"),
    ("penalty", "Penalty"),
    ("recovery", "Recovery"),
    ("termination", "Termination"),
    ("referral", "Referral to court"),
]


class NpoAgreementLine(models.Model):
    """A right or a duty of a party, and how it is performed (R025–R027)."""

    _name = "npo.agreement.line"
    _description = "Right or Duty of an Agreement"
    _inherit = [NpoAgreementPartMixin._name]
    _order = "sequence, id"
    _rec_name = "text"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("right", "Right"), ("duty", "Obligation")], required=True, default="duty"
    )
    party_id = fields.Many2one(
        "npo.agreement.party",
        string="Whose",
        index="btree_not_null",
        domain="[('agreement_id', '=', agreement_id)]",
        ondelete="set null",
    )
    text = fields.Text("Right or duty", required=True)
    method = fields.Text("Manner of performance")
    due_rule = fields.Char("When it is due", help="For example: ten days of delivery.")
    date_due = fields.Date("Due on")
    consequence = fields.Selection(
        CONSEQUENCES, string="Consequence of default", default="notice"
    )
    consequence_text = fields.Char("The consequence in words")
    evidence = fields.Char("Shown by", help="What proves that it was performed.")
    breach_ids = fields.One2many("npo.agreement.breach", "line_id", "Breaches")

    @api.constrains("party_id", "agreement_id")
    def _check_party(self):
        for line in self.filtered("party_id"):
            if line.party_id.agreement_id != line.agreement_id:
                raise ValidationError(
                    self.env._("A right or duty is that of a party of the agreement.")
                )

    def _incomplete(self):
        """Return the duties that lack who or how (R026)."""
        return self.filtered(
            lambda line: (
                line.kind == "duty"
                and not (line.party_id and (line.method or "").strip())
            )
        )
