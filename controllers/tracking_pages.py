from odoo.http import request, route

from ..tools.form_text import clean_text
from .voice_pages import NpoVoicePages


class NpoTrackingPages(NpoVoicePages):
    """Follow a case, and rate a service, without an account (D04, D05, R053)."""

    @route(
        "/track",
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET", "POST"],
    )
    def npo_track(self, reference="", digits="", code="", step="", **post):
        """Show where a case stands to who knows its number, and take an answer."""
        if answer := self._npo_arabic_first():
            return answer
        company = self._npo_voice_association()
        found, shown, error = request.env["npo.request"].sudo(), "", ""
        if request.httprequest.method == "POST":
            found, shown = request.env["npo.tracking"]._look(
                company, reference, digits, request.httprequest.remote_addr, code
            )
            error = self._npo_track_message(shown, code)
            if shown == "thread" and step == "reply":
                files = self._npo_read_files(company)
                text = post.get("text", "")
                error = self._npo_try(found._portal_reply, text, files)
        typed = {"reference": reference, "digits": digits}
        if error and step == "reply":
            typed["text"] = post.get("text", "")
        values = self._npo_voice_values(
            company,
            typed={name: clean_text(text)[:5000] for name, text in typed.items()},
            form_error=error,
            tracked=found,
            shown=shown,
            thread=found._person_thread() if shown == "thread" else [],
        )
        response = request.render("npo_relations.track_page", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _npo_track_message(self, shown, code):
        """Return the sentence that tells why nothing is shown."""
        if shown == "wait":
            return request.env._(
                "Too many wrong tries. Please wait and try again later, or call us."
            )
        if shown == "nothing":
            return request.env._(
                "We found nothing with this number and this code or mobile. Check both,"
                " or call us."
            )
        if shown == "code" and code:
            return request.env._("This is not the code that we sent. Look again.")
        return ""

    @route(
        "/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_rate(self, token, rating="", comment="", **_post):
        """Say how the service was, once, by the code of the link."""
        ratings = request.env["npo.rating"].sudo()
        found = ratings.search([("token", "=", token)], limit=1)
        if not found:
            return request.redirect("/")
        error = ""
        if request.httprequest.method == "POST":
            value = int(rating) if rating in ("1", "2", "3", "4", "5") else 0
            error = self._npo_try(found._rate, value, comment)
        values = self._npo_values(
            "npo_rate",
            found.company_id,
            npo_rating=found,
            typed={"rating": rating, "comment": comment},
            form_error=error,
        )
        return request.render("npo_relations.rate_page", values)

    @route(
        "/my/requests/<int:request_id>/rate",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def npo_request_rate(self, request_id, **_kw):
        """Lead the visitor to the page on which a service received is rated."""
        npo_request = self._npo_own(request_id)
        if not npo_request:
            return self._npo_home()
        return self._npo_go_rate(npo_request)

    def _npo_go_rate(self, case):
        """Lead to the page on which a case is rated, or back to the case."""
        if not case._portal_may_rate():
            return request.redirect(case.sudo().access_url)
        return request.redirect(case._rating_link())

    @route(
        "/my/requests/<int:request_id>/receipt/<int:delivery_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def npo_receipt(self, request_id, delivery_id, **_kw):
        """Download the receipt of something that was handed over."""
        npo_request = self._npo_own(request_id)
        if not npo_request:
            return self._npo_home()
        delivery = npo_request._portal_deliveries().filtered(
            lambda delivery: delivery.id == delivery_id
        )
        if not delivery:
            return self._npo_go(npo_request)
        report = "npo_relations.action_report_npo_delivery_receipt"
        return self._npo_pdf(report, delivery)
