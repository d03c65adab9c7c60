from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import AssociationCommon, local_today


@tagged("post_install", "-at_install")
class TestRequestKind(AssociationCommon):
    """Glossary 11.2: each kind goes its path, said by data; P139: the urgent track."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aid = cls.env["npo.service"].search(
            [("company_id", "=", cls.company.id), ("kind", "!=", "cash")], limit=1
        )

    def _request(self, kind, **vals):
        return self._new_request(
            **{"request_type": kind, "service_id": self.aid.id, **vals}
        )

    def _active_file(self, index=0):
        file = self._new_beneficiary(index)
        file._register_file()
        return file

    def test_data(self):
        """Glossary 11.2: a kind is there for each type of request."""
        kinds = self.env["npo.request.kind"].search([])
        types = self.env["npo.request"]._fields["request_type"].get_values(self.env)
        self.assertEqual(set(kinds.mapped("code")), set(types))

    def test_renewal(self):
        """Glossary 11.2: verified and signed, a data update renews the file."""
        file = self._active_file()
        file.date_renewal = local_today()
        request = self._advance(
            self._request("renewal", beneficiary=file), "declaration"
        )
        request._record_paper_signature("paper", False)
        with self.assertRaisesRegex(UserError, "does not go to the committee"):
            request.action_raise()
        request.action_proceed()
        self.assertEqual(request.stage_code, "done")
        self.assertEqual(request.outcome, "served")
        self.assertGreater(file.date_renewal, local_today())
        self.assertEqual(request._portal_steps()[-1][1], "done")

    def test_renewal_needs_file(self):
        """Glossary 11.2: who has no file yet has nothing to renew."""
        request = self._advance(self._request("renewal"), "declaration")
        request._record_paper_signature("paper", False)
        with self.assertRaisesRegex(UserError, "can be renewed"):
            request.action_proceed()

    def test_advice(self):
        """Glossary 11.2: advice needs the question alone, and goes to who gives it."""
        file = self._new_beneficiary(0, identity_number=False, birth_date=False)
        request = self._request("advice", beneficiary=file)
        request.document_ids.sudo().unlink()
        request.action_complete()
        self.assertEqual(request.stage_code, "delivery")
        request.with_user(self.users["deliverer"])._deliver(
            {
                "quantity": 1,
                "date": self.company._npo_today(),
                "receipt_method": "signature",
            }
        )
        self.assertEqual(request.stage_code, "done")

    def test_internal(self):
        """Glossary 11.2: an internal request is finished by its officer."""
        request = self._request("internal")
        request.document_ids.sudo().unlink()
        request.action_complete()
        self.assertEqual(request.stage_code, "done")

    def test_money_is_decided(self):
        """R123: no kind of request pays money past the committee."""
        with self.assertRaisesRegex(ValidationError, "decided by the committee"):
            self._new_request(request_type="advice")

    def test_additional(self):
        """Glossary 11.2: additional support comes after support."""
        file = self._new_beneficiary()
        with self.assertRaisesRegex(ValidationError, "received no service yet"):
            self._request("additional", beneficiary=file)
        first = self._request("aid", beneficiary=file)
        first.sudo().outcome = "served"
        self.assertTrue(self._request("additional", beneficiary=file))

    def test_attestation(self):
        """Glossary 11.2: an attestation is numbered, and its code proves it."""
        request = self._request("certificate", beneficiary=self._active_file())
        self._hand_in(request)
        request.action_complete()
        request.action_verify()
        self.assertEqual(request.stage_code, "done")
        paper = request.attestation_ids
        self.assertTrue(paper.name.startswith("ATT/"))
        self.assertEqual(paper.state, "valid")
        body, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "npo_relations.report_npo_attestation", paper.ids
        )
        self.assertNotIn(request.beneficiary_id.sudo().identity_number, body.decode())
        self.assertIn(paper.sudo().token, body.decode())
        with self.assertRaises(AccessError):
            paper.with_user(self.users["auditor"]).action_revoke()
        paper.with_user(self.officer).action_revoke()
        self.assertEqual(paper.state, "revoked")

    def test_attestation_of_a_beneficiary(self):
        """Glossary 11.2: who only applied is not attested to."""
        request = self._request("certificate")
        self._hand_in(request)
        request.action_complete()
        with self.assertRaisesRegex(UserError, "is attested to"):
            request.action_verify()

    # ------------------------------------------------------------
    # THE URGENT TRACK
    # ------------------------------------------------------------

    def _urgent(self, **vals):
        request = self._new_request(request_type="emergency", **vals)
        reason = self.env.ref("npo_relations.reason_urgent_eviction")
        request._take_urgent_track(reason, "They are put out tomorrow.")
        return request

    def test_urgent_track(self):
        """P139: past the stages with a reason, announced before the shortest study."""
        request = self._urgent()
        self.assertEqual(request.stage_code, "committee")
        self.assertEqual(request.priority, "3")
        self.assertIn("Matching", request.urgent_bypassed)
        chair = request.with_user(self.users["chair"])
        chair._decide("accepted", self.users["chair"], amount_approved=12000)
        self.assertGreater(request.earliest_reply_date, local_today())
        chair.action_announce()
        request.action_register()
        self.assertEqual(request.stage_code, "delivery")

    def test_urgent_needs_reason(self):
        """P139: only an emergency, only with a reason, only by an officer."""
        reason = self.env.ref("npo_relations.reason_urgent_fire")
        plain = self._new_request()
        with self.assertRaisesRegex(UserError, "Emergency"):
            plain._take_urgent_track(reason, "Now.")
        request = self._new_request(self._new_beneficiary(1), request_type="emergency")
        with self.assertRaises(UserError):
            request._take_urgent_track(reason, " ")
        with self.assertRaises(AccessError):
            request.with_user(self.users["manager"])._take_urgent_track(reason, "Now.")

    def test_urgent_afterwards(self):
        """P139: the file is completed later, and the manager looks at each case."""
        request = self._urgent()
        with self.assertRaises(UserError):
            request.action_file_completed()
        todo = self.env.ref("npo_relations.npo_request_view_search_urgent")
        self.assertIn("date_file_completed", todo.arch)
        self._hand_in(request)
        with self.assertRaisesRegex(UserError, "has not signed"):
            request.action_file_completed()
        request._record_paper_signature("paper", False)
        request.action_file_completed()
        self.assertTrue(request.date_file_completed)
        with self.assertRaises(AccessError):
            request._review_urgent("justified", "Seen.")
        manager = request.with_user(self.users["manager"])
        manager._review_urgent("justified", "They were put out.")
        self.assertEqual(request.urgent_reviewed_by_id, self.users["manager"])
