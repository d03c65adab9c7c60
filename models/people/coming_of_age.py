from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .beneficiary import ENDED_STATES
from .representative import MINOR_KINDS

BATCH = 500


class NpoRepresentative(models.Model):
    """Somebody acted for a minor who has a file, and is of age now (D11, P022).

    Members of a household are told of there; here are the files without one.
    """

    _inherit = "npo.representative"

    is_adult_told = fields.Boolean("Coming of age was told", readonly=True, copy=False)

    @api.model
    def _of_age_domain(self):
        """Return the domain of who acted for a person that is of age by now."""
        domain = Domain("kind", "in", MINOR_KINDS)
        domain &= Domain("is_adult_told", "=", False)
        born = "beneficiary_id.birth_date"
        return domain & self.env["res.company"]._npo_of_age_domain(born)

    @api.model
    def _cron_coming_of_age(self):
        """Raise one task for each file whose person came of age; idempotent."""
        domain = self._of_age_domain()
        rights = self.search(domain, limit=BATCH, order="id").try_lock_for_update()
        rights._tell_coming_of_age()
        rights.write({"is_adult_told": True})
        self.env["ir.cron"]._commit_progress(
            len(rights), remaining=self.search_count(domain)
        )

    def _tell_coming_of_age(self):
        """Have an officer ask the person themselves: consents, contact, account."""
        minors = self.filtered(lambda right: right._began_under_age())
        files = minors.beneficiary_id.filtered(
            lambda file: file.state not in ENDED_STATES
        )
        members = self.env["npo.household.member"].search(
            [("partner_id", "in", files.partner_id.ids), ("is_current", "=", True)]
        )
        alone = files.filtered(lambda file: file.partner_id not in members.partner_id)
        for company, own in alone.grouped("company_id").items():
            officer = company._npo_colleague("relations_officer")
            for file in own:
                file.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("The person turned %s", company.npo_adult_age),
                    note=self.env._(
                        "The guardian no longer acts for them. Ask them for their own"
                        " consents, and how to reach them."
                    ),
                    user_id=officer.id,
                )

    def _began_under_age(self):
        """Tell whether the right began before the person was of age."""
        born = self.beneficiary_id.birth_date
        return self.date_from < born + relativedelta(
            years=self.company_id.npo_adult_age
        )
