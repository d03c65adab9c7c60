from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PDF, AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCommon):
    """R025–R027, R146–R148: what binds the parties, and who lets it bind them."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(type(self.env["ir.cron"]), "_commit_progress"))

    def _refused(self, call, error=UserError):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            call()
        return str(caught.exception)

    def test_from_draft_to_force(self):
        """R025, D02: drawn up, reviewed, approved, signed, put in force."""
        agreement = self._draft()
        self.assertRegex(agreement.name, r"^AGR")
        self.assertEqual(
            agreement.party_ids.partner_id, self.company.partner_id | self.supplier
        )
        agreement.action_submit()
        self.assertEqual(agreement.state, "legal_review")
        self.assertEqual(len(agreement.check_ids), 16)
        self._tick(agreement)
        agreement.with_user(self.manager).action_approve()
        self.assertRecordValues(
            agreement,
            [{"state": "approved", "approved_by_id": self.manager.id}],
        )
        message = self._refused(agreement.action_activate)
        self.assertIn("Food Basket Supply", message)
        agreement.write({"signed_file": PDF, "signed_file_name": "signed.pdf"})
        agreement.action_activate()
        self.assertEqual(agreement.state, "active")
        self.assertIn(agreement, agreement._in_force(self.supplier, self.company))
        told = self.env["npo.message"].search(
            [("res_model", "=", "npo.agreement"), ("res_id", "=", agreement.id)]
        )
        self.assertEqual(len(told), 2)

    def test_duty_needs_party_and_method(self):
        """R026: a duty without who or how cannot come into force, by any way."""
        for gap in ({"method": " "}, {"party_id": False}):
            with self.subTest(str(gap)):
                agreement = self._draft()
                agreement.line_ids[0].write(gap)
                agreement.action_submit()
                self._tick(agreement)
                manager = agreement.with_user(self.manager)
                self.assertIn("lacks", self._refused(manager.action_approve))
        agreement = self._approved()
        agreement.write({"signed_file": PDF})
        agreement.sudo().line_ids[0].method = False
        self.assertIn("lacks", self._refused(agreement.action_activate))

    def test_checklist(self):
        """R147: each mandatory side is found in order, by a legal adviser."""
        agreement = self._draft()
        agreement.action_submit()
        self._tick(agreement, but=("default",))
        manager = agreement.with_user(self.manager)
        self.assertIn("Consequences", self._refused(manager.action_approve))
        check = agreement.check_ids.filtered(lambda one: one.item_id.code == "default")
        self._refused(check.with_user(self.officer).action_tick, AccessError)
        self._refused(lambda: check.write({"is_ticked": True}), AccessError)
        check.with_user(self.lawyer).action_tick()
        self.assertEqual(check.user_id, self.lawyer)
        self.assertTrue(check.date)
        self._refused(check.with_user(self.lawyer).action_tick)
        optional = agreement.check_ids.filtered(lambda one: not one.is_mandatory)
        self.assertEqual(set(optional.item_id.mapped("code")), {"ip", "force_majeure"})
        optional.with_user(self.lawyer)[0].action_untick()
        manager.action_approve()
        self.assertEqual(agreement.state, "approved")

    def test_settlement(self):
        """R148, R149: no way to settle, or none that begins amicably: not in force."""
        agreement = self._draft(settlement_ids=[])
        agreement.action_submit()
        self._tick(agreement)
        manager = agreement.with_user(self.manager)
        self.assertIn("settle disputes", self._refused(manager.action_approve))
        approved = self._approved()
        approved.write({"signed_file": PDF})
        approved.sudo().settlement_ids.unlink()
        self.assertIn("settle disputes", self._refused(approved.action_activate))
        court = [Command.create({"method": "court"})]
        agreement = self._draft(settlement_ids=court)
        agreement.action_submit()
        self._tick(agreement)
        manager = agreement.with_user(self.manager)
        self.assertIn("amicably", self._refused(manager.action_approve))
        agreement = self._draft(
            settlement_ids=court, not_amicable_reason="The law names the court."
        )
        self.assertEqual(self._active(agreement).state, "active")

    def test_persons(self):
        """D02: who drew up does not review, who reviewed does not approve."""
        own = self._draft(user=self.lawyer)
        own.action_submit()
        self._refused(own.check_ids[0].action_tick)
        agreement = self._draft()
        self._refused(agreement.with_user(self.manager).action_submit, AccessError)
        agreement.action_submit()
        self._refused(agreement.action_approve, AccessError)
        self.lawyer.group_ids |= self.manager.group_ids
        self._tick(agreement)
        self._refused(agreement.with_user(self.lawyer).action_approve)
        agreement.with_user(self.manager).action_approve()
        self.assertEqual(agreement.state, "approved")

    def test_flow_fields(self):
        """The steps alone write what they write, whoever asks."""
        agreement = self._draft()
        model = self.env["npo.agreement"].with_user(self.officer)
        for vals in (
            {"state": "active"},
            {"name": "X"},
            {"version_no": 2},
            {"approved_by_id": self.officer.id},
            {"date_ended": self.today},
        ):
            with self.subTest(str(vals)):
                self._refused(lambda v=vals: agreement.write(v), AccessError)
                self._refused(lambda v=vals: model.create(self._vals(**v)), AccessError)
        default = agreement.with_context(default_state="active").create(self._vals())
        self.assertEqual(default.state, "draft")
        party = agreement.party_ids[0]
        self._refused(lambda: party.write({"date_signed": "2026-01-01"}), AccessError)

    def test_terms_are_frozen(self):
        """The terms stay as they were reviewed; a return opens them, ticks are gone."""
        agreement = self._draft()
        agreement.action_submit()
        line = agreement.line_ids[0]
        for call in (
            lambda: agreement.write({"amount": 1}),
            lambda: line.write({"text": "x"}),
            lambda: line.unlink(),
            lambda: agreement.settlement_ids[0].unlink(),
            lambda: agreement.write({"line_ids": [Command.create({"text": "x"})]}),
            lambda: agreement.party_ids[0].write({"capacity": "x"}),
            lambda: agreement.unlink(),
            lambda: agreement.write({"active": False}),
        ):
            self._refused(call)
        self._tick(agreement)
        self._refused(lambda: agreement.with_user(self.lawyer)._return(" "))
        agreement.with_user(self.lawyer)._return("The price is missing.")
        self.assertEqual(agreement.state, "draft")
        self.assertFalse(any(agreement.check_ids.mapped("is_ticked")))
        agreement.write({"amount": 60000})
        agreement.action_submit()
        self.assertEqual(len(agreement.check_ids), 16)

    def test_authority(self):
        """P066: above what the matrix leaves to the manager, the board is asked."""
        self.env["npo.authority.line"].create(
            {
                "company_id": self.company.id,
                "kind": "agreement",
                "amount_from": 40000,
                "approver": "board",
            }
        )
        agreement = self._draft()
        agreement.action_submit()
        self._tick(agreement)
        manager = agreement.with_user(self.manager)
        manager.action_approve()
        self.assertEqual(agreement.state, "legal_review")
        self.assertIn("board", self._refused(manager.action_approve).lower())
        approval = agreement.sudo().approval_id
        self.assertEqual(approval.approver, "board")
        approval.write({"state": "approved"})
        manager.action_approve()
        self.assertEqual(agreement.state, "approved")

    def test_signatures_in_place_of_the_file(self):
        """Both signatures here count as the signed agreement."""
        agreement = self._approved()
        self._refused(agreement.action_sign, AccessError)
        agreement.with_user(self.manager).action_sign()
        self._refused(agreement.action_activate)
        user = self._portal_user(self.supplier)
        portal = agreement.with_user(user)
        self._refused(lambda: portal._portal_sign(None, "Somebody"), ValidationError)
        portal._portal_sign(None, user.name)
        portal._portal_sign(None, user.name)
        agreement.action_activate()
        self.assertEqual(agreement.state, "active")
        self.assertFalse(agreement.has_file)

    def test_breach(self):
        """R027: a breach proposes what the agreement names; somebody decides."""
        agreement = self._active()
        line = agreement.line_ids[1]
        breaches = self.env["npo.agreement.breach"].with_user(self.officer)
        vals = {"line_id": line.id, "description": "Ten days late."}
        breach = breaches.create(vals)
        self.assertRecordValues(
            breach,
            [
                {
                    "consequence": "warning",
                    "consequence_text": "A written warning of ten days",
                    "date_decided": False,
                }
            ],
        )
        self._refused(lambda: breach.write({"decision": "x"}), AccessError)
        self._refused(lambda: breach._decide("x"), AccessError)
        lawyer = breach.with_user(self.lawyer)
        self._refused(lambda: lawyer._decide(" "))
        lawyer._decide("Warned.", "notice")
        self.assertRecordValues(
            breach,
            [{"decided_by_id": self.lawyer.id, "consequence": "notice"}],
        )
        self._refused(lambda: breach.write({"description": "x"}))
        self._refused(lambda: breach.unlink(), UserError)
        draft = self._draft()
        self._refused(
            lambda: breaches.create({**vals, "line_id": draft.line_ids[0].id}),
            ValidationError,
        )
        tomorrow = fields.Date.add(self.today, days=1)
        self._refused(lambda: breaches.create({**vals, "date": tomorrow}))

    def test_liability(self):
        """R028: limits in all and by year, without a limit, for each event."""
        agreement = self._active()
        self.assertEqual(agreement._liability_left(), (False, 0.0))
        for kind in ("amount", "event", "year"):
            agreement.sudo().write(
                {"liability_limit_type": kind, "liability_limit_amount": 10000}
            )
            self.assertEqual(agreement._liability_left(), (10000, 0.0))
        draft = self._draft()
        self._refused(
            lambda: draft.write({"liability_limit_type": "year"}), ValidationError
        )

    def test_year_of_the_agreement(self):
        """R028: its years begin on its day, also on the 29th of February."""
        agreement = self._draft(date_from="2024-02-29", date_to=False)
        for day, start in (
            ("2024-02-29", "2024-02-29"),
            ("2025-02-27", "2024-02-29"),
            ("2025-02-28", "2025-02-28"),
            ("2026-11-01", "2026-02-28"),
        ):
            first, _end = agreement._year_of(fields.Date.to_date(day))
            self.assertEqual(str(first), start)

    def test_new_version(self):
        """R031: a change is a new version, which replaces the one before."""
        agreement = self._active()
        version = agreement._new_version()
        self.assertRecordValues(
            version,
            [
                {
                    "name": agreement.name,
                    "version_no": 2,
                    "state": "draft",
                    "previous_id": agreement.id,
                    "has_file": False,
                }
            ],
        )
        self.assertEqual(
            version.line_ids.mapped("text"), agreement.line_ids.mapped("text")
        )
        self.assertEqual(version.line_ids.party_id, version.party_ids)
        self.assertEqual(len(version.settlement_ids), 3)
        self._refused(agreement._new_version)
        self._active(version.with_user(self.officer))
        self.assertEqual(agreement.state, "expired")
        self.assertIn("2", agreement.end_reason)
        self.assertEqual(agreement._versions(), version | agreement)
        in_force = agreement._in_force(self.supplier, self.company)
        self.assertEqual(in_force, version.sudo())

    def test_duplicate(self):
        """A duplicate has the terms, a number of its own, no signature and no tick."""
        agreement = self._active()
        twin = agreement.copy()
        self.assertNotEqual(twin.name, agreement.name)
        self.assertEqual((twin.version_no, twin.state), (1, "draft"))
        self.assertFalse(twin.has_file or twin.check_ids)
        self.assertFalse(any(twin.party_ids.mapped("date_signed")))
        self.assertEqual(len(twin.line_ids), 2)

    def test_terminate(self):
        """It ends before its day, for a reason, by who may."""
        agreement = self._active()
        self._refused(lambda: agreement._terminate("x"), AccessError)
        lawyer = agreement.with_user(self.lawyer)
        self._refused(lambda: lawyer._terminate(""))
        tomorrow = fields.Date.add(self.today, days=1)
        self._refused(lambda: lawyer._terminate("x", tomorrow))
        lawyer._terminate("Not delivered.", self.today)
        self.assertRecordValues(
            agreement,
            [
                {
                    "state": "terminated",
                    "date_ended": self.today,
                    "end_reason": "Not delivered.",
                }
            ],
        )
        self.assertFalse(agreement._in_force(self.supplier, self.company))
        agreement.active = False

    def test_review(self):
        """R031: what is due appears once to be reviewed, and is reviewed in time."""
        soon = fields.Date.add(self.today, days=10)
        agreement = self._active(review_date=soon)
        self.assertFalse(self.env["npo.agreement"].search([("is_review_late", "=", 1)]))
        with freeze_time(fields.Date.add(soon, days=5)):
            for _time in range(2):
                self.env["npo.agreement"]._cron_follow()
            self.assertEqual(agreement.state, "to_review")
            self.assertTrue(agreement.is_review_late)
            late = self.env["npo.agreement"].search([("is_review_late", "=", True)])
            self.assertIn(agreement, late)
            self.assertEqual(len(agreement.activity_ids), 1)
            later = fields.Date.add(soon, years=1)
            self._refused(lambda: agreement._reviewed(soon, "x"))
            agreement._reviewed(later, "Nothing to change.")
            self.assertRecordValues(
                agreement,
                [
                    {
                        "state": "active",
                        "date_marked": soon,
                        "is_review_in_time": True,
                        "review_date": later,
                    }
                ],
            )
            self.assertFalse(agreement.activity_ids)

    def test_expiry(self):
        """Told once before its end, expired after it, or renewed by itself."""
        end = fields.Date.add(self.today, days=90)
        agreement = self._active(date_to=end)
        other = self._active(date_to=end, renewal="auto", renewal_months=6)
        self.assertNotIn(agreement, agreement.search([("is_ending", "=", True)]))
        with freeze_time(fields.Date.add(self.today, days=40)):
            for _time in range(2):
                self.env["npo.agreement"]._cron_follow()
            self.assertEqual(len(agreement.activity_ids), 1)
            self.assertIn(agreement, agreement.search([("is_ending", "=", True)]))
            self.assertEqual(agreement.state, "active")
        with freeze_time(fields.Date.add(end, days=1)):
            self.env["npo.agreement"]._cron_follow()
        self.assertEqual(agreement.state, "expired")
        self.assertEqual(agreement.date_ended, end)
        self.assertEqual(other.state, "active")
        self.assertEqual(other.date_to, fields.Date.add(end, months=6))

    def test_filters(self):
        """In force, without a file: found by search as computed."""
        agreement = self._active()
        approved = self._approved()
        model = self.env["npo.agreement"]
        self.assertIn(agreement, model.search([("has_file", "=", True)]))
        self.assertIn(approved, model.search([("has_file", "=", False)]))
        self.assertTrue(agreement.has_file)
        self.assertFalse(approved.has_file)

    def test_clarification(self):
        """R031: what was made clear is told, and stays as it was told."""
        agreement = self._active()
        line = (
            self.env["npo.agreement.clarification"]
            .with_user(self.officer)
            .create(
                {
                    "agreement_id": agreement.id,
                    "question": "Which store?",
                    "answer": "The one in the north.",
                }
            )
        )
        self._refused(lambda: line.write({"answer": "x"}), AccessError)
        self._refused(line.unlink)
        auditor = self.env["npo.agreement.clarification"].with_user(
            self.users["auditor"]
        )
        self._refused(lambda: auditor.create({"agreement_id": agreement.id}))

    def test_contact(self):
        """R025: the contact leads to the agreements its rights come from."""
        agreement = self._active()
        person = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.supplier.id}
        )
        for contact in (self.supplier, person):
            action = contact.with_user(self.officer).action_npo_agreements()
            found = agreement.search(action["domain"])
            self.assertIn(agreement, found)
