from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..people.beneficiary_flow import MANAGER_GROUPS, OFFICER_GROUPS
from .complaint import NpoComplaint as Base
from .complaint_exclusion import MANAGER


class NpoComplaint(models.Model):
    """Nobody loses by complaining: for some months it is looked at twice (P097)."""

    _inherit = Base._name

    @api.model
    def _protecting(self, partner, company):
        """Return the complaints that protect a person from reprisals. In sudo."""
        months = company.npo_protection_months
        if not partner or not months:
            return self.sudo().browse()
        since = fields.Datetime.subtract(fields.Datetime.now(), months=months)
        person = Domain("partner_id", "=", partner.id) | Domain(
            "concerned_id", "=", partner.id
        )
        return self.sudo().search(
            person
            & Domain("company_id", "=", company.id)
            & Domain("date_received", ">=", since)
        )

    def _may_overrule(self, user):
        """Tell whether a manager is concerned by none of the complaints."""
        return user not in self.barred_user_ids

    def _managers(self):
        """Return the general managers who are concerned by none of the complaints."""
        users = self.env["res.users"].sudo()
        managers = users.search(
            [
                ("all_group_ids", "in", self.env.ref(MANAGER).ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ]
        )
        return managers.filtered(self._may_overrule)


class NpoRequest(models.Model):
    """A refusal of who complained waits for a manager who is not concerned (P097).

    The reason is not told there: who decides need not know that somebody complained.
    """

    _inherit = "npo.request"

    def _protecting_complaints(self):
        request = self.sudo()
        if request.decision != "rejected":
            return self.env[Base._name].sudo().browse()
        return self.env[Base._name]._protecting(request.partner_id, request.company_id)

    def _decide(self, decision, members, **vals):
        # EXTENDS npo.request
        result = super()._decide(decision, members, **vals)
        if complaints := self._protecting_complaints():
            approval = self._ask_approval(
                "refusal",
                0,
                self.env._("Refusals to this person are looked at twice."),
                subject=self.sudo().service_id.name,
            )
            if not complaints._managers():
                approval.sudo().approver = "board"
        return result

    def _check_approval_person(self):
        # EXTENDS npo.request
        super()._check_approval_person()
        if not self._protecting_complaints()._may_overrule(self.env.user):
            raise UserError(
                self.env._(
                    "You are concerned by something else of this person. Somebody else"
                    " approves the refusal."
                )
            )


class NpoBeneficiary(models.Model):
    """The file of who complained is not suspended by the desk alone (P097)."""

    _inherit = "npo.beneficiary"

    def _check_may_suspend(self):
        # EXTENDS npo.beneficiary: without saying that somebody complained
        complaints = self.env[Base._name]
        protected = self.sudo().filtered(
            lambda file: complaints._protecting(file.partner_id, file.company_id)
        )
        if not protected or self.env.su:
            return super()._check_may_suspend()
        self._check_role(f"{OFFICER_GROUPS},{MANAGER_GROUPS}")
        for file in protected:
            complaints = complaints._protecting(file.partner_id, file.company_id)
            if self.env.user not in complaints._managers():
                raise UserError(
                    self.env._(
                        "The file of %s is suspended by a manager who is not concerned."
                        " Ask the general manager.",
                        file.name,
                    )
                )
