from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestTwoWriters(AtOnceCommon):
    """R176: two who begin the next version of a guide in one moment."""

    profile = "harfa"

    def _guides(self):
        own = [("company_id", "=", self.company.id)]
        return self.env["npo.guide"].with_context(active_test=False).search(own)

    def _drop(self):
        self._guides().replaces_id = False
        self._guides().unlink()
        self.cr.commit()

    def test_next_version(self):
        """One version is begun, the other one is told."""
        guide = self.env["npo.guide"].create(
            {"name": "How to ask", "company_id": self.company.id}
        )
        self.cr.commit()
        self.addCleanup(self._drop)

        def begin(env):
            return env["npo.guide"].browse(guide.id).action_new_version()["res_id"]

        results = self._at_once((self.env.user, begin), (self.env.user, begin))
        told = [one for one in results if isinstance(one, UserError)]
        self.assertEqual(len(told), 1, results)
        self.assertEqual(len(self._guides() - guide), 1)
