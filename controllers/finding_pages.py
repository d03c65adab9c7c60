import base64

from odoo.http import request, route

from .appeal_pages import NpoAppealPages


class NpoFindingPages(NpoAppealPages):
    """Answer a finding before anything is decided (R120)."""

    @route(
        "/my/requests/<int:request_id>/finding",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_finding(self, request_id, **post):
        """Read what was found, and answer it once."""
        npo_request = self._npo_objectionable(request_id)
        finding = npo_request and npo_request._open_finding()
        if not finding:
            return self._npo_go(npo_request) if npo_request else self._npo_home()
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_try(self._npo_answer_finding, npo_request, post)
        values = self._npo_request_values(
            "npo_finding", npo_request, finding=finding, typed=post, form_error=error
        )
        return request.render("npo_relations.portal_finding", values)

    def _npo_answer_finding(self, npo_request, post):
        upload = post.get("evidence")
        has_file = bool(getattr(upload, "filename", ""))
        content = has_file and self._npo_read_upload(npo_request, upload)
        npo_request._portal_answer_finding(
            post.get("answer", ""),
            answer_evidence=content and base64.b64encode(content),
            answer_evidence_name=has_file and upload.filename,
        )
