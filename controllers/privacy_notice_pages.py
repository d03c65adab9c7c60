from odoo.http import request, route

from .policy_pages import NpoPolicyPages
from .portal import isolate_codes


class NpoPrivacyNoticePages(NpoPolicyPages):
    """What is done with personal data, told to everybody (P015, P018, P019)."""

    @route(
        "/privacy",
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET"],
    )
    def npo_privacy_notice(self, **_kw):
        """Show purposes, data, method, storage, destruction, rights, whom to ask."""
        if answer := self._npo_arabic_first():
            return answer
        company = self._npo_public_association()
        values = self._npo_public_values(
            isolate_codes=isolate_codes,
            **request.env["npo.processing.activity"]._public_notice(company),
        )
        return request.render("npo_relations.privacy_notice_page", values)
