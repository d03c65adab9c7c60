from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list

from ...tools.window import add_working_days

OFFICERS = ("relations_officer", "branch_delegate")


class NpoRequest(models.Model):
    """The steps of a request on the association's side (policy steps 1–7).

    Each public `action_` checks the role and the stage, says what is missing, records
    the duty, and then moves the requests.
    """

    _inherit = "npo.request"

    _drag_steps = {
        "data_entry": "action_receive",
        "verification": "action_complete",
        "declaration": "action_verify",
        "research": "action_research",
        "committee": "action_raise",
        "delivery": "action_register",
    }

    # What must hold before a request leaves a stage: asked by the step, and told on
    # the screen before anybody presses.
    _stage_checks = {
        "data_entry": ("_check_complete",),
        "verification": ("_check_documents", "_check_verifications"),
        "declaration": ("_check_signed", "_check_research"),
        "research": ("_check_study",),
        "decided": ("_check_approval", "_check_floor"),
        "registration": ("_check_complete",),
    }

    next_step_note = fields.Char(compute="_compute_next_step_note")

    @api.depends_context("lang", "uid")
    def _compute_next_step_note(self):
        """Say what is missing for the next step, as the step itself would."""
        for request in self:
            request.next_step_note = request._next_step_note()

    def _next_step_note(self):
        for check in self._stage_checks.get(self.stage_code, ()):
            try:
                getattr(self, check)()
            except UserError as error:
                return str(error)
        return False

    def _check_leaving(self):
        """Raise what still keeps the requests in their stage."""
        for request in self:
            for check in self._stage_checks[request.stage_code]:
                getattr(request, check)()

    # ------------------------------------------------------------
    # STEPS 1 AND 2: RECEIVED, INFORMATION COMPLETE
    # ------------------------------------------------------------

    def action_receive(self):
        """Step 1: an officer receives the request and takes it on (R104)."""
        self._require_group(*OFFICERS)
        self._require_stage("new", "draft", "returned")
        self.env["npo.duty"]._claim("register", self)
        drafts = self.filtered(lambda request: not request.date_submitted)
        if drafts:
            drafts._mark_submitted()
        self._move("data_entry", user_id=self.env.uid)

    def _mark_submitted(self):
        """Note that the requests were sent in now, and tell the applicants (R090)."""
        self.sudo().write({"date_submitted": fields.Datetime.now()})
        self.sudo().beneficiary_id._mark_applicant()
        self._start_clock("submitted")
        self._notify("req_received")

    def action_complete(self):
        """Step 2: all the required information is there (R107)."""
        self._require_group(*OFFICERS)
        self._require_stage("data_entry")
        self._check_leaving()
        self._start_clock("file_complete")
        self._move("verification")

    def _check_complete(self):
        """All the required information and documents are there (R107)."""
        if missing := self._missing():
            raise UserError(
                self.env._(
                    "%(request)s is not complete yet. Missing: %(missing)s.",
                    request=self.name,
                    missing=format_list(self.env, missing),
                )
            )

    # ------------------------------------------------------------
    # STEP 3: REFERRED TO THE SOCIAL RESEARCHER
    # ------------------------------------------------------------

    def action_refer(self):
        """Open the referral of what the applicant finds unclear (R110)."""
        self.ensure_one()
        self._require_group(*OFFICERS)
        mode = self._version().referral_default_mode or "any"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refer to the social researcher"),
            "res_model": "npo.request.refer",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_request_id": self.id,
                "default_mode": "phone" if mode == "any" else mode,
            },
        }

    def _refer(self, researcher, **vals):
        """Refer the request to a researcher, who gets a task with a due date."""
        self.ensure_one()
        self._require_group(*OFFICERS)
        self._require_stage("new", "data_entry", "verification", "declaration")
        researcher = self._researcher_present(researcher)
        calendar = self.company_id._npo_work_calendar()
        due = add_working_days(
            self.company_id._npo_today(),
            self.company_id.npo_referral_days,
            calendar.is_working_day,
        )
        back = self.stage_code
        referral = (
            self.env["npo.referral"]
            .sudo()
            .create(
                {
                    "request_id": self.id,
                    "researcher_id": researcher.id,
                    "user_id": self.env.uid,
                    "return_stage_code": back if back != "new" else "data_entry",
                    "date_due": due,
                    **vals,
                }
            )
        )
        self._move("clarification", researcher_id=researcher.id)
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            due,
            summary=self.env._("Answer a referral"),
            user_id=researcher.id,
        )
        self._notify("req_referred_researcher")
        return referral

    def _researcher_present(self, researcher):
        """Return the researcher, or another one while this one is away."""
        covers = self.env["npo.absence"]._cover_of(researcher, self.company_id)
        cover = covers.get(researcher)
        if not cover:
            return researcher
        if cover.has_group("npo_relations.group_npo_social_researcher"):
            return cover
        return self._researcher_on_duty(self.company_id)

    def _end_referral(self, referral):
        """Take the request back after the researcher's answer (R114)."""
        self.ensure_one()
        self.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == referral.researcher_id
        ).action_feedback(feedback=referral.answer)
        if self.stage_code == "clarification":
            self._move(referral.return_stage_code or "data_entry")

    # ------------------------------------------------------------
    # STEP 4: VERIFIED, DECLARED AND SIGNED
    # ------------------------------------------------------------

    def action_verify(self):
        """Step 4: the officer answers for the data (R108, R109, R116)."""
        self._require_group(*OFFICERS)
        self._require_stage("verification")
        self._check_leaving()
        self.env["npo.duty"]._claim("verify", self)
        self._move("declaration")

    def _check_documents(self):
        """Each mandatory document matched with its original, and valid (R108–R109)."""
        documents = self.document_ids.filtered(
            lambda document: document.is_mandatory and document.state != "waived"
        )
        unmatched = documents.filtered(lambda document: document.state != "matched")
        if unmatched:
            raise UserError(
                self.env._(
                    "%(request)s: match with the original first: %(documents)s.",
                    request=self.name,
                    documents=format_list(
                        self.env, unmatched.document_type_id.mapped("name")
                    ),
                )
            )
        invalid = documents.filtered(lambda document: not document._is_valid_for_case())
        if invalid:
            raise UserError(
                self.env._(
                    "%(request)s: no longer valid when the request was sent in:"
                    " %(documents)s. Ask for a valid one.",
                    request=self.name,
                    documents=format_list(
                        self.env, invalid.document_type_id.mapped("name")
                    ),
                )
            )

    def _check_verifications(self):
        """Each mandatory item verified from a source (R116)."""
        open_items = self.verification_ids.filtered(
            lambda item: item.is_mandatory and item.result != "verified"
        )
        if open_items:
            raise UserError(
                self.env._(
                    "%(request)s: verify first: %(items)s.",
                    request=self.name,
                    items=format_list(self.env, open_items.item_id.mapped("name")),
                )
            )

    def _check_signed(self):
        """The applicant signed what is declared now (R117–R119)."""
        declaration = self.sudo().declaration_id
        if not declaration or declaration.digest != self._declared_digest():
            raise UserError(
                self.env._(
                    "%s: the applicant has not signed the declaration yet. It is"
                    " signed in the portal, or on paper before you.",
                    self.name,
                )
            )

    # ------------------------------------------------------------
    # SOCIAL RESEARCH
    # ------------------------------------------------------------

    def action_research(self):
        """Hand the request to the social researcher for the study of the case."""
        self._require_group(*OFFICERS)
        self._require_stage("declaration")
        for request in self:
            request._check_signed()
        for company, requests in self.sudo().grouped("company_id").items():
            requests._assign_researcher(company)
        self._move("research")

    def _assign_researcher(self, company):
        """Give each request a researcher: its own, unless away or none."""
        covers = self.env["npo.absence"]._cover_of(self.researcher_id, company)
        to_assign = self.filtered(
            lambda request: not request.researcher_id or request.researcher_id in covers
        )
        if to_assign:
            to_assign.researcher_id = self._researcher_on_duty(company)

    def _researcher_on_duty(self, company):
        """Return the researcher of the association with the fewest open studies.

        Who is away today studies nothing, as long as another is there.

        An administrator, who holds every role, studies only where nobody else does.
        """
        group = self.env.ref("npo_relations.group_npo_social_researcher").sudo()
        everybody = group.all_user_ids.filtered(
            lambda user: company in user.company_ids and not user.share
        )
        researchers = (everybody & group.user_ids) or everybody
        away = self.env["npo.absence"]._cover_of(researchers, company)
        researchers = researchers.filtered(lambda user: user not in away) or researchers
        load = dict(
            self.sudo()._read_group(
                [("researcher_id", "in", researchers.ids), ("is_closed", "=", False)],
                ["researcher_id"],
                ["__count"],
            )
        )
        return min(researchers, key=lambda user: load.get(user, 0), default=researchers)

    def action_research_done(self):
        """The researcher hands in the study with a recommendation."""
        self._require_group("social_researcher")
        self._require_stage("research")
        self._check_leaving()
        self.env["npo.duty"]._claim("assess", self)
        self._move("declaration")

    def _check_study(self):
        if not self.recommendation or not (self.research_note or "").strip():
            raise UserError(
                self.env._(
                    "%s: write the study and choose a recommendation first.",
                    self.name,
                )
            )

    # ------------------------------------------------------------
    # STEP 5: RAISED TO THE COMMITTEE
    # ------------------------------------------------------------

    def action_raise(self):
        """Step 5: raise the requests to the committee and start the clock (R122)."""
        self._require_group(*OFFICERS)
        self._require_stage("declaration")
        self._check_leaving()
        for request in self:
            request._check_documents()
        self._start_clock("referred_to_committee")
        self.env["npo.duty"]._claim("raise", self)
        for company, requests in self.grouped("company_id").items():
            committee = self.env["npo.committee"]._default_for(company)
            if not committee:
                raise UserError(
                    self.env._(
                        "%s has no research committee yet. Ask the administrator to"
                        " set one up.",
                        company.name,
                    )
                )
            requests._move(
                "committee",
                committee_id=committee.id,
                date_raised=company._npo_today(),
            )
        self._notify("req_to_committee")

    def _check_research(self):
        if self.service_id.requires_research and not self.recommendation:
            raise UserError(
                self.env._(
                    "%s: this service needs the social researcher's study first.",
                    self.name,
                )
            )

    def action_explained(self):
        """Note that the officer explained the next step in person (R122)."""
        self._require_group(*OFFICERS)
        self._require_stage("declaration", "committee")
        self.sudo().write(
            {
                "is_explained": True,
                "date_explained": fields.Datetime.now(),
                "explained_by_id": self.env.uid,
            }
        )

    # ------------------------------------------------------------
    # BACK, ON HOLD, CLOSED
    # ------------------------------------------------------------

    def _open_reason_wizard(self, step, title):
        self._require_group(*OFFICERS, "committee_member")
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "npo.request.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_request_ids": [Command.set(self.ids)],
                "default_step": step,
            },
        }

    def action_return(self):
        return self._open_reason_wizard("return", self.env._("Send back to complete"))

    def action_hold(self):
        return self._open_reason_wizard("hold", self.env._("Put on hold"))

    def action_cancel(self):
        return self._open_reason_wizard("cancel", self.env._("Cancel the request"))

    def _return(self, reason, note):
        """Send the requests back to the applicants to complete them; recorded."""
        self._require_group(*OFFICERS, "committee_member")
        self._require_stage(
            "new",
            "data_entry",
            "verification",
            "declaration",
            "research",
            "committee",
            "decided",
        )
        if any(request.date_announced for request in self):
            raise UserError(self.env._("The reply was announced already."))
        for count, requests in self.sudo().grouped("return_count").items():
            requests.return_count = count + 1
        for company, requests in self.grouped("company_id").items():
            due = fields.Date.add(company._npo_today(), days=company.npo_return_days)
            requests._move(
                "returned",
                return_reason_id=reason.id,
                return_note=note,
                date_return_due=due,
                answer_note=False,
                **self._undecided(),
            )
        self.sudo().declaration_id.write({"is_valid": False})
        self.sudo().declaration_id = False
        self._notify("req_incomplete")

    def _hold(self, reason, note):
        """Put the requests on hold, to go on later where they were."""
        self._require_group(*OFFICERS)
        self._require_stage("new", "data_entry", "verification", "declaration")
        for code, requests in self.grouped("stage_code").items():
            requests._move(
                "on_hold",
                resume_stage_code=code,
                return_reason_id=False,
                return_note=note,
                close_reason_id=reason.id,
            )

    def action_resume(self):
        """Go on with requests on hold."""
        self._require_group(*OFFICERS)
        self._require_stage("on_hold")
        for code, requests in self.grouped("resume_stage_code").items():
            requests._move(
                code or "data_entry",
                resume_stage_code=False,
                close_reason_id=False,
                return_note=False,
            )

    def _cancel(self, reason, outcome="withdrawn"):
        """Close requests that the applicant takes back or nobody can go on with."""
        self._require_group(*OFFICERS)
        self._require_open()
        self._move("cancelled", close_reason_id=reason.id, outcome=outcome)

    def _require_open(self):
        """Raise when one of the requests is closed, or its reply was given."""
        stages = self.env["npo.stage"].sudo().search([("kind", "=", "request")])
        codes = stages.filtered(lambda stage: stage.category != "done").mapped("code")
        self._require_stage(*(set(codes) - {"registration", "delivery"}))

    # ------------------------------------------------------------
    # STEP 6: REGISTERED
    # ------------------------------------------------------------

    def action_register(self):
        """Step 6: complete the registration of who was accepted (R128)."""
        self._require_group(*OFFICERS)
        self._require_stage("registration")
        self._check_leaving()
        for request in self:
            if not request.beneficiary_id:
                raise UserError(
                    self.env._("%s: link the beneficiary's file.", request.name)
                )
        self.sudo().beneficiary_id._register_file()
        self._move("delivery", date_to_delivery=fields.Datetime.now())

    # ------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------

    def _portal_todo_link(self):
        """Return the address where the applicant does what is asked for now."""
        page = {"returned": "/answer#missing", "declaration": "/sign"}
        return self._portal_link() + page.get(self.stage_code, "")
