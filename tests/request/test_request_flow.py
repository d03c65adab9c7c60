from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestRequestFlow(AssociationCommon):
    """The seven steps, each by the person whose step it is."""

    def test_whole_life(self):
        """R103–R129: from reception to the service delivered."""
        request = self._advance(self._new_request(), "delivery")
        self.assertEqual(request.stage_code, "delivery")
        self.assertEqual(request.beneficiary_id.state, "active")
        self.assertTrue(request.beneficiary_id.file_no)
        delivery = request.with_user(self.users["deliverer"])._deliver(
            {
                "amount": 12000,
                "quantity": 1,
                "date": self.company._npo_today(),
                "receipt_method": "bank",
                "bank_reference": "77",
            }
        )
        self.assertTrue(delivery.name.startswith("DLV/"))
        self.assertRecordValues(
            request, [{"stage_code": "done", "outcome": "served", "is_closed": True}]
        )
        levels = request.stage_log_ids.mapped("level")
        for level in ("officer", "committee", "delivery"):
            self.assertIn(level, levels)
        self.assertTrue(all(log.date_end for log in request.stage_log_ids[:-1]))

    def test_complete_names_what_is_missing(self):
        """R107: below 100 % the step is refused and names the missing document."""
        request = self._new_request()
        self.assertLess(request.completeness, 100)
        with self.assertRaises(UserError) as caught:
            request.action_complete()
        mandatory = request.document_ids.filtered("is_mandatory")
        for kind in mandatory.document_type_id:
            self.assertIn(kind.name, str(caught.exception))
            self.assertIn(kind.name, request.missing_text)
        self.assertEqual(request.next_step_note, str(caught.exception))
        self._hand_in(request)
        self.assertEqual(request.completeness, 100)
        self.assertFalse(request.missing_text)
        request.action_complete()
        self.assertEqual(request.stage_code, "verification")

    def test_document_must_be_valid_when_sent_in(self):
        """R109: expired a day before is refused, a day after passes."""
        request = self._new_request()
        self._hand_in(request)
        submitted = request.date_submitted.date()
        document = (
            request.document_ids.filtered(
                lambda line: (
                    line.is_mandatory
                    and line.document_type_id.code == "iban_certificate"
                )
            )
            or request.document_ids.filtered("is_mandatory")[0]
        )
        document.sudo().issue_date = fields.Date.subtract(submitted, days=9)
        document.sudo().expiry_date = fields.Date.subtract(submitted, days=1)
        document.sudo().state = "matched"
        request.action_complete()
        with self.assertRaises(UserError) as caught:
            request.action_verify()
        self.assertIn(document.document_type_id.name, str(caught.exception))
        document.sudo().expiry_date = fields.Date.add(submitted, days=1)
        document.sudo().state = "matched"
        request.action_verify()
        self.assertEqual(request.stage_code, "declaration")

    def test_verification_items_are_needed(self):
        """R116: each mandatory item verified, by whom and from which source."""
        request = self._advance(self._new_request(), "verification")
        item = request.verification_ids.filtered("is_mandatory")[0]
        item.write({"result": "mismatch", "note": "Another address"})
        with self.assertRaises(UserError):
            request.action_verify()
        item.write({"result": "verified", "source": "platform"})
        self.assertEqual(item.user_id, self.officer)
        request.action_verify()

    def test_referral(self):
        """R110–R115: unclear procedures go to the researcher and come back."""
        request = self._new_request()
        action = request.action_refer()
        wizard = (
            self.env["npo.request.refer"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({"question": "Is the heirs deed needed?"})
        )
        self.assertEqual(wizard.researcher_id, self.users["researcher"])
        wizard.action_confirm()
        self.assertEqual(request.stage_code, "clarification")
        referral = request.referral_ids.with_user(self.users["researcher"])
        self.assertTrue(
            request.activity_ids.filtered(
                lambda task: task.user_id == self.users["researcher"]
            )
        )
        with self.assertRaises(UserError):
            referral.action_answer()
        referral.answer = "Only for an inherited house."
        with self.assertRaises(UserError):
            referral.action_answer()  # not understood yet
        referral.is_understood = True
        referral.action_answer()
        self.assertEqual(request.stage_code, "data_entry")
        self.assertEqual(referral.state, "answered")
        with self.assertRaises(UserError):
            referral.answer = "Something else"

    def test_declaration_is_void_when_the_data_changes(self):
        """R119: a later edit of declared data asks for a new signature."""
        request = self._advance(self._new_request(), "declaration")
        with self.assertRaises(UserError):
            request.action_raise()
        request._record_paper_signature("paper", False)
        self.assertTrue(request.declaration_id.is_valid)
        request.amount_requested = 15000
        self.assertFalse(request.declaration_id)
        self.assertFalse(request.declaration_ids.is_valid)
        with self.assertRaises(UserError):
            request._record_paper_signature("thumb", " ")
        request._record_paper_signature("thumb", "Witness Name")
        self.assertEqual(request.declaration_id.witness_name, "Witness Name")

    def test_raised_is_frozen(self):
        """R122: what was raised does not change until it is sent back."""
        request = self._advance(self._new_request(), "committee")
        self.assertTrue(request.is_frozen)
        for vals in (
            {"amount_requested": 1},
            {"description": "Else"},
            {"service_id": self._service("furnishing").id},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                request.write(vals)
        with self.assertRaises(UserError), self.cr.savepoint():
            request.document_ids[0].write({"number": "1"})
        with self.assertRaises(UserError), self.cr.savepoint():
            request.verification_ids[0].write({"note": "x"})
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        request._return(reason, "Bring the new contract")
        self.assertFalse(request.is_frozen)
        self.assertFalse(request.declaration_id)
        request.action_receive()
        request.amount_requested = 11000
        self.assertEqual(request.stage_code, "data_entry")

    def test_flow_fields_cannot_be_written(self):
        """D02: stage, decision, dates are the steps' alone, for every role."""
        request = self._new_request()
        for vals in (
            {"decision": "accepted"},
            {"date_submitted": "2020-01-01"},
            {"date_clock_start": "2020-01-01"},
            {"study_min_value": 0},
            {"amount_approved": 5},
            {"committee_id": self.committee.id},
        ):
            for user in (self.officer, self.env.ref("base.user_admin")):
                user.sudo().company_ids |= self.company
                with self.assertRaises(AccessError), self.cr.savepoint():
                    request.with_user(user).write(vals)
        stage = self.env["npo.stage"]._get("request", "done")
        with self.assertRaises(UserError), self.cr.savepoint():
            request.write({"stage_id": stage.id})

    def test_drag_takes_the_step(self):
        """A card dragged to a column passes through the step of that column."""
        request = self._new_request()
        stage = self.env["npo.stage"]._get("request", "verification")
        with self.assertRaises(UserError), self.cr.savepoint():
            request.stage_id = stage
        self._hand_in(request)
        request.stage_id = stage
        self.assertEqual(request.stage_code, "verification")

    def test_segregation_by_person(self):
        """D02: who registered or verified does not decide, whatever the groups."""
        both = self.officer
        both.group_ids |= self.env.ref("npo_relations.group_npo_committee_member")
        self.committee.member_ids = [Command.create({"user_id": both.id})]
        request = self._advance(self._new_request(), "committee")
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            request.with_user(both)._decide("accepted", both, amount_approved=12000)
        self.assertIn(both.name, str(caught.exception))
        chair = self.users["chair"]
        with self.assertRaises(UserError), self.cr.savepoint():
            request.with_user(chair)._decide(
                "accepted", chair | both, amount_approved=12000
            )
        request.with_user(chair)._decide("accepted", chair, amount_approved=12000)
        self.assertEqual(request.decided_by_ids, chair)

    def test_decision_rules(self):
        """R125: reasons, amounts and members are checked."""
        request = self._advance(self._new_request(), "committee")
        chair = self.users["chair"]
        request = request.with_user(chair)
        no_budget = self.env.ref("npo_relations.reason_rejection_no_budget")
        refused = [
            ("rejected", chair, {}),
            ("partial", chair, {"amount_approved": 12000}),
            ("accepted", chair, {"amount_approved": 0}),
            ("deferred", chair, {}),
            ("accepted", self.users["manager"], {"amount_approved": 12000}),
            ("accepted", chair.browse(), {"amount_approved": 12000}),
        ]
        for decision, members, vals in refused:
            with self.assertRaises(UserError), self.cr.savepoint():
                request._decide(decision, members, **vals)
        with self.assertRaises(AccessError), self.cr.savepoint():
            request.with_user(self.officer)._decide("rejected", chair)
        request._decide("rejected", chair, decision_reason_id=no_budget.id)
        self.assertEqual(request.stage_code, "decided")
        self.assertFalse(request.date_announced)

    def test_partial_delivery(self):
        """R129: closes when delivered is approved, or with a reason."""
        request = self._advance(self._new_request(), "delivery")
        deliverer = request.with_user(self.users["deliverer"])
        today = self.company._npo_today()
        vals = {"date": today, "receipt_method": "bank", "bank_reference": "77"}
        with self.assertRaises(UserError), self.cr.savepoint():
            deliverer._deliver({**vals, "amount": 12001})
        deliverer._deliver({**vals, "amount": 5000})
        self.assertEqual(request.stage_code, "delivery")
        self.assertEqual(request._remaining()[0], 7000)
        deliverer._deliver({**vals, "amount": 1000}, shortfall_reason="Moved away")
        self.assertRecordValues(
            request,
            [{"stage_code": "done", "outcome": "served_partially"}],
        )

    def test_hold_resume_cancel(self):
        """A request on hold goes on where it was; a cancelled one is closed."""
        request = self._advance(self._new_request(), "verification")
        hold = self.env.ref("npo_relations.reason_hold_waiting_call")
        request._hold(hold, "Waiting for a call")
        self.assertEqual(request.stage_category, "paused")
        request.action_resume()
        self.assertEqual(request.stage_code, "verification")
        cancel = self.env.ref("npo_relations.reason_cancel_duplicate")
        request._cancel(cancel)
        self.assertTrue(request.is_closed)
        with self.assertRaises(UserError):
            request.action_receive()

    def test_reuse_of_documents_on_file(self):
        """R060: a second request asks only for what is expired or missing."""
        first = self._advance(self._new_request(), "verification")
        second = self._new_request(first.beneficiary_id, amount_requested=500)
        self.assertEqual(
            set(second.document_ids.filtered("is_mandatory").mapped("state")),
            {"matched"},
        )

    def test_copy_starts_anew(self):
        request = self._advance(self._new_request(), "committee")
        copy = request.copy()
        self.assertEqual(copy.stage_code, "new")
        self.assertNotEqual(copy.name, request.name)
        self.assertFalse(copy.decision or copy.date_raised or copy.committee_id)
        self.assertTrue(copy.document_ids)
