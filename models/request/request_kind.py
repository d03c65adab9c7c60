from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .request_flow import OFFICERS

# The way that every request goes; a kind leaves parts of it out.
PATH = ("data_entry", "verification", "declaration", "committee")
PATH += ("registration", "delivery", "done")


class NpoRequest(models.Model):
    """The path of a request by its kind, said by data (glossary 11.2)."""

    _inherit = "npo.request"

    skips_committee = fields.Boolean(compute="_compute_kind")
    is_urgent_kind = fields.Boolean(compute="_compute_kind")
    attestation_ids = fields.One2many("npo.attestation", "request_id", readonly=True)

    @api.depends("request_type")
    def _compute_kind(self):
        for request in self:
            kind = request._kind()
            request.skips_committee = "committee" in kind.skipped
            request.is_urgent_kind = kind.is_urgent

    def _kind(self):
        """Return what is said of the kind of the request."""
        return self.env["npo.request.kind"]._facts(self.request_type)

    def _skipped(self):
        """Return the codes of the stages that the request does not go through."""
        return self._kind().skipped

    @api.constrains("request_type", "service_id")
    def _check_kind(self):
        for request in self:
            is_cash = request.service_id.sudo().kind == "cash"
            if is_cash and "committee" in request._skipped():
                raise ValidationError(
                    self.env._(
                        "Money is decided by the committee: choose another kind of"
                        " request for this service."
                    )
                )

    @api.constrains("request_type", "partner_id")
    def _check_served_before(self):
        """Additional support comes after support."""
        for request in self:
            if request._kind().needs_served and not self.sudo().search_count(
                [
                    ("partner_id", "=", request.partner_id.id),
                    ("company_id", "=", request.company_id.id),
                    ("outcome", "in", ("served", "served_partially")),
                    ("id", "!=", request.id),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "%s has received no service yet: this is a first request, and"
                        " not an additional one.",
                        request.partner_id.name,
                    )
                )

    def _required_information(self):
        # EXTENDS npo.request: some kinds ask for the need alone
        required = super()._required_information()
        if self._kind().needs_file:
            return required
        return [((self.description or "").strip(), self.env._("What is asked for"))]

    def _check_research(self):
        # EXTENDS npo.request
        if "research" not in self._skipped():
            super()._check_research()

    def _check_may_receive(self):
        # EXTENDS npo.request: who needs no file for it needs no file that is valid
        with_file = self.filtered(lambda request: request._kind().needs_file)
        super(NpoRequest, with_file)._check_may_receive()

    # ------------------------------------------------------------
    # PATH
    # ------------------------------------------------------------

    def _next_on_path(self, code):
        """Return the stage where a request gets to that would go to this one."""
        skipped = self._skipped()
        if code not in PATH or code not in skipped:
            return code
        return next(later for later in PATH[PATH.index(code) :] if later not in skipped)

    def _move(self, code, **vals):
        # EXTENDS npo.case.mixin: past the stages that its kind leaves out
        for target, requests in self.grouped(
            lambda request: request._next_on_path(code)
        ).items():
            if target == code:
                super(NpoRequest, requests)._move(code, **vals)
                continue
            arrival = {}
            if target == "delivery":
                arrival["date_to_delivery"] = fields.Datetime.now()
            elif target == "done":
                arrival["outcome"] = "served"
            super(NpoRequest, requests)._move(target, **{**vals, **arrival})
            requests._arrive(target)

    def _arrive(self, stage):
        """Do what a short path ends with."""
        if stage == "delivery":  # what is asked for is what is given
            for request in self.sudo():
                request.quantity_approved = request.quantity
        if stage != "done":
            return
        for ending, requests in self.grouped(lambda r: r._kind().ending).items():
            if ending == "renewal":
                requests._renew_files()
            elif ending == "attestation":
                self.env["npo.attestation"]._issue(requests)
        self._notify("req_done")

    def _renew_files(self):
        for request in self:
            if request.sudo().beneficiary_id.state not in ("active", "expired"):
                raise UserError(
                    self.env._(
                        "%s: only an active or an expired file can be renewed.",
                        request.name,
                    )
                )
        self.sudo().beneficiary_id._renew()

    def action_proceed(self):
        """Finish a request whose kind does not go to the committee."""
        self._require_group(*OFFICERS)
        self._require_stage("declaration")
        if any(not request.skips_committee for request in self):
            raise UserError(self.env._("This request goes to the committee."))
        self._check_leaving()
        self._move("committee")

    def action_raise(self):
        # EXTENDS npo.request
        if any(request.skips_committee for request in self):
            raise UserError(
                self.env._(
                    "A request of this kind does not go to the committee: finish it by"
                    " its own button."
                )
            )
        return super().action_raise()

    def _portal_policy_steps(self, version, order):
        # EXTENDS npo.request
        skipped = self._skipped()
        return [
            (step, at)
            for step, at in super()._portal_policy_steps(version, order)
            if step.stage_code not in skipped
        ]

    def _portal_attestation(self):
        """Return the attestation that the request ended with, if any. In sudo."""
        if self._kind().ending != "attestation":
            return self.env["npo.attestation"]
        return self.sudo().attestation_ids[:1]
