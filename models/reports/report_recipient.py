from odoo import fields, models
from odoo.fields import Command

from .report_run import NpoReportRun as Base

# The role that a report is for; the board has members, and no role of its own.
ROLES = {
    "centre": "centre_manager",
    "manager": "general_manager",
    "governance": "governance_officer",
    "finance": "finance_officer",
}


class NpoReportRun(models.Model):
    """Whom a report is for: approved, it is passed on to them, once (R187, D14).

    Who was passed it reads that report and no other: a record rule looks here.
    """

    _inherit = Base._name

    _step_fields = Base._step_fields | {"passed_to_ids", "date_passed_on"}

    passed_to_ids = fields.Many2many(
        "res.users",
        "npo_report_run_reader_rel",
        "run_id",
        "user_id",
        string="Passed on to",
        readonly=True,
        copy=False,
    )
    date_passed_on = fields.Datetime("Passed on at", readonly=True, copy=False)

    def action_approve(self):
        # EXTENDS npo.submission.mixin: what was approved reaches whom it is for
        result = super().action_approve()
        self.sudo()._pass_on()
        return result

    def _pass_on(self):
        """Let the recipients read it, and give a task to who does not know it yet."""
        for run in self.filtered(lambda run: not run.date_passed_on):
            readers = run._recipients()
            if not readers:
                continue
            run.write(
                {
                    "passed_to_ids": [Command.set(readers.ids)],
                    "date_passed_on": fields.Datetime.now(),
                }
            )
            knowing = run.submitted_by | run.user_id | run.answered_by
            run.company_id._npo_give_task(readers - knowing, run._task_to_read, run)

    def _task_to_read(self, env):
        return env._("Read: %s", self.with_env(env)._submission_title()), False

    def _recipients(self):
        """Return the users whom the report is for; of a secret one, who may see it.

        The governance officer passes on to a board whose members have no accounts.
        """
        company = self.company_id
        if self.recipient == "board":
            users = self.env["npo.board.member"]._users_of(company)
        else:
            users = company._npo_role_holders(ROLES[self.recipient])
        users = users or company._npo_role_holders("governance_officer")
        if self.classification != "secret":
            return users
        return users.filtered(
            lambda user: user == self.user_id or user.has_groups(self._secret_groups)
        )

    def _addressee(self):
        """Return whom the paper addresses, in its language."""
        _ = self.env._
        return {
            "manager": _("To his excellency the general manager"),
            "board": _("To the chair and the members of the board"),
            "centre": _("To the manager of the service centre"),
            "governance": _("To the governance officer"),
            "finance": _("To the finance department"),
        }[self.recipient]
