from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .test_sign_in import SignInCommon

PAGES = ("/my/account", "/my/addresses", "/my/address")
FIELDS = ["name", "phone", "email", "vat", "street", "city", "image_1920"]


@tagged("post_install", "-at_install")
class TestOwnData(SignInCommon):
    """P014: who is served has their data corrected, and writes none of it alone."""

    def setUp(self):
        super().setUp()
        self.user = self._give().user_id
        self.person = self.user.partner_id
        self.typed = {
            "name": "Another Name",
            "email": "thief@example.com",
            "phone": "0555999000",
            "street": "1",
            "city": "Riyadh",
            "zip": "12345",
            "country_id": str(self.env.ref("base.sa").id),
        }

    def _answer(self, url, data):
        """Return what the server says to a form, as JSON or as a status."""
        with mute_logger("odoo.http"):
            response, _page = self._post(url, data, allow_redirects=False)
        return response

    def _call(self, url, method, *args, **params):
        return self.make_jsonrpc_request(
            url, {"method": method, "args": args, "kwargs": {}, **params}
        )

    def test_pages(self):
        """P014: each of core's pages leads to where one asks for a correction."""
        self._log_in(self.user)
        for path in PAGES:
            with self.subTest(path):
                self.assertEqual(self._path(self.url_open(path)), "/my/privacy")

    def test_refused(self):
        """P014: no name, mobile, e-mail or address by oneself, by form or by call."""
        self._log_in(self.user)
        before = self.person.read(FIELDS)
        own = {"partner_id": str(self.person.id), **self.typed}
        for url, data in (
            ("/my/address/submit", own),
            ("/my/address/submit", self.typed),
            ("/my/address/submit", {**self.typed, "address_type": "delivery"}),
            ("/my/account", own),
        ):
            with self.subTest(url, data=data):
                self.assertEqual(self._answer(url, data).status_code, 403)
        child = self.env["res.partner"].create(
            {"name": "Address", "parent_id": self.person.id, "type": "delivery"}
        )
        calls = "/web/dataset/call_kw"
        for name in ("name", "email", "phone", "image_1920"):
            vals = {name: self.typed.get(name, False)}
            with self.subTest(name), mute_logger("odoo.http"):
                with self.assertRaises(JsonRpcException):
                    self._call(calls, "write", self.user.ids, vals, model="res.users")
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request("/my/address/archive", {"partner_id": child.id})
        self.env.invalidate_all()
        self.assertEqual(self.person.read(FIELDS), before)
        self.assertEqual(self.person.child_ids, child)
        self.assertTrue(child.active)
        self.assertFalse(
            child.with_user(self.user)._can_be_edited_by_current_customer()
        )
        # what tells nothing of a person stays theirs
        self._call(calls, "write", self.user.ids, {"tz": "UTC"}, model="res.users")

    def test_closes(self):
        """D05, D17: who closes the account stays in the files; the access has ended."""
        access = self.env["npo.portal.access"].search([("user_id", "=", self.user.id)])
        deletions = self.env["res.users.deletion"]
        self.user.sudo()._deactivate_portal_user()
        self.assertEqual((access.state, access.end_reason), ("ended", "person"))
        self.assertFalse(self.user.active)
        self.assertTrue(self.person.active)
        self.assertFalse(deletions.search([("user_id", "=", self.user.id)]))
        again = self._give()
        self.assertEqual(again.name, access.name)
        self.assertEqual(again.user_id.login, access.name)
        other = self.stranger
        other.sudo()._deactivate_portal_user()
        self.assertFalse(other.partner_id.active)
        self.assertTrue(deletions.search([("user_id", "=", other.id)]))

    def test_others(self):
        """Who comes in as a supplier's contact keeps core's pages, and writes."""
        self._log_in(self.stranger)
        for path in PAGES:
            with self.subTest(path):
                self.assertEqual(self._path(self.url_open(path)), path)
        own = {"partner_id": str(self.stranger.partner_id.id), **self.typed}
        response = self._answer("/my/address/submit", own)
        self.assertIn("redirectUrl", response.json())
        self.env.invalidate_all()
        self.assertEqual(self.stranger.partner_id.name, "Another Name")
