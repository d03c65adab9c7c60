from datetime import timedelta

from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestTwoInspectors(AtOnceCommon):
    """Two at one round, in transactions of their own: one has it, the other is told."""

    profile = "harfa"

    def _new_round(self, days=0):
        one = self.env["npo.inspection"].create(
            {
                "company_id": self.company.id,
                "site_id": self.site.id,
                "day": self.company._npo_today() + timedelta(days=days),
            }
        )
        self.cr.commit()
        self.addCleanup(self._drop, one.id)
        return one

    def _drop(self, round_id):
        self.env["npo.inspection"].browse(round_id).exists().unlink()
        self.cr.commit()

    def _press_both(self, one, method, *args):
        return self._at_once(
            *(
                (
                    self.users[name],
                    lambda env: getattr(env["npo.inspection"].browse(one.id), method)(
                        *args
                    ),
                )
                for name in ("centre", "chief")
            )
        )

    def test_begin(self):
        """One begins the round, and its items are there once."""
        one = self._new_round()
        results = self._press_both(one, "action_start")
        self._assert_one_wins(results)
        one.invalidate_recordset()
        self.assertEqual(len(one.line_ids), 30)
        self.assertIn(one.inspector_id, self.users["centre"] | self.users["chief"])

    def test_plan_at_once(self):
        """The same round planned by two is there once."""
        vals = {
            "company_id": self.company.id,
            "site_id": self.site.id,
            "day": self.company._npo_today(),
            "kind": "readiness",
        }
        results = self._at_once(
            *(
                (self.users[name], lambda env: env["npo.inspection"].create(vals).id)
                for name in ("centre", "chief")
            )
        )
        self._assert_one_wins(results)
        made = self.env["npo.inspection"].search(
            [("site_id", "=", self.site.id), ("kind", "=", "readiness")]
        )
        self.assertEqual(len(made), 1)
        self._drop(made.id)
