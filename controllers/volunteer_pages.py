from odoo.exceptions import AccessError
from odoo.http import request, route

from ..tools.form_text import clean_line, clean_text
from .portal import NpoPortal, npo_notice_values


class NpoVolunteerPages(NpoPortal):
    """A volunteer tells of somebody in need, and sees that it arrived (R091)."""

    @route(
        "/my/referrals",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_referrals(self, sent="", **post):
        """Show a volunteer's own referrals, or take one in."""
        contacts = request.env["npo.interaction"]
        try:
            referrals = contacts._portal_referrals()
        except AccessError:
            return self._npo_home()
        typed, error = self._npo_referral(post), ""
        if request.httprequest.method == "POST":
            error = self._npo_try(contacts._portal_refer, typed)
            if not error:
                return request.redirect("/my/referrals?sent=1")
        values = self._npo_values(
            "npo_referrals",
            referrals=referrals,
            sent=bool(sent) and not error,
            typed=typed,
            form_error=error,
            **npo_notice_values(contacts._referral_company()),
        )
        return request.render("npo_relations.portal_my_referrals", values)

    def _npo_referral(self, post):
        """Return what was typed of a person in need, clean."""
        names = ("contact_name", "contact_phone", "subject", "notice")
        typed = {name: clean_line(post.get(name)) for name in names}
        return {**typed, "summary": clean_text(post.get("summary"))}
