from datetime import timedelta

from odoo.tests import tagged

from ..common_performance import PerformanceCommon
from .common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionSize(PerformanceCommon, InspectionCommon):
    """Statement budgets of performance.md, asserted at two sizes."""

    def _new_rounds(self, first, number):
        """Plan rounds of many days, a fortnight's worth and a year's."""
        self.env["npo.inspection"].create(
            [
                {
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "day": self.today + timedelta(days=first + day),
                }
                for day in range(number)
            ]
        )

    def test_rounds(self):
        """List, search and form of a register that grows."""
        rounds = self.env["npo.inspection"].with_user(self.users["centre"])
        spec, form = self._view_spec(rounds, "list"), self._view_spec(rounds, "form")
        counts = []
        for first, number in ((0, 10), (10, 190)):
            self._new_rounds(first, number)
            one = rounds.search([], limit=1)
            calls = (
                lambda: rounds.web_search_read([], spec, limit=80),
                lambda: rounds.web_search_read(
                    [("name", "ilike", "0001")], spec, limit=80
                ),
                lambda one=one: one.web_read(form),
            )
            for call in calls:
                call()
            counts.append([self._statements(call) for call in calls])
        for (small, large), limit in zip(
            zip(*counts, strict=True), (8, 8, 14), strict=True
        ):
            self.assertLessEqual(large, limit, counts)
            self.assertLessEqual(large, small + 1, counts)

    def test_whole_round(self):
        """Beginning, answering and finishing take as much whatever came before."""
        self._plan()
        for site in (self.branch, self.site):
            one = self._rounds(
                day=self.today, kind="field_survey", site_id=site.id
            ).with_user(self.users["centre"])
            begun = self._statements(one.action_start)
            shown = self._statements(one.get_round)
            line = one.line_ids[0]
            answered = self._statements(lambda line=line: line.write({"result": "ok"}))
            self._answer(one)
            finished = self._statements(one.action_finish)
        figures = (begun, shown, answered, finished)
        self.assertLessEqual(begun, 22, figures)
        self.assertLessEqual(shown, 16, figures)
        self.assertLessEqual(answered, 16, figures)
        self.assertLessEqual(finished, 16, figures)

    def _vals(self, number, **values):
        vals = {
            "company_id": self.company.id,
            "site_id": self.site.id,
            "problem": "The printer is broken",
            **values,
        }
        return [vals] * number

    def test_actions(self):
        """Corrective actions and the reports drafted with them."""
        actions = self.env["npo.corrective.action"].with_user(self.users["centre"])
        actions = actions.with_context(tracking_disable=False)
        urgent = {"is_emergency": True, "emergency_kind": "other"}
        actions.create(self._vals(2, **urgent))
        one = self._statements(lambda: actions.create(self._vals(1)))
        many = self._statements(lambda: actions.create(self._vals(100)))
        emergency = self._statements(lambda: actions.create(self._vals(1, **urgent)))
        emergencies = self._statements(lambda: actions.create(self._vals(9, **urgent)))
        figures = (one, many, emergency, emergencies)
        self.assertLessEqual(one, 22, figures)
        self.assertLessEqual(many, 60, figures)
        self.assertLessEqual(emergency, 44, figures)  # an action and its report
        self.assertLessEqual(emergencies, emergency + 10, figures)
        first = actions.search([], limit=1)
        first.write({"action": "Repaired", "result": "Works"})
        self.assertLessEqual(self._statements(first.action_taken), 16)

    def test_lists(self):
        """Lists and forms of actions and reports, at two sizes."""
        actions = self.env["npo.corrective.action"].with_user(self.users["centre"])
        urgent = {"is_emergency": True, "emergency_kind": "other"}
        for name in ("npo.corrective.action", "npo.emergency.report"):
            records = self.env[name].with_user(self.users["centre"])
            spec = self._view_spec(records, "list")
            form = self._view_spec(records, "form")
            counts = []
            for number in (5, 95):
                actions.create(self._vals(number, **urgent))
                one = records.search([], limit=1)
                calls = (
                    lambda r=records, s=spec: r.web_search_read([], s, limit=80),
                    lambda o=one, f=form: o.web_read(f),
                )
                for call in calls:
                    call()
                counts.append([self._statements(call) for call in calls])
            with self.subTest(name, counts=counts):
                self.assertLessEqual(counts[1][0], 8)
                self.assertLessEqual(counts[1][0], counts[0][0] + 1)
                self.assertLessEqual(counts[1][1], 20)
                self.assertLessEqual(counts[1][1], counts[0][1] + 1)
