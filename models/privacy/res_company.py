from markupsafe import Markup

from odoo import fields, models


class ResCompany(models.Model):
    """What an association sets for personal data; the numbers are ⚖ of the law."""

    _inherit = "res.company"

    npo_reading_limit = fields.Integer(
        "Protected values within an hour",
        default=40,
        help="⚖ Whoever is shown more than this within an hour is asked what for.",
    )
    npo_list_limit = fields.Integer(
        "Entries of one list that is taken along",
        default=200,
        help="⚖ Whoever takes a longer list along is asked what for.",
    )
    npo_copy_days = fields.Integer(
        "Days that a copy of one's data can be downloaded",
        default=14,
        help="⚖ After this it is asked for again.",
    )
    npo_breach_hours = fields.Integer("Hours to tell the authority", default=72)
    npo_breach_reminder_hours = fields.Integer(
        "Hours before, when it is pointed out", default=24
    )
    npo_privacy_email = fields.Char(
        "E-mail for personal data", help="Of the data-protection officer (P019)."
    )
    npo_privacy_phone = fields.Char("Telephone for personal data")
    npo_sms_agreement_id = fields.Many2one(
        "npo.agreement",
        "Agreement with the text message gateway",
        check_company=True,
        domain="[('kind', '=', 'data_processing')]",
    )
    npo_mail_agreement_id = fields.Many2one(
        "npo.agreement",
        "Agreement with the mail provider",
        check_company=True,
        domain="[('kind', '=', 'data_processing')]",
    )
    npo_undertaking_months = fields.Integer(
        "Months that an undertaking is valid", default=12
    )
    npo_undertaking_notice_days = fields.Integer(
        "Days before an undertaking ends that it is asked for again", default=30
    )

    _npo_reading_limit_positive = models.Constraint(
        "CHECK (npo_reading_limit > 0)",
        "The number of values within an hour is one at least.",
    )
    _npo_list_limit_positive = models.Constraint(
        "CHECK (npo_list_limit > 0)",
        "The number of entries of a list is one at least.",
    )
    _npo_copy_days_positive = models.Constraint(
        "CHECK (npo_copy_days > 0)",
        "A copy can be downloaded for one day at least.",
    )

    def _npo_own_mail(self):
        """Tell whether all mail goes by servers of the association's own (P024)."""
        servers = self.env["ir.mail_server"].sudo().search([])
        address = (self.email or "").rpartition("@")[2].lower()
        own = {"localhost", "127.0.0.1", "::1"}
        hosts = [(host or "").lower() for host in servers.mapped("smtp_host")]
        return all(
            host in own or (address and f".{host}".endswith(f".{address}"))
            for host in hosts
        )

    def _npo_privacy_contact(self, p):
        """Return how the data-protection officer is reached, else the association.

        :param p: the `PrintDocument` that it is printed on
        """
        ways = filter(None, (self.npo_privacy_phone, self.npo_privacy_email))
        codes = [p.code(way) for way in ways]
        return Markup(" · ").join(codes or p.contact)
