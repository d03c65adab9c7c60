from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.spreadsheet import Sheet, neutralised, write_workbook
from .guards import OFFICE
from .session import NpoCommitteeSession as Base


class NpoCommitteeSession(models.Model):
    """The minutes of a session: signed by who was there, then locked (R123)."""

    _inherit = Base._name

    minutes_scan = fields.Binary("Signed minutes, scanned", attachment=True)
    minutes_scan_name = fields.Char()
    may_sign = fields.Boolean(compute="_compute_may_sign")
    unsigned_count = fields.Integer("Signatures missing", compute="_compute_may_sign")

    @api.depends("state", "attendance_ids.date_signed")
    @api.depends_context("uid")
    def _compute_may_sign(self):
        for session in self:
            missing = session._signatories().filtered(lambda x: not x.date_signed)
            session.unsigned_count = len(missing)
            session.may_sign = (
                session.state == "closed" and self.env.user in missing.user_id
            )

    def _signatories(self):
        """Return the attendance of who was there, the secretary among them."""
        if self.kind == "circulation":
            voters = self.sudo().item_ids.vote_ids.user_id
            return self.attendance_ids.filtered(lambda x: x.user_id in voters)
        return self.attendance_ids.filtered(lambda x: x.state in ("present", "remote"))

    # ------------------------------------------------------------
    # SIGN
    # ------------------------------------------------------------

    def action_sign(self):
        """Open the form in which a member signs the minutes."""
        self.ensure_one()
        self._require_own_line()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign the minutes"),
            "res_model": "npo.committee.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_session_id": self.id},
        }

    def _require_own_line(self):
        """Return the attendance of the user, who may sign now; raise otherwise."""
        self._require_state("closed")
        own = self._signatories().filtered(lambda x: x.user_id == self.env.user)
        if not own:
            raise UserError(
                self.env._("The minutes are signed by who was at the session.")
            )
        if own.date_signed:
            raise UserError(self.env._("You have signed these minutes already."))
        return own

    def _sign(self, signature):
        """Sign in one's own name; the last signature locks the minutes."""
        own = self._require_own_line()
        if not signature:
            raise UserError(self.env._("Draw your signature first."))
        own.sudo().write({"signature": signature, "date_signed": fields.Datetime.now()})
        if all(line.date_signed for line in self._signatories()):
            self.sudo().write({"state": "signed"})

    def action_signed_on_paper(self):
        """The minutes were signed on paper, and the scan of it is here."""
        self.committee_id._require_seat(*OFFICE)
        self._require_state("closed")
        if any(not session.minutes_scan for session in self):
            raise UserError(self.env._("Attach the scan of the signed minutes first."))
        self.sudo().write({"state": "signed"})

    # ------------------------------------------------------------
    # LIST OF DECISIONS
    # ------------------------------------------------------------

    def action_decisions_sheet(self):
        """Offer the decisions of the session as a sheet, without names."""
        self.ensure_one()
        self.check_access("read")
        _ = self.env._
        columns = [
            (_("No."), 6),
            (_("Request number"), 18),
            (_("Service"), 28),
            (_("State"), 14),
            (_("Decision"), 20),
            (_("Amount or quantity"), 18),
            (_("Reason"), 36),
            (_("For"), 8),
            (_("Against"), 8),
            (_("Abstained"), 8),
        ]
        rows = [
            [neutralised(value) for value in item._decision_row(number)]
            for number, item in enumerate(self.item_ids, 1)
        ]
        sheet = Sheet(
            _("Decisions"), [f"{self.name} · {_('Decisions')}"], columns, rows
        )
        content = write_workbook([sheet], (self.env.lang or "").startswith("ar"))
        name = _("Decisions %s.xlsx", self.name.replace("/", "-"))
        return self.env["npo.committee.paper"]._offer(name, content)


class NpoCommitteeItem(models.Model):
    _inherit = "npo.committee.item"

    def _decision_row(self, number):
        decisions = dict(self._fields["motion"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        is_decided = self.state == "decided"
        return [
            number,
            self.reference,
            self.service_id.sudo().name,
            states[self.state],
            decisions[self.motion] if is_decided else "",
            (self.amount or self.quantity) if is_decided else "",
            (self.reason_id.name or "") if is_decided else "",
            self.votes_for,
            self.votes_against,
            self.votes_abstain,
        ]
