from unittest.mock import patch

from odoo.tests import tagged

from ..common import AssociationCommon
from ..common_performance import PerformanceCommon


@tagged("post_install", "-at_install")
class TestRequestPerformance(PerformanceCommon, AssociationCommon):
    """Statement budgets of performance.md, at two sizes so that N+1 shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Person {number}", "company_id": cls.company.id}
                for number in range(100)
            ]
        )
        cls.files = cls.env["npo.beneficiary"].create(
            [
                {"partner_id": partner.id, "company_id": cls.company.id}
                for partner in cls.partners
            ]
        )
        cls.advice = cls._service("financial_housing_advice")

    def _vals(self, count):
        return [
            {
                "company_id": self.company.id,
                "beneficiary_id": file.id,
                "partner_id": file.partner_id.id,
                "service_id": self.service.id,
                "channel_id": self.channel.id,
                "description": "Rent",
                "amount_requested": 100,
            }
            for file in self.files[:count]
        ]

    def _requests(self, env=None):
        return (env or self.env)["npo.request"].with_user(self.officer)

    def _as_officer(self, count):
        """Return requests of the officer, made by the dozen."""
        requests = self._requests().create(self._vals(count))
        self.env.flush_all()
        return requests

    def test_create(self):
        """One request with its deadlines and checklists in 22, 100 in 60."""
        requests = self._requests()
        requests.create(self._vals(1))  # warm the registry's caches
        one = self._statements(lambda: requests.create(self._vals(1)))
        many = self._statements(lambda: requests.create(self._vals(100)))
        self.assertLessEqual(one, 22)
        self.assertLessEqual(many, 60)

    def test_list(self):
        """The first 80 in 8 statements, whether 10 or 100 are there."""
        spec = self._view_spec(self._requests(), "list")

        def read():
            self._requests().web_search_read(
                [("stage_code", "!=", "draft")], spec, limit=80
            )

        counts = self._at_two_sizes(read)
        self.assertLessEqual(counts[1], 8)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_kanban(self):
        """The board of open cases in 16 statements at both sizes."""
        spec = self._view_spec(self._requests(), "kanban")

        def read():
            self._requests().web_read_group(
                [("stage_category", "=", "open")],
                ["stage_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=spec,
                unfold_read_default_limit=80,
            )

        counts = self._at_two_sizes(read)
        self.assertLessEqual(counts[1], 16)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_search(self):
        """What an officer types is found in 8 statements."""
        counts = self._at_two_sizes(
            lambda: self._requests().search_fetch(
                [("npo_search", "ilike", "Person 7")], ["name", "partner_id"], limit=80
            )
        )
        self.assertLessEqual(counts[1], 8)
        self.assertEqual(counts[0], counts[1])
        found = self._requests().search([("npo_search", "ilike", "Person 77")])
        self.assertEqual(found.partner_id, self.partners[77])

    def test_form(self):
        """One form opens in 20: 11 of its own, 9 for the lists that it shows."""
        spec = self._view_spec(self._requests(), "form")
        request = self._as_officer(1)
        request.action_receive()
        read = request.with_user(self.officer).web_read
        self._statements(lambda: read(spec))  # warm the caches of rules
        count = self._statements(lambda: read(spec))
        self.assertLessEqual(count, 20)

    def test_move(self):
        """One card dragged on in 16 statements, 100 in 60."""
        requests = self._as_officer(100)
        requests.action_receive()
        stage = self.env["npo.stage"]._get("request", "verification")
        with patch.object(type(requests), "_missing", lambda request: []):
            requests[0].stage_id = stage
            one = self._statements(lambda: requests[1].write({"stage_id": stage.id}))
            many = self._statements(lambda: requests[2:].write({"stage_id": stage.id}))
        self.assertTrue(all(request.stage_id == stage for request in requests))
        self.assertLessEqual(one, 16)
        self.assertLessEqual(many, 60)

    def test_receive(self):
        """Receiving sends a message and records a duty: 100 cost as much as one."""
        requests = self._as_officer(100)
        requests[0].action_receive()
        self.assertLessEqual(self._statements(requests[1:].action_receive), 60)

    def test_recompute_deadlines(self):
        """The deadlines of 100 cases in 25 statements."""
        requests = self._as_officer(100).sudo()
        requests.write({"date_submitted": "2026-03-01 08:00:00"})

        def recompute():
            requests._refresh_deadlines(self.company)
            self.env.flush_all()

        self.assertLessEqual(self._statements(recompute), 25)

    def test_home(self):
        """The officer's home does not depend on how many requests there are."""
        home = self.env["npo.home"].with_user(self.officer)
        counts = self._at_two_sizes(home.get_home)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _at_two_sizes(self, action):
        """Return the statements of an action with 10 and with 100 requests."""
        counts = []
        for size in (10, 90):
            self._as_officer(size).action_receive()
            action()
            counts.append(self._statements(action))
        return counts
