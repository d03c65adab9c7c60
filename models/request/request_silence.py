from odoo import api, fields, models
from odoo.exceptions import UserError

from .request_flow import OFFICERS

BATCH = 500


class NpoRequest(models.Model):
    """Waiting for the applicant: reminders, closing after silence, reopening.

    The association sets after how many days it reminds, how often, and after how many
    more days it closes a request to which nobody answers. Closing never surprises:
    each day is counted from the last word that was sent.
    """

    _inherit = "npo.request"

    applicant_reminders = fields.Integer(
        "Reminders to the applicant", readonly=True, copy=False, default=0
    )
    date_applicant_told = fields.Date(
        "Applicant last told on", readonly=True, copy=False
    )
    date_applicant_next = fields.Date(
        "Next word to the applicant",
        compute="_compute_date_applicant_next",
        store=True,
        precompute=True,
        help="On this day the applicant is reminded, or the request is closed for"
        " silence.",
    )

    _applicant_next_idx = models.Index(
        "(date_applicant_next) WHERE date_applicant_next IS NOT NULL"
    )

    def _waits_for_applicant(self):
        """Tell whether the applicant was asked for something and has not answered."""
        return self.level == "applicant" and self.stage_code in (
            "returned",
            "declaration",
        )

    @api.depends(
        "date_applicant_told",
        "applicant_reminders",
        "level",
        "stage_code",
        "company_id.npo_applicant_days",
        "company_id.npo_applicant_reminders",
        "company_id.npo_silence_days",
    )
    def _compute_date_applicant_next(self):
        for request in self:
            company = request.company_id
            told = request.date_applicant_told
            if not told or not request._waits_for_applicant():
                days = 0
            elif request.applicant_reminders < company.npo_applicant_reminders:
                days = company.npo_applicant_days
            else:
                days = company.npo_silence_days
            request.date_applicant_next = bool(days) and fields.Date.add(
                told, days=days
            )

    def _follow_level(self):
        # EXTENDS: what is asked of the applicant is counted from today
        super()._follow_level()
        for company, requests in self.sudo().grouped("company_id").items():
            requests.filtered(lambda request: request._waits_for_applicant()).write(
                {"date_applicant_told": company._npo_today(), "applicant_reminders": 0}
            )

    # ------------------------------------------------------------
    # REMIND
    # ------------------------------------------------------------

    def action_remind_applicant(self):
        """Remind the applicants of what they were asked for, once a day at most."""
        self._require_group(*OFFICERS)
        self._require_stage("returned", "declaration")
        for request in self:
            request._check_may_remind()
        self._remind_applicants()

    def _check_may_remind(self):
        request = self.sudo()
        if not request._waits_for_applicant():
            raise UserError(
                self.env._("%s does not wait for its applicant.", self.name)
            )
        if request.date_applicant_told == self.company_id._npo_today():
            raise UserError(
                self.env._("%s: the applicant was told today already.", self.name)
            )

    def _remind_applicants(self):
        """Send the reminder; it is counted with those of the rule."""
        for company, requests in self.sudo().grouped("company_id").items():
            for count, same in requests.grouped("applicant_reminders").items():
                same.write(
                    {
                        "applicant_reminders": count + 1,
                        "date_applicant_told": company._npo_today(),
                    }
                )
                same._notify("req_reminder", once=str(count + 1))

    # ------------------------------------------------------------
    # SILENCE
    # ------------------------------------------------------------

    @api.model
    def _cron_silence(self):
        """Remind applicants who are silent, and close what stays without an answer."""
        requests = self.sudo()
        companies = requests.env["res.company"].search(
            [("npo_policy_version_id", "!=", False)]
        )
        for company in companies:
            while done := requests._silence_batch(company):
                if not self.env["ir.cron"]._commit_progress(done):
                    return

    @api.model
    def _silence_batch(self, company):
        """Remind or close the first requests whose day has come; return how many."""
        due = self.search(
            [
                ("company_id", "=", company.id),
                ("date_applicant_next", "<=", company._npo_today()),
            ],
            limit=BATCH,
            order="date_applicant_next, id",
        ).try_lock_for_update(allow_referencing=True)
        to_remind = due.filtered(
            lambda request: (
                request.applicant_reminders < company.npo_applicant_reminders
            )
        )
        to_remind._remind_applicants()
        (due - to_remind)._close_silent()
        return len(due)

    def _silence_day(self):
        """Return the day on which a silent request is closed, once it is the next."""
        company = self.company_id
        is_last = self.applicant_reminders >= company.npo_applicant_reminders
        return is_last and company.npo_silence_days and self.date_applicant_next

    def _close_silent(self):
        """Close requests to which nobody answered: not refused, and reversible."""
        if not self:
            return
        reason = self.env.ref("npo_relations.reason_cancel_unreachable")
        self._move("cancelled", close_reason_id=reason.id, outcome="unreachable")
        self._notify("req_closed_silent")

    # ------------------------------------------------------------
    # REOPEN
    # ------------------------------------------------------------

    def action_reopen(self):
        return self._open_reason_wizard("reopen", self.env._("Open it again"))

    def _reopen(self, reason, note):
        """Go on with requests that were closed without an answer of the committee."""
        self._require_group(*OFFICERS)
        self._require_stage("cancelled")
        if any(request.outcome == "deceased" for request in self):
            raise UserError(
                self.env._("The request of a deceased is not opened again.")
            )
        self._move(
            "data_entry",
            outcome=False,
            close_reason_id=reason.id,
            cycle_days=0,
            is_in_target=False,
            user_id=self.env.uid,
        )
        for request in self.sudo():
            request._message_log(
                body=self.env._(
                    "Opened again: %(reason)s. %(note)s", reason=reason.name, note=note
                )
            )


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_applicant_days = fields.Integer(
        "Days between reminders to an applicant",
        default=7,
        help="0: applicants are not reminded, and nothing is closed for silence.",
    )
    npo_applicant_reminders = fields.Integer("Reminders to an applicant", default=2)
    npo_silence_days = fields.Integer(
        "Days after the last reminder until the request is closed",
        default=14,
        help="0: it is never closed by itself.",
    )
