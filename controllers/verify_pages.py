from odoo.http import request, route

from .portal import NpoPortal


class NpoVerifyPages(NpoPortal):
    """Whether a paper of the association is real: for anybody, nothing of a person."""

    @route(
        "/verify/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_verify(self, token, **_kw):
        """Tell of an attestation by its code: number, days, whether it holds."""
        papers = request.env["npo.attestation"].sudo()
        paper = papers.search([("token", "=", token)], limit=1)
        values = self._npo_values(
            "npo_verify", paper.company_id or None, attestation=paper
        )
        return request.render("npo_relations.verify_page", values)

    @route(
        "/my/requests/<int:request_id>/attestation",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def npo_attestation(self, request_id, **_kw):
        """Download the visitor's own attestation."""
        npo_request = self._npo_own(request_id)
        paper = npo_request and npo_request._portal_attestation()
        if not paper:
            return self._npo_go(npo_request) if npo_request else self._npo_home()
        return self._npo_pdf("npo_relations.action_report_npo_attestation", paper)
