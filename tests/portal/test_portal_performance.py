import logging

from odoo.tests import tagged

from .common import ABOUT, NEED, PortalCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestPortalPerformance(PortalCommon):
    """Statements do not grow with the requests, pages stay small (performance.md)."""

    def _statements(self, call):
        """Return how many statements a call takes, what stays in caches being warm."""
        call()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        result = call()
        return self.cr.sql_log_count - before, result

    def _more_requests(self, count):
        person = self.env["npo.beneficiary"]._for_partner(self.partner, self.company)
        self.env["npo.request"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "beneficiary_id": person.id,
                    "service_id": self.service.id,
                }
                for _index in range(count)
            ]
        )

    def _measure(self, url):
        return self._statements(lambda: self.url_open(url))

    def test_pages(self):
        request = self._sent_request("committee")
        draft = self._new_draft()
        pages = {
            "list": ("/my/requests", 16, 40),
            "page": (f"/my/requests/{request.id}", 16, 100),
            "form": (f"/my/requests/{draft.id}/edit/about", 16, 100),
            "documents": (f"/my/requests/{draft.id}/edit/documents", 16, 100),
            # the most of it is the platform's own home; one for the visitor's kinds,
            # two for whether a claim can be made
            "home": ("/my", 23, 100),
            "new": ("/my/requests/new", 16, 100),
        }
        small = {name: self._measure(page[0])[0] for name, page in pages.items()}
        self._more_requests(30)
        for name, (url, most, kilobytes) in pages.items():
            statements, response = self._measure(url)
            with self.subTest(name):
                _logger.info(
                    "%s: %s statements, %s bytes",
                    name,
                    statements,
                    len(response.content),
                )
                self.assertLessEqual(statements, most)
                self.assertLessEqual(statements, small[name] + 1)
                self.assertLess(len(response.content), kilobytes * 1024)

    def test_home_counter(self):
        """The number on the home card, by itself."""

        def call():
            return self.make_jsonrpc_request(
                "/my/counters", {"counters": ["npo_request_count"]}
            )

        self._more_requests(3)
        statements, result = self._statements(call)
        _logger.info("home counter: %s statements", statements)
        self.assertEqual(result["npo_request_count"], 3)
        self.assertLessEqual(statements, 5)

    def test_create(self):
        """Opening a draft and sending it, as the model does it."""
        requests = self.env["npo.request"].with_user(self.portal_user)

        def make():
            requests.sudo().search([("stage_code", "=", "draft")]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            # the page has read these to know who asks for what
            _warm = (requests.env.user.partner_id, self.company.name, self.service.name)
            before = self.cr.sql_log_count
            draft = requests._portal_draft(self.service)
            self.env.flush_all()
            return self.cr.sql_log_count - before, draft

        make()
        made, draft = make()
        self.assertFalse(draft._portal_save({**ABOUT, **NEED}))
        self.env.flush_all()
        before = self.cr.sql_log_count
        draft._portal_submit()
        self.env.flush_all()
        sent = self.cr.sql_log_count - before
        _logger.info("create: %s statements, send: %s", made, sent)
        self.assertLessEqual(made, 20)
        # two of them count the visits it took until then, which R061 asks
        self.assertLessEqual(sent, 28, "to send")
