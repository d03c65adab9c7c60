from odoo.exceptions import MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager

from .portal import MAX_COUNT, ROWS, NpoPortal

AGREEMENTS, DISPUTES = "npo.agreement", "npo.dispute"


class NpoAgreementPages(NpoPortal):
    """The agreements and disputes of a party, and signing them (R031, R149).

    To anybody else they do not exist.
    """

    def _npo_party_own(self, model, record_id):
        """Return the visitor's own agreement or dispute; to others there is none."""
        record = request.env[model].browse(record_id)
        try:
            is_mine = record._is_mine()
        except MissingError:
            is_mine = False
        if not is_mine:
            raise request.not_found()
        return record

    def _npo_party_list(self, model, name, page):
        """Show the visitor's own records, newest first."""
        records = request.env[model]
        pages = pager(
            url=f"/my/{name}",
            total=records._portal_count(MAX_COUNT),
            page=page,
            step=ROWS,
        )
        rows = records._portal_own(ROWS, max(pages["offset"], 0))
        values = self._npo_values(f"npo_{name}", rows=rows, pager=pages)
        return request.render(f"npo_relations.portal_my_{name}", values)

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal
        values = super()._prepare_home_portal_values(counters)
        for name, model in (
            ("npo_agreement_count", AGREEMENTS),
            ("npo_dispute_count", DISPUTES),
        ):
            if name in counters:
                values[name] = request.env[model]._portal_count(MAX_COUNT)
        return values

    # ------------------------------------------------------------
    # AGREEMENTS
    # ------------------------------------------------------------

    @route(
        ["/my/agreements", "/my/agreements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_agreements(self, page=1, **_kw):
        """List the visitor's agreements."""
        return self._npo_party_list(AGREEMENTS, "agreements", page)

    @route(
        "/my/agreements/<int:record_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_agreement(self, record_id, signature="", typed_name="", **_post):
        """Read an agreement; sign it where it waits for that."""
        agreement = self._npo_party_own(AGREEMENTS, record_id)
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_try(
                agreement._portal_sign, self._npo_read_signature(signature), typed_name
            )
            if not error:
                return request.redirect(f"/my/agreements/{agreement.id}")
        agreement_sudo = agreement.sudo()
        values = self._npo_values(
            "npo_agreement",
            agreement_sudo.company_id,
            agreement=agreement_sudo,
            versions=agreement._portal_versions(),
            to_sign=agreement._portal_to_sign(),
            my_party=agreement._portal_party(),
            user_name=request.env.user.partner_id.name,
            typed={"typed_name": typed_name} if error else {},
            form_error=error,
        )
        return request.render("npo_relations.portal_agreement", values)

    @route(
        "/my/agreements/<int:record_id>/<any(print,file):what>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_agreement_paper(self, record_id, what, **_kw):
        """Download the agreement as it is printed, or as it was signed."""
        agreement = self._npo_party_own(AGREEMENTS, record_id).sudo()
        if what == "print":
            return self._npo_pdf("npo_relations.action_report_npo_agreement", agreement)
        if not agreement.has_file:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            agreement, "signed_file", filename_field="signed_file_name"
        )
        return stream.get_response(as_attachment=True)

    # ------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------

    @route(
        ["/my/disputes", "/my/disputes/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_disputes(self, page=1, **_kw):
        """List the visitor's disputes."""
        return self._npo_party_list(DISPUTES, "disputes", page)

    @route(
        "/my/disputes/<int:record_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_dispute(self, record_id, signature="", typed_name="", terms="", **_post):
        """Follow a dispute; accept its settlement by signing it."""
        dispute = self._npo_party_own(DISPUTES, record_id)
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_try(
                dispute._portal_accept,
                self._npo_read_signature(signature),
                typed_name,
                terms,
            )
            if not error:
                return request.redirect(f"/my/disputes/{dispute.id}")
        dispute_sudo = dispute.sudo()
        methods = request.env["npo.dispute.step"]._fields["method"]
        values = self._npo_values(
            "npo_dispute",
            dispute_sudo.company_id,
            dispute=dispute_sudo,
            methods=dict(methods._description_selection(request.env)),
            meeting=dispute._next_meeting(),
            to_sign=dispute._portal_to_sign(),
            user_name=request.env.user.partner_id.name,
            typed={"typed_name": typed_name} if error else {},
            form_error=error,
        )
        return request.render("npo_relations.portal_dispute", values)

    @route(
        "/my/disputes/<int:record_id>/deed",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_dispute_deed(self, record_id, **_kw):
        """Download the deed of settlement."""
        dispute = self._npo_party_own(DISPUTES, record_id).sudo()
        if not dispute.date_deed:
            raise request.not_found()
        return self._npo_pdf("npo_relations.action_report_npo_dispute_deed", dispute)
