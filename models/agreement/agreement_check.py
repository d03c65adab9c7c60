from odoo import fields, models
from odoo.exceptions import UserError

from .part_mixin import NpoAgreementPartMixin


class NpoAgreementCheckItem(models.Model):
    """A legal side that agreements are looked at for (R147, glossary 18) ⚖."""

    _name = "npo.agreement.check.item"
    _description = "Item of the Legal Checklist"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_mandatory = fields.Boolean("Without it no agreement comes into force")

    _code_uniq = models.UniqueIndex("(code)", "Another item has this code.")


class NpoAgreementCheck(models.Model):
    """A legal side of one agreement, ticked by a legal adviser (R147)."""

    _name = "npo.agreement.check"
    _description = "Legal Check of an Agreement"
    _inherit = [NpoAgreementPartMixin._name]
    _order = "sequence, id"
    _rec_name = "item_id"

    _step_fields = frozenset(
        {"item_id", "sequence", "is_mandatory", "is_ticked", "user_id", "date"}
    )

    item_id = fields.Many2one(
        "npo.agreement.check.item", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    is_mandatory = fields.Boolean("Mandatory")
    is_ticked = fields.Boolean("In order")
    user_id = fields.Many2one("res.users", string="Ticked by")
    date = fields.Datetime("Ticked on")

    _item_uniq = models.UniqueIndex(
        "(agreement_id, item_id)", "This is on the checklist already."
    )

    def action_tick(self):
        """Find one legal side in order; who drew the agreement up does not (D02)."""
        self.ensure_one()
        agreement = self.agreement_id
        agreement._require_role("legal_adviser")
        agreement._require_state("legal_review")
        if self.is_ticked:
            raise UserError(self.env._("This was found in order already."))
        agreement._claim_once("legal")
        self.sudo().write(
            {
                "is_ticked": True,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
            }
        )

    def action_untick(self):
        """Take a finding back."""
        self.ensure_one()
        self.agreement_id._require_role("legal_adviser")
        self.agreement_id._require_state("legal_review")
        self.sudo().write({"is_ticked": False, "user_id": False, "date": False})
