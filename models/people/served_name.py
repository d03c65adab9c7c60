from odoo import SUPERUSER_ID, api, models

# Who meets the persons served: the same as in the rules on contacts.
MEETS_SERVED = (
    "npo_relations.group_npo_staff,"
    "account.group_account_readonly,account.group_account_invoice"
)


class ResPartner(models.Model):
    """The name of a person served is told by no link to them (R154, D02).

    Core tells the name of whatever a many2one points to without asking whether it may
    be read: who has no role would learn all names by counting up the numbers.
    """

    _inherit = "res.partner"

    @api.depends_context("uid")
    def _compute_display_name(self):
        # EXTENDS base
        hidden = self._npo_hidden()
        super(ResPartner, self - hidden)._compute_display_name()
        if hidden:
            hidden.display_name = self.env._("Contact not shown")

    def _npo_hidden(self):
        """Return those of the contacts whose name is not for who is asking.

        No statement for who has a role, in the portal, and for the platform itself.
        """
        user = self.env.user
        if self.env.uid == SUPERUSER_ID or not user or not user._is_internal():
            return self.browse()
        if user.has_groups(MEETS_SERVED):
            return self.browse()
        served = self.sudo().filtered("npo_is_served")
        return self.filtered(lambda partner: partner in served)


class ResUsers(models.Model):
    """An account in the portal bears the name of its person."""

    _inherit = "res.users"

    @api.depends_context("uid")
    def _compute_display_name(self):
        # EXTENDS base
        partners = self.sudo().partner_id._npo_hidden()
        hidden = self.filtered(lambda user: user.sudo().partner_id in partners)
        super(ResUsers, self - hidden)._compute_display_name()
        if hidden:
            hidden.display_name = self.env._("Contact not shown")


class DiscussChannelMember(models.Model):
    """Who is called into a conversation is named to everybody in it."""

    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS mail: whom one cannot find among the contacts, one cannot call, though
        # core adds to a thread of a channel in sudo
        ids = {vals.get("partner_id") for vals in vals_list} - {None, False}
        hidden = self.env["res.partner"].browse(ids)._npo_hidden()
        hidden.sudo(False).check_access("read")
        return super().create(vals_list)
