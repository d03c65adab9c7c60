from odoo.http import request, route

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
    def npo_privacy(self, kind="", detail="", saved=None, **_kw):
        """Show the visitor's requests, or record one."""
        if request.httprequest.method == "GET":
            return self._npo_render_privacy(saved=bool(saved))
        cases = request.env["npo.data.request"]
        company = self._npo_association()
        error = self._npo_try(cases._portal_ask, company, kind, detail)
        if error:
            name = "detail" if kind else "kind"
            typed = {"kind": kind, "detail": detail}
            return self._npo_render_privacy(errors={name: error}, typed=typed)
        return request.redirect("/my/privacy?saved=1")

    def _npo_render_privacy(self, **values):
        company = self._npo_association()
        cases = request.env["npo.data.request"]
        values = self._npo_values(
            "npo_privacy",
            **{
                "cases": cases._portal_own(company),
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
