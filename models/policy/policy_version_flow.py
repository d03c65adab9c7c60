from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError, LockError, UserError

from .policy_version import EVIDENCE_FIELDS

# Written by the methods below only.
_FLOW_FIELDS = {"state", "date_in_force", "unevidenced_reason", "minor_no"}

# What tells about the approval: still open while the version is with the board, and
# once more on a version that was put in force without evidence (Annex D 9).
_APPROVAL_FIELDS = {
    *EVIDENCE_FIELDS,
    "approved_by_body",
    "date_uncertain",
    "effective_date",
    "issue_date",
    "meeting_id",
    "signatory_ids",
}


class NpoPolicyVersionFlow(models.Model):
    """States of a version (R003), and the freezing of its content (R020, R211).

    The rules hold for every role and for code in sudo: only the methods here write a
    state, and what leaves the draft is frozen.
    """

    _inherit = "npo.policy.version"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A new version begins as a draft."))
        # a default from the context of a client must not start anywhere else either
        start = {"state": "draft", "minor_no": 0}
        return super().create([{**vals, **start} for vals in vals_list])

    def write(self, vals):
        if "tool_ids" in vals:
            self.env.registry.clear_cache()  # _available_tool_ids
        self._check_write(set(vals))
        if "tool_ids" in vals:
            self.env.registry.clear_cache()  # _available_tool_ids
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(version.state not in ("draft", "under_review") for version in self):
            raise UserError(
                self.env._(
                    "Only a draft can be deleted: the other versions are the record "
                    "of what was in force."
                )
            )

    def copy(self, default=None):
        versions = super().copy(default=default)
        for version, copy in zip(self, versions, strict=True):
            version.clause_ids._copy_tree(copy)
        return versions

    def copy_data(self, default=None):
        """The copy is the policy's next draft: approval and its evidence start anew."""
        vals_list = super().copy_data(default=default)
        for vals in vals_list:
            vals["version_label"] = False
        return vals_list

    def _check_write(self, names):
        """Refuse to write a frozen field, whoever writes it.

        :param set names: fields about to be written
        """
        if names & _FLOW_FIELDS:
            raise UserError(
                self.env._("The state of a version changes by its buttons only.")
            )
        bookkeeping = {
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }
        content = names - bookkeeping
        if "policy_id" in content and any(version.policy_id for version in self):
            raise UserError(self.env._("A version stays with its policy."))
        for version in self:
            version._check_content_open(content)

    def _check_content_open(self, names):
        """Raise when some content of the version is frozen.

        :param set names: content fields about to change
        """
        self.ensure_one()
        if not names or self.state == "draft":
            return
        if names <= _APPROVAL_FIELDS and self._is_approval_open():
            return
        if self.state == "under_review":
            raise UserError(
                self.env._(
                    "%(version)s is under review. Send it back to draft to change it.",
                    version=self.display_name,
                )
            )
        raise UserError(
            self.env._(
                "%(version)s was approved and cannot be changed. Make a new version.",
                version=self.display_name,
            )
        )

    def _is_approval_open(self):
        """Return whether the approval may still be entered."""
        return self.state == "under_review" or (
            self.state == "approved" and self.is_evidence_missing
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_submit(self):
        """Send drafts to the board; each names who prepared it (R008)."""
        self._check_governance()
        self._check_state("draft")
        if any(not version.prepared_by_title for version in self):
            raise UserError(
                self.env._("Enter the title of who prepared the version first.")
            )
        self._set_state("under_review")

    def action_reset_to_draft(self):
        self._check_governance()
        self._check_state("under_review")
        self._set_state("draft")

    def action_approve(self):
        """Put the version in force, and supersede the former one (R003).

        A version that takes effect later is approved now and waits for its day.
        """
        self._check_governance()
        for version in self:
            if version._is_for_later():
                version._schedule()
            else:
                version._put_in_force()

    def action_put_in_force_unevidenced(self):
        """Ask for the reason (Annex D 9)."""
        return self._open_justification("unevidenced")

    def action_withdraw(self):
        """Ask for the reason."""
        return self._open_justification("withdraw")

    def action_new_version(self):
        """Open a copy of the version, the policy's next draft."""
        self.ensure_one()
        self._check_governance()
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.policy.version",
            "res_id": self.copy().id,
            "view_mode": "form",
        }

    def _open_justification(self, operation):
        self.ensure_one()
        self._check_governance()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reason"),
            "res_model": "npo.policy.version.justify",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_version_id": self.id,
                "default_operation": operation,
            },
        }

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _check_governance(self):
        """Raise unless the user governs policies (D02)."""
        if self.env.su:
            return
        if not self.env.user.has_group("npo_relations.group_npo_governance_officer"):
            raise AccessError(
                self.env._("Only a governance officer can do this with a policy.")
            )

    def _check_state(self, *states):
        """Raise when a version is in none of the states."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for version in self:
            if version.state not in states:
                raise UserError(
                    self.env._(
                        "%(version)s cannot do this step: its state is “%(state)s”.",
                        version=version.display_name,
                        state=labels[version.state],
                    )
                )

    def _set_state(self, state, **vals):
        """Write a state past the freezing; the caller has checked what is allowed."""
        return super().write({"state": state, **vals})

    def _put_in_force(self, unevidenced_reason=None):
        """Put the version in force; the former one is superseded with it.

        The policy is locked first, so that of two persons who approve at the same
        time one wins and the other is told; the unique index is the last guard.

        :param unevidenced_reason: why the missing evidence is accepted (Annex D 9)
        """
        self.ensure_one()
        self._lock_policy()
        self._check_can_be_in_force(unevidenced_reason)
        self._check_no_later()
        former = self.search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("state", "in", ("approved", "scheduled")),
                ("id", "!=", self.id),
            ]
        ).filtered(lambda version: version._rank() < self._rank())
        former._set_state("superseded")
        former.flush_recordset(["state"])
        self._set_state(
            "approved",
            date_in_force=self.company_id._npo_today(),
            unevidenced_reason=unevidenced_reason or self.unevidenced_reason,
        )
        self._after_in_force()

    def _after_in_force(self):
        """Do what follows from a version's coming into force; others extend it."""
        self.ensure_one()
        if not self.minor_no:
            self.policy_id._plan_review(self.date_in_force)

    def _rank(self):
        """Return what orders the versions of a policy."""
        self.ensure_one()
        return (self.version_no, self.minor_no)

    def _check_no_later(self):
        """Raise when a later version of the policy is in force already."""
        in_force = self.search(
            [("policy_id", "=", self.policy_id.id), ("state", "=", "approved")]
        )
        if in_force and in_force._rank() > self._rank():
            raise UserError(
                self.env._(
                    "A later version is in force: %(version)s.",
                    version=in_force.display_name,
                )
            )

    # ------------------------------------------------------------
    # A VERSION FOR LATER
    # ------------------------------------------------------------

    def _is_for_later(self):
        """Return whether the version takes effect on a day to come."""
        self.ensure_one()
        return bool(
            self.effective_date and self.effective_date > self.company_id._npo_today()
        )

    def _schedule(self):
        """Approve a version that takes effect later; the day's cron puts it in force.

        One waits at a time: which of two would follow is a decision of the board.
        """
        self.ensure_one()
        self._lock_policy()
        self._check_state("under_review")
        self._check_evidence()
        self._check_no_later()
        waiting = self.search(
            [("policy_id", "=", self.policy_id.id), ("state", "=", "scheduled")]
        )
        if waiting:
            raise UserError(
                self.env._(
                    "%(version)s waits for its day already. Withdraw it first.",
                    version=waiting[0].display_name,
                )
            )
        self._set_state("scheduled")

    @api.model
    def _cron_put_in_force(self):
        """Put the scheduled versions in force whose day has come in their place."""
        versions = self.search(
            [("state", "=", "scheduled")], order="effective_date, id"
        )
        due = versions.filtered(lambda version: not version._is_for_later())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for version in due:
            try:
                with self.env.cr.savepoint():
                    version._put_in_force()
            except UserError as error:
                version.message_post(body=str(error))
            self.env["ir.cron"]._commit_progress(1)

    def _lock_policy(self):
        """Lock the policy until the end of the transaction, and read the truth."""
        try:
            self.policy_id.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is putting a version of %(policy)s in force at "
                    "this moment. Reload the page and look at the result.",
                    policy=self.policy_id.display_name,
                )
            ) from error
        self.policy_id.version_ids.invalidate_recordset(["state"])

    def _check_can_be_in_force(self, unevidenced_reason):
        """Raise when the version lacks something for being in force."""
        if unevidenced_reason:
            self._check_state("draft", "under_review")
        else:
            self._check_state("under_review", "scheduled")
            self._check_evidence()
        if self._is_for_later():
            raise UserError(
                self.env._(
                    "The version takes effect on %(date)s. Approve it, and it waits "
                    "for its day.",
                    date=self.effective_date,
                )
            )

    def _check_evidence(self):
        """Raise when nothing is known of the approval (Annex D 9)."""
        if self.is_evidence_missing:
            raise UserError(
                self.env._(
                    "Enter the date, the year or the meeting of the approval. Where "
                    "none is known, put the version in force without evidence and "
                    "tell the reason."
                )
            )

    def _put_in_force_unevidenced(self, reason):
        """Put a version in force whose approval is not evidenced, with a reason."""
        self._check_governance()
        for version in self:
            if not version.is_evidence_missing:
                raise UserError(
                    self.env._("The approval is evidenced: approve the version.")
                )
            reason = version._required_reason(reason)
            version._put_in_force(unevidenced_reason=reason)
            version._log_reason(
                self.env._("In force although the approval is not evidenced."), reason
            )

    def _withdraw(self, reason):
        """Withdraw versions; the reason is logged."""
        self._check_governance()
        self._check_state("under_review", "scheduled", "approved")
        reason = self._required_reason(reason)
        self._set_state("withdrawn")
        for version in self:
            version._log_reason(self.env._("Withdrawn."), reason)

    @api.model
    def _required_reason(self, reason):
        """Return the reason without blanks around it; raise when there is none."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Tell the reason: it is kept in the log."))
        return reason

    def _log_reason(self, event, reason):
        """Log an event of the version with its reason."""
        self.message_post(
            body=Markup("<b>%s</b><br/>%s")
            % (event, self.env._("Reason: %(reason)s", reason=reason))
        )
