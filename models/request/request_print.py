from odoo import models

from ..people.beneficiary import IDENTITY_GROUPS

# Decisions that the applicant may want to object to as they stand.
OBJECTIONABLE = ("partial", "rejected", "referred")
# Decisions whose letter repeats what the committee wrote; the reason of a rejection is
# an entry of the list, and the reasoning behind it stays inside the house.
TOLD_REASONING = ("partial", "deferred", "referred")


class NpoRequest(models.Model):
    """What the printed documents of a request ask it (reports/npo_request_*.xml)."""

    _inherit = "npo.request"

    def _npo_shows_identity(self):
        """Tell whether the form carries full numbers: for who verifies them only.

        Asked of the user, not of the environment: the portal prints with sudo, and
        paper from there may lie about. That it does is on record (R154).
        """
        shows = self.env.user.has_groups(IDENTITY_GROUPS)
        if shows and self:
            names = ["identity_number"]
            names += ["iban"] if self.service_id.kind == "cash" else []
            log = self.env["npo.access.log"]
            log._log(self.beneficiary_id, names, "print", self.name)
        return shows

    def _npo_notice(self, company):
        """Return the notice on data that the form shows, in sudo; empty if none (P015).

        On a request, the one that its person was shown; on a blank form, and where
        nobody was shown one yet, the one in force.

        :param company: whose form it is
        """
        consents = self.env["npo.consent"]
        notice = consents._notice(company)
        if not (notice and self.partner_id):
            return notice
        told = consents.sudo().search_fetch(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", company.id),
                ("purpose_id", "=", notice.purpose_id.id),
                ("is_current", "=", True),
            ],
            ["text_id"],
        )
        return told.text_id or notice

    def _npo_declaration_text(self, company):
        """Return what is signed: as it was signed, else as the policy says it now.

        "" where no policy says it; the document then has a usual text.

        :param company: whose form it is, for a form that belongs to no request
        """
        declaration = self.sudo().declaration_id
        if declaration:
            return declaration.text
        version = self._version() if self else company.npo_policy_version_id
        return (
            version._render_declaration(self.partner_id.npo_gender) if version else ""
        )

    def _npo_letter_kind(self):
        """Return which letter can be written: the decision, "returned", or False.

        Until it is announced a decision is a draft of the house: whoever comes from
        outside, be it with sudo, gets no letter of it (R125).
        """
        self.ensure_one()
        if self.decision and (self.date_announced or not self.env.user.share):
            return self.decision
        return "returned" if self.stage_code == "returned" else False

    def _npo_letter_note(self):
        """Return what the letter says beside the reason, in the office's words."""
        kind = self._npo_letter_kind()
        if kind == "returned":
            return self.return_note
        return self.decision_note if kind in TOLD_REASONING else ""

    def _npo_letter_may_object(self):
        """Tell whether the letter tells of the right to object, with its last day."""
        kind = self._npo_letter_kind()
        return kind in OBJECTIONABLE or (kind == "accepted" and bool(self.conditions))
