from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestTwoCounters(AtOnceCommon):
    """R104, R172, D03: two counters press at one moment."""

    def setUp(self):
        super().setUp()
        self.front, self.other = self.users["front"], self.users["officer"]

    def _arrival(self, key, section="women"):
        def call(env):
            visitor = {
                "section": section,
                "client_key": key,
                "purpose_id": env.ref("npo_relations.visit_purpose_other").id,
            }
            return env["npo.reception"].register(self.site.id, visitor)

        return call

    def _each(self, *calls):
        return self._at_once(
            *((user, call) for user, call in zip(self._users(), calls, strict=False))
        )

    def _users(self):
        return self.front, self.other, self.users["officer2"], self.users["centre"]

    def test_numbers(self):
        """D03: neither a gap nor the same number twice, the first of a day included."""
        results = self._each(*(self._arrival(f"n{n}", "men") for n in range(4)))
        self.assertEqual(sorted(one["number"] for one in results), [1, 2, 3, 4])
        results = self._each(*(self._arrival(f"m{n}", "men") for n in range(4)))
        self.assertEqual(sorted(one["number"] for one in results), [5, 6, 7, 8])

    def test_same_key(self):
        """R104: the same visitor sent by two tabs at once is one."""
        results = self._each(self._arrival("same"), self._arrival("same"))
        self.assertEqual(len({one["id"] for one in results}), 1)

    def test_next(self):
        """R104: two counters at once get two persons; of one, one gets none."""
        for key in ("a", "b"):
            self._each(self._arrival(key, "family"))

        def call_next(env):
            return env["npo.reception"].call_next(self.site.id, "family", 1)

        results = self._each(call_next, call_next)
        self.assertEqual(len({one["id"] for one in results}), 2)
        self._each(self._arrival("c", "family"))
        results = self._each(call_next, call_next)
        self.assertEqual(sum(bool(one) for one in results), 1)

    def test_call(self):
        """R104: two call one number: one does, the other is told by whom."""
        [made] = self._each(self._arrival("called"))
        visit = self.env["npo.visit"].browse(made["id"])

        def call(counter):
            def press(env):
                visits = env["npo.visit"].with_context(npo_counter=counter)
                visits.browse(visit.id).action_call()

            return press

        results = self._each(call(1), call(2))
        self._assert_one_wins(results)
        winner = results.index(None)
        self.assertEqual(visit.user_id, self._users()[winner])
        self.assertEqual(visit.counter, winner + 1)
        self.assertIn(visit.user_id.name, str(results[1 - winner]))

    def test_start(self):
        """Two begin to serve one visitor: one does, the other is told."""
        [made] = self._each(self._arrival("s"))
        results = self._each(
            *(
                lambda env: env["npo.visit"].browse(made["id"]).action_start()
                for _counter in range(2)
            )
        )
        self._assert_one_wins(results)

    def test_close_and_register(self):
        """R172: who registers while the day is closed is counted, or is told."""
        branch = self.env["npo.site"].create(
            {"name": "Branch", "company_id": self.company.id}
        )
        self.cr.commit()

        def register(env):
            visitor = {"purpose_id": env.ref("npo_relations.visit_purpose_other").id}
            made = env["npo.reception"].register(branch.id, visitor)
            env["npo.visit"].browse(made["id"]).action_leave()
            return made

        [made] = self._each(register)
        sheet_id = self.env["npo.visit"].browse(made["id"]).sheet_id.id

        def close(env):
            env["npo.visit.sheet"].browse(sheet_id)._close(typed_name="Front")
            return True

        results = self._each(register, close)
        self.assertIs(results[1], True)
        sheet = self.env["npo.visit.sheet"].browse(sheet_id)
        self.assertEqual(sheet.state, "closed")
        told = isinstance(results[0], UserError)
        self.assertEqual(sheet.visit_count, 1 if told else 2)
