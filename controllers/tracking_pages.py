from odoo.http import request, route

from .portal import NpoPortal


class NpoTrackingPages(NpoPortal):
    """Follow a request, and rate a service, without an account (D04, D05, R053)."""

    @route(
        "/track",
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET", "POST"],
    )
    def npo_track(self, reference="", digits="", **_post):
        """Show where a request stands to who knows its number and its mobile."""
        company = self._npo_association()
        found = request.env["npo.request"].sudo()
        error = ""
        if request.httprequest.method == "POST":
            found, must_wait = request.env["npo.tracking.attempt"]._find(
                company, reference, digits, request.httprequest.remote_addr
            )
            if must_wait:
                error = request.env._(
                    "Too many wrong tries. Please wait and try again later, or call us."
                )
            elif not found:
                error = request.env._(
                    "We found no request with this number and this mobile. Check both,"
                    " or call us."
                )
        values = self._npo_values(
            "npo_track",
            company,
            typed={"reference": reference, "digits": digits},
            form_error=error,
            tracked=found,
        )
        return request.render("npo_relations.track_page", values)

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
        if not npo_request._portal_may_rate():
            return self._npo_go(npo_request)
        rating = request.env["npo.rating"]._ask(npo_request)
        return request.redirect(f"/rate/{rating.token}")

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
