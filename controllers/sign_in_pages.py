import time

from odoo.exceptions import AccessDenied, UserError
from odoo.http import request, route

from .login import NpoLogin
from .voice_pages import NpoVoicePages

# How long a password may be chosen after one came in by a code.
CHOOSE_SECONDS = 15 * 60
LEAST_SIGNS = 8
LONGEST = 200


class NpoSignInPages(NpoVoicePages, NpoLogin):
    """Come into the portal without an e-mail address (D05).

    One thing a page, without a script. Opening an address uses nothing up: what looks
    through mails and messages only reads. Whoever asks gets the same answer, whether
    or not anybody has the mobile or the slip.
    """

    def _npo_sign_in_page(self, step, company, errors=None, **values):
        values = self._npo_voice_values(
            company,
            step=step,
            can_text=request.env["npo.sign.in.code"]._can_text(company),
            errors=errors or {},
            **values,
        )
        response = request.render("npo_relations.sign_in_page", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _npo_before_sign_in(self):
        """Return where who is signed in already is led, or who reads Arabic first."""
        if not request.env.user._is_public():
            return request.redirect("/my")
        return self._npo_arabic_first()

    # ------------------------------------------------------------
    # BY MOBILE
    # ------------------------------------------------------------

    @route(
        "/sign-in",
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET", "POST"],
    )
    def npo_sign_in(self, mobile="", **_post):
        """Ask for the mobile, and have a code sent to it."""
        if answer := self._npo_before_sign_in():
            return answer
        company = self._npo_public_association()
        codes = request.env["npo.sign.in.code"]
        if request.httprequest.method == "GET" or not codes._can_text(company):
            return self._npo_sign_in_page("mobile", company)
        address = request.httprequest.remote_addr
        key, error = codes._ask(company, mobile, address)
        if error:
            return self._npo_sign_in_page(
                "mobile", company, {"mobile": error}, typed={"mobile": mobile[:30]}
            )
        return self._npo_sign_in_page("code", company, key=key)

    @route(
        "/sign-in/code",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def npo_sign_in_code(self, key="", code="", **_post):
        """Take in the code that was sent."""
        if answer := self._npo_before_sign_in():
            return answer
        return self._npo_enter("code", key, code)

    # ------------------------------------------------------------
    # BY A SLIP
    # ------------------------------------------------------------

    @route(
        ["/sign-in/slip", "/sign-in/slip/<string:key>"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_sign_in_slip(self, key="", code="", **_post):
        """Ask for the number of a slip, then for its code."""
        if answer := self._npo_before_sign_in():
            return answer
        key = "".join(key.split()).upper()[:40]
        if request.httprequest.method == "GET" or not code:
            company = self._npo_public_association()
            step = "slip_code" if key else "slip"
            return self._npo_sign_in_page(step, company, key=key)
        return self._npo_enter("slip_code", key, code)

    def _npo_enter(self, step, key, code):
        """Try a code; sign in, or show the page again."""
        company = self._npo_public_association()
        codes = request.env["npo.sign.in.code"]
        found, error = codes._enter(company, key, code, request.httprequest.remote_addr)
        if error:
            return self._npo_sign_in_page(step, company, {"code": error}, key=key)
        user = found.access_id.user_id
        credential = {
            "type": "npo_code",
            "login": user.login,
            "proof": codes._proof(user),
        }
        request.session.authenticate(request.env, credential)
        request.session["npo_signed_by_code"] = time.time()
        path = "/my/choose-password" if found.kind == "slip" else "/my"
        return request.redirect(self._login_redirect(user.id, redirect=path))

    # ------------------------------------------------------------
    # BY A PASSWORD
    # ------------------------------------------------------------

    @route(
        "/sign-in/password",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_sign_in_password(self, mobile="", password="", **_post):
        """Sign in with the mobile and the password that one chose."""
        if answer := self._npo_before_sign_in():
            return answer
        company = self._npo_public_association()
        if request.httprequest.method == "GET":
            return self._npo_sign_in_page("password", company)
        codes = request.env["npo.sign.in.code"]
        address = request.httprequest.remote_addr
        credential, error = codes._credential(
            company, mobile, password[:LONGEST], address
        )
        if credential:
            try:
                info = request.session.authenticate(request.env, credential)
            except AccessDenied:
                error = codes._password_message()
            else:
                codes._came_in(company, mobile, address)
                return request.redirect(
                    self._login_redirect(info["uid"], redirect="/my")
                )
        return self._npo_sign_in_page(
            "password", company, {"password": error}, typed={"mobile": mobile[:30]}
        )

    @route(
        "/my/choose-password",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def npo_choose_password(self, password="", **_post):
        """Choose a password, right after one came in by a code; or go on without."""
        since = request.session.get("npo_signed_by_code") or 0
        user = request.env.user
        if time.time() - since > CHOOSE_SECONDS or not user.share:
            return request.redirect("/my")
        error = ""
        if request.httprequest.method == "POST":
            error = self._npo_choose(user, password)
            if not error:
                request.session.pop("npo_signed_by_code")
                return request.redirect("/my")
        company = self._npo_association()
        errors = {"password": error} if error else {}
        return self._npo_sign_in_page("choose", company, errors, name=user.login)

    def _npo_choose(self, user, password):
        """Keep a password, or return why it is not good."""
        if not LEAST_SIGNS <= len(password) <= LONGEST:
            return request.env._("Choose at least %s signs.", LEAST_SIGNS)
        try:
            with request.env.cr.savepoint():
                user._npo_choose_password(password)
        except UserError as refused:
            return str(refused)
        token = user._compute_session_token(request.session.sid)
        request.session.session_token = token
        return ""
