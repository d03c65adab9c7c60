from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .household import WRITER_GROUPS
from .household_member import NAME_PARTS


class NpoHouseholdMember(models.Model):
    """A member moves to another household, or comes to head the family (D10)."""

    _inherit = "npo.household.member"

    def _check_writer(self):
        if not self.env.su and not self.env.user.has_groups(WRITER_GROUPS):
            raise AccessError(
                self.env._("Your role does not allow this step on a household.")
            )
        self.check_access("write")

    def action_move(self):
        """Open the form that moves a member to another household."""
        self.ensure_one()
        self._check_writer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to another household"),
            "res_model": "npo.household.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_member_id": self.id},
        }

    def action_make_head(self):
        """Let this member head the family; the former head stays a member."""
        self.ensure_one()
        self._check_writer()
        if not self.is_current:
            raise UserError(self.env._("Only a living member can head the family."))
        household = self.household_id
        with household._whole_family():
            former = household.head_id - self
            former.write({"relation": "other"})
            self.write({"relation": "head"})
        household._check_one_head()
        return True

    def _move(self, household, relation, date, new_head=None):
        """Move a member: the line closes there, another opens here.

        :param household: where to; empty for a new household that the member heads
        :param relation: to the head of the household moved to
        :param new_head: who heads the family that is left, when its head leaves
        :return: the new line
        """
        self.ensure_one()
        self._check_writer()
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        if not self.is_current:
            raise UserError(self.env._("This person is no member any more."))
        if household == self.household_id:
            raise UserError(self.env._("Choose another household."))
        left = self.household_id
        vals = self._moved_vals(date)
        with left._whole_family():
            if new_head:
                new_head.write({"relation": "head"})
            self.write({"date_to": date})
            if not left.member_ids.filtered("is_current"):
                left.active = False
        left._check_one_head()
        self.env.flush_all()  # the unique index sees the old line closed first
        if not household:
            vals["relation"] = "head"
            household = household.create(
                {
                    "company_id": self.company_id.id,
                    "site_id": self.site_id.id,
                    "member_ids": [Command.create(vals)],
                }
            )
            moved = household.head_id
        else:
            household.check_access("write")
            if household.company_id != self.company_id:
                raise UserError(self.env._("A household stays with its association."))
            moved = self.create(
                {**vals, "household_id": household.id, "relation": relation}
            )
        moved.sudo().previous_id = self
        for family, text in (
            (left, self.env._("A member moved to %s.", household.reference)),
            (household, self.env._("A member came from %s.", left.reference)),
        ):
            family.message_post(body=text)
        return moved

    def _moved_vals(self, date):
        names = ["partner_id", "name", *NAME_PARTS, "identity_type", "identity_number"]
        names += ["birth_date", "gender", "education", "school", "employment"]
        names += ["health_status", "disability_type", "disability_degree", "income"]
        # sudo: what the mover may not read moves with the person all the same
        vals = self.sudo().copy_data()[0]
        vals["identity_number"] = self.sudo().identity_number
        return {
            **{name: vals[name] for name in names if vals.get(name)},
            "date_from": date,
        }
