import base64

from odoo.exceptions import MissingError
from odoo.http import request, route

from .portal import NpoPortal


class NpoAppealPages(NpoPortal):
    """Object to a decision, follow the objection, read its answer (D12).

    For the person, and for who may apply for the person; to anybody else a request
    or an objection answers like what does not exist.
    """

    def _npo_objectionable(self, request_id):
        """Return a request whose decision the visitor may object to, or nothing."""
        npo_request = self._npo_requests().browse(request_id)
        try:
            may = npo_request._acts_for_applicant()
        except MissingError:
            may = False
        return npo_request if may else npo_request.browse()

    @route(
        "/my/requests/<int:request_id>/object",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_object(self, request_id, **post):
        """Object to the decision: why, in one's own words, with a document if any."""
        npo_request = self._npo_objectionable(request_id)
        if not npo_request:
            return self._npo_home()
        title = npo_request.sudo().service_id.name
        return self._npo_object(npo_request, title, post)

    def _npo_object(self, decision, title, post):
        """Show the form, or lodge what was written in it and lead to the objection.

        :param decision: record of `npo.appealable.mixin`, the visitor's own
        """
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_try(self._npo_lodge, decision, post)
            if not error:
                return self._npo_go_appeal(decision)
        elif not decision._portal_may_object():
            return self._npo_go_appeal(decision)
        return self._npo_render_object(decision, title, post, error)

    def _npo_render_object(self, decision, title, post, error):
        """Show the form by which a decision is objected to."""
        decision_sudo = decision.sudo()
        last_day = decision_sudo._appeal_last_day()
        today = decision_sudo.company_id._npo_today()
        values = self._npo_values(
            "npo_object",
            decision_sudo.company_id,
            decision=decision_sudo,
            decision_title=title,
            npo_request=decision_sudo if decision._name == "npo.request" else None,
            typed=post,
            form_error=error,
            grounds=request.env["npo.appeal"]
            ._fields["ground"]
            ._description_selection(request.env),
            is_late=bool(last_day) and today > last_day,
            last_day=last_day,
        )
        return request.render("npo_relations.portal_object", values)

    def _npo_lodge(self, decision, post):
        upload = post.get("evidence")
        has_file = bool(getattr(upload, "filename", ""))
        content = has_file and self._npo_read_upload(decision, upload)
        grounds = dict(request.env["npo.appeal"]._fields["ground"].selection)
        ground = post.get("ground")
        decision._portal_object(
            ground if ground in grounds else "error",
            post.get("statement", ""),
            late_reason=post.get("late_reason") or False,
            evidence=content and base64.b64encode(content),
            evidence_name=has_file and upload.filename,
        )

    def _npo_go_appeal(self, decision):
        """Lead to the newest objection, else to what was decided."""
        newest = decision._appeals().sorted("id")[-1:]
        if newest and newest.with_user(request.env.user)._is_mine():
            return request.redirect(f"/my/appeals/{newest.id}")
        return request.redirect(decision.sudo().access_url)

    def _npo_own_appeal(self, appeal_id):
        """Return the visitor's own objection as superuser, or nothing."""
        appeal = request.env["npo.appeal"].browse(appeal_id)
        try:
            return appeal.sudo() if appeal._is_mine() else appeal.browse()
        except MissingError:
            return appeal.browse()

    @route(
        "/my/appeals/<int:appeal_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_appeal(self, appeal_id, step=None, **_kw):
        """Follow an objection, or take it back."""
        appeal = self._npo_own_appeal(appeal_id)
        if not appeal:
            return self._npo_home()
        error = ""
        if request.httprequest.method == "POST" and step == "withdraw":
            own = appeal.with_user(request.env.user)
            error = self._npo_try(own._portal_withdraw)
        values = self._npo_values(
            "npo_appeal",
            appeal.company_id,
            appeal=appeal,
            decision=appeal._decision(),
            npo_request=appeal.request_id,
            form_error=error,
        )
        return request.render("npo_relations.portal_appeal", values)

    @route(
        "/my/appeals/<int:appeal_id>/letter",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def npo_appeal_letter(self, appeal_id, **_kw):
        """Download the answer to an objection as a PDF."""
        appeal = self._npo_own_appeal(appeal_id)
        if not appeal or not appeal._portal_letter():
            return self._npo_home()
        return self._npo_pdf("npo_relations.action_report_npo_appeal_letter", appeal)
