from odoo import models
from odoo.exceptions import AccessError


class NpoAppeal(models.Model):
    """What the person sees of an objection, and does about it, in the portal (D12)."""

    _inherit = "npo.appeal"

    def _is_mine(self):
        """Tell whether the objection is the user's own, or lodged by the user."""
        self.ensure_one()
        me = self.env.user.partner_id
        appeal = self.sudo()
        return me in (appeal.partner_id | appeal.lodged_by_id)

    def _portal_letter(self):
        """Tell whether there is a letter that answers the objection."""
        return bool(self.sudo().date_outcome)

    def _portal_withdraw(self):
        """Take the objection back; pressing twice takes it back once."""
        if not self._is_mine():
            raise AccessError(self.env._("This objection is not yours."))
        appeal_sudo = self.sudo()
        self._lock()
        if appeal_sudo.stage_code == "withdrawn":
            return
        appeal_sudo._require_stage("received", "late")
        appeal_sudo._drop("withdrawn")


class NpoRequest(models.Model):
    _inherit = "npo.request"

    def _portal_may_object(self):
        """Tell whether the user may object to the decision, for whomever it is."""
        self.ensure_one()
        return self._may_appeal() and self._acts_for_applicant()

    def _portal_object(self, ground, statement, **vals):
        """Object to the decision; a second press finds the first one's objection."""
        if not self._acts_for_applicant():
            raise AccessError(self.env._("This request is not yours."))
        self._lock()
        appeals = self.env["npo.appeal"]
        me = self.env.user.partner_id
        mine = self._appeals().filtered(
            lambda appeal: not appeal.is_closed and appeal.lodged_by_id == me
        )
        channel = self._portal_channel(self.sudo().company_id)
        return mine or appeals._lodge(
            self,
            me,
            ground=ground,
            statement=statement,
            channel_id=channel.id,
            **vals,
        )
