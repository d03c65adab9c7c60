from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon


def riyadh(*args):
    return datetime(*args) - timedelta(hours=3)


@tagged("post_install", "-at_install")
class TestClock(AssociationCommon):
    """R151, P084: what was promised, in working time, without what waited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._new_beneficiary().partner_id
        cls.channel = cls.env.ref("npo_relations.channel_in_person")

    def _receive(self, **vals):
        return self.env["npo.complaint"]._receive(
            {
                "title": "No answer",
                "description": "I called three times.",
                "channel_id": self.channel.id,
                "company_id": self.company.id,
                "partner_id": self.person.id,
                "severity": "medium",
                **vals,
            }
        )

    @freeze_time("2026-10-01 12:30:00")  # a Thursday, 15:30 in Riyadh
    def test_working_days(self):
        """R151: ten working days from Thursday 15:30 end on a Thursday 15:30."""
        case = self._receive()
        self.assertEqual((case.answer_within, case.answer_unit), (10, "days"))
        self.assertEqual(case.date_due, riyadh(2026, 10, 15, 15, 30))
        self.assertFalse(case.is_overdue)
        self.assertIn("10 working days", case.clock_sentence)

    @freeze_time("2026-10-01 12:30:00")
    def test_own_level_and_later_change(self):
        """R151: the association's own promise holds, and a later one moves nothing."""
        level = self.env["npo.service.level"].create(
            {
                "kind": "complaint",
                "severity": "medium",
                "company_id": self.company.id,
                "answer": 4,
                "answer_unit": "hours",
            }
        )
        case = self._receive()
        self.assertEqual(case.answer_unit, "hours")
        due = case.date_due
        level.answer = 9
        self.env["npo.complaint"]._refresh_deadlines(self.company)
        self.assertEqual(case.date_due, due)

    def test_waiting_moves_the_deadline(self):
        """P084: the time that the case waits for the person is left out, and shown."""
        with freeze_time("2026-10-04 06:00:00"):  # a Sunday, 9:00
            case = self._receive()
            due = case.date_due
        with freeze_time("2026-10-05 06:00:00"):
            case._move("waiting")
            self.assertFalse(case.is_overdue)
        with freeze_time("2026-10-06 06:00:00"):
            case._move("investigation")
        hours = case.paused_hours
        self.assertGreater(hours, 6)
        self.assertEqual(case.date_due.date(), due.date() + timedelta(days=1))
        self.assertIn("left out", case.clock_sentence)
        with freeze_time("2026-12-01 06:00:00"):
            self.assertTrue(case.is_overdue)
            late = self.env["npo.complaint"].search([("is_overdue", "=", True)])
            self.assertIn(case, late)

    def test_code(self):
        """R150: the code that follows it is long, its own, and read as it is typed."""
        case, other = self._receive(), self._receive(title="Another")
        code = case._tracking_code()
        self.assertEqual(len(code), 8)
        self.assertNotEqual(code, other._tracking_code())
        self.assertTrue(case._has_tracking_code(f" {code[:4].lower()} {code[4:]}"))
        self.assertFalse(case._has_tracking_code(other._tracking_code()))
        self.assertFalse(case._has_tracking_code(None))
