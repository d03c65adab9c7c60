from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestTwoHandle(AtOnceCommon):
    """Two people handle one complaint at one moment, in transactions of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handler = cls.users["handler"]
        cls.second = cls._new_staff("second", "complaint_officer", cls.company)
        cls.cr.commit()

    def _complaint(self):
        """Return a committed complaint that is looked into, of a person of its own."""
        person = self.env["res.partner"].create(
            {
                "name": "Sara",
                "email": "sara@example.com",
                "company_id": self.company.id,
            }
        )
        in_person = self.env.ref("npo_relations.channel_in_person")
        case = self.env["npo.complaint"]._receive(
            {
                "title": "No answer to my calls",
                "channel_id": in_person.id,
                "company_id": self.company.id,
                "partner_id": person.id,
                "category_id": self.env.ref(
                    "npo_relations.complaint_category_no_answer"
                ).id,
            }
        )
        own = case.with_user(self.handler)
        own._assess("medium", "1")
        own.action_investigate()
        self.cr.commit()
        return case

    def _assert_one(self, case, results, stage):
        """One of two is told; the complaint got to a stage once."""
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(told), 1, results)
        case.invalidate_recordset()
        self.assertEqual(case.stage_code, stage)
        logs = case.stage_log_ids.filtered(lambda log: log.stage_id.code == stage)
        self.assertEqual(len(logs), 1)

    def _messages(self, case, code):
        template = self.env.ref(f"npo_relations.mail_template_{code}")
        return case.message_log_ids.filtered(lambda one: one.template_id == template)

    def test_two_decide(self):
        """P075: one decision stands and is told once; the other handler is told."""
        case = self._complaint()

        def decide(outcome, answer):
            def call(env):
                own = env["npo.complaint"].browse(case.id)
                own._decide(outcome, "process", answer)
                return own.outcome

            return call

        results = self._at_once(
            (self.handler, decide("upheld", "You are right.")),
            (self.second, decide("not_upheld", "We did call.")),
        )
        self._assert_one(case, results, "decided")
        self.assertIn(case.outcome, results)
        is_first = case.outcome == "upheld"
        self.assertEqual(case.answer, "You are right." if is_first else "We did call.")
        self.assertEqual(case.decided_by_id, self.handler if is_first else self.second)
        self.assertEqual(len(self._messages(case, "cmp_decision")), 1)
        duties = self.env["npo.duty"].search(
            [("complaint_id", "=", case.id), ("duty", "=", "decide")]
        )
        self.assertEqual(len(duties), 1)

    def test_decided_and_out_of_scope(self):
        """P075, P098: what is decided is not sent elsewhere at the same moment."""
        case = self._complaint()

        def decide(env):
            own = env["npo.complaint"].browse(case.id)
            own._decide("upheld", "process", "You are right.")

        def refer(env):
            env["npo.complaint"].browse(case.id)._refer_out("Ask the municipality.")

        results = self._at_once((self.handler, decide), (self.second, refer))
        stage = "decided" if results[0] is None else "out_of_scope"
        self._assert_one(case, results, stage)
        messages = [
            len(self._messages(case, code))
            for code in ("cmp_decision", "cmp_out_of_scope")
        ]
        self.assertEqual(messages, [1, 0] if stage == "decided" else [0, 1])

    def test_two_answer_for_a_unit(self):
        """R206: who is asked and who handles it answer at once: one answer stands."""
        case = self._complaint()
        unit = self.env["hr.department"].create(
            {"name": "Support", "company_id": self.company.id}
        )
        own = case.with_user(self.handler)
        line = own._send_to_unit(unit, "What happened?", self.officer)
        self.cr.commit()

        def answer(text):
            def call(env):
                env["npo.complaint.assignment"].browse(line.id)._answer(text)
                return text

            return call

        results = self._at_once(
            (self.officer, answer("Nobody called.")),
            (self.handler, answer("The line was busy.")),
        )
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(told), 1, results)
        line.invalidate_recordset()
        self.assertEqual(line.state, "done")
        self.assertIn(line.answer, results)
        case.invalidate_recordset()
        self.assertEqual(case.stage_code, "investigation")
