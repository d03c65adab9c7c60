from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_list

from ...tools import hijri
from .agreement import IN_FORCE

# Who draws agreements up, and who follows them while they run.
DRAFTERS = ("relations_officer", "legal_adviser")
KEEPERS = ("relations_officer", "legal_adviser", "general_manager")


class NpoAgreement(models.Model):
    """The steps of an agreement: draft → legal review → approved → in force → ended.

    Who drew it up does not review it, who reviewed it does not approve it (D02): by
    person, through `npo.duty`.
    """

    _inherit = "npo.agreement"
    _flow_fields = frozenset(
        {
            "approved_by_id",
            "date_approved",
            "date_activated",
            "date_ended",
            "end_reason",
            "return_reason",
        }
    )

    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False
    )
    date_approved = fields.Date("Approved on", readonly=True, copy=False)
    date_activated = fields.Date("In force since", readonly=True, copy=False)
    date_ended = fields.Date("Ended on", readonly=True, copy=False)
    end_reason = fields.Text("Why it ended", readonly=True, copy=False)
    return_reason = fields.Text("Why it was returned", readonly=True, copy=False)

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    def _require_role(self, *names):
        """Raise unless the user has one of the roles, and nobody serves oneself."""
        self.env["npo.home"]._require_role(*names)
        self.check_access("read")
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)

    def _require_state(self, *states):
        """Raise unless all are in one of the states; lock them first."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._("A colleague works on this agreement right now. Reload it.")
            ) from None
        self.invalidate_recordset(["state"])
        labels = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            if agreement.state not in states:
                raise UserError(
                    self.env._(
                        "%(agreement)s is at “%(state)s” now, so this step does not"
                        " apply. Reload the page to see what was done.",
                        agreement=agreement.name,
                        state=labels[agreement.state],
                    )
                )

    def _claim_once(self, duty):
        """Record a duty of the user, unless it is on record already."""
        duties = self.env["npo.duty"]
        for agreement in self:
            duties._check(duty, agreement)
            if self.env.user.partner_id not in duties._persons(duty, agreement):
                duties._claim(duty, agreement)

    def _write_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write the reason first."))
        return reason

    # ------------------------------------------------------------
    # WHAT IS MISSING
    # ------------------------------------------------------------

    def _missing_terms(self):
        """Return what an agreement lacks before it can bind anybody, in sentences."""
        self.ensure_one()
        missing = []
        if not self.line_ids.filtered(lambda line: line.kind == "duty"):
            missing.append(self.env._("No duty is written down."))
        if incomplete := self.line_ids._incomplete():
            missing.append(
                self.env._(
                    "A duty lacks who performs it or how: %s.",
                    (incomplete[0].text or "")[:60],
                )
            )
        missing += self._missing_settlement()
        open_items = self.check_ids.filtered(
            lambda check: check.is_mandatory and not check.is_ticked
        )
        if not self.check_ids or open_items:
            missing.append(
                self.env._(
                    "The legal adviser has not found in order: %s.",
                    format_list(self.env, open_items.item_id.mapped("name"))
                    or self.env._("the legal checklist"),
                )
            )
        return missing

    def _missing_settlement(self):
        """Return what is missing of the way to settle disputes (R148, R149)."""
        if not self.settlement_ids:
            return [self.env._("No way to settle disputes is named.")]
        first = self.settlement_ids.sorted(lambda one: (one.sequence, one.id))[0]
        if first.method != "amicable" and not (self.not_amicable_reason or "").strip():
            return [
                self.env._(
                    "The way to settle disputes begins amicably, or it says why not."
                )
            ]
        return []

    def _missing_signature(self):
        """Return what is missing of the signatures: the file, or all of them here."""
        unsigned = self.party_ids.filtered(lambda party: not party.date_signed)
        if self.has_file or not unsigned:
            return []
        return [
            self.env._(
                "Attach the signed agreement, or have it signed here by: %s.",
                format_list(self.env, unsigned.partner_id.mapped("name")),
            )
        ]

    def _require_complete(self, signed=False):
        """Raise with all that is missing."""
        for agreement in self.sudo():
            missing = agreement._missing_terms()
            if signed:
                missing += agreement._missing_signature()
            if missing:
                raise UserError("\n".join([agreement.display_name, *missing]))

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_submit(self):
        """Hand the draft in for its legal review, with a fresh checklist."""
        self._require_role(*DRAFTERS)
        self._require_state("draft")
        self._claim_once("register")
        items = self.env["npo.agreement.check.item"].sudo().search([])
        for agreement in self.sudo():
            agreement.check_ids.unlink()
        self.env["npo.agreement.check"].sudo().create(
            [
                {
                    "agreement_id": agreement.id,
                    "item_id": item.id,
                    "sequence": item.sequence,
                    "is_mandatory": item.is_mandatory,
                }
                for agreement in self
                for item in items
            ]
        )
        self.sudo().write({"state": "legal_review", "return_reason": False})
        self._schedule(self.env._("Review the agreement"), "legal_adviser")

    def _return(self, reason):
        """Give it back to who drew it up; what was found in order is found anew."""
        self._require_role("legal_adviser", "general_manager")
        self._require_state("legal_review", "approved")
        reason = self._write_reason(reason)
        agreements = self.sudo()
        agreements.check_ids.write(
            {"is_ticked": False, "user_id": False, "date": False}
        )
        agreements.activity_unlink(["mail.mail_activity_data_todo"])
        agreements.party_ids.write(
            {"signature": False, "typed_name": False, "date_signed": False}
        )
        self._void_approval()
        agreements.write(
            {
                "state": "draft",
                "return_reason": reason,
                "approved_by_id": False,
                "date_approved": False,
                "signed_file": False,
            }
        )

    def action_approve(self):
        """Approve what was reviewed, up to what the matrix leaves to the manager."""
        self._require_role("general_manager")
        self._require_state("legal_review")
        self._require_complete()
        for agreement in self:
            if agreement._await_approval():
                continue
            agreement._claim_once("approve")
            agreement.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            agreement.sudo().write(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "date_approved": agreement.company_id._npo_today(),
                }
            )
            agreement._notify("agreement_to_sign")

    def _await_approval(self):
        """Tell whether somebody above the manager approves first; ask them (P066)."""
        return False

    def _void_approval(self):
        """Take back what was asked of somebody above the manager."""

    def action_sign(self):
        """Sign for the association, as who may bind it."""
        self._require_role("general_manager")
        self._require_state("approved")
        for party in self.party_ids.filtered("is_association"):
            if not party.date_signed:
                party._sign(typed_name=self.env.user.name)

    def action_activate(self):
        """Put it into force; the version before it is replaced."""
        self._require_role(*KEEPERS)
        self._require_state("approved")
        self._require_complete(signed=True)
        for agreement in self.sudo():
            today = agreement.company_id._npo_today()
            agreement.write({"state": "active", "date_activated": today})
            agreement._replace_earlier()
        self._notify("agreement_in_force")

    def _terminate(self, reason, day=None):
        """End an agreement before its day, for a reason."""
        self._require_role("legal_adviser", "general_manager")
        self._require_state(*IN_FORCE)
        reason = self._write_reason(reason)
        for agreement in self.sudo():
            today = agreement.company_id._npo_today()
            if day and not agreement.date_from <= day <= today:
                raise UserError(self.env._("It ends between its first day and today."))
            agreement._end("terminated", day or today, reason)
        self._notify("agreement_ended")

    def _end(self, state, day, reason=False):
        """Note that the agreements bind nobody any longer."""
        self.write({"state": state, "date_ended": day, "end_reason": reason})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    def _schedule(self, summary, role, day=None):
        """Give somebody of a role a task on each; one association's in one go."""
        for company, own in self.sudo().grouped("company_id").items():
            own.activity_schedule(
                "mail.mail_activity_data_todo",
                day or company._npo_today(),
                summary=summary,
                user_id=company._npo_colleague(role).id,
            )

    def _notify(self, event, once=""):
        """Write to the other party what happened (glossary 13.3)."""
        template = self.env.ref(f"npo_relations.mail_template_{event}")
        self.env["npo.message"]._queue(template, self.sudo(), event=once)

    def _date_text(self, name):
        """Return a date in both calendars, for a message or a page."""
        return self._format_date(fields.Date.to_date(self[name]))

    def _format_date(self, day):
        """Return a date in both calendars, in the language of the environment (D08)."""
        lang = self.env.lang or self.env.user.lang or "en_US"
        return hijri.format_both(day, lang, self.company_id.sudo().npo_digits)

    def _portal_link(self):
        """Return the address of the agreement in the portal."""
        return f"{self.get_base_url()}{self.access_url}"

    def _get_report_base_filename(self):
        """Return the name of a file that is downloaded from the portal."""
        self.ensure_one()
        return self.name
