from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestRequestBulk(AssociationCommon):
    """R103: one thing on many requests, with a result for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ready = cls._new_request(cls._new_beneficiary(0))
        cls._hand_in(cls.ready)
        cls.incomplete = cls._new_request(cls._new_beneficiary(1))
        cls.requests = cls.ready | cls.incomplete

    def _bulk(self, requests=None, user=None, **vals):
        requests = requests or self.requests
        bulks = self.env["npo.request.bulk"].with_user(user or self.officer)
        return bulks.with_context(active_ids=requests.ids).create(vals)

    def _results(self, bulk):
        return {line.request_id: line.state for line in bulk.line_ids}

    def test_next_step_where_allowed(self):
        """What is ready moves, what is not stays, and its line says what is missing."""
        bulk = self._bulk(action="next")
        bulk.action_run()
        self.assertEqual(
            self._results(bulk), {self.ready: "done", self.incomplete: "refused"}
        )
        self.assertEqual(self.ready.stage_code, "verification")
        self.assertEqual(self.incomplete.stage_code, "data_entry")
        refused = bulk.line_ids.filtered(lambda line: line.state == "refused")
        self.assertIn(self.incomplete.name, refused.message)
        self.assertEqual(bulk.progress, 100)

    def test_refused_again_after_it_was_completed(self):
        """The rest is run again when it was completed, and what was done is not."""
        bulk = self._bulk(action="next")
        bulk.action_run()
        self._hand_in(self.incomplete)
        bulk.action_again()
        bulk.action_run()
        self.assertEqual(set(self._results(bulk).values()), {"done"})
        self.assertEqual(self.requests.mapped("stage_code"), ["verification"] * 2)

    def test_assign_needs_a_reason(self):
        """R103: handed over with a reason alone; the closed one is refused."""
        self.incomplete._cancel(self.env.ref("npo_relations.reason_cancel_mistake"))
        bulk = self._bulk(action="assign", user_id=self.users["officer2"].id)
        with self.assertRaises(UserError):
            bulk.action_run()
        bulk.note = "On leave"
        bulk.action_run()
        self.assertEqual(
            self._results(bulk), {self.ready: "done", self.incomplete: "refused"}
        )
        self.assertEqual(self.ready.user_id, self.users["officer2"])

    def test_remind(self):
        """Reminded is who is waited for; nobody else, and nobody twice a day."""
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        self.ready._return(reason, "The contract")
        self.ready.sudo().date_applicant_told = "2026-01-01"
        bulk = self._bulk(action="remind")
        bulk.action_run()
        self.assertEqual(
            self._results(bulk), {self.ready: "done", self.incomplete: "refused"}
        )
        again = self._bulk(self.ready, action="remind")
        again.action_run()
        self.assertEqual(self._results(again), {self.ready: "refused"})

    def test_print(self):
        """The forms of all in one document."""
        action = self._bulk(action="print").action_run()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(action["context"]["active_ids"], self.requests.ids)

    def test_rights(self):
        """D02: the manager takes no officer's step through the form."""
        bulk = self._bulk(user=self.users["manager"], action="next")
        bulk.action_run()
        self.assertEqual(set(self._results(bulk).values()), {"refused"})
        self.assertEqual(self.ready.stage_code, "data_entry")
