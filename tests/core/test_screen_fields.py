from lxml import etree

from odoo.tests import tagged

from ..common import AssociationCommon

SHOWN = ("list", "kanban", "form")


@tagged("post_install", "-at_install")
class TestScreenFields(AssociationCommon):
    """R158, D06: no screen breaks for a role that may not read one of its fields.

    A field that is kept from a role leaves its screen. Where the screen still asks for
    it, to hide something by it, the browser stops with an error: what is hidden by such
    a field is for the same groups as the field.
    """

    def test_d06_fields_of_each_role(self):
        """D06: each screen offers each role only fields that the role may read."""
        broken = set()
        for role, user in self.users.items():
            for action in self._actions(user):
                broken |= {
                    (role, action.res_model, *found)
                    for found in self._unknown_fields(action, user)
                }
        self.assertFalse(broken)

    def _actions(self, user):
        """Return the actions of the module whose records the user may read."""
        ids = self.env["ir.model.data"].search_fetch(
            [("module", "=", "npo_relations"), ("model", "=", "ir.actions.act_window")],
            ["res_id"],
        )
        actions = self.env["ir.actions.act_window"].browse(ids.mapped("res_id"))
        return actions.exists().filtered(
            lambda action: self.env[action.res_model].with_user(user).has_access("read")
        )

    def _unknown_fields(self, action, user):
        """Return the (kind of view, field) that a screen asks for and does not get."""
        model = self.env[action.res_model].with_user(user)
        views = [view for view in action.views if view[1] in SHOWN]
        if not views:
            return
        answer = model.get_views(views)
        known = answer["models"][action.res_model]["fields"]
        for kind, view in answer["views"].items():
            arch = etree.fromstring(view["arch"])
            for node in arch.xpath("//field[not(ancestor::field)]"):
                if node.get("name") not in known:
                    yield kind, node.get("name")
