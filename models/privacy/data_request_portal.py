from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import hijri
from ...tools.form_text import clean_line
from ..people.consent_notice import shown_notice
from .data_request import KINDS


class NpoDataRequest(models.Model):
    """What a person asks in the portal, about themselves alone."""

    _inherit = "npo.data.request"

    notice_text_id = shown_notice()

    @api.model
    def _portal_wards(self, company):
        """Return the contacts for whom the user may ask today, in sudo (P022)."""
        rights = self.env["npo.representative"].sudo()
        own = rights.search(
            [
                ("representative_id", "=", self.env.user.partner_id.id),
                ("company_id", "=", company.id),
            ]
        ).partner_id
        return own.filtered(
            lambda partner: rights._valid_representative(
                partner, "apply", self.env.user.partner_id, company
            )
        )

    @api.model
    def _portal_own(self, company, limit=50):
        """Return what the user asked, for themselves or a ward; in sudo, newest first.

        Who may no longer act for a person no longer sees what was asked for them.
        """
        own = Domain("partner_id", "=", self.env.user.partner_id.id)
        own |= Domain("partner_id", "in", self._portal_wards(company).ids) & Domain(
            "representative_id", "=", self.env.user.partner_id.id
        )
        return self.sudo().search(
            own & Domain("company_id", "=", company.id), limit=limit, order="id desc"
        )

    @api.model
    def _portal_ask(self, company, post):
        """Record a request of the user; pressed twice, it is one.

        :param post: kind, detail, notice, and person (id of a ward whose data it is;
            empty: the user's own), as typed
        :return: the request, as superuser
        """
        notice_vals = self.env["npo.consent"]._shown_vals(company, post)
        person, wards = self.env.user.partner_id, self._portal_wards(company)
        number = clean_line(post.get("person"))
        if number and number != str(person.id):
            person = wards.filtered(lambda ward: str(ward.id) == number)
            if not person:
                raise UserError(self.env._("You may not ask for this person."))
        kind, detail = post.get("kind"), (post.get("detail") or "").strip()
        if kind not in dict(KINDS):
            raise UserError(self.env._("Choose what you ask for."))
        if kind == "correct" and not detail:
            raise UserError(self.env._("Write what is wrong, and what is right."))
        waiting = self._portal_own(company).filtered(
            lambda case: (
                case.kind == kind and case.partner_id == person and not case.is_closed
            )
        )
        if waiting:
            return waiting[0]
        return self._record_once(
            {
                "partner_id": person.id,
                "representative_id": person in wards and self.env.user.partner_id.id,
                "company_id": company.id,
                "kind": kind,
                "detail": detail,
                "method": "portal",
                "date_received": company._npo_today(),
                **notice_vals,
            }
        )

    def _portal_copy_ready(self):
        """Tell whether the user may take the copy that was asked for."""
        self.ensure_one()
        case, asker = self.sudo(), self.env.user.partner_id
        return (
            (
                case.partner_id == asker
                or (
                    case.representative_id == asker
                    and case.partner_id in self._portal_wards(case.company_id)
                )
            )
            and case.kind in ("access", "copy")
            and case.outcome in ("done", "partly")
            and case.company_id._npo_today() <= case._copy_ends()
        )

    @api.model
    def _portal_seen(self, company):
        """Return who was shown the user's data: the days and the roles alone.

        :return: [(day in both calendars, role, what, how)]
        """
        lang = self.env.lang or "en_US"
        digits = company.sudo().npo_digits
        rows = self._seen_rows(self.env.user.partner_id, company, reasons=False)
        return [
            (hijri.format_both(moment.date(), lang, digits), role, what, how)
            for moment, role, _name, what, how, _why in rows
        ]

    def _portal_object(self, company, case_id, words):
        """Object to a refusal: a new request that cites it, for somebody else (P014).

        :return: the new request, or the one that was made before; as superuser
        """
        refused = self._portal_own(company).filtered(
            lambda case: case.id == case_id and case.stage_code == "refused"
        )
        if not refused:
            raise UserError(self.env._("There is no refusal to object to."))
        if not (words or "").strip():
            raise UserError(self.env._("Write why you object."))
        return refused._object(words, "portal")
