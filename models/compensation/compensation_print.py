from odoo import models
from odoo.exceptions import UserError

from .compensation import NpoCompensation as Base

# Stage -> which letter can be written.
LETTERS = {
    "rejected": "rejected",
    "payment": "approved",
    "paid": "paid",
    "closed": "paid",
}


class NpoCompensation(models.Model):
    """What paper asks of a case (reports/npo_compensation_reports.xml)."""

    _inherit = Base._name

    def _label(self, name, record=None):
        """Return the label of a selection, in the language of the document."""
        record = self if record is None else record
        labels = dict(record._fields[name]._description_selection(record.env))
        return labels.get(record[name], "")

    def _letter_kind(self):
        """Return which letter can be written now."""
        self.ensure_one()
        if self.outcome == "outside":
            return "outside"
        if self.outcome == "remedied" and self.stage_code == "closed":
            return "performed"
        return LETTERS.get(self.stage_code, "received")

    def _portal_letter(self):
        """Tell whether there is a letter that answers the claim."""
        return self.sudo()._letter_kind() != "received"

    def _print(self, report):
        self.check_access("read")
        return self.env.ref(f"npo_relations.{report}").report_action(self)

    def action_print_file(self):
        """Print the whole case."""
        self._require_group(
            "compensation_officer",
            "legal_adviser",
            "compensation_approver",
            "general_manager",
            "auditor",
        )
        return self._print("action_report_npo_compensation_file")

    def action_print_settlement(self):
        """Print the settlement, for both to sign."""
        self._require_group("compensation_officer", "legal_adviser")
        for case in self:
            if not (case._open_round() or case._accepted_round()):
                raise UserError(
                    self.env._("Make an offer first: the settlement says what it is.")
                )
        return self._print("action_report_npo_compensation_settlement")

    def action_print_letter(self):
        """Print the letter that belongs to the stage."""
        self._require_group("compensation_officer")
        return self._print("action_report_npo_compensation_letter")
