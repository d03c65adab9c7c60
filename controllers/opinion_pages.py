import secrets

from odoo.http import request, route

from ..tools.form_text import clean_line
from .voice_portal_pages import NpoVoicePortalPages

# Part of the address in the portal -> what is rated there.
SUBJECTS = {"requests": "npo.request", "visits": "npo.visit"}
SUBJECTS["complaints"] = "npo.complaint"


class NpoOpinionPages(NpoVoicePortalPages):
    """Say how it was: on a telephone, in under a minute, without an account (R068).

    Plain forms that work without a script. The key in the address opens one sheet of
    answers; it names nobody.
    """

    def _npo_opinion_values(self, company, **values):
        return {
            "association": company,
            "errors": {},
            "form_error": "",
            **values,
        }

    @route(
        "/opinion/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_opinion(self, token, **post):
        """Show the page that is to be answered, or take in one that was sent."""
        invitation = request.env["npo.opinion.invitation"]._find(token)
        if not invitation:
            return self._npo_opinion_closed()
        if answer := self._npo_arabic_first():
            return answer
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_opinion_save(invitation, post)
            if not error:
                return request.redirect(f"/opinion/{token}")
        if invitation.state != "done" and invitation._is_over():
            return self._npo_opinion_closed(invitation.company_id)
        return self._npo_opinion_page(invitation, token, error, post)

    def _npo_opinion_save(self, invitation, post):
        """Save the page that was sent; return why it cannot be saved."""
        number = clean_line(post.get("page"))
        page = int(number) if number.isascii() and number.isdigit() else -1
        reasons = request.httprequest.form.getlist("reason")
        return self._npo_try(invitation._save_page, page, post, reasons)

    def _npo_opinion_page(self, invitation, token, error="", typed=None):
        values = self._npo_opinion_values(
            invitation.company_id,
            invitation=invitation,
            action=f"/opinion/{token}",
            form_error=error,
            typed=typed or {},
            page=invitation.page,
            questions=invitation._shown(),
            survey=invitation.survey_id,
        )
        return self._npo_quiet_opinion(
            request.render("npo_relations.opinion_page", values)
        )

    def _npo_opinion_closed(self, company=None):
        """Say that there is nothing to answer, and where to say it all the same."""
        company = company or self._npo_public_association()
        values = self._npo_opinion_values(company)
        page = request.render("npo_relations.opinion_closed", values, status=404)
        return self._npo_quiet_opinion(page)

    def _npo_quiet_opinion(self, response):
        """Keep a page out of caches and search engines, and its key out of logs."""
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    # ------------------------------------------------------------
    # WITHOUT AN INVITATION
    # ------------------------------------------------------------

    @route(
        "/opinion/open/<string:code>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_opinion_open(self, code, **post):
        """Answer by a printed code: nothing is written before the first answer."""
        invitations = request.env["npo.opinion.invitation"]
        survey = invitations._open_questionnaire(code)
        if not survey:
            return self._npo_opinion_closed()
        if answer := self._npo_arabic_first():
            return answer
        error = ""
        if request.httprequest.method == "POST":
            token, error = invitations._answer_openly(
                survey, post, request.httprequest.remote_addr
            )
            if not error:
                return request.redirect(f"/opinion/{token}")
        guard = request.env["npo.flood.guard"]
        first = survey.question_ids.filtered(lambda one: one.npo_role == "first")[:1]
        values = self._npo_opinion_values(
            survey.npo_company_id,
            invitation=invitations.sudo(),
            action=f"/opinion/open/{code}",
            form_error=error,
            typed=post,
            page=0,
            questions=invitations._as_shown(first),
            survey=survey,
            stamp=clean_line(post.get("stamp")) or guard._stamp(secrets.token_hex(8)),
        )
        return self._npo_quiet_opinion(
            request.render("npo_relations.opinion_page", values)
        )

    # ------------------------------------------------------------
    # IN THE PORTAL
    # ------------------------------------------------------------

    @route(
        "/my/opinions",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_opinions(self, **_kw):
        """List what the visitor may rate: all own things that ended (R078)."""
        rows = request.env["npo.opinion.invitation"]._portal_rows(
            request.env.user.partner_id, self._npo_association()
        )
        values = self._npo_values("npo_opinions", rows=rows)
        return request.render("npo_relations.portal_my_opinions", values)

    @route(
        "/my/opinions/<any(requests,visits,complaints):place>/<int:record_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def npo_opinion_start(self, place, record_id, **_kw):
        """Lead the visitor to the questions about one of their own things."""
        invitation = request.env["npo.opinion.invitation"]._portal_start(
            SUBJECTS[place], record_id, request.env.user.partner_id
        )
        if not invitation:
            return request.redirect("/my/opinions")
        return request.redirect(f"/opinion/{invitation.token}")
