from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.guards import check_values, without_defaults
from .compensation import READERS
from .compensation import NpoCompensation as Base

HEADS = [
    ("material", "Direct material damage"),
    ("lost_goods", "Product spoilt or lost"),
    ("delay", "Late performance"),
    ("extra_cost", "Additional cost"),
    ("medical", "Harm to health"),
    ("moral", "Moral"),
    ("data", "Data disclosed"),
    ("ip", "Infringement of intellectual property"),
]
# While these last, the amounts are being worked out.
WEIGHED = ("received", "admissibility", "study", "negotiation")


class NpoCompensationHead(models.Model):
    """One kind of damage: what is claimed, proposed and agreed for it (R142)."""

    _name = "npo.compensation.head"
    _description = "Head of Damage"
    _order = "id"
    _rec_name = "head"

    compensation_id = fields.Many2one(
        Base._name, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="compensation_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="compensation_id.currency_id")
    head = fields.Selection(HEADS, "Kind of damage", required=True)
    amount_claimed = fields.Monetary("Claimed")
    amount_proposed = fields.Monetary("Proposed")
    amount_agreed = fields.Monetary("Agreed", readonly=True)
    basis = fields.Char("On what it is based")

    _once = models.UniqueIndex(
        "(compensation_id, head)", "Each kind of damage stands on one line."
    )
    _not_negative = models.Constraint(
        "CHECK (amount_claimed >= 0 AND amount_proposed >= 0 AND amount_agreed >= 0)",
        "An amount of damage is not negative.",
    )

    @api.constrains("amount_agreed", "compensation_id")
    def _check_approved_sum(self):
        self.compensation_id._check_heads()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            self._check_agreed(vals)
        heads = super(
            NpoCompensationHead,
            without_defaults(self, lambda name: name != "compensation_id"),
        ).create(vals_list)
        heads._check_weighed()
        return heads

    def write(self, vals):
        check_values(self, vals)
        self._check_agreed(vals)
        self._check_weighed()
        result = super().write(vals)
        self._check_weighed()  # nor is it given to a case that is settled
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_while_weighed(self):
        self._check_weighed()

    def _check_agreed(self, vals):
        if not self.env.su and "amount_agreed" in vals:
            raise AccessError(
                self.env._("What is agreed follows from the offer that was accepted.")
            )

    def _check_weighed(self):
        """Raise once an offer was made or accepted: its amounts stand."""
        if self.env.su:
            return
        cases = self.compensation_id
        cases.check_access("write")
        for case in cases.sudo():
            if case.stage_code not in WEIGHED or case._open_round():
                raise UserError(
                    self.env._(
                        "%s: an offer of these amounts was made. They change with a"
                        " new offer alone.",
                        case.name,
                    )
                )


class NpoCompensation(models.Model):
    """The amounts of a case, in its currency: each the sum of its heads."""

    _inherit = Base._name
    _flow_fields = {"amount_approved", "date_approved", "approved_by_id"}

    head_ids = fields.One2many(
        "npo.compensation.head",
        "compensation_id",
        string="Heads of damage",
        groups=READERS,
    )
    amount_proposed = fields.Monetary(
        "Proposed", compute="_compute_amounts", store=True, groups=READERS
    )
    amount_agreed = fields.Monetary("Agreed", compute="_compute_amounts", store=True)
    amount_approved = fields.Monetary("Amount approved", readonly=True, copy=False)
    date_approved = fields.Date("Approved on", readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False
    )

    @api.depends("head_ids.amount_proposed", "head_ids.amount_agreed")
    def _compute_amounts(self):
        for case in self:
            case.amount_proposed = sum(case.head_ids.mapped("amount_proposed"))
            case.amount_agreed = sum(case.head_ids.mapped("amount_agreed"))

    @api.constrains("amount_approved", "date_approved")
    def _check_heads(self):
        """What was approved is the sum of what was agreed, and stays so (R143)."""
        approved = self.sudo().filtered("date_approved")
        groups = approved.env["npo.compensation.head"]._read_group(
            [("compensation_id", "in", approved.ids)],
            ["compensation_id"],
            ["amount_agreed:sum"],
        )
        agreed = dict(groups)
        for case in approved:
            if case.currency_id.compare_amounts(
                agreed.get(case, 0), case.amount_approved
            ):
                raise ValidationError(
                    self.env._(
                        "The heads of damage of %s do not add up to what was approved.",
                        case.name,
                    )
                )

    def _agree_heads(self):
        """Agree on what was proposed for each head."""
        for head in self.sudo().head_ids:
            head.amount_agreed = head.amount_proposed
