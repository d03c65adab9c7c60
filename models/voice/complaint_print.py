from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list

from .complaint import NpoComplaint as Base

# Stage -> which letter can be written.
LETTERS = {
    "decided": "decision",
    "closed_accepted": "decision",
    "closed_final": "decision",
    "unfounded": "decision",
    "appealed": "decision",
    "out_of_scope": "out_of_scope",
}


class NpoComplaint(models.Model):
    """What messages and paper ask a complaint (reports/npo_complaint_reports.xml)."""

    _inherit = Base._name

    def _person_name(self):
        """Return the name of who is written to; a word for who stays unknown."""
        case = self.sudo()
        return case.partner_id.name or case.contact_name or self.env._("Guest")

    def _handler_role(self):
        """Return with whom it is, as a role: nobody is told a name."""
        unit = self.sudo().department_id.name
        return unit or self.env._("The complaints officer")

    def _follow_link(self):
        """Return where the person follows it: with an account, or by its number."""
        if self.sudo().partner_id.user_ids:
            return self._portal_link()
        return f"{self.get_base_url()}/track"

    def _outcome_text(self):
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return outcomes.get(self.outcome, "")

    def _actions_text(self):
        """Return what was done, each kind once."""
        actions = self.sudo().action_ids
        labels = dict(actions._fields["kind"]._description_selection(self.env))
        kinds = dict.fromkeys(
            action.kind for action in actions.sorted("id") if action.kind != "none"
        )
        return format_list(self.env, [labels[kind] for kind in kinds])

    def _appeal_day_text(self):
        """Return the last day to object, in both calendars."""
        return self._format_date(self._appeal_last_day())

    def _letter_kind(self):
        """Return which letter can be written now."""
        self.ensure_one()
        return LETTERS.get(self.stage_code, "acknowledgement")

    def _slip_address(self):
        """Return the address that the QR code of the receipt opens."""
        return f"{self.get_base_url()}/track"

    def action_print_letter(self):
        """Print the letter that belongs to the stage, where letters are safe (P094)."""
        self._require_handler()
        if unsafe := self.filtered("no_letter"):
            raise UserError(
                self.env._(
                    "No letter of %s goes to the home: tell the person in the safe way"
                    " that is noted on it.",
                    unsafe[0].name,
                )
            )
        report = self.env.ref("npo_relations.action_report_npo_complaint_letter")
        return report.report_action(self)
