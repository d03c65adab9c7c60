from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..core.test_print_engine import read_pdf
from ..security.common import SecurityCommon

# Which kinds each role sees of a person whose request was studied and delivered; the
# delegate works on another site.
SEES = {
    "officer": {"request", "delivery", "message", "document", "consent", "outreach"},
    "admin": {"request", "delivery", "message", "document", "consent", "outreach"},
    "manager": {"request", "delivery", "message", "document", "consent", "outreach"},
    "auditor": {"request", "delivery", "message", "document", "consent", "outreach"},
    "front": {"document", "consent"},
    "member": {"request", "delivery", "message", "document"},
    "deliverer": {"request", "delivery", "document"},
    "researcher": {"request", "message", "document", "consent"},
    "delegate": set(),
    "governor": set(),
    "health": set(),
}
IDENTITY = "1000000008"


@tagged("post_install", "-at_install")
class TestTimeline(SecurityCommon):
    """One page of a contact, which shows what its reader may see and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._new_beneficiary(0)
        cls.partner = cls.person.partner_id
        cls.request = cls._advance(cls._new_request(cls.person), "delivery").sudo()
        cls.request.with_user(cls.users["deliverer"])._deliver(
            {
                "amount": 1,
                "date": cls.company._npo_today(),
                "receipt_method": "bank",
                "bank_reference": "77",
            }
        )
        purposes = cls.env["npo.consent.purpose"]._of(cls.company, codes=["survey"])
        consent = cls.env["npo.consent"]._give(
            cls.partner, purposes, cls.company, "phone"
        )
        consent._withdraw("phone")
        rule = cls.env["npo.outreach.rule"].create(
            {
                "name": "Rule",
                "company_id": cls.company.id,
                "service_id": cls._service("repair").id or cls.service.id,
            }
        )
        cls.env["npo.outreach"].sudo().create(
            {
                "rule_id": rule.id,
                "service_id": rule.service_id.id,
                "company_id": cls.company.id,
                "beneficiary_id": cls.person.id,
                "period": "2026",
            }
        )

    def _page(self, name):
        partner = self._as(name, self.partner)
        action = partner.action_npo_timeline()
        return partner.env["npo.timeline"].browse(action["res_id"])

    def test_each_role(self):
        """Each role sees the kinds that it may read, by its own rules, no others."""
        for name, kinds in SEES.items():
            with self.subTest(name):
                page = self._page(name)
                found = {entry["kind"] for entry in page._entries(500)}
                self.assertEqual(found, kinds)
                for entry in page._entries(500):
                    record = page.env[entry["model"]].browse(entry["id"])
                    self.assertTrue(record.has_access("read"))

    def test_strangers(self):
        """Nobody from outside opens a page, and nobody another's page."""
        for name in ("portal", "stranger", "internal"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._page(name)
        page = self._page("officer")
        for name in ("front", "manager", "portal"):
            own = self._as(name, page)
            for call in (own.action_show, own.action_older, own.action_print):
                with self.subTest(name), self.assertRaises(AccessError):
                    call()
            with self.subTest(name), self.assertRaises(AccessError):
                own.read(["lines"])

    def test_identity(self):
        """On the screen a mask, whoever looks: a number is shown for a reason."""
        self.person.category_ids = self.env.ref("npo_relations.category_disabled")
        category = self.person.category_ids.name
        for name in SEES:
            text = str(self._page(name).summary)
            with self.subTest(name):
                self.assertNotIn(IDENTITY, text)
                self.assertEqual(
                    category in text,
                    name in ("officer", "researcher", "admin", "member", "manager")
                    or name == "auditor",
                )
        self.assertFalse(self.env["npo.access.log"].search([("way", "=", "read")]))

    def test_order_and_filter(self):
        """Newest first, bounded, one kind alone, a withdrawal beside its consent."""
        page = self._page("officer")
        moments = [entry["moment"] for entry in page._entries(500)]
        self.assertEqual(moments, sorted(moments, reverse=True))
        self.assertEqual(len(page._entries(3)), 3)
        page.with_context(npo_timeline_kind="consent").action_show()
        self.assertEqual(len(page._entries(500)), 2)
        self.assertIn("Withdrew", str(page.lines))
        page.with_context(npo_timeline_kind="x").action_show()
        self.assertFalse(page.kind)
        page.sudo().limit = 1
        page.invalidate_recordset()
        self.assertTrue(page.has_more)
        page.action_older()
        page.invalidate_recordset()
        self.assertFalse(page.has_more)

    def test_other_association(self):
        """The page of one association holds nothing of another's."""
        foreign = self._new_association("Other Association", "masaken")
        officer = self._new_person(
            "foreign", "npo_relations.group_npo_relations_officer", foreign
        )
        self.partner.company_id = False
        page = self._as(officer, self.partner)
        page = officer.env["npo.timeline"].browse(page.action_npo_timeline()["res_id"])
        self.assertFalse(self._as(officer, page)._entries(500))
        self.assertNotIn(IDENTITY, str(self._as(officer, page).summary))

    def test_statements(self):
        """The page takes the same statements for few entries as for many."""

        def statements():
            page = self._page("officer")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            entries = page._entries(50)
            return self.cr.sql_log_count - before, len(entries)

        statements()
        few, count = statements()
        self.env["npo.message"].sudo().create(
            [
                {
                    "res_model": "npo.request",
                    "res_id": self.request.id,
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "subject": f"Message {index}",
                    "body": "x",
                }
                for index in range(40)
            ]
        )
        many, more = statements()
        self.assertGreater(more, count)
        self.assertLessEqual(many, few + 1)
        self.assertLessEqual(few, 26)

    def test_dossier(self):
        """Printed with the masks of the reader; each printing is on record."""
        logs = self.env["npo.access.log"]
        self.person._register_file()
        for name, is_masked in (("officer", False), ("manager", True), ("front", True)):
            page = self._page(name)
            reports = page.env["ir.actions.report"].with_context(
                force_report_rendering=True
            )
            content, kind = reports._render_qweb_pdf(
                "npo_relations.report_npo_dossier", page.ids
            )
            self.assertEqual(kind, "pdf")
            text = "".join(read_pdf(content))
            with self.subTest(name):
                self.assertIn(self.person.name, text)
                self.assertEqual(IDENTITY not in text, is_masked)
                self.assertEqual(self.request.name in text, name != "front")
            log = logs.search([], limit=1)
            self.assertRecordValues(
                log,
                [
                    {
                        "way": "dossier",
                        "user_id": self.users[name].id,
                        "is_masked": is_masked,
                        "res_model": "npo.beneficiary",
                        "res_id": self.person.id,
                        "res_name": self.person.file_no,
                        "company_id": self.company.id,
                        "entry_count": len(page._entries(500)),
                    }
                ],
            )
        self.assertNotIn(self.person.name, str(logs.search([]).read()))
