from contextlib import suppress
from unittest.mock import Mock, patch

from odoo import http
from odoo.exceptions import AccessDenied
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.core import res_users
from ..common import AssociationCommon
from ..common_browser import WebCommon

PASSWORD = "valley and hill"


@tagged("post_install", "-at_install")
class TestCoreDoors(AssociationCommon, WebCommon):
    """D05: wrong passwords are counted at Odoo's own doors, for all processes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls.env.ref("base.main_company")
        cls.main.npo_sign_in_tries = 2
        cls.users = cls.env["res.users"]
        cls.user = new_test_user(
            cls.env, "door_user", "base.group_portal", password=PASSWORD
        )

    def _try(self, name, address, is_let=True, is_right=False):
        """Try a name from a connection; see whether it comes to the password."""
        place = Mock(httprequest=Mock(remote_addr=address))
        came = []
        with (
            patch.object(res_users, "request", place),
            suppress(AccessDenied),  # `assertRaises` would take the count back
            self.users._assert_can_auth(user=name),
        ):
            came.append(True)
            if not is_right:
                raise AccessDenied
        self.env.invalidate_all()
        self.assertEqual(bool(came), is_let, f"{name} from {address}")

    def test_connection(self):
        """D05: two a name and connection; another connection is not shut out."""
        for _turn in range(3):
            self._try("who", "10.0.0.1", is_right=True)
        for is_let in (True, True, False):
            self._try("who", "10.0.0.1", is_let)
        self._try("WHO", "10.0.0.1", False)
        self._try("who", "10.0.0.2", is_right=True)
        self._try("other", "10.0.0.1")
        self.main.npo_sign_in_from_one = 3
        self._try("third", "10.0.0.1", False)

    def test_house(self):
        """D05: of IPv6, what one house has is one connection."""
        for number, is_let in ((1, True), (2, True), (3, False)):
            self._try("who", f"2001:db8:1:2::{number}", is_let)
        self._try("who", "2001:db8:1:3::1")

    def test_account(self):
        """D05: one account from many connections: a hundred at most."""
        with patch.object(res_users, "MOST_TRIES", 3):
            for number in range(4):
                self._try("who", f"10.0.1.{number}", number < 3)

    def test_kept_apart(self):
        """D05: a call that is rolled back is counted all the same."""
        seen = []
        guard = type(self.env["npo.flood.guard"])
        with patch.object(guard, "_count", lambda one, *_args: seen.append(one.env.cr)):
            self._try("who", "10.0.0.1")
        self.assertEqual(len(seen), 3)
        self.assertNotIn(self.env.cr, seen)

    def test_doors(self):
        """D05: page and call refuse the right password, in a new process too."""
        self.authenticate(None, None)
        token = http.Request.csrf_token(self)

        def sign_in(password):
            self.env.registry._login_failures = None  # as in another process
            data = {"login": "door_user", "password": password, "csrf_token": token}
            return self.url_open("/web/login", data=data, allow_redirects=False)

        with mute_logger("odoo.addons.base.models.res_users", "odoo.http"):
            for _turn in range(2):
                self.assertEqual(sign_in("wrong").status_code, 200)
            self.assertEqual(sign_in(PASSWORD).status_code, 200)
            params = {"login": "door_user", "password": PASSWORD}
            params["db"] = self.env.cr.dbname
            with self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request("/web/session/authenticate", params)
        keys = str(self.env["npo.flood.guard"].search([]).mapped("key"))
        self.assertNotIn("door_user", keys)
        self.env["npo.flood.guard"].search([]).unlink()
        self.assertEqual(sign_in(PASSWORD).status_code, 303)
