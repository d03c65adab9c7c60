from odoo import api, fields, models

from ...tools import hijri
from ..core.guards import without_defaults
from .interaction import NpoInteraction as Base

ACTIVITY = "mail.mail_activity_data_call"


class NpoInteraction(models.Model):
    """Somebody without an account asks for help by the website (R090, R092).

    It stays a contact, tied to no file: who a stranger says to be is nobody's file.
    An officer calls, and makes the request of it by one key, when the person is known.
    """

    _inherit = Base._name

    date_call_due = fields.Date(
        "Asked for help: call by", readonly=True, index="btree_not_null"
    )

    @api.model
    def _receive(self, vals, files=()):
        """Take in a wish for help, say that it came, and have an officer call.

        No papers: an officer asks for them when it is known whose they are.
        """
        company = self.env["res.company"].sudo().browse(vals["company_id"])
        calendar = company._npo_work_calendar()
        due = calendar.add_days(fields.Datetime.now(), company.npo_help_days)
        asked = without_defaults(self.sudo()).create(
            {
                **vals,
                "direction": "in",
                "user_id": False,
                "date_call_due": company._npo_day_of(due),
            }
        )
        asked._acknowledge_help()
        asked._plan_call(company._npo_colleague("relations_officer", "centre_officer"))
        return asked

    def _acknowledge_help(self):
        """Send the number and the day to whatever address was left."""
        template = self.env.ref("npo_relations.mail_template_help_ack")
        self.env["npo.message"]._queue(template, self)

    def _plan_call(self, user):
        """Give a colleague the task to call."""
        if not user.share:
            self.activity_schedule(
                ACTIVITY,
                date_deadline=self.date_call_due,
                summary=self.env._("Asks for help: call, and open a request"),
                user_id=user.id,
            )

    def _call_due_text(self):
        """Return the day of the call in both calendars."""
        company = self.company_id
        lang = self.env.lang or company.partner_id.lang or "en_US"
        return hijri.format_both(self.date_call_due, lang, company.npo_digits)


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_help_days = fields.Integer(
        "Days to call who asks for help",
        default=2,
        help="Within how many working days who asks by the website is called.",
    )
