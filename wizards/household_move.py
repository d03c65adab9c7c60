from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.people.household_member import RELATIONS


class NpoHouseholdMove(models.TransientModel):
    """Move a member to another household, or to one of their own (D10)."""

    _name = "npo.household.move"
    _description = "Move to Another Household"

    member_id = fields.Many2one("npo.household.member", required=True)
    company_id = fields.Many2one(related="member_id.company_id", related_sudo=False)
    left_id = fields.Many2one(
        related="member_id.household_id", string="From", related_sudo=False
    )
    is_new = fields.Boolean("Begins a household of their own")
    household_id = fields.Many2one(
        "npo.household",
        string="To the household",
        domain="[('company_id', '=', company_id), ('id', '!=', left_id)]",
    )
    relation = fields.Selection(RELATIONS, string="Relation to its head")
    date = fields.Date("Moved on", required=True, default=fields.Date.context_today)
    needs_head = fields.Boolean(compute="_compute_needs_head")
    new_head_id = fields.Many2one(
        "npo.household.member",
        string="New head of the family left",
        domain="[('household_id', '=', left_id), ('is_current', '=', True),"
        " ('id', '!=', member_id)]",
    )

    @api.depends("member_id")
    def _compute_needs_head(self):
        for wizard in self:
            household = wizard.member_id.household_id
            wizard.needs_head = wizard.member_id.is_head and household.member_count > 1

    def action_confirm(self):
        """Move the member; the model checks who may."""
        self.ensure_one()
        if not self.is_new and not (self.household_id and self.relation):
            raise UserError(
                self.env._("Choose the household and the relation to its head.")
            )
        if self.new_head_id and self.new_head_id.household_id != self.left_id:
            raise UserError(
                self.env._("The new head must be a member of the family left.")
            )
        household = self.env["npo.household"] if self.is_new else self.household_id
        moved = self.member_id._move(
            household, self.relation, self.date, self.new_head_id
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.household",
            "res_id": moved.household_id.id,
            "view_mode": "form",
        }
