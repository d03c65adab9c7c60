import base64

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_browser import WebCommon
from ..people.common import PDF
from .common import SecurityCommon

MARK = b"%PDF"


@tagged("post_install", "-at_install")
class TestHandMadeUrls(SecurityCommon, WebCommon):
    """R154, R157: files, pictures and papers by an address typed by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, user in cls.users.items():
            user.password = f"{name}_{cls.company.id}"
        cls.file = cls._new_portal_file(name="stranger", index=0)
        cls.request = cls._advance(cls._new_request(cls.file), "delivery").sudo()
        cls.request.with_user(cls.users["deliverer"])._deliver(
            {
                "amount": 1,
                "date": cls.company._npo_today(),
                "receipt_method": "bank",
                "bank_reference": "77",
            }
        )
        cls.study = cls.env["npo.assessment"].create(
            {
                "beneficiary_id": cls.file.id,
                "company_id": cls.company.id,
                "researcher_id": cls.users["researcher"].id,
                "family_problems": "Quarrel at home",
                "health_line_ids": [
                    Command.create({"member": "Son", "status": "chronic"})
                ],
            }
        )
        kind = cls.env["npo.document.type"].search(
            [("is_restricted", "=", True)], limit=1
        )
        cls.document = cls.env["npo.document"].create(
            {
                "document_type_id": kind.id,
                "beneficiary_id": cls.file.id,
                "file_name": "report.pdf",
                "file": base64.b64encode(PDF),
            }
        )
        purposes = cls.env["npo.consent.purpose"]._of(cls.company, codes=["survey"])
        cls.consent = cls.env["npo.consent"]._give(
            cls.file.partner_id,
            purposes,
            cls.company,
            "paper",
            proof=base64.b64encode(PDF),
            proof_name="proof.pdf",
        )
        page = cls.file.partner_id.with_user(cls.officer).action_npo_timeline()
        cls.page_id = page["res_id"]
        attachment = cls.env["ir.attachment"].search(
            [
                ("res_model", "=", "npo.document"),
                ("res_id", "=", cls.document.id),
                ("res_field", "=", "restricted_file"),
            ]
        )
        cls.urls = {
            f"/web/content/npo.document/{cls.document.id}/restricted_file": ("health",),
            f"/web/content/{attachment.id}": ("health",),
            f"/web/content/npo.consent/{cls.consent.id}/proof": (
                "front",
                "officer",
                "researcher",
                "manager",
                "auditor",
            ),
        }

    def _get(self, role, url):
        user = self.users[role]
        self.authenticate(user.login, user.login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            return self.url_open(url)

    def test_files(self):
        """P013, P020: a restricted paper and a proof, to their readers alone."""
        roles = ("front", "officer", "researcher", "member", "deliverer", "governor")
        for role in (*roles, "manager", "auditor", "internal", "portal", "stranger"):
            for url, readers in self.urls.items():
                response = self._get(role, url)
                with self.subTest(f"{role} {url}"):
                    self.assertEqual(MARK in response.content, role in readers)

    def test_reader_of_health(self):
        """P013: who reads both files and health opens the paper; it is on record."""
        self.users["front"].group_ids |= self.env.ref(
            "npo_relations.group_npo_health_reader"
        )
        url = next(iter(self.urls))
        self.assertIn(MARK, self._get("front", url).content)
        log = self.env["npo.access.log"].search([("way", "=", "read")])
        self.assertRecordValues(
            log,
            [
                {
                    "res_model": "npo.document",
                    "res_id": self.document.id,
                    "field_name": "restricted_file",
                    "user_id": self.users["front"].id,
                }
            ],
        )

    def test_papers(self):
        """A report by its address prints for who may read the record, nobody else."""
        prefix = "/report/pdf/npo_relations.report_npo_"
        papers = {
            f"{prefix}assessment/{self.study.id}": {"researcher", "manager", "auditor"},
            f"{prefix}dossier/{self.page_id}": {"officer"},
            f"{prefix}request_form/{self.request.id}": None,
            f"{prefix}request_letter/{self.request.id}": None,
            f"{prefix}request_declaration/{self.request.id}": None,
            f"{prefix}delivery_receipt/{self.request.delivery_ids[:1].id}": None,
        }
        outsiders = {"governor", "internal", "portal", "delegate"}
        for role in ("front", "member", "deliverer", *sorted(outsiders)):
            for url, readers in papers.items():
                if readers is None and role not in outsiders:
                    continue
                response = self._get(role, url)
                with self.subTest(f"{role} {url}"):
                    self.assertNotIn(MARK, response.content)
                    self.assertNotIn(b"Quarrel", response.content)
                    self.assertNotIn(self.file.name.encode(), response.content)

    def test_pages_of_another(self):
        """The portal of one person shows nothing of another's, by any number."""
        others = self.consent.purpose_id.id
        for url in (
            f"/my/requests/{self.request.id}",
            f"/my/requests/{self.request.id}/letter",
            f"/odoo/npo.beneficiary/{self.file.id}",
            f"/odoo/npo.timeline/{self.page_id}",
            "/my/consents",
            f"/my/consents?purpose_id={others}&partner_id={self.file.partner_id.id}",
        ):
            response = self._get("portal", url)
            with self.subTest(url):
                self.assertNotIn(self.file.name.encode(), response.content)
                self.assertNotIn(b"1000000008", response.content)
                self.assertNotIn(b"you agreed: ", response.content)
