from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_list


class NpoRequest(models.Model):
    """The committee's side: recording a decision, announcing it (R123–R127).

    Recording is free at any time; announcing obeys the window (Annex B rule 1).
    """

    _inherit = "npo.request"

    decision = fields.Selection(
        [
            ("accepted", "Acceptance"),
            ("partial", "Partial acceptance"),
            ("rejected", "Rejection"),
            ("deferred", "Deferral for completion"),
            ("referred", "Referral to another body"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    decision_reason_id = fields.Many2one(
        "npo.reason", string="Reason of the decision", readonly=True, copy=False
    )
    decision_note = fields.Text("Reasoning", readonly=True, copy=False)
    conditions = fields.Text(readonly=True, copy=False)
    date_valid_until = fields.Date(
        "Decision valid until",
        readonly=True,
        copy=False,
        help="By when the service is to be taken up; empty: without an end.",
    )
    amount_approved = fields.Monetary(readonly=True, copy=False)
    quantity_approved = fields.Float(digits="Product Unit", readonly=True, copy=False)
    date_decided = fields.Datetime("Decided on", readonly=True, copy=False)
    decided_by_ids = fields.Many2many(
        "res.users",
        "npo_request_decided_by_rel",
        "request_id",
        "user_id",
        string="Who decided",
        readonly=True,
        copy=False,
    )
    decided_by_names = fields.Char("Decided by", compute="_compute_decided_by_names")
    early_reply_reason_id = fields.Many2one(
        "npo.reason", string="Reason of the early reply", readonly=True, copy=False
    )
    early_reply_approved_by_id = fields.Many2one(
        "res.users", string="Early reply approved by", readonly=True, copy=False
    )
    delivery_note = fields.Text("Why less was delivered", readonly=True, copy=False)
    date_appeal_end = fields.Date("Objection until", compute="_compute_date_appeal_end")

    @api.depends("decision", "decided_by_ids")
    def _compute_decided_by_names(self):
        """Names for the form: before there is a decision, nobody is read."""
        for request in self:
            decided = request.decision and request.sudo().decided_by_ids
            names = decided.mapped("name") if decided else []
            request.decided_by_names = format_list(self.env, names) if names else ""

    @api.depends("date_announced")
    def _compute_date_appeal_end(self):
        for request in self:
            days = request.company_id.npo_appeal_days
            request.date_appeal_end = request.date_announced and fields.Date.add(
                request.date_announced, days=days
            )

    # ------------------------------------------------------------
    # DECIDE
    # ------------------------------------------------------------

    def action_decide(self):
        """Open the form in which the committee's decision is recorded."""
        self.ensure_one()
        self._require_seat()
        self._require_stage("committee")
        self.env["npo.duty"]._check("decide", self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decision of the committee"),
            "res_model": "npo.request.decide",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_request_id": self.id,
                "default_amount": self.amount_requested,
                "default_quantity": self.quantity,
                "default_member_ids": [Command.set(self.env.user.ids)],
            },
        }

    def _require_seat(self, *roles):
        """Raise unless the user sits in the committee; in one of the roles, if any."""
        self._require_group("committee_member")
        for request in self:
            if self.env.user not in request.committee_id._users(*roles):
                if roles:
                    raise AccessError(
                        self.env._("This is for the chair or the deputy chair.")
                    )
                raise AccessError(
                    self.env._(
                        "Only members of %s decide on this request.",
                        request.committee_id.name or self.env._("the committee"),
                    )
                )

    def _decide(self, decision, members, **vals):
        """Record the committee's decision; it is not announced yet.

        :param decision: one of the values of the field
        :param members: users who took part; each has a vote in the committee and must
            not have registered or verified this request (`npo.duty`), nor be of the
            applicant's family; together they are its quorum
        """
        self.ensure_one()
        self._require_seat()
        self._require_stage("committee")
        outsiders = members - self.committee_id._voters()
        if outsiders or not members:
            raise UserError(
                self.env._(
                    "A decision names the members who took it; without a vote: %s.",
                    format_list(self.env, outsiders.mapped("name")) or "—",
                )
            )
        vals.update(self._given(decision, vals))
        self._check_decision(decision, vals)
        self.committee_id._check_quorum(members)
        self._check_registrar(members)
        self._check_relatives(members)
        self.env["npo.duty"]._claim("decide", self, members)
        self._move(
            "decided",
            decision=decision,
            date_decided=fields.Datetime.now(),
            decided_by_ids=[Command.set(members.ids)],
            **vals,
        )

    def _given(self, decision, vals):
        """Return how much a decision gives: money for cash, else a quantity."""
        gives = decision in ("accepted", "partial")
        is_cash = self.service_id.kind == "cash"
        amount = vals.get("amount_approved", self.amount_requested)
        quantity = vals.get("quantity_approved", self.quantity)
        return {
            "amount_approved": amount if gives and is_cash else 0,
            "quantity_approved": quantity if gives and not is_cash else 0,
        }

    def _check_decision(self, decision, vals):
        """A rejection has a reason, an acceptance says how much (R125)."""
        if decision == "rejected" and not vals.get("decision_reason_id"):
            raise UserError(
                self.env._("A rejection needs a reason, which the letter tells.")
            )
        reason = self.env["npo.reason"].browse(vals.get("decision_reason_id") or [])
        if decision == "rejected" and reason.kind != "rejection":
            raise UserError(self.env._("Choose a reason of this list."))
        if decision in ("deferred", "referred") and not vals.get("decision_note"):
            raise UserError(
                self.env._("Say in the reasoning what is to be done, and where.")
            )
        if decision not in ("accepted", "partial"):
            return
        if not (vals["amount_approved"] or vals["quantity_approved"]):
            raise UserError(
                self.env._("Enter the amount or the quantity that is approved.")
            )
        is_cash = self.service_id.kind == "cash"
        if is_cash:
            is_less = vals["amount_approved"] < self.amount_requested
        else:
            is_less = vals["quantity_approved"] < self.quantity
        if decision == "partial" and not is_less:
            raise UserError(
                self.env._(
                    "Accepting in part means less than what was asked for. To give it"
                    " all, choose “Acceptance”."
                )
            )

    def _check_registrar(self, members):
        """Who entered the request does not decide on it, whoever received it then."""
        registrar = self.sudo().create_uid.partner_id
        if registrar not in members.partner_id:
            return
        allowed = self.env["npo.duty"]._in_force(registrar, self)
        if not allowed._covering(("register", "decide"), registrar, self.sudo()):
            raise UserError(
                self.env._(
                    "%(person)s entered %(request)s and does not decide on it. Ask a"
                    " colleague to do it.",
                    person=registrar.name,
                    request=self.name,
                )
            )

    def _undecided(self):
        """Return the values that take back a decision that was not announced."""
        return {
            "decision": False,
            "decision_reason_id": False,
            "decision_note": False,
            "conditions": False,
            "date_valid_until": False,
            "amount_approved": 0,
            "quantity_approved": 0,
            "date_decided": False,
            "decided_by_ids": [Command.clear()],
            "early_reply_reason_id": False,
            "early_reply_approved_by_id": False,
        }

    # ------------------------------------------------------------
    # ANNOUNCE
    # ------------------------------------------------------------

    def action_early_reply(self):
        return self._open_reason_wizard(
            "early_reply", self.env._("Approve an early reply")
        )

    def _approve_early_reply(self, reason):
        """The chair approves that the reply goes out before its time (Annex B 2)."""
        self._require_seat("chair", "deputy")
        self._require_stage("decided")
        self.env["npo.duty"]._claim("early_reply", self)
        self.sudo().write(
            {
                "early_reply_reason_id": reason.id,
                "early_reply_approved_by_id": self.env.uid,
            }
        )

    def action_announce(self):
        """Announce the decisions to the applicants, inside the window (R125–R127)."""
        self._require_seat("chair", "deputy", "secretary")
        self._require_stage("decided")
        self._check_leaving()
        self.env["npo.duty"]._claim("announce", self)
        for decision, requests in self.grouped("decision").items():
            requests._announce(decision)

    def _check_floor(self):
        """Refuse a reply before the earliest day (Annex B rules 2 and 3)."""
        today = self.company_id._npo_today()
        earliest = self.earliest_reply_date
        if not earliest or today >= earliest or self._is_floor_exempt():
            return
        mode = self.study_min_mode
        if mode in ("none", "inform"):
            return
        if mode == "block" and self.priority != "3":
            raise UserError(
                self.env._(
                    "%(request)s may be announced from %(date)s on. The policy allows"
                    " no earlier reply but for critical cases.",
                    request=self.name,
                    date=self._format_date(earliest),
                )
            )
        if not (self.early_reply_reason_id and self.early_reply_approved_by_id):
            raise UserError(
                self.env._(
                    "%(request)s may be announced from %(date)s on. To announce it"
                    " earlier, the chair of the committee approves it with a reason.",
                    request=self.name,
                    date=self._format_date(earliest),
                )
            )

    def _is_floor_exempt(self):
        """Tell whether this is no reply of the committee (Annex B rule 3)."""
        return self.decision == "deferred" or (
            self.decision == "rejected" and self.decision_reason_id.is_floor_exempt
        )

    def _announce(self, decision):
        """Tell the applicants, and let the requests go on as was decided."""
        if decision == "deferred":
            for request in self:
                request._defer()
            return
        for company, requests in self.grouped("company_id").items():
            requests.sudo().write({"date_announced": company._npo_today()})
        for request in self.filtered(lambda r: r.window_state == "replied_early"):
            request.sudo().message_post(
                body=self.env._(
                    "Announced before %s, the earliest day of the policy.",
                    request._format_date(request.earliest_reply_date),
                )
            )
        if decision in ("accepted", "partial"):
            self._move("registration")
        elif decision == "rejected":
            self._move("rejected", outcome="rejected")
            self.sudo().beneficiary_id._reject_applicant()
        else:
            self._move("done", outcome="referred")
        self._notify(f"req_{decision}")

    def _defer(self):
        """A deferred request goes back to its applicant; the clock stands still."""
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        self._return(self.decision_reason_id or reason, self.decision_note)
