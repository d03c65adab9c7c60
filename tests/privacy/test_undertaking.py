import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import AssociationCommon
from ..common_performance import PerformanceCommon

DOCUMENTS = {"confidentiality", "ethics"}


@tagged("post_install", "-at_install")
class TestUndertaking(PerformanceCommon, AssociationCommon):
    """R156, R157: staff and volunteers undertake each year, and who lacks is listed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.governor = cls.users["governor"]
        cls.front = cls.users["front"]
        cls.lines = cls.env["npo.undertaking"]
        cls.volunteer = cls.env["res.partner"].create(
            {
                "name": "Volunteer",
                "company_id": cls.company.id,
                "npo_kind_ids": [
                    Command.set(
                        cls.env["npo.stakeholder.type"]
                        .search([("code", "=", "volunteer")])
                        .ids
                    )
                ],
            }
        )

    def _round(self):
        cron = self.env.ref("npo_relations.ir_cron_npo_undertaking_round")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _of(self, partner):
        return self.lines.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)],
            order="id",
        )

    def test_round_of_a_year(self):
        """R156: asked once, in force for a year, asked again before it ends."""
        partner = self.front.partner_id
        with freeze_time("2026-03-01 08:00"):
            self._round()
            self._round()
            asked = self._of(partner)
            self.assertEqual(set(asked.mapped("kind")), DOCUMENTS)
            self.assertEqual(len(asked), 2)
            self.assertEqual(asked.activity_ids.user_id, self.front)
            self.assertEqual(set(asked.mapped("state")), {"waiting"})
            self.assertTrue(self._of(self.volunteer).mapped("is_volunteer"))
            self.assertIn(partner, self.lines._lacking(self.company))
            own = asked.with_user(self.front)
            own.action_sign()
            self.assertRecordValues(
                own[0],
                [{"state": "current", "method": "account"}],
            )
            self.assertEqual(str(own[0].date_end), "2027-03-01")
            self.assertNotIn(partner, self.lines._lacking(self.company))
            self.assertFalse(asked.activity_ids)
        with freeze_time("2027-01-20 08:00"):
            self._round()
            self.assertEqual(len(self._of(partner)), 2)
        with freeze_time("2027-02-10 08:00"):
            self._round()
            again = self._of(partner) - asked
            self.assertEqual(len(again), 2)
            self.assertEqual(str(again[0].date_due), "2027-03-01")
        with freeze_time("2027-03-02 08:00"):
            self.env.invalidate_all()
            self.assertEqual(set(asked.mapped("state")), {"over"})
            self.assertEqual(set(again.mapped("state")), {"late"})
            self.assertIn(partner, self.lines._lacking(self.company))
            for state in ("waiting", "late", "current", "over"):
                found = self.lines.search([("state", "=", state)])
                both = self._of(partner)
                self.assertEqual(
                    found & both, both.filtered(lambda one, s=state: one.state == s)
                )
            again.with_user(self.front).action_sign()
            self.assertEqual(asked.mapped("is_replaced"), [True, True])

    @freeze_time("2026-03-01 08:00")
    def test_own_account_alone(self):
        """R157: nobody signs for another, changes what was signed, or reads others'."""
        self._round()
        own = self._of(self.front.partner_id)
        for user in (self.officer, self.governor, self.users["manager"]):
            with self.assertRaises(AccessError):
                own.with_user(user).action_sign()
        with self.assertRaises(AccessError):
            own.with_user(self.officer).read(["date_signed"])
        self.assertEqual(self.lines.with_user(self.front).search([]), own.sorted())
        with self.assertRaises(AccessError):
            own[0].with_user(self.governor).date_signed = "2026-01-01"
        with self.assertRaises(UserError):
            own[0].with_user(self.governor).partner_id = self.volunteer
        own.with_user(self.front).action_sign()
        with self.assertRaises(UserError):
            own[0].with_user(self.governor).scan_name = "x"
        with self.assertRaises(UserError):
            own[0].unlink()

    @freeze_time("2026-03-01 08:00")
    def test_volunteer_on_paper(self):
        """R156: a volunteer signs on paper, recorded with its day by who keeps them."""
        self._round()
        line = self._of(self.volunteer)[0].with_user(self.governor)
        line.date_paper = "2026-02-20"
        with self.assertRaisesRegex(UserError, "paper"):
            line.action_signed_on_paper()
        line.scan = base64.b64encode(b"%PDF-1.4 signed")
        line.date_paper = "2026-03-02"
        with self.assertRaisesRegex(UserError, "future"):
            line.action_signed_on_paper()
        line.date_paper = "2026-02-20"
        line.action_signed_on_paper()
        self.assertRecordValues(
            line,
            [{"method": "paper", "recorded_by_id": self.governor.id}],
        )
        self.assertEqual(str(line.date_end), "2027-02-20")
        mine = self._of(self.governor.partner_id)[0].with_user(self.governor)
        with self.assertRaises(UserError):
            mine.action_signed_on_paper()

    def test_reminded_once(self):
        """R156: who keeps them is told once of what is late."""
        with freeze_time("2026-03-01 08:00"):
            self._round()
        tasks = self.env["mail.activity"].search_count
        domain = [("user_id", "=", self.governor.id), ("res_model", "=", False)]
        before = tasks(domain)
        with freeze_time("2026-04-01 08:00"):
            self._round()
            self._round()
        self.assertEqual(tasks(domain), before + 1)

    @freeze_time("2026-03-01 08:00")
    def test_text_is_fixed(self):
        """R156: what people were asked to sign is not changed; a version follows."""
        self._round()
        line = self._of(self.front.partner_id)[0]
        with self.assertRaises(UserError):
            line.text_id.text = "Anything"
        new = self.env["npo.undertaking.text"].create(
            {
                "kind": "confidentiality",
                "company_id": self.company.id,
                "date_from": "2026-02-01",
                "text": "Of {association} itself.",
            }
        )
        self.assertGreater(new.version, 1)
        current = self.env["npo.undertaking.text"]._current(self.company)
        self.assertEqual(current["confidentiality"], new)
        self.assertIn(self.company.name, self._of(self.front.partner_id)[0].text)

    def test_text_of_all(self):
        """R156: what is proposed to all each association reads, and none changes."""
        texts = self.env["npo.undertaking.text"]
        vals = {"kind": "ethics", "date_from": "2026-02-01", "text": "Of all."}
        shared = texts.create({**vals, "company_id": False})
        own = texts.create({**vals, "company_id": self.company.id})
        admin = self._new_staff("admin", "admin", self.company)
        for user in (self.governor, self.users["protector"], admin):
            mine = texts.with_user(user)
            self.assertEqual(shared.with_user(user).text, "Of all.")
            own.with_user(user).text = "Of our own."
            for call in (
                lambda user=user: shared.with_user(user).write({"text": "x"}),
                lambda user=user: own.with_user(user).write({"company_id": False}),
                lambda mine=mine: mine.create({**vals, "company_id": False}),
            ):
                with (
                    self.subTest(user.login),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    call()
        with self.assertRaises(AccessError):
            shared.with_user(admin).unlink()

    @freeze_time("2026-03-01 08:00")
    def test_paper(self):
        """R157: the undertaking prints with the text that is signed."""
        self._round()
        own = self._of(self.front.partner_id)
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_user(self.front)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("npo_relations.report_npo_undertaking", own.ids)
        )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))
