from odoo.http import request, route

from .tracking_pages import NpoTrackingPages


class NpoQueuePages(NpoTrackingPages):
    """The waiting room's screen and the rating tablet: no account, nobody's name."""

    def _npo_queue_site(self, token):
        return request.env["npo.site"]._by_queue_token(token)

    def _npo_quiet(self, response):
        """Keep a page of a site out of caches and of search engines."""
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @route(
        "/queue/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_queue(self, token, **_kw):
        """Show the numbers that are called, and refresh them by themselves."""
        site = self._npo_queue_site(token)
        if not site:
            return request.redirect("/")
        if answer := self._npo_arabic_first():
            return answer
        values = {"site": site, "board": site._board(), "token": token}
        return self._npo_quiet(request.render("npo_relations.queue_page", values))

    @route(
        "/queue/<string:token>/board",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        methods=["GET"],
    )
    def npo_queue_board(self, token, lang="", **_kw):
        """Return the numbers alone, as the page asks for them every few seconds."""
        installed = dict(request.env["res.lang"].get_installed())
        site = self._npo_queue_site(token)
        if lang in installed:
            site = site.with_context(lang=lang)
        board = site._board() if site else None
        return self._npo_quiet(request.make_json_response({"board": board}))

    @route(
        "/queue/<string:token>/rate",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_queue_rate(self, token, code="", rating="", **_post):
        """Say how the visit was: a code of the slip, then one of five faces."""
        site = self._npo_queue_site(token)
        if not site:
            return request.redirect("/")
        if answer := self._npo_arabic_first():
            return answer
        error, is_known, is_thanked = "", False, False
        if code:
            address = request.httprequest.remote_addr
            visit, error = request.env["npo.visit"]._open_rating(site, code, address)
            is_known = bool(visit)
            if visit and request.httprequest.method == "POST" and rating:
                value = int(rating) if rating in ("1", "2", "3", "4", "5") else 0
                error = self._npo_try(visit._rate_visit, value)
                is_thanked = not error
        values = {
            "site": site,
            "association": site.company_id,
            "token": token,
            "code": code if is_known else "",
            "is_thanked": is_thanked,
            "errors": {},
            "form_error": error,
        }
        return self._npo_quiet(request.render("npo_relations.pulse_page", values))
