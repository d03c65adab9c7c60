import io
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common_performance import PerformanceCommon
from .common import CommitteeCommon
from .test_letters import _in_time

SIZE = 1000
LETTERS = 100


@tagged("post_install", "-at_install")
class TestCommitteeSize(PerformanceCommon, CommitteeCommon):
    """Statement budgets: an agenda of a thousand, a hundred letters in one go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Person {number}", "company_id": cls.company.id}
                for number in range(SIZE)
            ]
        )
        cls.files = cls.env["npo.beneficiary"].create(
            [{"partner_id": p.id, "company_id": cls.company.id} for p in partners]
        )

    def _at_committee(self, count, **vals):
        """Return requests before the committee, put there at once."""
        requests = self.env["npo.request"].create(
            [
                {
                    "company_id": self.company.id,
                    "beneficiary_id": file.id,
                    "service_id": self.service.id,
                    "channel_id": self.channel.id,
                    "amount_requested": 100,
                    "recommendation": "accept",
                }
                for file in self.files[:count]
            ]
        )
        stage = self.env["npo.stage"]._get("request", vals.pop("stage", "committee"))
        version = self.company.npo_policy_version_id
        requests.write(
            {
                "stage_id": stage.id,
                "committee_id": self.committee.id,
                "policy_version_id": version.id,
                "date_clock_start": fields.Date.subtract(
                    self.company._npo_today(), days=20
                ),
                **version._window_values(),
                **vals,
            }
        )
        self.env.flush_all()
        return requests

    def test_draw_a_thousand(self):
        """R123: an agenda of 1,000 costs a constant, and its rows in batches."""
        counts = []
        for size in (100, SIZE):
            self._at_committee(size)
            session = self._session()
            counts.append(self._statements(session.action_draw_agenda))
            self.assertEqual(len(session.item_ids), size)
        # one statement more for each hundred rows
        self.assertLessEqual(counts[0], 32)
        self.assertLessEqual(counts[1], counts[0] + (SIZE - 100) // 100)

    def test_list_of_a_large_agenda(self):
        """R123: the first 80 of an agenda cost the same, whatever its size."""
        counts = []
        for size in (100, SIZE):
            self._at_committee(size)
            session = self._session()
            session.action_draw_agenda()
            items = session.item_ids.with_user(self.member)
            self._read_first(items)  # warm the caches of rules
            counts.append(self._statements(lambda own=items: self._read_first(own)))
        self.assertLessEqual(counts[1], 20)
        self.assertLessEqual(counts[1], counts[0])

    def _read_first(self, items):
        items.browse(items.ids[:80]).read(
            ["reference", "partner_id", "window_state", "motion", "result", "state"]
        )

    def test_a_hundred_letters(self):
        """R125: 100 announced in one step, and their letters batch by batch."""
        requests = self._at_committee(
            LETTERS,
            stage="decided",
            decision="accepted",
            amount_approved=100,
            date_decided=fields.Datetime.now(),
            decided_by_ids=[Command.set(self.chair.ids)],
        )
        session = self._session()
        items = self.env["npo.committee.item"].create(
            [
                {
                    "session_id": session.id,
                    "request_id": request.id,
                    "state": "decided",
                    "motion": "accepted",
                }
                for request in requests
            ]
        )
        announce = self._statements(session.action_announce)
        self.assertEqual(set(requests.mapped("stage_code")), {"registration"})
        with (
            patch.object(self.env.registry["ir.cron"], "_commit_progress", _in_time),
            patch.object(
                self.env.registry["ir.actions.report"],
                "_npo_print_pages",
                lambda report, pages: io.BytesIO(b"%PDF"),
            ),
        ):
            letters = self._statements(items._cron_letters)
        self.assertEqual(set(items.mapped("letter_state")), {"made"})
        self.assertLessEqual(announce, 60)
        self.assertLessEqual(letters, 2 * LETTERS)
