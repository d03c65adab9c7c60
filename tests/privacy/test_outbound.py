import re
import socket
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlsplit

import requests

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.privacy.outbound import ENDPOINTS, NOWHERE
from ..common import AssociationCommon
from ..common_browser import WebCommon

LOCAL = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0"}
PAGES = (
    "/web/login",
    "/help",
    "/service-centre",
    "/complain",
    "/ask",
    "/suggest",
    "/track",
    "/rate",
    "/rights",
    "/policy",
    "/information",
    "/request-information",
)
# What a browser fetches by itself when it shows a page.
FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio|embed)\b[^>]*?"
    r"\b(?:src|href)=[\"'](?:https?:)?//([^/\"':]+)[^>]*>"
)
POINTED_TO = re.compile(r"rel=[\"'](?:canonical|alternate)")


@tagged("post_install", "-at_install")
class TestOutbound(AssociationCommon, WebCommon):
    """P023: a fresh installation calls on nobody outside of the house."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._advance(cls._new_request(), "committee").sudo()
        own = {"company_id": cls.company.id}
        cls.env["npo.data.breach"].create({**own, "title": "x", "what_happened": "x"})
        person = cls.officer.partner_id
        cls.env["npo.undertaking"].create({**own, "partner_id": person.id})

    @contextmanager
    def _no_way_out(self):
        """Refuse every connection but to this machine; yield the list of tries."""
        tries = []
        connect, find = socket.socket.connect, socket.getaddrinfo
        send = requests.Session.send

        def refuse(host):
            tries.append(host)
            raise OSError(f"no way out to {host}")

        def guarded_connect(sock, address):
            host = address[0] if isinstance(address, tuple) else None
            return connect(sock, address) if host in LOCAL else refuse(host)

        def guarded_find(host, *args, **kwargs):
            return find(host, *args, **kwargs) if host in LOCAL else refuse(host)

        def guarded_send(session, prepared, **kwargs):
            # Odoo's own tests block what goes out before it gets to a socket
            host = urlsplit(prepared.url).hostname
            return send(session, prepared, **kwargs) if host in LOCAL else refuse(host)

        with (
            patch.object(socket.socket, "connect", guarded_connect),
            patch.object(socket, "getaddrinfo", guarded_find),
            patch.object(requests.Session, "send", guarded_send),
        ):
            yield tries

    def test_the_watch_sees(self):
        """P023: what this test stands on finds a call, by each way."""
        with self._no_way_out() as tries:
            for call in (
                lambda: requests.get("https://example.com", timeout=1),
                lambda: socket.create_connection(("192.0.2.1", 80), 1),
                lambda: socket.getaddrinfo("example.com", 80),
            ):
                with self.assertRaises(OSError):
                    call()
        self.assertEqual(tries, ["example.com", "192.0.2.1", "example.com"])

    @mute_logger("odoo.addons.base.models.ir_cron", "odoo.addons.mail.models.mail_mail")
    def test_crons_and_messages(self):
        """P023: every cron of a fresh installation, and the messages that wait."""
        crons = self.env["ir.cron"].search([])
        names = crons.mapped("cron_name")
        self.assertGreater(len(crons), 40, names)
        self.assertNotIn(self.env.ref("mail.ir_cron_module_update_notification"), crons)
        with self._no_way_out() as tries, self.enter_registry_test_mode():
            for cron in crons:
                with self.subTest(cron.cron_name):
                    cron.method_direct_trigger()
                    self.assertFalse(tries)
        self.env.invalidate_all()
        self.assertFalse(
            self.env["npo.message"].search_count([("state", "=", "outgoing")])
        )

    def test_papers(self):
        """P023, D07: each paper of which there is a record is laid out in the house."""
        reports = self.env["ir.actions.report"].search([("npo_weasyprint", "=", True)])
        printed = set()
        with self._no_way_out() as tries:
            for report in reports:
                model = self.env[report.model].sudo()
                if model._transient:
                    continue
                domain = (
                    [("company_id", "=", self.company.id)]
                    if "company_id" in model._fields
                    else []
                )
                record = model.search(domain, limit=1)
                if not record:
                    continue
                try:
                    with self.cr.savepoint():
                        report.with_context(
                            force_report_rendering=True
                        )._render_qweb_pdf(report.report_name, record.ids)
                except UserError:
                    continue  # not of this record, or not yet
                printed.add(report.report_name)
        self.assertFalse(tries)
        self.assertGreaterEqual(len(printed), 10, printed)

    def test_pages(self):
        """P023: a page sends neither the server nor the browser anywhere else."""
        with self._no_way_out() as tries:
            for path in PAGES:
                with self.subTest(path):
                    page = self.url_open(path).text
                    foreign = [
                        match[0]
                        for match in FETCHED.finditer(page)
                        if match[1] not in LOCAL and not POINTED_TO.search(match[0])
                    ]
                    self.assertFalse(foreign)
        self.assertFalse(tries)

    def test_settings(self):
        """P023: what core would send to others is off, and stays as it was set."""
        params = self.env["ir.config_parameter"].sudo()
        for key in ENDPOINTS:
            self.assertEqual(params.get_param(key), NOWHERE)
        self.assertFalse(self.env["mail.link.preview"]._is_link_preview_enabled())
        params.set_param("sms.endpoint", "https://sms.example.com")
        params._npo_stay_in_house()
        self.assertEqual(params.get_param("sms.endpoint"), "https://sms.example.com")
        devices, *_keys = self.request._web_push_get_partners_parameters(
            self.officer.partner_id.ids
        )
        self.assertFalse(devices)
