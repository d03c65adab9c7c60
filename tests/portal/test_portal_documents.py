from odoo.fields import Command
from odoo.tests import tagged

from .common import PDF, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalDocuments(PortalCommon):
    """Handing documents in: kind and size checked, nothing else lost (R107, R108)."""

    def setUp(self):
        super().setUp()
        self.draft = self._new_draft()
        self.url = f"/my/requests/{self.draft.id}/edit/documents"
        self.paper = self._document(self.draft, is_identity=False)
        self.card = self._document(self.draft, is_identity=True)

    def _upload(self, name, content, data=None, document=None):
        key = f"file_{(document or self.paper).id}"
        return self._post(self.url, data or {"go": "add"}, {key: (name, content)})

    def test_file(self):
        response, page = self._upload("عقد.pdf", PDF)
        self.assertEqual(self._path(response), self.url)
        self.assertEqual(self.paper.state, "received")
        self.assertEqual(self.paper.file_name, "عقد.pdf")
        self.assertIn("عقد.pdf", page.text_content())

    def test_identity_is_not_copied(self):
        """Number and expiry are asked for; a picture slipped in is refused."""
        _response, page = self._get(self.url)
        self.assertFalse(page.xpath(f"//input[@name='file_{self.card.id}']"))
        data = {
            f"number_{self.card.id}": "١٠٠٠٠٠٠٠٠٨",
            f"expiry_{self.card.id}": "1450/01/15",
        }
        self._post(self.url, data)
        self.assertEqual(self.card.number, "1000000008")
        self.assertTrue(self.card.expiry_date)
        _response, page = self._upload("id.pdf", PDF, document=self.card)
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        self.assertFalse(self.card.has_file)

    def test_refused_files_keep_the_rest(self):
        """11 MB, a programme renamed, an empty file: told at the field, rest kept."""
        wrong = {
            "large": ("large.pdf", PDF + b"0" * 11 * 1024 * 1024),
            "programme": ("photo.jpg", b"MZ\x90\x00" + b"\x00" * 200),
            "page": ("page.pdf", b"<html><script>alert(1)</script></html>"),
            "wrong name": ("photo.exe", PDF),
        }
        for label, (name, content) in wrong.items():
            with self.subTest(label):
                number = {f"number_{self.card.id}": "1000000008"}
                _response, page = self._upload(name, content, number)
                self._assert_error(page, f"file_{self.paper.id}")
                self.assertEqual(self.paper.state, "missing")
                self.assertFalse(self.paper.has_file)
                self.assertEqual(self.card.number, "1000000008")

    def test_wrong_date(self):
        data = {
            f"number_{self.card.id}": "1000000008",
            f"expiry_{self.card.id}": "tomorrow",
        }
        _response, page = self._post(self.url, data)
        self._assert_error(page, f"expiry_{self.card.id}")
        self.assertEqual(self._value(page, f"expiry_{self.card.id}"), "tomorrow")
        self.assertEqual(self._value(page, f"number_{self.card.id}"), "1000000008")

    def test_document_of_another_request(self):
        """A line that is not on the own checklist is not touched."""
        other = self._new_request(self._new_beneficiary(1))
        line = self._document(other, is_identity=False)
        self._upload("x.pdf", PDF, document=line)
        self.assertEqual(line.state, "missing")

    def test_on_file_is_not_asked_again(self):
        """A second request takes over what was matched (R060)."""
        self._upload("x.pdf", PDF)
        self.paper.issue_date = "2026-01-01" if not self.paper.max_age_days else False
        if self.paper.max_age_days:
            self.paper.issue_date = self.company._npo_today()
        self.paper.with_user(self.officer).action_match(number="77")
        service = self._service("house_repair") or self.service
        line = service.document_line_ids.filtered(
            lambda line: line.document_type_id == self.paper.document_type_id
        )
        if not line:
            service.document_line_ids = [
                Command.create({"document_type_id": self.paper.document_type_id.id})
            ]
        draft = (
            self.env["npo.request"]
            .with_user(self.portal_user)
            ._portal_draft(service)
            .sudo()
        )
        again = draft.document_ids.filtered(
            lambda document: document.document_type_id == self.paper.document_type_id
        )
        self.assertEqual(again.state, "matched")
        _response, page = self._get(f"/my/requests/{draft.id}/edit/documents")
        self.assertFalse(page.xpath(f"//input[@name='file_{again.id}']"))
        again.with_user(self.portal_user)
        url = f"/my/requests/{draft.id}/edit/documents"
        _response, page = self._post(
            url, {"go": "add"}, {f"file_{again.id}": ("x.pdf", PDF)}
        )
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        self.assertEqual(again.state, "matched")
