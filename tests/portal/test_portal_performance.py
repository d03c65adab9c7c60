from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import ABOUT, NEED, PortalCommon


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
            "home": ("/my", 16, 100),
            "new": ("/my/requests/new", 16, 100),
        }
        small = {name: self._measure(page[0])[0] for name, page in pages.items()}
        self._more_requests(30)
        for name, (url, most, kilobytes) in pages.items():
            statements, response = self._measure(url)
            print("MEASURE", name, small[name], statements, len(response.content))
            with self.subTest(name):
                self.assertLessEqual(statements, most)
                self.assertLessEqual(statements, small[name] + 1)
                self.assertLess(len(response.content), kilobytes * 1024)
