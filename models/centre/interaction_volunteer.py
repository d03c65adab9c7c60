from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools import hijri
from ..core.guards import without_defaults
from .interaction import NpoInteraction as Base

# How many of the own referrals a volunteer's page shows.
LATEST = 100


class NpoInteraction(models.Model):
    """The volunteering service: somebody tells of a person in need (R091).

    A volunteer sees in the portal that the own referrals arrived, and what became of
    them in one word; never the contact, the person's file or a request.
    """

    _inherit = Base._name

    @api.model
    def _check_volunteer(self):
        """Return the volunteer who is logged in; raise for everybody else."""
        partner = self.env.user.partner_id.sudo()
        if "volunteer" not in partner.npo_stakeholder_type_ids.mapped("code"):
            raise AccessError(self.env._("This page is for the volunteers."))
        return partner

    @api.model
    def _referral_company(self):
        """Return the association that the user tells of people, in sudo."""
        partner = self.env.user.partner_id.sudo()
        return partner.company_id or self.env.company.sudo()

    @api.model
    def _portal_refer(self, vals):
        """Take in what a volunteer tells of a person.

        :param dict vals: subject, summary, contact_name, contact_phone, and the notice
            that stood on the page; no more is taken from it
        :return: the number of the referral
        """
        volunteer = self._check_volunteer()
        company = self._referral_company()
        notice_vals = self.env["npo.consent"]._shown_vals(company, vals)
        told = ("subject", "summary", "contact_name", "contact_phone")
        if not (vals.get("contact_name") and vals.get("subject")):
            raise UserError(
                self.env._("Write who is in need, and in one line of what.")
            )
        channel = self.env.ref("npo_relations.channel_volunteer")
        referral = without_defaults(self.sudo()).create(
            {
                **{name: vals.get(name) for name in told},
                "company_id": company.id,
                "site_id": self.env["npo.site"].sudo()._default_for(company).id,
                "channel_id": channel.id,
                "referrer_id": volunteer.id,
                "user_id": False,
                **notice_vals,
            }
        )
        return referral.name

    @api.model
    def _portal_referrals(self):
        """Return [{number, day, is_taken_up}] of the volunteer's latest referrals."""
        volunteer = self._check_volunteer()
        referrals = self.sudo().search(
            [("referrer_id", "=", volunteer.id)], order="id desc", limit=LATEST
        )
        lang = self.env.lang or self.env.user.lang or "en_US"
        return [
            {
                "number": referral.name,
                "day": hijri.format_both(
                    referral._local_day(), lang, referral.company_id.npo_digits
                ),
                "is_taken_up": any(
                    (
                        referral.request_count,
                        referral.inquiry_count,
                        referral.appointment_count,
                    )
                ),
            }
            for referral in referrals
        ]
