import base64
import binascii
import re

from markupsafe import Markup, escape

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.request.request_portal import FORM_STEPS

ROWS = 20
# Counting further than this helps nobody and costs a walk through the table.
MAX_COUNT = 10 * ROWS
MAX_SIGNATURE = 500_000
LIST_FIELDS = (
    "name",
    "service_id",
    "stage_id",
    "stage_code",
    "company_id",
    "declaration_id",
    "date_deadline",
    "date_submitted",
    "create_date",
    "is_closed",
)
STEPS = tuple(FORM_STEPS)
REPORTS = {
    "letter": "npo_relations.action_report_npo_request_letter",
    "declaration": "npo_relations.action_report_npo_request_declaration",
    "form": "npo_relations.action_report_npo_request_form",
}
# Numbers, dates and codes in a sentence: kept in one piece, left to right.
_CODE = re.compile(r"[0-9A-Z][0-9A-Z/-]*[0-9]")
_CODE_HTML = Markup('<bdi dir="ltr" class="text-nowrap">%s</bdi>')
_DOCUMENT_INPUT = re.compile(r"(number|expiry|issued|file)_(\d{1,9})")


def isolate_codes(text):
    """Return a sentence whose numbers and dates do not turn round in Arabic."""
    parts = _CODE.split(str(text))
    codes = [_CODE_HTML % code for code in _CODE.findall(str(text))] + [""]
    return Markup().join(
        escape(part) + code for part, code in zip(parts, codes, strict=True)
    )


def npo_consent_rows(company):
    """Return (purpose, text, consent, sentence, since when) for the user to decide."""
    return [
        (
            purpose,
            text,
            given,
            text._sentence(company),
            given and given._date_text(),
        )
        for purpose, text, given in request.env["npo.consent"]._portal_rows(company)
    ]


def npo_notice_values(company):
    """Return what shows how data is used."""
    notice = request.env["npo.consent"]._notice(company)
    return {"notice": notice, "notice_text": notice and notice._sentence(company)}


class NpoPortal(CustomerPortal):
    """The applicant's pages: ask for a service, follow it, answer, sign (R062).

    Every step is a plain form that works without a script. What another person may
    not see answers like what does not exist: with the way home.
    """

    # ------------------------------------------------------------
    # COMMON
    # ------------------------------------------------------------

    def _npo_association(self):
        """Return the association that the visitor deals with, as superuser."""
        partner = request.env.user.partner_id
        return (partner.company_id or request.website.company_id).sudo()

    def _npo_requests(self):
        """Return the model in the visitor's own association."""
        company = self._npo_association()
        requests = request.env["npo.request"]
        if company.id in request.env.user._get_company_ids():
            requests = requests.with_context(allowed_company_ids=company.ids)
        return requests

    def _npo_own(self, request_id):
        """Return the visitor's own request, or nothing for anybody else's."""
        found = self._npo_requests().browse(request_id)
        try:
            return found if found._is_own() else found.browse()
        except MissingError:
            return found.browse()

    def _npo_values(self, page_name, company=None, **values):
        return {
            **self._prepare_portal_layout_values(),
            "page_name": page_name,
            "association": (company or self._npo_association()).sudo(),
            "isolate_codes": isolate_codes,
            "errors": {},
            "form_error": "",
            **values,
        }

    def _npo_request_values(self, page_name, npo_request, **values):
        return self._npo_values(
            page_name,
            npo_request.sudo().company_id,
            npo_request=npo_request.sudo(),
            **values,
        )

    def _npo_pdf(self, report, record_sudo):
        """Return the printed document of a record that the visitor may have."""
        content, _kind = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(report, record_sudo.ids)
        )
        name = record_sudo.name.replace("/", "-")
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", f'attachment; filename="{name}.pdf"'),
            ],
        )

    def _npo_home(self):
        return request.redirect("/my")

    def _npo_go(self, npo_request, path=""):
        return request.redirect(f"/my/requests/{npo_request.id}{path}")

    # ------------------------------------------------------------
    # HOME AND LIST
    # ------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal
        values = super()._prepare_home_portal_values(counters)
        requests = self._npo_requests()
        if not requests.has_access("read"):
            return values
        if not counters:  # the page itself
            values["association"] = self._npo_association()
            values["npo_todo"] = self._npo_todo(requests)
            values["npo_parties"] = self._npo_parties()
            values["npo_is_applicant"] = not values["npo_parties"] or bool(
                self._npo_own_file()
            )
        if "npo_request_count" in counters:
            values["npo_request_count"] = requests.search_count(
                self._npo_list_domain(), limit=MAX_COUNT
            )
        return values

    def _npo_parties(self):
        """Return what the visitor is to the association beside a beneficiary.

        A supporter, a volunteer, a supplier reads their own charter and the policy:
        of beneficiaries they see nothing.
        """
        kinds = request.env.user.partner_id.sudo().npo_kind_ids
        if not kinds:
            return kinds
        charters = request.env["npo.right"].sudo()
        return kinds & charters._charter_types(self._npo_association())

    def _npo_own_file(self):
        files = request.env["npo.beneficiary"].sudo()
        partner = request.env.user.partner_id
        return files.search([("partner_id", "=", partner.id)], limit=1)

    def _npo_todo(self, requests):
        """Return what waits for the visitor to do something, newest first."""
        domain = requests._portal_todo_domain()
        return requests.search_fetch(domain, LIST_FIELDS, limit=ROWS, order="id desc")

    def _npo_list_domain(self, filterby="all"):
        domain = Domain("partner_id", "=", request.env.user.partner_id.id)
        if filterby in ("open", "closed"):
            domain &= Domain("is_closed", "=", filterby == "closed")
        return domain

    @route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def npo_requests(self, page=1, filterby="all", **_kw):
        """List the visitor's requests, as sentences."""
        requests = self._npo_requests()
        filterby = filterby if filterby in ("open", "closed") else "all"
        domain = self._npo_list_domain(filterby)
        pages = pager(
            url="/my/requests",
            total=requests.search_count(domain, limit=MAX_COUNT),
            page=page,
            step=ROWS,
            url_args={} if filterby == "all" else {"filterby": filterby},
        )
        rows = requests.search_fetch(
            domain,
            LIST_FIELDS,
            limit=ROWS,
            offset=max(pages["offset"], 0),
            order="id desc",
        )
        values = self._npo_values(
            "npo_requests", npo_requests=rows, pager=pages, filterby=filterby
        )
        return request.render("npo_relations.portal_my_requests", values)

    # ------------------------------------------------------------
    # CHOOSING A SERVICE
    # ------------------------------------------------------------

    def _npo_services(self):
        """Return the services that the visitor may ask for."""
        company = self._npo_association()
        return (
            request.env["npo.service"]
            .sudo()
            .search([("company_id", "=", company.id), ("is_published", "=", True)])
        )

    @route(
        "/my/requests/new",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_request_new(self, service_id=None, **_kw):
        """Choose a service; posting the choice opens its draft."""
        services = self._npo_services()
        error = ""
        if request.httprequest.method == "POST":
            chosen = services.filtered(lambda service: str(service.id) == service_id)
            if chosen:
                draft = self._npo_requests()._portal_draft(chosen)
                return self._npo_go(draft, f"/edit/{draft._portal_first_gap()}")
            error = request.env._(
                "This service is not open in the portal. Choose another one, or call"
                " us."
            )
        values = self._npo_values("npo_new", services=services, form_error=error)
        return request.render("npo_relations.portal_request_new", values)

    @route(
        "/my/services/<int:service_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_service(self, service_id, **_kw):
        """Show the card of a service: for whom, what to bring, how long, no fee."""
        service = self._npo_services().filtered(lambda card: card.id == service_id)
        if not service:
            return self._npo_home()
        values = self._npo_values("npo_service", service=service)
        return request.render("npo_relations.portal_service", values)

    # ------------------------------------------------------------
    # STEPS OF THE FORM
    # ------------------------------------------------------------

    @route(
        "/my/requests/<int:request_id>/edit/<string:step>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_request_edit(self, request_id, step, **post):
        """Show a step of the form, or save it and go on."""
        npo_request = self._npo_own(request_id)
        if not npo_request:
            return self._npo_home()
        if step not in (*STEPS, "next") or not npo_request._portal_may_edit():
            return self._npo_after_sending(npo_request)
        if step == "next":  # the first in which something is missing
            return self._npo_go(npo_request, f"/edit/{npo_request._portal_first_gap()}")
        if request.httprequest.method == "GET":
            return self._npo_render_step(npo_request, step)
        if step == "documents":
            return self._npo_post_documents(npo_request, post)
        if step == "review":
            return self._npo_post_review(npo_request, post)
        return self._npo_post_fields(npo_request, step, post)

    def _npo_after_sending(self, npo_request):
        """Return where who presses twice or comes back late is led."""
        is_new = npo_request.sudo().stage_code == "new"
        return self._npo_go(npo_request, "/sent" if is_new else "")

    def _npo_post_fields(self, npo_request, step, post):
        names = npo_request._portal_step_fields(step)
        typed = {name: post[name] for name in names if name in post}
        if "autosave" in post:  # by the script, while typing: nothing is asked yet
            npo_request._portal_save(
                {name: value for name, value in typed.items() if value.strip()}
            )
            return request.make_response("", status=204)
        errors = npo_request._portal_save(typed)
        leaving = post.get("go") == "leave"
        if not leaving:
            errors = {**npo_request._portal_missing(step), **errors}
        if errors:
            return self._npo_render_step(npo_request, step, errors=errors, typed=typed)
        return self._npo_leave_step(npo_request, step, leaving)

    def _npo_leave_step(self, npo_request, step, leaving):
        if leaving:
            return self._npo_go(npo_request)
        return self._npo_go(npo_request, f"/edit/{STEPS[STEPS.index(step) + 1]}")

    def _npo_post_documents(self, npo_request, post):
        errors, typed = self._npo_save_documents(npo_request, post)
        if errors:
            return self._npo_render_step(
                npo_request, "documents", errors=errors, typed=typed
            )
        if post.get("go") == "add":
            return self._npo_go(npo_request, "/edit/documents")
        return self._npo_leave_step(npo_request, "documents", post.get("go") == "leave")

    def _npo_post_review(self, npo_request, post):
        if npo_request.sudo().stage_code == "returned":
            return self._npo_go(npo_request, "/answer")
        if post.get("go") == "leave":
            return self._npo_go(npo_request)
        purposes, errors, form_error = self._npo_read_consents(npo_request, post)
        if not (errors or form_error):
            form_error = self._npo_try(npo_request._portal_submit, purposes)
        if errors or form_error:
            return self._npo_render_step(
                npo_request, "review", typed=post, errors=errors, form_error=form_error
            )
        return self._npo_go(npo_request, "/sent")

    def _npo_read_consents(self, npo_request, post):
        """Return the purposes ticked, {input: message}, and why it cannot be sent.

        Each purpose by itself (P011), and nothing without the notice that was shown
        (P015).
        """
        company = npo_request.sudo().company_id
        consents = request.env["npo.consent"]
        errors, form_error = {}, ""
        ticked = request.env["npo.consent.purpose"].sudo()
        for purpose, _text, given in consents._portal_rows(company):
            name = f"consent_{purpose.code}"
            if post.get(name):
                ticked |= purpose
            elif purpose.is_essential and not given:
                message = request.env._("Agree to it, so that we may study it.")
                errors[name] = message
        notice = consents._notice(company)
        if notice and post.get("notice") != str(notice.id):
            form_error = request.env._("Read how your data is used first.")
        return ticked, errors, form_error

    def _npo_try(self, step, *args, **kwargs):
        """Take a step of the model, or return why it cannot be taken."""
        try:
            with request.env.cr.savepoint():
                step(*args, **kwargs)
        except UserError as error:
            return str(error)
        return ""

    def _npo_render_step(self, npo_request, step, typed=None, **values):
        request_sudo = npo_request.sudo()
        values = self._npo_request_values(
            "npo_edit",
            npo_request,
            step=step,
            step_number=STEPS.index(step) + 1,
            form_steps=self._npo_form_steps(npo_request, step),
            person=request_sudo.beneficiary_id,
            typed=typed or {},
            **values,
        )
        if step == "review":
            values["consent_rows"] = npo_consent_rows(request_sudo.company_id)
            values["gaps"] = self._npo_gaps(npo_request)
            values |= npo_notice_values(request_sudo.company_id)
        return request.render(f"npo_relations.portal_request_{step}", values)

    def _npo_form_steps(self, npo_request, current):
        """Return (step, title, state) for the list of steps."""
        _ = request.env._
        titles = {
            "about": _("About you"),
            "need": _("What you need"),
            "documents": _("Documents"),
            "review": _("Check and send"),
        }
        documents = npo_request._portal_missing_documents()
        done = {
            "about": not npo_request._portal_missing("about"),
            "need": not npo_request._portal_missing("need"),
            "documents": not documents,
            "review": False,
        }
        return [
            (
                step,
                titles[step],
                "current" if step == current else "done" if done[step] else "todo",
            )
            for step in STEPS
        ]

    def _npo_gaps(self, npo_request):
        """Return (step, message) of what is still missing before sending."""
        return [
            (step, message)
            for step in ("about", "need")
            for message in npo_request._portal_missing(step).values()
        ]

    # ------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------

    def _npo_save_documents(self, npo_request, post):
        """Hand in what was given for each document; the rest stays as it is.

        :return: ({input: message}, {input: text}) of what could not be taken
        """
        errors, typed = {}, {}
        for document_id, given in self._npo_read_documents(npo_request, post).items():
            upload = given.pop("file", None)
            message = self._npo_try(
                npo_request._portal_upload,
                document_id,
                upload and upload.filename,
                upload and self._npo_read_upload(npo_request, upload),
                **given,
            )
            if message:
                part = "file" if upload else "expiry" if "expiry" in given else "number"
                errors[f"{part}_{document_id}"] = message
                typed |= {f"{name}_{document_id}": given[name] for name in given}
        return errors, typed

    def _npo_read_documents(self, npo_request, post):
        """Return {document id: {number, expiry, issued, file}} of what was given."""
        given = {}
        for key, value in post.items():
            match = _DOCUMENT_INPUT.fullmatch(key)
            if not match:
                continue
            if match[1] == "file":
                value = value if getattr(value, "filename", "") else None
            else:
                value = value.strip() if isinstance(value, str) else None
            if value:
                given.setdefault(int(match[2]), {})[match[1]] = value
        return given

    def _npo_read_upload(self, npo_request, upload):
        """Read a file, one byte further than allowed at most: it is refused then."""
        limit = npo_request.sudo().company_id.npo_max_upload_mb * 1024 * 1024
        return upload.read(limit + 1) if limit else upload.read()

    # ------------------------------------------------------------
    # SENT, TRACKING
    # ------------------------------------------------------------

    @route(
        "/my/requests/<int:request_id>/sent",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_request_sent(self, request_id, **_kw):
        """We received it: the number, what happens next, by when."""
        npo_request = self._npo_own(request_id)
        if not npo_request:
            return self._npo_home()
        if not npo_request.sudo().date_submitted:
            return self._npo_go(npo_request)
        values = self._npo_request_values("npo_sent", npo_request)
        return request.render("npo_relations.portal_request_sent", values)

    @route(
        "/my/requests/<int:request_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def npo_request_page(self, request_id, access_token=None, **_kw):
        """Follow a request; who only has the link reads and does nothing."""
        npo_request = self._npo_readable(request_id, access_token)
        if not npo_request:
            return self._npo_home()
        own = npo_request.with_user(request.env.user)
        is_own = own._is_own()
        values = self._npo_request_values(
            "npo_request",
            npo_request,
            is_own=is_own,
            todo=npo_request._portal_todo() if is_own else False,
            policy_steps=npo_request._portal_steps(),
            letter=npo_request._portal_letter(),
            access_token=access_token,
            messages_sent=own._portal_last_sent() if is_own else [],
        )
        return request.render("npo_relations.portal_request", values)

    def _npo_readable(self, request_id, access_token):
        """Return a request that the visitor may read, as superuser, or nothing."""
        try:
            return self._document_check_access("npo.request", request_id, access_token)
        except (AccessError, MissingError):
            return request.env["npo.request"]

    @route(
        "/my/requests/<int:request_id>/print/<string:document>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def npo_request_print(self, request_id, document, access_token=None, **_kw):
        """Download the letter, the signed declaration or the form as a PDF."""
        npo_request = self._npo_readable(request_id, access_token)
        if not npo_request:
            return self._npo_home()
        available = {
            "letter": npo_request._portal_letter(),
            "declaration": npo_request.declaration_id,
            "form": npo_request.date_submitted,
        }
        if not available.get(document):
            return self._npo_go(npo_request)
        return self._show_report(npo_request, "pdf", REPORTS[document], download=True)

    # ------------------------------------------------------------
    # ANSWER, SIGN, WITHDRAW
    # ------------------------------------------------------------

    @route(
        "/my/requests/<int:request_id>/answer",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_request_answer(self, request_id, note="", **post):
        """Complete a request that was sent back: documents, a note, and send."""
        npo_request = self._npo_own(request_id)
        if not npo_request or npo_request._portal_todo() != "complete":
            return self._npo_go(npo_request) if npo_request else self._npo_home()
        errors, typed = {}, {}
        if request.httprequest.method == "POST":
            errors, typed = self._npo_save_documents(npo_request, post)
            if post.get("go") != "add" and not errors:
                message = self._npo_try(npo_request._portal_answer, note)
                if not message:
                    return self._npo_go(npo_request)
                errors["note"] = message
        values = self._npo_request_values(
            "npo_answer",
            npo_request,
            errors=errors,
            typed={**typed, "note": note},
        )
        return request.render("npo_relations.portal_request_answer", values)

    @route(
        "/my/requests/<int:request_id>/sign",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_request_sign(self, request_id, signature="", typed_name="", **_post):
        """Read the declaration and sign it, by drawing or by typing one's name."""
        npo_request = self._npo_own(request_id)
        if not npo_request or npo_request._portal_todo() != "sign":
            return self._npo_go(npo_request) if npo_request else self._npo_home()
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_try(
                npo_request._portal_sign,
                self._npo_read_signature(signature),
                request.httprequest.remote_addr,
                typed_name=typed_name,
            )
            if not error:
                return self._npo_go(npo_request)
        request_sudo = npo_request.sudo()
        version = request_sudo._version()
        values = self._npo_request_values(
            "npo_sign",
            npo_request,
            errors={"typed_name": error} if error else {},
            typed={"typed_name": typed_name},
            declaration_text=version._render_declaration(
                request_sudo.partner_id.npo_gender
            ),
        )
        return request.render("npo_relations.portal_request_sign", values)

    def _npo_read_signature(self, text):
        """Return the drawing as base64, or nothing for what is no drawing."""
        _head, comma, content = text.partition("data:image/png;base64,")
        if not comma or len(content) > MAX_SIGNATURE:
            return None
        try:
            base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            return None
        return content.encode()

    @route(
        "/my/requests/<int:request_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_request_withdraw(self, request_id, **_post):
        """Take a request back, after being told what that means."""
        npo_request = self._npo_own(request_id)
        if not npo_request:
            return self._npo_home()
        if not npo_request._portal_may_withdraw():
            return self._npo_go(npo_request)
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_try(npo_request._portal_withdraw)
            if not error:
                return request.redirect("/my/requests")
        values = self._npo_request_values("npo_withdraw", npo_request, form_error=error)
        return request.render("npo_relations.portal_request_withdraw", values)
