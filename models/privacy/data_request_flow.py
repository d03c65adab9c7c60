from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain

from .data_request import ANSWER_DAYS, REMINDER_DAYS

# Who hears requests and knows people; who answers; who may refuse or take longer.
DESK = ("data_protection_officer", "service_representative", "branch_delegate")
ANSWERERS = ("data_protection_officer", "relations_officer", "branch_delegate")
DECIDERS = ("data_protection_officer", "general_manager")
PROTECTOR = "npo_relations.group_npo_data_protection_officer"
# Their answer is told in words as well.
TOLD_IN_WORDS = ("correct", "destroy")
# Of these there is one open request (`npo.data.request._one_open`).
ONE_OPEN = ("company_id", "partner_id", "kind")


class NpoDataRequest(models.Model):
    """The steps of a privacy request (P014)."""

    _inherit = "npo.data.request"

    def _check_step(self, roles, *stages):
        """Raise unless the user may take a step now; nobody serves their own file."""
        self._require_group(*roles)
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)
        self._require_stage(*stages)

    def _check_person_files(self):
        """Raise unless the user may read the files of the persons here, ended or not.

        Data protection answers for everybody, and reads no file beside a request.
        """
        if self.env.su or self.env.user.has_group(PROTECTOR):
            return
        files = self.env["npo.beneficiary"].sudo().with_context(active_test=False)
        for case in self.sudo():
            found = files.search(
                [
                    ("partner_id", "=", case.partner_id.id),
                    ("company_id", "=", case.company_id.id),
                ]
            )
            found.with_env(self.env).check_access("read")

    def _check_other_person(self):
        """An objection is not answered by who refused what it objects to."""
        for case in self.sudo():
            if self.env.user == case.objected_id.refused_by_id:
                raise UserError(
                    self.env._(
                        "You refused what the person objects to: a colleague answers."
                    )
                )

    def _verify_identity(self, way, note=False):
        """Record who it is and how that was seen: nothing is given before."""
        self._check_step(DESK, "new")
        if not way:
            raise UserError(self.env._("Say how the identity was verified."))
        for case in self:
            case._check_who_asks()
        today = self.company_id[:1]._npo_today()
        self._move(
            "open",
            identity_way=way,
            identity_note=note,
            date_identity=today,
            identity_verified_by_id=self.env.uid,
        )

    def _check_who_asks(self):
        """A representative acts by a valid right, a minor by the guardian (P022)."""
        if self.representative_id:
            self._require_representative()
        elif self.sudo().beneficiary_id._is_minor():
            raise UserError(
                self.env._(
                    "The person is under age: the guardian asks. Record the request"
                    " with the guardian as representative."
                )
            )

    def _extend(self, reason):
        """Take longer, once, and tell the person before the first day has passed."""
        self._check_step(DECIDERS, "new", "open")
        if not (reason or "").strip():
            raise UserError(self.env._("Write why it takes longer."))
        for case in self:
            today = case.company_id._npo_today()
            if case.date_extended:
                raise UserError(self.env._("It was extended once already."))
            if today > case.date_received + timedelta(days=ANSWER_DAYS):
                raise UserError(
                    self.env._(
                        "The first day has passed: it can no longer be extended."
                    )
                )
            case.sudo().write(
                {
                    "date_extended": today,
                    "extension_reason": reason,
                    "is_reminded": False,
                }
            )
        self._notify("pdpl_extended")

    def _refuse(self, reason, note=False):
        """Refuse for a reason of the list, and say so to the person."""
        self._check_step(DECIDERS, "new", "open")
        self._check_other_person()
        if not reason or reason.kind != "privacy":
            raise UserError(self.env._("Choose the reason of the refusal."))
        self._drop_corrections()
        self._move(
            "refused",
            refusal_reason_id=reason.id,
            outcome_note=note,
            refused_by_id=self.env.uid,
        )
        self._notify("pdpl_refused")

    def _object_at_desk(self, words):
        """Record that the person objects to the refusal, and open what comes of it."""
        self.ensure_one()
        self._check_step(DESK, "refused")
        if not (words or "").strip():
            raise UserError(self.env._("Write why the person objects."))
        case = self._object(words, "spoken")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": case.id,
            "view_mode": "form",
        }

    def _object(self, words, method):
        """Return the request that objects to this refusal; there is one."""
        self.ensure_one()
        case = self.sudo()
        if case.objection_ids:
            return case.objection_ids[0]
        return case._record_once(
            {
                "partner_id": case.partner_id.id,
                "representative_id": case.representative_id.id,
                "company_id": case.company_id.id,
                "kind": case.kind,
                "purpose_ids": case.purpose_ids.ids,
                "detail": words,
                "method": method,
                "date_received": case.company_id._npo_today(),
                "objected_id": case.id,
            }
        )

    @api.model
    def _record_once(self, vals):
        """Return a new request, unless the same is being worked on: say under what.

        In sudo, for who asks does not see what the desk recorded, or who else acts
        for the person.
        """
        requests = self.sudo()
        same = [(name, "=", vals[name]) for name in ONE_OPEN]
        if waiting := requests.search([*same, ("is_closed", "=", False)], limit=1):
            raise UserError(
                self.env._("This was asked already under %s.", waiting.name)
            )
        try:
            with self.env.cr.savepoint():
                return requests.create(vals)
        except UniqueViolation as error:
            # Both presses found nothing. Begun again, this one finds the first.
            raise ConcurrencyError(str(error)) from error

    def _fulfil(self, outcome, note=False):
        """Answer a request of a person whose identity was verified."""
        self._check_step(ANSWERERS, "open")
        self._check_other_person()
        if not outcome:
            raise UserError(self.env._("Choose what became of the request."))
        needs_words = outcome != "done" or any(
            case.kind in TOLD_IN_WORDS for case in self
        )
        if needs_words and not (note or "").strip():
            raise UserError(self.env._("Write what was done, and what was not."))
        for case in self.filtered(lambda case: case.kind == "withdraw"):
            case._end_consents()
        self._check_corrected(outcome)
        if outcome != "nothing":
            self.filtered(lambda case: case.kind == "destroy")._destroy_asked()
        self._move("done", outcome=outcome, outcome_note=note)
        self._notify("pdpl_done")

    def _destroy_asked(self):
        """Bring the persons into the next session of destruction (D17).

        Called when a request to destroy was granted, after all was checked.
        """
        sessions = self.env["npo.destruction.session"]
        for case in self:
            sessions._ask_destruction(case.partner_id, case.company_id, case)

    def _end_consents(self):
        """Withdraw what the person named, or everything; what depends on it stops."""
        consents = self.env["npo.consent"]
        purposes = self.purpose_ids.sudo() or None
        current = consents._current(self.partner_id, self.company_id, purposes)
        current.with_env(self.env)._withdraw(self.method)

    def _cancel(self, note):
        """Close what the person takes back, or what was recorded by mistake."""
        self._check_step(DESK, "new", "open")
        if not (note or "").strip():
            raise UserError(self.env._("Write the reason first."))
        self._drop_corrections()
        self._move("cancelled", outcome_note=note)

    def action_open_file(self):
        """Open the person's file, where data is corrected."""
        self.ensure_one()
        self._require_group(*ANSWERERS)
        self.env["npo.beneficiary"].check_access("read")
        self.beneficiary_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.beneficiary",
            "res_id": self.beneficiary_id.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # REMINDER
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self, limit=200):
        """Give who answers a task, ten days before the day; once."""
        soon = fields.Date.context_today(self) + timedelta(days=REMINDER_DAYS)
        domain = Domain("stage_category", "=", "open")
        domain &= Domain("is_reminded", "=", False)
        domain &= Domain("date_deadline", "<=", soon)
        cases = self.search(domain, limit=limit, order="id").try_lock_for_update()
        answerers = {company: self._answerer(company) for company in cases.company_id}
        for case in cases:
            case.company_id._npo_give_task(
                case.user_id or answerers[case.company_id],
                lambda env: (env._("Answer the privacy request"), False),
                case,
                case.date_deadline,
            )
        cases.write({"is_reminded": True})
        self.env["ir.cron"]._commit_progress(
            len(cases), remaining=self.search_count(domain)
        )

    @api.model
    def _answerer(self, company):
        """Return the data-protection officer of an association, else an officer."""
        return company._npo_colleague("data_protection_officer", "relations_officer")
