from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementBeside(AgreementCommon):
    """Where else an agreement and a dispute show: page, calendar, checklist."""

    def _page(self, user):
        partner = self.supplier.with_user(user)
        page = partner.env["npo.timeline"]._new_page(partner)
        return {entry["kind"]: entry for entry in page._entries(50)}

    def test_page_of_a_party(self):
        """R025, R144: the page of a party shows both, to who may read them."""
        agreement = self._active()
        dispute = self._dispute(agreement)
        shown = self._page(self.lawyer)
        self.assertEqual(shown["agreement"]["id"], agreement.id)
        self.assertIn("In force", shown["agreement"]["text"])
        self.assertEqual(shown["dispute"]["id"], dispute.id)
        self.assertLessEqual({"agreement"}, set(self._page(self.officer)))
        self.assertNotIn("dispute", self._page(self.officer))
        self.assertFalse(self._page(self.users["deliverer"]))

    def test_meeting_in_the_calendar(self):
        """R149: a meeting to come is in the calendar, moves along, goes with it."""
        dispute = self._dispute()
        date = fields.Datetime.now() + timedelta(days=3)
        vals = {"dispute_id": dispute.id, "date": date, "place": "Office"}
        meetings = self.env["npo.dispute.meeting"].with_user(self.lawyer)
        meeting = meetings.create(vals)
        event = meeting.sudo().event_id
        self.assertEqual((event.start, event.location), (date, "Office"))
        self.assertEqual((event.res_model, event.res_id), ("npo.dispute", dispute.id))
        self.assertEqual(event.privacy, "confidential")
        self.assertIn(dispute.name, event.name)
        self.assertNotIn(self.supplier.name, event.name)
        self.assertEqual(event.partner_ids, self.lawyer.partner_id)
        later = date + timedelta(days=1)
        meeting.write({"date": later, "place": "Court"})
        self.assertEqual((event.start, event.location), (later, "Court"))
        with self.assertRaises(AccessError):
            meeting.event_id = False
        meeting.unlink()
        self.assertFalse(event.exists())
        past = {**vals, "date": fields.Datetime.now() - timedelta(days=1)}
        self.assertFalse(meetings.create(past).sudo().event_id)

    def _lines(self):
        checks = self.env["npo.setup.check"]._evaluate(self.company)
        codes = ("legal_adviser", "legal_checklist", "dispute_ladder")
        return {one["code"]: one["state"] for one in checks if one["code"] in codes}

    def test_setup_checklist(self):
        """R147, R149: asked where the policy has disputes; green by the data."""
        version = self.company.npo_policy_version_id.sudo()
        self.assertFalse(version.use_disputes or version.use_compensation)
        self.assertEqual(self._lines(), {})
        self.patch(type(version), "use_disputes", True)
        self.assertEqual(set(self._lines().values()), {"done"})
        group = self.env.ref("npo_relations.group_npo_legal_adviser")
        self.lawyer.group_ids = [Command.unlink(group.id)]
        self.company.npo_amicable_days = 0
        self.env["npo.agreement.check.item"].search([]).is_mandatory = False
        self.assertEqual(set(self._lines().values()), {"missing"})

    def test_r155_obligations(self):
        """R155: a duty with its day is late, is noted as kept once, and is printed."""
        agreement = self._draft()
        ours, theirs = agreement.line_ids
        ours.date_due = fields.Date.subtract(self.today, days=1)
        theirs.date_due = fields.Date.add(self.today, days=5)
        lines = self.env["npo.agreement.line"].with_user(self.officer)
        own = [("agreement_id", "=", agreement.id)]
        late = [*own, ("is_overdue", "=", True)]
        self.assertFalse(lines.search(late), "it binds nobody yet")
        with self.assertRaisesRegex(UserError, "in force"):
            ours.with_user(self.officer).action_done()
        self._active(agreement)
        self.env.invalidate_all()
        self.assertEqual(lines.search(late), ours)
        self.assertEqual(lines.search([*own, ("is_overdue", "=", False)]), theirs)
        self.assertEqual((ours.is_overdue, theirs.is_overdue), (True, False))
        report = self.env.ref("npo_relations.action_report_npo_agreement_duties")
        html, _kind = report._render_qweb_html(
            report.report_name, agreement.line_ids.ids
        )
        for word in (ours.text.encode(), agreement.name.encode()):
            self.assertIn(word, html)
        with self.assertRaises(AccessError):
            ours.with_user(self.users["payer"]).action_done()
        with self.assertRaises(AccessError):
            ours.with_user(self.officer).date_done = self.today
        ours.with_user(self.officer).action_done()
        self.assertEqual((ours.date_done, ours.done_by_id), (self.today, self.officer))
        self.assertFalse(lines.search(late))
        with self.assertRaises(UserError):
            ours.with_user(self.officer).action_done()

    def test_r157_secret_agreement(self):
        """R157: a secret agreement and its files are for few; others see a number."""
        agreement = self._active(title="Zarqaq")
        file = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"x",
                "res_model": "npo.agreement",
                "res_id": agreement.id,
            }
        )
        dispute = self._dispute(agreement, title="Late")
        with self.assertRaises(AccessError):
            agreement.with_user(self.officer).classification = "secret"
        agreement.with_user(self.manager).classification = "secret"
        agreement.sudo().user_id = self.lawyer
        self.env.flush_all()
        self.env.invalidate_all()
        few = {"lawyer", "manager"}
        parts = ("party", "line", "settlement", "check")
        for name, user in self.users.items():
            own = agreement.with_user(user)
            if not own.browse().has_access("read"):
                continue
            with self.subTest(name):
                found = bool(own.search([("id", "=", agreement.id)]))
                self.assertEqual(found, name in few)
                self.assertEqual(own.has_access("read"), name in few)
                self.assertEqual(file.with_user(user).has_access("read"), name in few)
                signed = [
                    ("res_model", "=", "npo.agreement"),
                    ("res_id", "=", agreement.id),
                    ("res_field", "=", "signed_file"),
                ]
                files = self.env["ir.attachment"].with_user(user)
                self.assertEqual(bool(files.search(signed)), name in few)
                for part in parts:
                    model = self.env[f"npo.agreement.{part}"].with_user(user)
                    if not model.has_access("read"):
                        continue
                    lines = model.search([("agreement_id", "=", agreement.id)])
                    self.assertEqual(bool(lines), name in few, part)
                if dispute.with_user(user).has_access("read"):
                    [told] = dispute.with_user(user).read(["agreement_id"])
                    self.assertNotIn("Zarqaq", str(told))
        agreement.sudo().user_id = self.officer
        self.assertTrue(agreement.with_user(self.officer).has_access("read"))
        self.assertIn(
            agreement,
            self.env["npo.agreement"].with_user(self.officer).search([]),
        )
