from odoo.tests import tagged

from ..portal.common import PDF, PortalCommon


@tagged("post_install", "-at_install")
class TestAppealPortal(PortalCommon):
    """D12: objecting in the portal, by the person or a representative alone."""

    def setUp(self):
        super().setUp()
        self.request = self._rejected_request()
        self.url = f"/my/requests/{self.request.id}/object"

    def _appeals(self):
        return self.env["npo.appeal"].search([("request_id", "=", self.request.id)])

    def test_object(self):
        """D12: from the request's page to the objection; pressed twice, it is one."""
        _response, page = self._get(f"/my/requests/{self.request.id}")
        self.assertTrue(page.xpath(f"//a[contains(@href, '{self.url}')]"))
        response, page = self._post(self.url, {"ground": "error", "statement": " "})
        self.assertEqual(self._path(response), self.url)
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        data = {"ground": "new_evidence", "statement": "راتبي انقطع في رجب."}
        files = {"evidence": ("salary.pdf", PDF, "application/pdf")}
        for _press in range(2):
            response, page = self._post(self.url, data, files=files)
        appeal = self._appeals()
        self.assertEqual(len(appeal), 1)
        self.assertEqual(appeal.ground, "new_evidence")
        self.assertTrue(appeal.evidence)
        self.assertEqual(self._path(response), f"/my/appeals/{appeal.id}")
        self.assertIn(appeal.name, page.text_content())
        _response, page = self._get(f"/my/requests/{self.request.id}")
        self.assertFalse(page.xpath(f"//a[contains(@href, '{self.url}')]"))
        self.assertIn(appeal.name, page.text_content())

    def test_bad_file(self):
        """D12: what is no document is refused, and what was typed is kept."""
        files = {"evidence": ("x.pdf", b"MZ not a pdf", "application/pdf")}
        _response, page = self._post(
            self.url, {"ground": "error", "statement": "Wrong."}, files=files
        )
        self.assertFalse(self._appeals())
        self.assertIn("Wrong.", page.get_element_by_id("statement").text_content())

    def test_stranger(self):
        """D12: for a stranger neither request, objection nor letter exist."""
        self._post(self.url, {"ground": "error", "statement": "Wrong."})
        appeal = self._appeals()
        self._log_in(self.stranger)
        for url in (
            self.url,
            f"/my/appeals/{appeal.id}",
            f"/my/appeals/{appeal.id}/letter",
            "/my/appeals/999999999",
            "/my/requests/999999999/object",
        ):
            response, page = self._get(url)
            with self.subTest(url):
                self.assertEqual(self._path(response), "/my")
                self.assertNotIn(appeal.name, page.text_content())
        response, _page = self._post(f"/my/appeals/{appeal.id}", {"step": "withdraw"})
        self.assertEqual(self._path(response), "/my")
        self.assertEqual(appeal.stage_code, "received")
        self.authenticate(None, None)
        response = self.url_open(self.url)
        self.assertIn("/web/login", response.url)

    def test_representative(self):
        """D12, D11: a representative with the right to apply objects in the portal."""
        self._log_in(self.stranger)
        self.env["npo.representative"].create(
            {
                "partner_id": self.partner.id,
                "representative_id": self.stranger.partner_id.id,
                "kind": "guardian",
                "company_id": self.company.id,
            }
        )
        self._post(self.url, {"ground": "error", "statement": "For my sister."})
        appeal = self._appeals()
        self.assertEqual(appeal.lodged_by_id, self.stranger.partner_id)
        response, _page = self._get(f"/my/appeals/{appeal.id}")
        self.assertEqual(self._path(response), f"/my/appeals/{appeal.id}")

    def test_withdraw_and_letter(self):
        """D12: taken back while nobody reviews it; the letter comes with the answer."""
        self._post(self.url, {"ground": "error", "statement": "Wrong."})
        appeal = self._appeals()
        response, _page = self._get(f"/my/appeals/{appeal.id}/letter")
        self.assertEqual(self._path(response), "/my")
        self._post(f"/my/appeals/{appeal.id}", {"step": "withdraw"})
        self.assertEqual(appeal.stage_code, "withdrawn")
        self._post(self.url, {"ground": "error", "statement": "Wrong after all."})
        appeal = self._appeals().sorted("id")[-1:]
        reviewer = appeal.with_user(self.users["member"])
        reviewer.action_review()
        self._post(f"/my/appeals/{appeal.id}", {"step": "withdraw"})
        self.assertEqual(appeal.stage_code, "review")
        reviewer._answer("confirmed", "It was right.")
        response = self.url_open(f"/my/appeals/{appeal.id}/letter")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")

    def test_answer_finding(self):
        """R120: the person answers in the portal, once; a stranger finds nothing."""
        finding = self.env["npo.false.declaration"].with_user(self.officer)
        finding = finding._open(self.request.with_user(self.officer), "Hidden salary.")
        url = f"/my/requests/{self.request.id}/finding"
        _response, page = self._get(f"/my/requests/{self.request.id}")
        self.assertTrue(page.xpath(f"//a[contains(@href, '{url}')]"))
        self._log_in(self.stranger)
        response, page = self._post(url, {"answer": "I am somebody else."})
        self.assertEqual(self._path(response), "/my")
        self.assertNotIn("Hidden salary", page.text_content())
        self._log_in(self.portal_user)
        _response, page = self._get(url)
        self.assertIn("Hidden salary", page.text_content())
        self._post(url, {"answer": "It ended."})
        self._post(url, {"answer": "Another one."})
        self.assertEqual(finding.sudo().answer, "It ended.")
        self.assertEqual(finding.stage_code, "answered")
