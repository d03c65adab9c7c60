from odoo.http import request

from odoo.addons.website.controllers.main import Website


class NpoLogin(Website):
    """Who signs in reads the pages in their own language (D07)."""

    def _login_redirect(self, uid, redirect=None):
        # EXTENDS website: the language of the browser served until now
        user = request.env["res.users"].sudo().browse(uid)
        if user.share and user.lang:
            request.future_response.set_cookie("frontend_lang", user.lang)
        return super()._login_redirect(uid, redirect=redirect)
