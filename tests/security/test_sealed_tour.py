from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_browser import BrowserCommon
from .common_sealed import SealedCommon

# Who sees the complaints that are not sealed, and their numbers.
READERS = ("handler", "chief", "manager", "auditor", "admin", "root")


@tagged("post_install", "-at_install")
class TestSealedTour(SealedCommon, BrowserCommon):
    """P092: a sealed complaint on the screen of everybody who may open one."""

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_screens(self):
        """By its address, in list, groups, search, numbers: its focal person only."""
        self._touch(self.complaint)
        self.complaint.with_user(self.handler)._seal()
        self._complain(
            title="In the open",
            description="Seen",
            category_id=self._category("delay").id,
        )
        path = f"/odoo/complaints/{self.complaint.id}"
        self._build_assets(self.focal)
        self._tour(path, "npo_sealed_seen", self.focal)
        for role, user in self._one_of_each().items():
            name = "unseen" if role in READERS else "no_list"
            name = "refused" if role == "internal" else name
            with self.subTest(role):
                self._tour(path, f"npo_sealed_{name}", user)

    def _one_of_each(self):
        """Return one user of each set of groups, of those who work in the office."""
        staff = {
            role: self.users[role]
            for role in self._everybody()
            if self.users[role].has_group("base.group_user")
        }
        by_groups = {user.group_ids: role for role, user in staff.items()}
        return {role: staff[role] for role in by_groups.values()}
