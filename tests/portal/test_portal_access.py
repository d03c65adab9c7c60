from odoo.exceptions import AccessError, UserError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import ABOUT, NEED, PDF, PortalCommon

READ_PATHS = (
    "",
    "/sent",
    "/edit/about",
    "/edit/need",
    "/edit/documents",
    "/edit/review",
    "/answer",
    "/sign",
    "/withdraw",
    "/print/form",
    "/print/letter",
)
POSTS = {
    "/edit/about": ABOUT,
    "/edit/need": {**NEED, "description": "Else"},
    "/edit/documents": {"go": "next"},
    "/edit/review": {"consent": "1"},
    "/answer": {"note": "Else"},
    "/sign": {"typed_name": ABOUT["name"]},
    "/withdraw": {},
}
HIDDEN = ("decision", "user_id", "researcher_id", "research_note", "stage_log_ids")


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCommon):
    """Who sees and does what (R062, D06): one's own, by the forms alone."""

    def test_strangers_get_the_same_as_for_nothing(self):
        """Another's number leads home, like a number that does not exist."""
        request = self._returned_request()
        self._log_in(self.stranger)
        for request_id in (request.id, 10**8):
            for path in READ_PATHS:
                response, _page = self._get(f"/my/requests/{request_id}{path}")
                self.assertEqual(self._path(response), "/my", path)
                self.assertNotIn(request.name, response.text)

    def test_strangers_change_nothing(self):
        for request in (self._returned_request(), self._filled_draft()):
            before = request.read(["stage_id", "description", "answer_note"])
            self._log_in(self.stranger)
            document = self._document(request, is_identity=False)
            for path, data in POSTS.items():
                files = {f"file_{document.id}": ("x.pdf", PDF)}
                response, _page = self._post(
                    f"/my/requests/{request.id}{path}", data, files
                )
                self.assertEqual(self._path(response), "/my", path)
            request.invalidate_recordset()
            self.assertEqual(
                request.read(["stage_id", "description", "answer_note"]), before
            )
            self.assertEqual(document.state, "missing")

    def test_anonymous_is_asked_to_sign_in(self):
        request = self._returned_request()
        self.authenticate(None, None)
        pages = ["/my/requests", "/my/requests/new", f"/my/services/{self.service.id}"]
        pages += [
            f"/my/requests/{request.id}{path}"
            for path in READ_PATHS
            if path and not path.startswith("/print")
        ]
        for url in pages:
            response = self.url_open(url)
            self.assertIn("/web/login", response.url, url)
        response = self.url_open(f"/my/requests/{request.id}")
        self.assertNotIn(request.name, response.text)

    def test_link_with_a_token_reads_only(self):
        """Who has the link follows the request, and cannot act on it."""
        request = self._sent_request("declaration")
        token = request._portal_ensure_token()
        self._log_in(self.stranger)
        url = f"/my/requests/{request.id}?access_token={token}"
        response, page = self._get(url)
        self.assertIn(request.name, page.text_content())
        self.assertFalse(page.find_class("o_npo_todo"))
        self.assertFalse(page.find_class("o_npo_message"))
        self.assertNotIn(ABOUT["identity_number"], response.text)
        for path, data in POSTS.items():
            data = {**data, "access_token": token}
            self._post(f"/my/requests/{request.id}{path}", data)
        self.assertEqual(request.stage_code, "declaration")
        self.assertFalse(request.declaration_id)
        response, _page = self._get(f"{url[:-1]}x")
        self.assertEqual(self._path(response), "/my")

    def test_other_association(self):
        """A user of another association sees nothing of this one (D06)."""
        request = self._sent_request()
        other = self._new_association("Other Association", "nbra")
        user = self._new_portal_user("npo_portal_other")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        user.partner_id.company_id = other
        self._log_in(user)
        response, _page = self._get(f"/my/requests/{request.id}")
        self.assertEqual(self._path(response), "/my")

    # ------------------------------------------------------------
    # CALLS FROM OUTSIDE
    # ------------------------------------------------------------

    def _call(self, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/npo.request/{method}",
            {"model": "npo.request", "method": method, "args": args, "kwargs": kwargs},
        )

    def test_rpc_cannot_write(self):
        """Nothing is written, made or deleted but by the forms."""
        request = self._sent_request("data_entry")
        stage = self.env["npo.stage"]._get("request", "decided")
        for vals in (
            {"stage_id": stage.id},
            {"decision": "accepted"},
            {"user_id": self.portal_user.id},
            {"description": "Else"},
            {"partner_id": self.stranger.partner_id.id},
        ):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._call("write", [request.id], vals)
        vals = {"partner_id": self.partner.id, "service_id": self.service.id}
        for method, args in (
            ("create", [vals]),
            ("unlink", [[request.id]]),
            ("web_save", [[request.id], {"decision": "accepted"}]),
            ("copy", [[request.id]]),
            ("message_post", [[request.id]]),
            ("_portal_submit", [[request.id]]),
            ("_move", [[request.id], "done"]),
        ):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._call(method, *args)
        self.assertEqual(request.stage_code, "data_entry")
        self.assertEqual(request.partner_id, self.partner)

    def test_every_action_is_refused(self):
        """No public action of a request is open to its applicant."""
        Request = self.env["npo.request"]
        actions = [
            name
            for name in dir(type(Request))
            if name.startswith("action_") and callable(getattr(Request, name))
        ]
        self.assertGreater(len(actions), 15)
        for stage in ("new", "declaration"):
            request = self._sent_request(stage).with_user(self.portal_user)
            for name in actions:
                with self.subTest(name), self.assertRaises(UserError):
                    getattr(request, name)()
            self.assertEqual(request.sudo().stage_code, stage)
            request._portal_withdraw()

    def test_rpc_reads_no_work_of_the_house(self):
        """A decision before its announcement, the study, the staff: not readable."""
        request = self._rejected_request(is_announced=False)
        readable = self._call("read", [request.id], ["name", "portal_sentence"])
        self.assertEqual(readable[0]["name"], request.name)
        for name in HIDDEN:
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._call("read", [request.id], [name])
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._call("search", [[name, "!=", False]])
        self.assertNotIn("decision", self._call("fields_get"))

    def test_rpc_lists_own_only(self):
        request = self._sent_request()
        other = self._new_request(self._new_beneficiary(1))
        found = self._call("search", [])
        self.assertIn(request.id, found)
        self.assertNotIn(other.id, found)

    def test_model_methods_check_again(self):
        """The methods behind the forms refuse who does not own the request."""
        request = self._returned_request().with_user(self.stranger)
        document = self._document(request.sudo(), is_identity=False)
        for method, args in (
            ("_portal_save", [{"description": "Else"}]),
            ("_portal_upload", [document.id, "x.pdf", PDF]),
            ("_portal_submit", []),
            ("_portal_answer", ["Else"]),
            ("_portal_sign", ["x", "127.0.0.1"]),
            ("_portal_withdraw", []),
            ("_portal_last_sent", []),
        ):
            with self.assertRaises(AccessError):
                getattr(request, method)(*args)

    def test_other_parties(self):
        """R022: a supporter reads their charter and the policy, of people nothing."""
        request = self._sent_request("committee")
        kinds = self.env["npo.stakeholder.type"].search(
            [("code", "in", ("supporter", "volunteer"))]
        )
        self.company.npo_stakeholder_type_ids |= kinds
        self.env["npo.right"].create(
            [
                {
                    "stakeholder_type_id": kind.id,
                    "company_id": self.company.id,
                    "text": f"Right of {kind.code}",
                }
                for kind in kinds
            ]
        )
        self.stranger.partner_id.npo_kind_ids = kinds
        self._log_in(self.stranger)
        _response, page = self._get("/my")
        cards = page.find_class("o_npo_parties")[0].xpath(".//a/@href")
        for code in ("supporter", "volunteer"):
            self.assertTrue([href for href in cards if f"/rights/{code}" in href])
            _response, charter = self._get(f"/rights/{code}")
            self.assertIn(f"Right of {code}", charter.text_content())
        self.assertTrue([href for href in cards if href.endswith("/my/policy")])
        self.assertFalse(page.xpath("//a[contains(@href, '/my/requests')]"))
        text = page.text_content()
        for secret in (request.name, request.partner_id.name):
            self.assertNotIn(secret, text)
        response = self.url_open(f"/my/requests/{request.id}")
        self.assertNotIn(request.name, response.text)
        # who is a beneficiary as well keeps both
        self.env["npo.beneficiary"]._for_partner(self.stranger.partner_id, self.company)
        _response, page = self._get("/my")
        self.assertTrue(page.find_class("o_npo_parties"))
        self.assertTrue(page.xpath("//a[contains(@href, '/my/requests/new')]"))
