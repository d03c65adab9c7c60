from odoo.exceptions import MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager

from ..tools.form_text import clean_line
from .appeal_pages import NpoAppealPages
from .portal import MAX_COUNT, ROWS, npo_notice_values
from .voice_pages import NpoVoicePages


class NpoCompensationPages(NpoVoicePages, NpoAppealPages):
    """Claim a compensation, read offers, answer them, see what is paid (R142).

    To anybody but the harmed party a claim answers like what does not exist.
    """

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal
        values = super()._prepare_home_portal_values(counters)
        cases = request.env["npo.compensation"]
        if not counters:  # the page itself
            values["npo_has_compensations"] = cases._portal_is_open(
                self._npo_association()
            ) or bool(cases._portal_count(1))
        if "npo_compensation_count" in counters:
            values["npo_compensation_count"] = cases._portal_count(MAX_COUNT)
        return values

    @route(
        ["/my/compensations", "/my/compensations/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_compensations(self, page=1, **_kw):
        """List the visitor's claims, as sentences."""
        cases = request.env["npo.compensation"]
        pages = pager(
            url="/my/compensations",
            total=cases._portal_count(MAX_COUNT),
            page=page,
            step=ROWS,
        )
        values = self._npo_values(
            "npo_compensations",
            cases=cases._portal_rows(ROWS, max(pages["offset"], 0)),
            pager=pages,
            may_claim=cases._portal_is_open(self._npo_association()),
        )
        return request.render("npo_relations.portal_my_compensations", values)

    # ------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------

    @route(
        "/my/compensations/new",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_compensation_new(self, **post):
        """Claim: what happened, when, from which agreement or service, how much."""
        company = self._npo_association()
        cases = request.env["npo.compensation"]
        if not cases._portal_is_open(company):
            return request.redirect("/my/compensations")
        error = ""
        if request.httprequest.method == "POST":
            made = []
            error = self._npo_try(
                lambda: made.append(
                    cases._portal_claim(company, post, self._npo_read_files(company))
                )
            )
            if not error:
                return request.redirect(made[0].access_url)
        agreements, requests = cases._portal_relations(company)
        values = self._npo_values(
            "npo_compensation_new",
            company,
            typed=post,
            form_error=error,
            agreements=agreements,
            requests=requests,
            **npo_notice_values(company),
        )
        return request.render("npo_relations.portal_compensation_new", values)

    # ------------------------------------------------------------
    # ONE CLAIM
    # ------------------------------------------------------------

    def _npo_own_compensation(self, case_id):
        """Return the visitor's own claim, or nothing for anybody else's."""
        case = request.env["npo.compensation"].browse(case_id)
        try:
            return case if case._is_mine() else case.browse()
        except MissingError:
            return case.browse()

    @route(
        "/my/compensations/<int:case_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_compensation(self, case_id, step="", **post):
        """Follow a claim; add files, answer the offer, take it back."""
        case = self._npo_own_compensation(case_id)
        if not case:
            raise request.not_found()
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_compensation_step(case, step, post)
            if not error:
                return request.redirect(case.sudo().access_url)
        case_sudo = case.sudo()
        values = self._npo_values(
            "npo_compensation",
            case_sudo.company_id,
            case=case_sudo,
            offer=case_sudo._portal_offer(),
            settlement=case_sudo._settlement_text(),
            steps=case._portal_steps_open(),
            payments=case_sudo._portal_payments(),
            appeals=case._appeals(),
            signer=request.env.user.partner_id,
            typed=post if error else {},
            form_error=error,
        )
        return request.render("npo_relations.portal_compensation", values)

    def _npo_compensation_step(self, case, step, post):
        """Take a step of the visitor; return why it cannot be taken."""
        number = clean_line(post.get("offer"))
        steps = {
            "add": lambda: case._portal_add(
                self._npo_read_files(case.sudo().company_id)
            ),
            "accept": lambda: case._portal_accept(
                number,
                self._npo_read_signature(post.get("signature", "")),
                post.get("typed_name", ""),
                request.httprequest.remote_addr,
            ),
            "decline": lambda: case._portal_decline(
                number, post.get("text", ""), post.get("counter", "")
            ),
            "withdraw": case._portal_withdraw,
        }
        if step not in steps:
            return request.env._("This was done already. Look at where it stands now.")
        return self._npo_try(steps[step])

    @route(
        "/my/compensations/<int:case_id>/object",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_compensation_object(self, case_id, **post):
        """Object to a refusal: another person looks at it (D12)."""
        case = self._npo_own_compensation(case_id)
        if not case:
            raise request.not_found()
        return self._npo_object(case, request.env._("Claim for compensation"), post)

    @route(
        "/my/compensations/<int:case_id>/<any(letter,settlement):document>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_compensation_document(self, case_id, document, **_kw):
        """Download the letter that answers a claim, or the settlement."""
        case = self._npo_own_compensation(case_id)
        has_one = case and (
            case._portal_letter()
            if document == "letter"
            else case._open_round() or case._accepted_round()
        )
        if not has_one:
            raise request.not_found()
        report = f"npo_relations.action_report_npo_compensation_{document}"
        return self._npo_pdf(report, case.sudo())
