from werkzeug.exceptions import Forbidden

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class NpoAccountPages(CustomerPortal):
    """Whom the association serves asks for a correction of their data (P014).

    Core's pages write name, mobile and e-mail of a contact at once, as superuser: past
    the verification of an identity, and for who borrowed a session. Everybody else who
    comes into the portal, as the contact of a supplier, keeps them.
    """

    def _npo_own_data(self):
        """Return where a person served is led from core's pages of their data."""
        if not request.env.user.partner_id.sudo().npo_is_served:
            return None
        if request.httprequest.method not in ("GET", "HEAD"):
            raise Forbidden
        return request.redirect("/my/privacy")

    @route()
    def account(self, **kwargs):
        return self._npo_own_data() or super().account(**kwargs)

    @route()
    def my_addresses(self, **query_params):
        return self._npo_own_data() or super().my_addresses(**query_params)

    @route()
    def portal_address(self, *args, **query_params):
        return self._npo_own_data() or super().portal_address(*args, **query_params)

    @route()
    def portal_address_submit(self, *args, **form_data):
        return self._npo_own_data() or super().portal_address_submit(*args, **form_data)

    @route()
    def address_archive(self, *args, **kw):
        return self._npo_own_data() or super().address_archive(*args, **kw)
