from odoo.tests import tagged

from ..portal.common import PDF, PortalCommon
from .common import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationPortal(CompensationCommon, PortalCommon):
    """R142: claim, follow, accept or decline with a signature, see what is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.partner
        cls.person.name = "سلمى الحرفية"
        cls.agreement.sudo().partner_id = cls.person

    def _cases(self):
        return self.env["npo.compensation"].search(
            [("partner_id", "=", self.person.id)]
        )

    def _claim(self, **data):
        return self._post(
            "/my/compensations/new",
            {
                "description": "انكسرت ثلاث مزهريات في معرضكم.",
                "date_harm": "1447/03/10",
                "remedy_asked": "ثمنها.",
                "amount_claimed": "١٥٠٠",
                "relation": f"agreement-{self.agreement.id}",
                "notice": self.env["npo.consent"]._notice(self.company).id,
                **data,
            },
            files={"files": ("photo.pdf", PDF, "application/pdf")},
        )

    def test_claim(self):
        """R132: from the empty list to the number; pressed twice, it is one."""
        _response, page = self._get("/my/compensations")
        self.assertTrue(page.xpath("//a[@href='/my/compensations/new']"))
        for _press in range(2):
            response, page = self._claim()
        case = self._cases()
        self.assertEqual(len(case), 1)
        self.assertEqual(self._path(response), f"/my/compensations/{case.id}")
        self.assertRecordValues(
            case,
            [
                {
                    "amount_claimed": 1500,
                    "agreement_id": self.agreement.id,
                    "stage_code": "received",
                    "relation": "agreement",
                }
            ],
        )
        self.assertEqual(case.evidence_ids.source, "person")
        self.assertIn(case.name, page.text_content())
        _response, page = self._get("/my/compensations")
        self.assertIn(case.name, page.text_content())

    def test_nothing_is_lost(self):
        """R132: what is wrong is said, and what was typed is still there."""
        for data in (
            {"description": " "},
            {"date_harm": "1490/01/01"},
            {"date_harm": "x"},
            {"amount_claimed": "much"},
        ):
            with self.subTest(str(data)):
                _response, page = self._claim(**data)
                self.assertTrue(page.get_element_by_id("npo_errors").text_content())
                self.assertIn(
                    "ثمنها.", page.get_element_by_id("remedy_asked").text_content()
                )
        self.assertFalse(self._cases())

    def test_notice(self):
        """P015: the form shows the notice; what was shown is kept with the claim."""
        notice = self.env["npo.consent"]._notice(self.company)
        self.assertTrue(notice)
        _response, page = self._get("/my/compensations/new")
        shown = page.xpath("//input[@name='notice']/@value")
        self.assertEqual(shown, [str(notice.id)])
        self.assertIn(
            self.company.name, page.get_element_by_id("notice").text_content()
        )
        for wrong in ("", "0", "x", str(notice.id + 1)):
            with self.subTest(wrong):
                _response, page = self._claim(notice=wrong)
                self.assertTrue(page.get_element_by_id("npo_errors").text_content())
                self.assertIn(
                    "ثمنها.", page.get_element_by_id("remedy_asked").text_content()
                )
        self.assertFalse(self._cases())
        self._claim()
        self.assertEqual(self._cases().notice_text_id, notice)
        newer = self.env["npo.consent.text"].create(
            {
                "purpose_id": notice.purpose_id.id,
                "company_id": self.company.id,
                "date_from": self.company._npo_today(),
                "text": "{association} uses your data to help you.",
            }
        )
        # an old form: it is shown anew, and names the newer one
        _response, page = self._claim(notice=notice.id, description="شيء آخر انكسر.")
        shown = page.xpath("//input[@name='notice']/@value")
        self.assertEqual(shown, [str(newer.id)])
        self.assertEqual(len(self._cases()), 1)

    def test_others_agreement(self):
        """R133: the agreement of somebody else cannot be named."""
        other = self.env["res.partner"].create({"name": "Other"})
        foreign = self._new_agreement(partner_id=other.id)
        self._claim(relation=f"agreement-{foreign.id}")
        self.assertFalse(self._cases().agreement_id)

    def _page(self, case):
        return self._get(f"/my/compensations/{case.id}")[1]

    def test_study_is_told_in_a_word(self):
        """R136: of the findings the person reads that they are studied, no more."""
        case = self._studied()
        case._find(
            "ground",
            "met",
            "Internal words.",
            breach_ground="contract",
            duty_line_id=self.duty.id,
        )
        text = self._page(case).text_content()
        self.assertNotIn("Internal words", text)
        self.assertIn(case.with_context(lang="ar_001").portal_sentence, text)

    def test_accept(self):
        """R142: the offer is accepted by signing the settlement that was read."""
        case = self._negotiated()
        url = f"/my/compensations/{case.id}"
        page = self._page(case)
        self.assertIn("We make good what was broken.", page.text_content())
        self._post(url, {"step": "accept", "offer": "1", "typed_name": "Somebody"})
        self.assertEqual(case.stage_code, "negotiation")
        self._post(
            url, {"step": "accept", "offer": "2", "typed_name": self.person.name}
        )
        self.assertEqual(case.stage_code, "negotiation")
        for _press in range(2):
            self._post(
                url, {"step": "accept", "offer": "1", "typed_name": self.person.name}
            )
        self.assertEqual(case.stage_code, "decision")
        line = case.sudo().round_ids
        self.assertRecordValues(
            line,
            [
                {
                    "result": "accepted",
                    "answered_via": "portal",
                    "signer_id": self.person.id,
                    "signed_name": self.person.name,
                }
            ],
        )
        self.assertIn(line.offer_text, line.release_text)
        self.assertTrue(case.settlement_date)

    def test_accept_by_drawing(self):
        """R142: a drawing is kept as the signature."""
        case = self._negotiated()
        drawing = (
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUl"
            "EQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        self._post(
            f"/my/compensations/{case.id}",
            {"step": "accept", "offer": "1", "signature": drawing},
        )
        self.assertEqual(case.stage_code, "decision")
        self.assertTrue(case.sudo().round_ids.signature)

    def test_decline(self):
        """R142: who declines may ask for another amount; the offers stay."""
        case = self._negotiated()
        url = f"/my/compensations/{case.id}"
        for _press in range(2):
            self._post(
                url,
                {"step": "decline", "offer": "1", "text": "قليل", "counter": "٤٠٠٠"},
            )
        self.assertRecordValues(
            case.sudo().round_ids,
            [{"result": "countered", "counter_amount": 4000, "answer_text": "قليل"}],
        )
        self.assertEqual(case.stage_code, "negotiation")
        self.assertTrue(case.sudo().activity_ids)

    def test_withdraw_and_files(self):
        """R132: files are added, and the claim is taken back, until it is decided."""
        case = self._new_case()
        url = f"/my/compensations/{case.id}"
        self._post(
            url, {"step": "add"}, files={"files": ("b.pdf", PDF, "application/pdf")}
        )
        self.assertEqual(len(case.evidence_ids), 1)
        self._post(
            url, {"step": "add"}, files={"files": ("b.pdf", b"MZ", "application/pdf")}
        )
        self.assertEqual(len(case.evidence_ids), 1)
        for _press in range(2):
            self._post(url, {"step": "withdraw"})
        self.assertEqual(case.stage_code, "withdrawn")

    def test_object(self):
        """D12: a refusal is objected to in the portal."""
        case = self._studied()
        case._find("proof", "not_met", "Nobody admits it.")
        page = self._page(case)
        url = f"/my/compensations/{case.id}/object"
        self.assertTrue(page.xpath(f"//a[contains(@href, '{url}')]"))
        data = {"ground": "error", "statement": "It was admitted."}
        for _press in range(2):
            response, _page = self._post(url, data)
        appeal = case._appeals()
        self.assertEqual(len(appeal), 1)
        self.assertEqual(self._path(response), f"/my/appeals/{appeal.id}")

    def test_stranger(self):
        """R142: for anybody else there is no claim: not to read, answer or print."""
        case = self._negotiated()
        self._log_in(self.stranger)
        base = f"/my/compensations/{case.id}"
        for url in (base, f"{base}/object", f"{base}/letter", f"{base}/settlement"):
            with self.subTest(url):
                self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open("/my/compensations/999999999").status_code, 404)
        _response, page = self._get("/my/compensations")
        self.assertNotIn(case.name, page.text_content())

    def test_documents(self):
        """R142: the settlement is printed before it is signed, the letter after."""
        case = self._negotiated()
        base = f"/my/compensations/{case.id}"
        response = self.url_open(f"{base}/settlement")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertEqual(self.url_open(f"{base}/letter").status_code, 404)
        case._reject("No agreement.")
        response = self.url_open(f"{base}/letter")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
