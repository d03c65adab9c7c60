from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .agreement import IN_FORCE
from .agreement_flow import KEEPERS
from .agreement_line import NpoAgreementLine as Base


class NpoAgreementLine(models.Model):
    """A duty with its day is an obligation to be kept: whose, by when, shown by what.

    Those of all agreements in force are one register, printed for management (R155).
    """

    _inherit = Base._name
    _step_fields = frozenset({"date_done", "done_by_id"})

    user_id = fields.Many2one(related="agreement_id.user_id", string="Looked after by")
    date_done = fields.Date("Kept on", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", string="Noted by", readonly=True, copy=False
    )
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _due_idx = models.Index(
        "(company_id, date_due) WHERE date_done IS NULL AND date_due IS NOT NULL"
    )

    @api.model
    def _open_domain(self):
        """Return the domain of the duties that bind and were not kept yet."""
        return (
            Domain("kind", "=", "duty")
            & Domain("date_due", "!=", False)
            & Domain("date_done", "=", False)
            & Domain("agreement_id.state", "in", IN_FORCE)
        )

    @api.model
    def _overdue_domain(self):
        today = self.env.company._npo_today()
        return self._open_domain() & Domain("date_due", "<", today)

    @api.depends("kind", "date_due", "date_done", "agreement_id.state")
    def _compute_is_overdue(self):
        late = self.filtered_domain(self._overdue_domain())
        for line in self:
            line.is_overdue = line in late

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._overdue_domain()
        return late if True in value else ~late

    def action_done(self):
        """Note today that duties were kept, as who looks after agreements."""
        self.agreement_id._require_role(*KEEPERS)
        self.agreement_id.check_access("read")
        if self - self.filtered_domain(self._open_domain()):
            raise UserError(
                self.env._(
                    "Only a duty with its day, of an agreement in force, is noted as"
                    " kept, and once."
                )
            )
        for company, lines in self.sudo().grouped("company_id").items():
            lines.write({"date_done": company._npo_today(), "done_by_id": self.env.uid})

    def action_print_duties(self):
        """Print these duties, the late ones first."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_agreement_duties")
        return report.report_action(self)

    def _duty_lists(self):
        """Return [(association, its duties by their day)] of what is printed."""
        self.check_access("read")
        due = self.filtered(lambda line: line.kind == "duty" and line.date_due)
        return [
            (company, lines.sorted(lambda line: (bool(line.date_done), line.date_due)))
            for company, lines in due.grouped("company_id").items()
        ]
