from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon
from .common import NOON, InspectionCommon

MENUS = ("inspection", "readiness", "corrective_action", "office")


@tagged("post_install", "-at_install")
class TestInspectionHome(InspectionCommon):
    """What each role sees first of the rounds (R169, ux.md)."""

    def _tiles(self, user):
        """Return {model and tone: count} of what the user's home shows of ours."""
        ours = ("npo.inspection", "npo.corrective.action", "npo.emergency.report")
        home = self.env["npo.home"].with_user(self.users[user]).get_home()
        counts = {}
        for tile in home["tiles"]:
            if tile["model"] in ours:
                counts[(tile["model"], tile["tone"])] = tile["count"]
        return counts

    def test_centre(self):
        """To inspect, not ready, emergencies open, reports to submit."""
        self._plan()
        self._emergency()
        tiles = self._tiles("centre")
        self.assertEqual(tiles[("npo.inspection", "primary")], 2)
        self.assertEqual(tiles[("npo.inspection", "danger")], 0)
        self.assertEqual(tiles[("npo.corrective.action", "danger")], 1)
        self.assertEqual(tiles[("npo.emergency.report", "warning")], 1)
        with freeze_time(NOON):
            self.assertEqual(self._tiles("centre")[("npo.inspection", "danger")], 2)

    def test_reception(self):
        """The representative finds the readiness to sign."""
        self._plan()
        self.assertEqual(self._tiles("front"), {("npo.inspection", "warning"): 2})
        self.assertEqual(self._tiles("delegate"), {("npo.inspection", "warning"): 1})

    def test_manager(self):
        """The general manager finds what was submitted, and no draft."""
        action = self._emergency(action="Restarted", result="Works")
        action.action_taken()
        key = ("npo.emergency.report", "warning")
        self.assertNotIn(key, self._tiles("manager"))
        action.report_ids.action_submit()
        self.assertEqual(self._tiles("manager")[key], 1)

    def test_others(self):
        for name in ("researcher", "auditor", "handler", "deliverer"):
            self.assertFalse(self._tiles(name), name)

    def test_menus(self):
        hidden = self._hidden(self.users["chief"])
        self.assertFalse(hidden & set(MENUS))

    def _hidden(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)._load_menus_blacklist()
        names = {self.env.ref(f"npo_relations.npo_menu_{n}").id: n for n in MENUS}
        return {names[menu] for menu in menus if menu in names}

    def test_setup(self):
        """The setup asks for a supervisor of each site."""
        checks = self.env["npo.setup.check"]._checks(self.company)
        state = {check["code"]: check["state"] for check in checks}
        self.assertEqual(state["site_supervisors"], "missing")
        (self.site | self.branch).supervisor_id = self.users["chief"]
        checks = self.env["npo.setup.check"]._checks(self.company)
        state = {check["code"]: check["state"] for check in checks}
        self.assertEqual(state["site_supervisors"], "done")


@tagged("post_install", "-at_install")
class TestWithoutCentre(AssociationCommon):
    """A policy without a measurement centre has no rounds to show (R169)."""

    def test_hidden(self):
        chief = self.users["chief"]
        menus = self.env["ir.ui.menu"].with_user(chief)._load_menus_blacklist()
        for name in MENUS:
            self.assertIn(self.env.ref(f"npo_relations.npo_menu_{name}").id, menus)
        home = self.env["npo.home"].with_user(chief).get_home()
        self.assertNotIn("npo.inspection", {tile["model"] for tile in home["tiles"]})
        codes = {c["code"] for c in self.env["npo.setup.check"]._checks(self.company)}
        self.assertNotIn("site_supervisors", codes)
