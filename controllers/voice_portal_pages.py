from odoo.exceptions import MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager

from ..models.voice.voice_portal import PLACES
from .appeal_pages import NpoAppealPages
from .portal import MAX_COUNT, ROWS
from .tracking_pages import NpoTrackingPages


class NpoVoicePortalPages(NpoTrackingPages, NpoAppealPages):
    """What somebody with an account asked and said, and what became of it (R053).

    To anybody else a case answers like what does not exist.
    """

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal
        values = super()._prepare_home_portal_values(counters)
        if "npo_voice_count" in counters:
            values["npo_voice_count"] = request.env["npo.voice.form"]._own_count(
                request.env.user.partner_id, "all", MAX_COUNT
            )
        return values

    @route(
        [
            "/my/voice",
            "/my/voice/page/<int:page>",
            "/my/<any(inquiries,complaints,suggestions,information):place>",
            "/my/<any(inquiries,complaints,suggestions,information):place>/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_voice_list(self, place="voice", page=1, **_kw):
        """List what the visitor asked and said, as sentences, newest first."""
        partner = request.env.user.partner_id
        forms = request.env["npo.voice.form"]
        pages = pager(
            url=f"/my/{place}",
            total=forms._own_count(partner, place, MAX_COUNT),
            page=page,
            step=ROWS,
        )
        rows = forms._own_rows(partner, place, ROWS, max(pages["offset"], 0))
        values = self._npo_values("npo_voice", rows=rows, pager=pages, place=place)
        return request.render("npo_relations.portal_my_voice", values)

    # ------------------------------------------------------------
    # ONE OF THEM
    # ------------------------------------------------------------

    def _npo_own_voice(self, place, record_id):
        """Return the visitor's own case, or nothing for anybody else's."""
        case = request.env[PLACES[place]].browse(record_id)
        try:
            return case if case._is_mine() else case.browse()
        except MissingError:
            return case.browse()

    @route(
        "/my/<any(inquiries,complaints,suggestions,information):place>/<int:record_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_voice(self, place, record_id, step="", **post):
        """Follow what was said, answer, and say what one thinks of the answer."""
        case = self._npo_own_voice(place, record_id)
        if not case:
            return self._npo_home()
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_voice_step(case, step, post)
            if not error:
                return request.redirect(f"/my/{place}/{case.id}")
        case_sudo = case.sudo()
        values = self._npo_values(
            "npo_voice_page",
            case_sudo.company_id,
            voice=case_sudo,
            place=place,
            thread=case._person_thread(),
            steps=case._portal_steps_open(),
            typed={"text": post.get("text", "")} if error else {},
            form_error=error,
        )
        return request.render("npo_relations.portal_voice", values)

    def _npo_voice_step(self, case, step, post):
        """Take a step that is open to the visitor; return why it cannot be taken."""
        text = post.get("text", "")
        steps = {
            "reply": lambda: case._portal_reply(
                text, self._npo_read_files(case.sudo().company_id)
            ),
            "satisfied": lambda: case._portal_satisfied(True),
            "unsatisfied": lambda: case._portal_satisfied(False),
            "reopen": lambda: case._portal_reopen(text),
            "withdraw": lambda: case._portal_withdraw(),
        }
        if step not in steps or step not in case._portal_steps_open():
            return request.env._("This was done already. Look at where it stands now.")
        return self._npo_try(steps[step])

    @route(
        "/my/<any(inquiries,complaints,suggestions,information):place>/<int:record_id>"
        "/rate",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_voice_rate(self, place, record_id, **_kw):
        """Lead the visitor to the page on which the answer is rated (D04)."""
        case = self._npo_own_voice(place, record_id)
        return self._npo_go_rate(case) if case else self._npo_home()

    @route(
        "/my/complaints/<int:record_id>/object",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_voice_object(self, record_id, **post):
        """Object to the decision on a complaint: another person looks at it (P078)."""
        case = self._npo_own_voice("complaints", record_id)
        if not case:
            return self._npo_home()
        return self._npo_object(case, request.env._("Complaint"), post)
