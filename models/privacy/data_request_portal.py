from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from .data_request import KINDS


class NpoDataRequest(models.Model):
    """What a person asks in the portal, about themselves alone."""

    _inherit = "npo.data.request"

    @api.model
    def _portal_own(self, company, limit=50):
        """Return the user's own requests as superuser, newest first."""
        return self.sudo().search(
            [
                ("partner_id", "=", self.env.user.partner_id.id),
                ("company_id", "=", company.id),
            ],
            limit=limit,
            order="id desc",
        )

    @api.model
    def _portal_ask(self, company, kind, detail=""):
        """Record a request of the user; pressed twice, it is one.

        :return: the request, as superuser
        """
        if kind not in dict(KINDS):
            raise UserError(self.env._("Choose what you ask for."))
        detail = (detail or "").strip()
        if kind == "correct" and not detail:
            raise UserError(self.env._("Write what is wrong, and what is right."))
        waiting = self._portal_own(company).filtered(
            lambda case: case.kind == kind and not case.is_closed
        )
        if waiting:
            return waiting[0]
        try:
            with self.env.cr.savepoint():
                return self.sudo().create(
                    {
                        "partner_id": self.env.user.partner_id.id,
                        "company_id": company.id,
                        "kind": kind,
                        "detail": detail,
                        "method": "portal",
                        "date_received": company._npo_today(),
                    }
                )
        except UniqueViolation as error:
            # Both presses found nothing. Begun again, this one finds the first.
            raise ConcurrencyError(str(error)) from error

    def _portal_copy_ready(self):
        """Tell whether the user may take the copy that was asked for."""
        self.ensure_one()
        case = self.sudo()
        return (
            case.partner_id == self.env.user.partner_id
            and case.kind in ("access", "copy")
            and case.outcome in ("done", "partly")
        )
