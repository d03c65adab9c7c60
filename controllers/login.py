from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.addons.website.controllers.main import Website


class NpoLogin(Website, AuthSignupHome):
    """Who signs in reads the pages in their own language (D07).

    Who is not signed in learns of nobody whether they have an account (D05).
    """

    def _login_redirect(self, uid, redirect=None):
        # EXTENDS website: the language of the browser served until now
        user = request.env["res.users"].sudo().browse(uid)
        if user.share and user.lang:
            request.future_response.set_cookie("frontend_lang", user.lang)
        return super()._login_redirect(uid, redirect=redirect)

    def get_auth_signup_qcontext(self):
        # EXTENDS auth_signup: by this one core leads to the login whose e-mail it is
        qcontext = super().get_auth_signup_qcontext()
        qcontext.pop("signup_email", None)
        return qcontext

    @route()
    def web_auth_reset_password(self, *args, **kw):
        # EXTENDS auth_signup: who has no token asks, and always gets one answer
        qcontext = self.get_auth_signup_qcontext()
        if request.httprequest.method != "POST" or qcontext.get("token"):
            return super().web_auth_reset_password(*args, **kw)
        if not qcontext["reset_password_enabled"]:
            raise NotFound
        if error := request.env["npo.sign.in.code"]._ask_reset(
            request.website.sudo().company_id,
            qcontext.get("login"),
            request.httprequest.remote_addr,
        ):
            qcontext["error"] = error
        else:
            qcontext["message"] = request.env._(
                "If there is an account with this e-mail, a message is on its way."
            )
        response = request.render("auth_signup.reset_password", qcontext)
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return response
