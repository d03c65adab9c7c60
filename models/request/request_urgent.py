from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from .request_flow import OFFICERS

BYPASSED = ("data_entry", "verification", "declaration", "research")


class NpoRequest(models.Model):
    """The urgent track: before the committee at once, the file completed later (P139).

    What was bypassed is written down with its reason; the manager looks at each case
    afterwards. The shortest study time does not hold it up (Annex B rule 2).
    """

    _inherit = "npo.request"

    urgent_reason_id = fields.Many2one(
        "npo.reason",
        string="Reason of the urgent track",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    urgent_note = fields.Text("Why it could not wait", readonly=True, copy=False)
    urgent_bypassed = fields.Char("Stages passed by", readonly=True, copy=False)
    date_file_due = fields.Date("Complete the file before", readonly=True, copy=False)
    date_file_completed = fields.Date("File completed on", readonly=True, copy=False)
    urgent_review = fields.Selection(
        [("justified", "Justified"), ("unjustified", "Not justified")],
        string="Looked at afterwards",
        readonly=True,
        copy=False,
    )
    urgent_review_note = fields.Text(
        "What was found afterwards", readonly=True, copy=False
    )
    urgent_reviewed_by_id = fields.Many2one(
        "res.users", string="Looked at by", readonly=True, copy=False
    )

    _urgent_idx = models.Index(
        "(company_id, date_file_due) WHERE urgent_reason_id IS NOT NULL"
    )

    def action_urgent(self):
        return self._open_reason_wizard("urgent", self.env._("Take the urgent track"))

    def _take_urgent_track(self, reason, note):
        """Bring an emergency before the committee now; the rest follows later."""
        self._require_group(*OFFICERS)
        self._require_stage("new", *BYPASSED)
        if not (note or "").strip():
            raise UserError(self.env._("Write why it cannot wait."))
        committees = self.env["npo.committee"]
        for request in self:
            if not request._kind().is_urgent:
                raise UserError(
                    self.env._(
                        "The urgent track is for requests of the kind “Emergency"
                        " support”. Change the kind of %s first.",
                        request.name,
                    )
                )
            company = request.company_id
            committee = committees._default_for(company)
            if not committee:
                raise UserError(
                    self.env._("%s has no research committee yet.", company.name)
                )
            if request.stage_code == "new":
                self.env["npo.duty"]._claim("register", request)
            self.env["npo.duty"]._claim("raise", request)
            request._start_clock("referred_to_committee")
            request._move(
                "committee",
                committee_id=committee.id,
                date_raised=company._npo_today(),
                user_id=request.user_id.id or self.env.uid,
                urgent_reason_id=reason.id,
                urgent_note=note,
                urgent_bypassed=request._bypassed_names(),
                date_file_due=fields.Date.add(
                    company._npo_today(), days=company.npo_fast_track_days
                ),
                priority="3",
            )
        self._notify("req_to_committee")

    def _bypassed_names(self):
        """Return the names of the stages that the request passes by."""
        here = self.stage_code
        codes = BYPASSED[BYPASSED.index(here) :] if here in BYPASSED else BYPASSED
        get = self.env["npo.stage"]._get
        return format_list(
            self.env,
            [
                get("request", code).sudo().name
                for code in codes
                if code != "research" or self.requires_research
            ],
        )

    def _is_floor_exempt(self):
        # EXTENDS npo.request
        return bool(self.urgent_reason_id) or super()._is_floor_exempt()

    def _check_complete(self):
        # EXTENDS npo.request: the file of an emergency is completed afterwards
        if not (self.urgent_reason_id and self.stage_code == "registration"):
            super()._check_complete()

    def _file_waits(self):
        """Return the urgent cases whose file is still to be completed."""
        return self.filtered(
            lambda request: request.urgent_reason_id and not request.date_file_completed
        )

    def _check_papers_not_frozen(self):
        # EXTENDS npo.request: nor are its papers frozen until then
        super(NpoRequest, self - self._file_waits())._check_papers_not_frozen()

    def _require_signing(self):
        # EXTENDS npo.request: the declaration of an emergency is signed afterwards
        if waiting := self - self._file_waits():
            super(NpoRequest, waiting)._require_signing()

    # ------------------------------------------------------------
    # AFTERWARDS
    # ------------------------------------------------------------

    def action_file_completed(self):
        """Note that all that was passed by was made up for; checked like the rest."""
        self._require_group(*OFFICERS)
        for request in self:
            if not request.urgent_reason_id or request.date_file_completed:
                raise UserError(self.env._("No file waits to be completed here."))
            if missing := request._missing():
                raise UserError(
                    self.env._(
                        "%(request)s is not complete yet. Missing: %(missing)s.",
                        request=request.name,
                        missing=format_list(self.env, missing),
                    )
                )
            request._check_documents()
            request._check_verifications()
            request._check_signed()
            today = request.company_id._npo_today()
            request.sudo().date_file_completed = today
        self.env["npo.duty"]._claim("verify", self)

    def action_urgent_review(self):
        return self._open_review("urgent_review")

    def _open_review(self, step):
        self.ensure_one()
        self._require_group("general_manager")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Look at an urgent case afterwards"),
            "res_model": "npo.request.urgent.review",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def _review_urgent(self, review, note):
        """Keep what the manager says of the urgent track afterwards."""
        self.ensure_one()
        self._require_group("general_manager")
        if not self.urgent_reason_id:
            raise UserError(self.env._("This request took no urgent track."))
        if not (note or "").strip():
            raise UserError(self.env._("Write what was found."))
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)
        raisers = self.env["npo.duty"]._persons("raise", self)
        if self.env.user.partner_id in raisers:
            raise UserError(self.env._("Who chose the urgent track does not judge it."))
        self.sudo().write(
            {
                "urgent_review": review,
                "urgent_review_note": note,
                "urgent_reviewed_by_id": self.env.uid,
            }
        )


class NpoReason(models.Model):
    _inherit = "npo.reason"

    kind = fields.Selection(
        selection_add=[("urgent", "Urgent track")], ondelete={"urgent": "cascade"}
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_fast_track_days = fields.Integer(
        "Days to complete the file of an emergency", default=14
    )

    @api.constrains("npo_fast_track_days", "npo_attestation_days")
    def _check_kind_days(self):
        for company in self:
            if min(company.npo_fast_track_days, company.npo_attestation_days) < 1:
                raise UserError(self.env._("A period has one day at least."))
