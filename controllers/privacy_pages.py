from werkzeug.wsgi import wrap_file

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .portal import NpoPortal, npo_notice_values


class NpoPrivacyPages(NpoPortal, CustomerPortal):
    """What a person asks about their own data, and what became of it (P010)."""

    @route(
        "/my/privacy",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_privacy(self, saved=None, **post):
        """Show the visitor's requests, or record one."""
        if request.httprequest.method == "GET":
            return self._npo_render_privacy(saved=bool(saved))
        cases = request.env["npo.data.request"]
        error = self._npo_try(cases._portal_ask, self._npo_association(), post)
        if error:
            name = "detail" if post.get("kind") else "kind"
            return self._npo_render_privacy(errors={name: error}, typed=post)
        return request.redirect("/my/privacy?saved=1")

    def _npo_render_privacy(self, **values):
        company = self._npo_association()
        cases = request.env["npo.data.request"]
        values = self._npo_values(
            "npo_privacy",
            **{
                "cases": cases._portal_own(company),
                "wards": cases._portal_wards(company),
                "kinds": cases.sudo()._fields["kind"]._description_selection(cases.env),
                "typed": {},
                **npo_notice_values(company),
                **values,
            },
        )
        return request.render("npo_relations.portal_my_privacy", values)

    @route(
        "/my/privacy/<int:case_id>/copy",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_privacy_copy(self, case_id, **_kw):
        """Download the copy of one's own data, once the request was answered."""
        own = request.env["npo.data.request"]._portal_own(self._npo_association())
        case = own.filtered(
            lambda case: (
                case.id == case_id
                and case.with_user(request.env.user)._portal_copy_ready()
            )
        )
        if not case:
            return request.redirect("/my/privacy")
        report = "npo_relations.action_report_npo_own_data"
        return self._show_report(case, "pdf", report, download=True)

    @route(
        "/my/privacy/<int:case_id>/data",
        type="http",
        auth="user",
        sitemap=False,
        methods=["GET"],
        readonly=False,
    )
    def npo_privacy_data(self, case_id, **_kw):
        """Download one's own data as an archive; the staff gives it at the desk."""
        case = request.env["npo.data.request"].browse(case_id).exists()
        try:
            stream = case._copy_archive() if case else None
        except UserError:
            stream = None  # not theirs, not ready, or over: which, nobody is told
        if stream is None:
            return request.redirect("/my/privacy")
        name = content_disposition(f"{case.sudo().name.replace('/', '-')}.zip")
        return request.make_response(
            wrap_file(request.httprequest.environ, stream),
            [
                ("Content-Type", "application/zip"),
                ("Content-Disposition", name),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    @route(
        "/my/privacy/<int:case_id>/object",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def npo_privacy_object(self, case_id, words="", **_kw):
        """Object to a refusal: somebody else answers."""
        cases = request.env["npo.data.request"]
        error = self._npo_try(
            cases._portal_object, self._npo_association(), case_id, words
        )
        if error:
            name = f"words_{case_id}"
            return self._npo_render_privacy(errors={name: error}, typed={name: words})
        return request.redirect("/my/privacy?saved=1")

    @route(
        "/my/seen",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_seen(self, **_kw):
        """Show who was shown the visitor's data: roles and days, never a value."""
        company = self._npo_association()
        rows = request.env["npo.data.request"]._portal_seen(company)
        values = self._npo_values("npo_privacy", rows=rows)
        return request.render("npo_relations.portal_my_seen", values)
