import secrets

from markupsafe import Markup

from odoo.http import request, route

from ..tools.form_text import clean_line
from ..tools.qr import qr_svg
from .policy_pages import NpoPolicyPages
from .portal import NpoPortal, isolate_codes, npo_notice_values

FORM_PATHS = ("/complain", "/ask", "/suggest", "/help", "/request-information")


class NpoVoicePages(NpoPolicyPages, NpoPortal):
    """Complain, ask, suggest, ask for help: by everybody, without an account.

    Plain forms that work without a script; what was typed comes back with every
    error. Who wants to stay unknown stays so: neither account nor address is kept
    (R092, R150, P070, P071, P093).
    """

    def _npo_voice_association(self):
        """Return the visitor's own association, else that of the page, as superuser."""
        if request.env.user._is_public():
            return self._npo_public_association()
        return self._npo_own_association()

    def _npo_voice_values(self, company, **values):
        return {
            "association": company,
            "page_name": "npo_public",
            "isolate_codes": isolate_codes,
            "errors": {},
            "form_error": "",
            "typed": {},
            **values,
        }

    # ------------------------------------------------------------
    # FORMS
    # ------------------------------------------------------------

    @route(
        list(FORM_PATHS),
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET", "POST"],
    )
    def npo_voice_form(self, **post):
        """Show a form, or take in what was sent by it."""
        if answer := self._npo_arabic_first():
            return answer
        kind = request.httprequest.path.rstrip("/").rpartition("/")[2]
        company = self._npo_voice_association()
        forms = request.env["npo.voice.form"]
        errors = {}
        if request.httprequest.method == "POST":
            record, errors = forms._submit(
                kind,
                company,
                post,
                self._npo_read_files(company),
                request.httprequest.remote_addr,
            )
            if record:
                return request.redirect(f"/sent/{forms._sent_token(kind, record)}")
        typed = forms._read(post)
        values = self._npo_voice_values(
            company,
            kind=kind,
            typed=typed,
            item=kind == "ask" and forms._item(company, typed),
            stamp=clean_line(post.get("stamp")) or forms._open(secrets.token_hex(8)),
            form_error=errors.pop("", ""),
            errors=errors,
            is_known=not request.env.user._is_public(),
            categories=forms._categories() if kind == "complain" else [],
            topics=company._npo_page_topics() if kind == "ask" else [],
            **npo_notice_values(company),
        )
        return request.render("npo_relations.voice_form_page", values)

    def _npo_read_files(self, company):
        """Return (name, bytes) of what is attached.

        One file and one byte more than allowed at most: that much is refused.
        """
        limit = company.npo_max_upload_mb * 1024 * 1024
        uploads = request.httprequest.files.getlist("files")
        chosen = [upload for upload in uploads if upload.filename]
        return [
            (
                clean_line(upload.filename)[-100:],
                upload.read(limit + 1) if limit else upload.read(),
            )
            for upload in chosen[: company.npo_max_files + 1]
        ]

    @route(
        "/sent/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_voice_sent(self, token, **_kw):
        """Say thank you: the number, the code, until when, and how to follow it."""
        kind, record = request.env["npo.voice.form"]._sent(token)
        if not record:
            return self._npo_missing()
        address = f"{record.get_base_url()}/track"
        values = self._npo_voice_values(
            record.company_id, kind=kind, record=record, address=address
        )
        values["qr"] = Markup(qr_svg(address))  # built there
        response = request.render("npo_relations.voice_sent_page", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
