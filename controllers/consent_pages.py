from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .portal import NpoPortal, npo_consent_rows, npo_notice_values


class NpoConsentPages(NpoPortal, CustomerPortal):
    """What a person agreed to: one button each way, at any time (D18, P011)."""

    @route(
        "/my/consents",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_consents(self, saved=None, **_kw):
        """Show what the visitor may agree to, and what they decided so far."""
        return self._npo_render_consents(
            saved=saved if saved in ("given", "withdrawn") else None
        )

    @route(
        "/my/consents/<int:purpose_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def npo_consent_set(self, purpose_id, step=None, **_kw):
        """Agree to one purpose, or withdraw it."""
        if step not in ("give", "withdraw"):
            return request.redirect("/my/consents")
        is_given = step == "give"
        error = self._npo_try(
            request.env["npo.consent"]._portal_set,
            self._npo_association(),
            purpose_id,
            is_given,
        )
        if error:
            return self._npo_render_consents(form_error=error)
        saved = "given" if is_given else "withdrawn"
        return request.redirect(f"/my/consents?saved={saved}")

    def _npo_render_consents(self, **values):
        company = self._npo_association()
        history = request.env["npo.consent"]._portal_history(company)
        values = self._npo_values(
            "npo_consents",
            consent_rows=npo_consent_rows(company),
            history=[line for entry in history for line in entry._portal_lines()],
            **npo_notice_values(company),
            **values,
        )
        return request.render("npo_relations.portal_my_consents", values)
