from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_browser import WebCommon
from .common_sealed import MARKER, SealedCommon

# Who tries: those who had the complaint before it was sealed, and who administers.
TRIES = ("handler", "manager", "chief", "officer", "auditor", "root")


@tagged("post_install", "-at_install")
class TestSealedDoors(SealedCommon, WebCommon):
    """P092: files and talk of a sealed complaint, by an address typed by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, user in cls.users.items():
            user.password = f"{name}_{cls.company.id}"
        cls._touch(cls.complaint)
        cls.file = cls.env["ir.attachment"].search(
            [("res_model", "=", "npo.complaint"), ("res_id", "=", cls.complaint.id)],
            limit=1,
        )
        cls.token = cls.file.generate_access_token()[0]
        cls.complaint.with_user(cls.handler)._seal()

    def _login(self, name):
        self.authenticate(self.users[name].login, f"{name}_{self.company.id}")

    def _addresses(self):
        file = self.file.id
        return (
            f"/web/content/{file}",
            f"/web/content/{file}?download=true",
            f"/web/content/{file}?access_token={self.token}",
            f"/web/image/{file}",
            f"/web/content?model=ir.attachment&id={file}&field=raw",
            f"/mail/attachment/zip?file_ids={file}&zip_name=x.zip",
            f"/mail/view?model=npo.complaint&res_id={self.complaint.id}",
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_files(self):
        """By number, by a link given before, as a picture, as an archive."""
        for name in TRIES:
            self._login(name)
            for address in self._addresses():
                with self.subTest(f"{name} {address}"):
                    answer = self.url_open(address)
                    self.assertNotIn(MARKER.encode(), answer.content)
        self.logout()
        for address in self._addresses():
            with self.subTest(f"nobody {address}"):
                self.assertNotIn(MARKER.encode(), self.url_open(address).content)
        self._login("sealer")
        answer = self.url_open(f"/web/content/{self.file.id}")
        self.assertIn(MARKER.encode(), answer.content)

    def _upload(self, name):
        """Add a file as the web client does, before its message is posted."""
        self._login(name)
        return self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": Request.csrf_token(self),
                "thread_id": self.complaint.id,
                "thread_model": "npo.complaint",
                "is_pending": "true",
            },
            files={"ufile": ("later.txt", f"Later: {MARKER}", "text/plain")},
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_file_not_posted(self):
        """What a focal person added and did not post yet is the complaint's already."""
        answer = self._upload("sealer").json()
        file = self.env["ir.attachment"].browse(answer["data"]["attachment_id"])
        self.assertEqual(file.res_id, self.complaint.id)
        for name in TRIES:
            self._login(name)
            with self.subTest(name):
                content = self.url_open(f"/web/content/{file.id}").content
                self.assertNotIn(MARKER.encode(), content)
                found = self._as(name, self.env["ir.attachment"])
                self.assertFalse(found.search([("id", "=", file.id)]))
        self._login("sealer")
        content = self.url_open(f"/web/content/{file.id}").content
        self.assertIn(MARKER.encode(), content)
        before = self.env["ir.attachment"].search_count([])
        for name in TRIES:
            with self.subTest(name):
                self.assertNotIn("attachment_id", self._upload(name).text)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_calls(self):
        """The calls of the web client: thread, followers, activities, reading."""
        case = self.complaint.id
        thread = {"thread_model": "npo.complaint", "thread_id": case}
        calls = (
            ("/mail/thread/messages", {**thread, "fetch_params": {"limit": 30}}),
            ("/mail/data", {"fetch_params": [["mail.thread", {**thread}]]}),
            ("/mail/inbox/messages", {"fetch_params": {"limit": 30}}),
            ("/mail/history/messages", {"fetch_params": {"limit": 30}}),
            (
                "/web/dataset/call_kw/npo.complaint/web_read",
                {
                    "model": "npo.complaint",
                    "method": "web_read",
                    "args": [[case], {"title": {}, "display_name": {}}],
                    "kwargs": {},
                },
            ),
            (
                "/web/dataset/call_kw/mail.activity/get_activity_data",
                {
                    "model": "mail.activity",
                    "method": "get_activity_data",
                    "args": ["npo.complaint", [["id", "=", case]]],
                    "kwargs": {},
                },
            ),
        )
        for name in (*TRIES, "sealer"):
            self._login(name)
            seen = False
            for address, params in calls:
                answer = self.make_jsonrpc_raw(address, params)
                seen = seen or MARKER in answer or self.complaint.name in answer
                with self.subTest(f"{name} {address}"):
                    if name != "sealer":
                        self.assertNotIn(MARKER, answer)
                        self.assertNotIn(self.complaint.name, answer)
            self.assertEqual(seen, name == "sealer")

    def make_jsonrpc_raw(self, address, params):
        """Return what a call answers, its error too."""
        call = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        return self.url_open(address, json=call).text
