from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestTwoAnswer(AtOnceCommon):
    """Two people deal with one inquiry at one moment, in transactions of their own."""

    def _inquiry(self):
        person = self.env["res.partner"].create(
            {
                "name": "Sara",
                "email": "sara@example.com",
                "company_id": self.company.id,
            }
        )
        inquiry = self.env["npo.inquiry"]._receive(
            {
                "title": "When?",
                "channel_id": self.channel.id,
                "company_id": self.company.id,
                "partner_id": person.id,
            }
        )
        self.cr.commit()
        return inquiry

    def _told(self, results):
        return [result for result in results if isinstance(result, UserError)]

    def test_two_answer(self):
        """R063: one answer stands and is sent once; the other handler is told."""
        inquiry = self._inquiry()

        def answer(text):
            return lambda env: env["npo.inquiry"].browse(inquiry.id)._answer(text)

        results = self._at_once(
            (self.officer, answer("On the 5th.")),
            (self.users["officer2"], answer("On the 7th.")),
        )
        self.assertEqual(len(self._told(results)), 1, results)
        inquiry.invalidate_recordset()
        stands = "On the 7th." if results[0] else "On the 5th."
        self.assertEqual(inquiry.answer, stands)
        messages = inquiry.message_log_ids.filtered(
            lambda message: "On the" in message.body
        )
        self.assertEqual(len(messages), 1)
        self.assertIn(stands, messages.body)

    def test_two_pass_on(self):
        """R168: passed on at once by two: it gets to its officer once."""
        inquiry = self._inquiry()
        inquiry._move("new")
        self.cr.commit()

        def pass_on(env):
            env["npo.inquiry"].browse(inquiry.id).action_assign()

        results = self._at_once(
            (self.officer, pass_on), (self.users["officer2"], pass_on)
        )
        self.assertEqual(len(self._told(results)), 1, results)
        inquiry.invalidate_recordset()
        self.assertEqual(inquiry.stage_code, "assigned")
        self.assertEqual(len(inquiry.stage_log_ids), 4)  # new, assigned, twice
