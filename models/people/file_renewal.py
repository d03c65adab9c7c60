from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.hijri import format_both

BATCH = 200


class NpoBeneficiary(models.Model):
    """The end of a file and its renewal (D20, P134).

    Before a file ends its person is asked, once for each period, to bring the data up
    to date; on the day after, the file is expired until somebody renews it. What was,
    is in the history of the file: the state and its dates are tracked.
    """

    _inherit = "npo.beneficiary"

    date_renewal_told = fields.Date(
        "Asked to renew on", readonly=True, copy=False, groups="base.group_user"
    )

    _renewal_idx = models.Index("(date_renewal) WHERE state = 'active'")

    @api.model
    def _to_renew_domain(self, company):
        """Return the domain of the files that ended or are about to."""
        until = company._npo_today() + timedelta(days=company.npo_renewal_notice_days)
        own = Domain("company_id", "=", company.id)
        soon = Domain("state", "=", "active") & Domain("date_renewal", "<=", until)
        return own & (Domain("state", "=", "expired") | soon)

    @api.model
    def _cron_renewal(self, batch_size=BATCH):
        """End the files whose period is over, and ask of those that end soon."""
        done, left = 0, False
        for company in self.env["res.company"].search([]):
            ended = self._take(self._ended_domain(company), batch_size)
            ended._expire()
            asked = self._take(self._ending_domain(company), batch_size)
            asked._ask_to_renew()
            done += len(ended) + len(asked)
            left = left or batch_size in (len(ended), len(asked))
        self.env["ir.cron"]._commit_progress(done, remaining=int(left))

    @api.model
    def _ended_domain(self, company):
        live = Domain("company_id", "=", company.id) & Domain("state", "=", "active")
        return live & Domain("date_renewal", "<", company._npo_today())

    @api.model
    def _ending_domain(self, company):
        """Return the domain of the files that end soon and were not asked yet."""
        today = company._npo_today()
        until = today + timedelta(days=company.npo_renewal_notice_days)
        domain = Domain("company_id", "=", company.id) & Domain("state", "=", "active")
        domain &= Domain("date_renewal", ">=", today)
        domain &= Domain("date_renewal", "<=", until)
        return domain & Domain("date_renewal_told", "=", False)

    @api.model
    def _take(self, domain, limit):
        """Return the first files of a domain, locked."""
        files = self.search(domain, limit=limit, order="date_renewal, id")
        return files.try_lock_for_update()

    def _expire(self):
        """Let files end: nothing that goes on is given until they are renewed."""
        if not self:
            return
        self._change_state(
            "expired", self.env._("The period of validity of the file is over.")
        )
        self._queue_renewal("file_expired")

    def _ask_to_renew(self):
        if not self:
            return
        self._queue_renewal("file_renewal_due")
        for company, files in self.grouped("company_id").items():
            files.sudo().date_renewal_told = company._npo_today()

    def _queue_renewal(self, code):
        template = self.env.ref(f"npo_relations.mail_template_{code}")
        self.env["npo.message"]._queue(template, self)

    def _renewal_text(self):
        """Return the day of the renewal in both calendars, for the message."""
        self.ensure_one()
        lang = self.env.lang or "en_US"
        return format_both(self.date_renewal, lang, self.company_id.npo_digits)

    def _renew(self):
        # EXTENDS npo.beneficiary: a new period asks anew
        super()._renew()
        self.sudo().date_renewal_told = False
