from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.hijri import format_both
from ..core.guards import is_derived

OFFICER_GROUPS = (
    "npo_relations.group_npo_relations_officer,npo_relations.group_npo_branch_delegate"
)
# Barring a person, and lifting it, is above the desk.
MANAGER_GROUPS = "npo_relations.group_npo_general_manager"

TRANSITIONS = {
    "prospect": {"applicant", "active", "rejected", "closed", "blacklisted"},
    "applicant": {"prospect", "active", "rejected", "closed", "blacklisted"},
    "active": {"suspended", "expired", "closed", "blacklisted"},
    "suspended": {"active", "expired", "closed", "blacklisted"},
    "expired": {"active", "suspended", "closed", "blacklisted"},
    "closed": {"applicant", "active"},
    "rejected": {"applicant", "active"},
    "blacklisted": {"applicant", "closed"},
}
# Changed by the methods below alone, which run as superuser after their own checks.
FLOW_FIELDS = {
    "state",
    "file_no",
    "suspension_reason_id",
    "state_note",
    "date_registered",
    "date_renewal",
    "date_renewal_told",
    "duplicate_date",
    "has_identity_dispute",
    "identity_verified_by_id",
    "merged_into_id",
}
# Whose file it is does not change by editing; a merge of files will do that.
FIXED_FIELDS = {"partner_id", "company_id"}


class NpoBeneficiary(models.Model):
    """States of a file (glossary 4) and registration (R128)."""

    _inherit = "npo.beneficiary"

    state_sentence = fields.Char(
        "State in words", compute="_compute_state_sentence", groups="base.group_user"
    )

    @api.depends("state", "date_registered", "date_renewal", "state_note")
    @api.depends_context("lang")
    def _compute_state_sentence(self):
        """Say the state as a person would, with what comes next."""
        _ = self.env._
        for file in self:
            renewal = file._in_both_calendars(file.date_renewal)
            registered = file._in_both_calendars(file.date_registered)
            sentences = {
                "prospect": _("Visitor: has not sent a request yet."),
                "applicant": _("Applicant: a request is being looked at."),
                "active": _(
                    "Beneficiary since %(registered)s; the file is to be renewed on"
                    " %(renewal)s.",
                    registered=registered,
                    renewal=renewal,
                ),
                "suspended": _("Suspended: %s", file.state_note or ""),
                "expired": _(
                    "The file ended on %s: bring the data up to date and renew it.",
                    renewal,
                ),
                "closed": _("Closed: %s", file.state_note or ""),
                "rejected": _("Not entitled: %s", file.state_note or ""),
                "blacklisted": _("Barred: %s", file.state_note or ""),
            }
            file.state_sentence = sentences.get(file.state, "")

    def _in_both_calendars(self, date):
        digits = self.company_id.sudo().npo_digits
        return format_both(date, self.env.lang or "en_US", digits) if date else ""

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    def _check_flow_create(self, vals_list):
        """A new file is a visitor's; what follows comes by the flow."""
        if self.env.su:
            return
        for vals in vals_list:
            given = {name for name in FLOW_FIELDS if vals.get(name)}
            given |= {name for name in vals if is_derived(self, name)}
            if vals.get("state") == "prospect":
                given.discard("state")
            if given:
                raise UserError(self._flow_message())

    def _check_flow_write(self, vals):
        """The flow's fields do not change by editing, import or a call from outside.

        Told by superuser mode, which nobody can ask for from outside, and not by a
        key of the context, which anybody can send.
        """
        if self.env.su:
            return
        if not FLOW_FIELDS.isdisjoint(vals) or any(
            is_derived(self, name) for name in vals
        ):
            raise UserError(self._flow_message())
        for name in FIXED_FIELDS.intersection(vals):
            if any(file[name].id != vals[name] for file in self):
                raise UserError(
                    self.env._("A file stays with its person and its association.")
                )

    @api.model
    def _is_flow_field(self, name):
        """Tell whether a field is the flow's to write."""
        return name in FLOW_FIELDS

    def _flow_message(self):
        return self.env._(
            "The state, the number and the dates of a file change by its buttons, with"
            " a reason, and not by editing."
        )

    def _check_role(self, groups):
        """Check that the user holds a role and may change these very files."""
        if self.env.su:
            return
        if not self.env.user.has_groups(groups):
            raise AccessError(
                self.env._("Your role does not allow this step on a file.")
            )
        self.check_access("read")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_suspend(self, reason_id=False, note=False):
        """Suspend files for a reason of the list, a note, or both."""
        self._check_may_suspend()
        reason = self.env["npo.reason"].browse(reason_id or []).exists()
        if reason and reason.kind != "suspension":
            raise UserError(self.env._("Choose one of the reasons of suspension."))
        self._change_state("suspended", note or reason.name, reason)
        return True

    def _check_may_suspend(self):
        self._check_role(OFFICER_GROUPS)

    def action_reactivate(self, note=False):
        """Lift a suspension."""
        self._check_role(OFFICER_GROUPS)
        if any(file.state != "suspended" for file in self):
            raise UserError(self.env._("Only a suspended file can be reactivated."))
        self._change_state("active", note)
        return True

    def action_close(self, note=False):
        """Close files; the person may open a new one."""
        self._check_role(self._groups_to_leave(OFFICER_GROUPS))
        self._change_state("closed", note)
        return True

    def action_reject(self, note=False):
        """Mark persons as not entitled."""
        self._check_role(OFFICER_GROUPS)
        self._change_state("rejected", note)
        return True

    def action_reopen(self, note=False):
        """Take an ended file up again: its person applies once more."""
        self._check_role(self._groups_to_leave(OFFICER_GROUPS))
        ended = ("closed", "rejected", "blacklisted")
        if any(file.state not in ended for file in self):
            raise UserError(self.env._("Only an ended file can be reopened."))
        self._change_state("applicant", note)
        return True

    def action_blacklist(self, note=False):
        """Bar persons whose data were proven untrue."""
        self._check_role(MANAGER_GROUPS)
        self._change_state("blacklisted", note)
        return True

    def action_renew(self):
        """Start a new period of validity after the data were brought up to date."""
        self._check_role(OFFICER_GROUPS)
        if any(file.state not in ("active", "expired") for file in self):
            raise UserError(
                self.env._("Only an active or an expired file can be renewed.")
            )
        self._renew()
        return True

    def _groups_to_leave(self, groups):
        """A bar is lifted by whom it was laid."""
        barred = any(file.state == "blacklisted" for file in self)
        return MANAGER_GROUPS if barred else groups

    # ------------------------------------------------------------
    # FLOW
    # ------------------------------------------------------------

    def _change_state(self, state, note=False, reason=None):
        """Move files to a state, with the reason that the table of states asks for.

        The caller has checked the role.
        """
        note = (note or "").strip()
        if not note and state not in ("active", "applicant"):
            raise UserError(self.env._("Write the reason first."))
        for file in self:
            if state not in TRANSITIONS[file.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "The file of %(person)s cannot go from this state: %(old)s, to"
                        " this one: %(new)s.",
                        person=file.name,
                        old=labels[file.state],
                        new=labels[state],
                    )
                )
        self.sudo().write(
            {
                "state": state,
                "state_note": note or False,
                "suspension_reason_id": reason.id if reason else False,
            }
        )

    def _mark_applicant(self):
        """A visitor who sends a request in is an applicant (R212); idempotent.

        So is a person whose file had ended and who asks again.
        """
        visitors = self.filtered(
            lambda file: file.state in ("prospect", "closed", "rejected")
        )
        if visitors:
            visitors._change_state("applicant")

    def _register_file(self):
        """Register accepted applicants: number, active state, dates (R128).

        Idempotent: an active file with a number stays as it is, an expired one begins
        a new period. Numbers are drawn here and not before, so that visitors who
        never apply leave no gap in the register (D03).
        """
        barred = self.filtered(lambda file: file.state in ("suspended", "blacklisted"))
        if barred:
            raise UserError(
                self.env._(
                    "The file of %s is suspended or barred: lift that first.",
                    barred[0].name,
                )
            )
        todo = self.sudo().filtered(
            lambda file: file.state != "active" or not file.file_no
        )
        todo._draw_file_numbers()
        fresh = todo.filtered(lambda file: not file.date_registered)
        for company, files in fresh.grouped("company_id").items():
            files.write({"date_registered": company._npo_today()})
        todo._renew()

    def _draw_file_numbers(self):
        """Give a number to the files that have none, drawn in one go."""
        files = self.filtered(lambda file: not file.file_no)
        references = files._draw_references([file.company_id for file in files])
        for file, reference in zip(files, references, strict=True):
            file.file_no = reference

    def _renew(self):
        """Make files active for a new period of the association's length."""
        for company, files in self.sudo().grouped("company_id").items():
            validity = relativedelta(months=company.npo_file_validity_months)
            files.write(
                {
                    "state": "active",
                    "state_note": False,
                    "suspension_reason_id": False,
                    "date_renewal": company._npo_today() + validity,
                }
            )
