from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PDF, AgreementCommon


@tagged("post_install", "-at_install")
class TestDispute(AgreementCommon):
    """R029, R144, R149: a difference is settled step by step, amicably first."""

    def _refused(self, call, error=UserError):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            call()
        return str(caught.exception)

    def _meet(self, dispute):
        dispute.meeting_ids = [
            Command.create(
                {
                    "place": "Our office",
                    "date": fields.Datetime.subtract(fields.Datetime.now(), hours=1),
                    "attendees": "Both",
                    "minutes": "Each said how it was.",
                }
            )
        ]

    def test_ladder_is_copied(self):
        """R029: the steps of the agreement in their order, kept as they were."""
        agreement = self._active()
        dispute = self._dispute(agreement)
        self.assertEqual(
            dispute.step_ids.mapped("method"), ["amicable", "mediation", "court"]
        )
        self.assertEqual(dispute.step_ids[2].body, "Riyadh")
        agreement.sudo().settlement_ids[1].unlink()
        self.assertEqual(len(dispute.step_ids), 3)
        self.assertEqual(dispute.partner_id, self.supplier)
        self.assertRegex(dispute.name, r"^DSP")

    def test_amicable_is_tried(self):
        """R149: no step further without a meeting that was held and written down."""
        dispute = self._dispute()
        dispute.action_begin()
        self.assertEqual(dispute.stage_code, "amicable")
        self._refused(lambda: dispute._next("They do not answer."))
        dispute.meeting_ids = [Command.create({"place": "Here"})]
        self._refused(lambda: dispute._next("They do not answer."))
        self._meet(dispute)
        self._refused(lambda: dispute._next(" "))
        dispute._next("We could not agree on the price.")
        self.assertEqual(dispute.stage_code, "mediation")
        self.assertRecordValues(
            dispute.step_ids[0],
            [{"outcome": "failed", "note": "We could not agree on the price."}],
        )

    def test_amicable_is_left_out_by_the_manager(self):
        """R149: to leave it out, the general manager approves a reason."""
        dispute = self._dispute()
        self._refused(lambda: dispute._skip("They went away."), AccessError)
        manager = dispute.with_user(self.manager)
        self._refused(lambda: manager._skip(""))
        manager._skip("They went to court themselves.")
        self.assertEqual(dispute.stage_code, "mediation")
        self.assertRecordValues(
            dispute.step_ids[0],
            [{"outcome": "skipped", "approved_by_id": self.manager.id}],
        )

    def test_stages_by_steps_alone(self):
        """No stage by writing, dragging or RPC; no step by hand."""
        dispute = self._dispute()
        court = self.env["npo.stage"]._get("dispute", "court")
        self._refused(lambda: dispute.write({"stage_id": court.id}))
        for vals in (
            {"settlement_terms": "x"},
            {"judgment_is_final": True},
            {"date_party_signed": fields.Datetime.now()},
            {"step_id": dispute.step_ids[2].id},
        ):
            self._refused(lambda v=vals: dispute.write(v), AccessError)
        self._refused(
            lambda: dispute.step_ids.write({"outcome": "settled"}), AccessError
        )
        self._refused(lambda: dispute.write({"judgment_file": PDF}), UserError)

    def test_deadlines(self):
        """Each step has its day in working time; late is found by search."""
        dispute = self._dispute()
        self.assertFalse(dispute.date_deadline)
        dispute.action_begin()
        due = dispute.step_ids[0].date_due
        self.assertGreater(due, fields.Date.add(self.today, days=15))
        self.assertEqual(dispute.date_deadline, due)
        self.assertFalse(dispute.is_overdue)
        with freeze_time(fields.Date.add(due, days=1)):
            dispute.invalidate_recordset(["is_overdue"])
            self.assertTrue(dispute.is_overdue)
            self.assertIn(dispute, dispute.search([("is_overdue", "=", True)]))
        self.assertTrue(dispute.activity_ids)
        dispute._refresh_deadlines(self.company)
        self.assertEqual(dispute.date_deadline, due)

    def test_settled_on_paper(self):
        """Terms, the signed deed attached, settled; then nothing is changed."""
        dispute = self._dispute()
        dispute.action_begin()
        self._refused(dispute.action_settle)
        dispute._offer_deed("They pay back 500.", 500)
        self._refused(dispute.action_settle)
        dispute.write({"deed_file": PDF, "deed_file_name": "deed.pdf"})
        dispute.action_settle()
        self.assertRecordValues(
            dispute,
            [
                {
                    "stage_code": "settled",
                    "settled_method": "amicable",
                    "date_settled": self.today,
                    "settlement_amount": 500,
                }
            ],
        )
        self.assertEqual(dispute.step_ids[0].outcome, "settled")
        self._refused(lambda: dispute.write({"deed_file": False}))
        self._refused(lambda: dispute._offer_deed("x"))
        self._refused(lambda: self._meet(dispute))
        dispute._close("Paid.")
        self.assertEqual(dispute.stage_code, "closed")

    def test_settled_in_the_portal(self):
        """Both sign here: the other party what was read, the manager for us."""
        dispute = self._dispute()
        dispute.action_begin()
        user = self._portal_user(self.supplier)
        portal = dispute.with_user(user)
        self._refused(lambda: portal._portal_accept(None, user.name))
        dispute._offer_deed("They pay back 500.", 500)
        stamp = dispute._deed_stamp()
        dispute._offer_deed("They pay back 400.", 400)
        self._refused(lambda: portal._portal_accept(None, user.name, stamp))
        self._refused(
            lambda: portal._portal_accept(None, "x", dispute._deed_stamp()),
            ValidationError,
        )
        portal._portal_accept(None, user.name, dispute._deed_stamp())
        signed = dispute.date_party_signed
        portal._portal_accept(None, user.name, dispute._deed_stamp())
        self.assertEqual(dispute.date_party_signed, signed)
        self._refused(lambda: dispute._offer_deed("They pay nothing."))
        self._refused(dispute.action_settle)
        self._refused(dispute.action_sign_deed, AccessError)
        dispute.with_user(self.manager).action_sign_deed()
        dispute.action_settle()
        self.assertEqual(dispute.stage_code, "settled")

    def test_judgment(self):
        """A judgment with its number, court and day; final with its paper."""
        dispute = self._dispute()
        vals = {
            "judgment_number": "77",
            "judgment_court": "Riyadh",
            "judgment_date": self.today,
            "judgment_amount": 900,
        }
        self._refused(lambda: dispute._judge(vals))
        manager = dispute.with_user(self.manager)
        manager._skip("They sued.")
        manager._skip("They sued.")
        self.assertEqual(dispute.stage_code, "court")
        self._refused(lambda: manager._skip("x"))
        self._refused(lambda: dispute._judge({**vals, "judgment_number": False}))
        tomorrow = fields.Date.add(self.today, days=1)
        self._refused(lambda: dispute._judge({**vals, "judgment_date": tomorrow}))
        dispute._judge(vals)
        self.assertEqual(dispute.stage_code, "judgment")
        self.assertFalse(dispute.judgment_is_final)
        self._refused(lambda: dispute._close("x"))
        final = {**vals, "judgment_is_final": True}
        self._refused(lambda: dispute._judge(final))
        dispute._judge({**final, "judgment_file": PDF})
        self.assertTrue(dispute.judgment_is_final)
        self._refused(lambda: dispute._judge(vals))
        dispute._close("Paid as judged.")
        self.assertEqual(dispute.stage_code, "closed")

    def test_party(self):
        """A dispute on an agreement is with one of its parties, on its duties."""
        agreement = self._active()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self._refused(
            lambda: self._dispute(agreement, partner_id=stranger.id), ValidationError
        )
        other = self._active()
        self._refused(
            lambda: self._dispute(agreement, line_id=other.line_ids[0].id),
            ValidationError,
        )
        dispute = self._dispute(agreement, line_id=agreement.line_ids[0].id)
        self.assertEqual(dispute.agreement_id, agreement)

    def test_usual_ladder(self):
        """Without an agreement: amicably first, in the association's own days."""
        self.company.npo_amicable_days = 7
        dispute = (
            self.env["npo.dispute"]
            .with_user(self.lawyer)
            .create({"title": "x", "partner_id": self.supplier.id})
        )
        self.assertEqual(dispute.step_ids[0].method, "amicable")
        self.assertEqual(dispute.step_ids[0].days, 7)

    def test_from_a_complaint(self):
        """R144: a complaint leads to a dispute; a sealed one tells nothing."""
        vals = {
            "title": "Baskets",
            "company_id": self.company.id,
            "partner_id": self.supplier.id,
            "channel_id": self.env.ref("npo_relations.channel_in_person").id,
        }
        complaint = self.env["npo.complaint"].create(vals)
        handler = self.users["handler"]
        action = complaint.with_user(handler).action_dispute()
        dispute = self.env["npo.dispute"].browse(action["res_id"])
        self.assertEqual(dispute.complaint_id, complaint)
        self.assertEqual(dispute.partner_id, self.supplier)
        complaint.subject_user_ids = self.lawyer
        own = dispute.with_user(self.lawyer)
        self.assertFalse(own.search([("id", "=", dispute.id)]))
        self._refused(lambda: own.step_ids.read(["method"]))
        steps = self.env["npo.dispute.step"].with_user(self.lawyer)
        self.assertFalse(steps.search([("dispute_id", "=", dispute.id)]))
        sealed = self.env["npo.complaint"].create({**vals, "kind": "violation"})
        self.assertEqual(sealed.confidentiality, "sealed")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["npo.dispute"]._open_from(sealed, {})

    def test_roles(self):
        """D02: who handles opens and moves; the other party's own people do not."""
        agreement = self._active()
        for name in ("officer", "auditor", "payer", "grantor"):
            with self.subTest(name):
                own = agreement.with_user(self.users[name])
                self._refused(lambda own=own: own._open_dispute({}))
        dispute = self._dispute(agreement)
        self._refused(
            dispute.with_user(self.users["auditor"]).action_begin, AccessError
        )
        self.supplier.sudo().write({"is_company": False})
        self.lawyer.sudo().partner_id = self.supplier
        self._refused(dispute.action_begin)
