from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arabic import clean_code
from .beneficiary_flow import OFFICER_GROUPS
from .document import GIVEN_FIELDS

# Changed by the methods below alone, which run as superuser after their own checks.
FLOW_FIELDS = {
    "state",
    "has_file",
    "matched_by_id",
    "matched_on",
    "mismatch_note",
    "waiver_reason",
    "reused_from_id",
}
# The document that a kind of identity is read from.
IDENTITY_CODES = {"national_id", "iqama", "passport"}


class NpoDocument(models.Model):
    """Matching with the original, by officers only (R108)."""

    _inherit = "npo.document"

    def _check_flow_vals(self, vals, creating=False):
        """States and stamps fill by themselves; nobody writes them, from anywhere."""
        if self.env.su:
            return
        given = {name for name in FLOW_FIELDS & vals.keys() if vals[name]}
        if creating and vals.get("state") == "missing":
            given.discard("state")
        if given or (not creating and not FLOW_FIELDS.isdisjoint(vals)):
            raise UserError(
                self.env._(
                    "The state of a document changes by its buttons, and the stamps"
                    " fill by themselves."
                )
            )

    def _check_frozen(self):
        """Refuse to change what was submitted; a hook for the cases that freeze it."""

    def _content_changed(self):
        """A line that says something new is received, and has to be matched again.

        Called as superuser.
        """
        given = self.filtered(
            lambda document: any(document[name] for name in GIVEN_FIELDS)
        )
        for state, documents in (("received", given), ("missing", self - given)):
            changed = documents.filtered(
                lambda document, state=state: document.state != state
            )
            changed.write(
                {
                    "state": state,
                    "matched_by_id": False,
                    "matched_on": False,
                    "mismatch_note": False,
                    "waiver_reason": False,
                    "reused_from_id": False,
                }
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _check_officer(self):
        """Check that an officer does this, on lines that are still open."""
        if self.env.su:
            return
        if not self.env.user.has_groups(OFFICER_GROUPS):
            raise AccessError(
                self.env._("Only beneficiary-relations officers match documents.")
            )
        self.check_access("write")
        self._check_frozen()

    def action_match(self, number=None):
        """Confirm that the lines agree with the originals seen.

        :param number: as read from the original, where the officer types it; it is
            recorded when the line has none, and must agree when it has one
        """
        self._check_officer()
        cleaned = clean_code(number).upper()
        for document in self.sudo():
            document._check_matchable(cleaned)
        if cleaned:
            for document in self.sudo():
                name = "restricted_number" if document.is_restricted else "number"
                if not document[name]:
                    document.write({name: cleaned})
        self.sudo().write(
            {
                "state": "matched",
                "matched_by_id": self.env.uid,
                "matched_on": fields.Datetime.now(),
                "mismatch_note": False,
                "waiver_reason": False,
            }
        )
        return True

    def _check_matchable(self, number):
        """Raise when a line cannot be confirmed; `number` is the original's, or ""."""
        self.ensure_one()
        kind = self.document_type_id
        recorded = self.number or self.restricted_number
        if number and recorded and number != recorded:
            raise UserError(
                self.env._(
                    "The number on the original is not the one recorded: %s. Correct it"
                    " or mark the document as not matching.",
                    kind.name,
                )
            )
        if kind.is_identity:
            self._check_identity_document(number or recorded)
        if kind.requires_expiry and not self.expiry_date:
            raise UserError(self.env._("Record when it expires first: %s.", kind.name))
        if self._validity(self._validity_date())[self.id] == "expired":
            raise UserError(self.env._("This document had expired: %s.", kind.name))
        if not (number or any(self[name] for name in GIVEN_FIELDS)):
            raise UserError(
                self.env._("Nothing was recorded of this document: %s.", kind.name)
            )

    def _check_identity_document(self, number):
        """The number on the card is the number of the file."""
        kind, file = self.document_type_id, self.beneficiary_id
        if not number:
            raise UserError(
                self.env._("Record the number on the document first: %s.", kind.name)
            )
        same_kind = kind.code == file.identity_type and kind.code in IDENTITY_CODES
        if same_kind and file.identity_number and file.identity_number != number:
            raise UserError(
                self.env._(
                    "The number on the document is not the identity number in the file"
                    " of the beneficiary: %s.",
                    kind.name,
                )
            )

    def action_mismatch(self, note=False):
        """Record that the line does not agree with the original, and how."""
        self._check_officer()
        note = (note or "").strip()
        if not note:
            raise UserError(self.env._("Write what does not match."))
        self.sudo().write(
            {
                "state": "mismatch",
                "mismatch_note": note,
                "matched_by_id": False,
                "matched_on": False,
            }
        )
        return True

    def action_waive(self, reason=False):
        """Do without a document, for a reason that stays on record."""
        self._check_officer()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why the document is waived."))
        self.sudo().write(
            {
                "state": "waived",
                "waiver_reason": reason,
                "matched_by_id": False,
                "matched_on": False,
            }
        )
        return True

    def action_reset(self):
        """Take a wrong tick back; the line waits for its comparison again."""
        self._check_officer()
        self.sudo()._content_changed()
        return True

    def _mark_expired(self, date):
        """Mark the lines that are no longer valid on a day; return them."""
        validity = self._validity(date)
        stale = self.filtered(
            lambda line: (
                line.state in ("received", "matched")
                and validity[line.id] in ("expired", "too_old")
            )
        )
        stale.sudo().write({"state": "expired"})
        return stale
