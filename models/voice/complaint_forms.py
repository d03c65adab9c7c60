from odoo import api, fields, models

from .complaint import NpoComplaint as Base


class NpoComplaint(models.Model):
    """The buttons that ask for something before their step."""

    _inherit = Base._name

    may_handle = fields.Boolean(compute="_compute_may_handle")

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_may_handle(self):
        """Tell for the buttons who follows it up."""
        follows = self._follows_up()
        for case in self:
            case.may_handle = follows or case.user_id == self.env.user

    def _step_action(self, step, title, **context):
        """Return the form of a step."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "npo.complaint.step",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_step": step,
                "default_complaint_id": self.id,
                **context,
            },
        }

    def action_assess(self):
        """Open the first assessment."""
        self._require_handler()
        return self._step_action("assess", self.env._("First assessment"))

    def action_unit(self):
        """Open the question to a unit."""
        self._require_handler()
        return self._step_action("unit", self.env._("Ask a unit"))

    def action_ask(self):
        """Open the question to the person."""
        self._require_handler()
        return self._step_action("ask", self.env._("Ask the person"))

    def action_propose(self):
        """Open the proposal."""
        self._require_handler()
        return self._step_action("propose", self.env._("Propose a solution"))

    def action_decide(self):
        """Open the decision, with what was proposed."""
        self._require_handler()
        return self._step_action(
            "decide", self.env._("Decide and answer"), default_note=self.proposal
        )

    def action_hear(self):
        """Open what the person says to the answer."""
        self._require_handler()
        return self._step_action("hear", self.env._("What the person says"))

    def action_refer_out(self):
        """Open the answer to what is not the association's to decide."""
        self._require_handler()
        return self._step_action("refer_out", self.env._("Not ours to decide"))

    def action_duplicate(self):
        """Open the choice of the complaint that came first."""
        self._require_handler()
        first = self._similar()[-1:]
        return self._step_action(
            "duplicate", self.env._("Repeats another"), default_first_id=first.id
        )

    def action_withdraw(self):
        """Open the note that the person takes it back."""
        self._require_handler()
        return self._step_action("withdraw", self.env._("Taken back"))

    def action_seal(self):
        """Open the warning of what sealing does."""
        self._require_handler()
        return self._step_action("seal", self.env._("Seal"))

    def action_reopen(self):
        """Open the reason for opening it again."""
        self._require_handler()
        return self._step_action("reopen", self.env._("Open again"))

    def action_print_receipt(self):
        """Print the slip with number, code and day of the answer (R205)."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_complaint_receipt")
        return report.report_action(self)

    # ------------------------------------------------------------
    # WHAT STANDS BESIDE IT
    # ------------------------------------------------------------

    def _beside(self, title, model, domain, views="list"):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": views,
            "domain": domain,
            "context": {"create": False},
        }

    def action_view_similar(self):
        """Open what the same person said before."""
        self.ensure_one()
        self.check_access("read")
        similar = [("id", "in", self._similar().ids)]
        return self._beside(self.env._("Said before"), Base._name, similar, "list,form")

    def action_view_log(self):
        """Open the stages that it went through, and with whom it was."""
        self.ensure_one()
        self.check_access("read")
        log = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return self._beside(self.env._("Hand-over log"), "npo.stage.log", log)

    def action_exclude(self):
        """Open whom it is about, and who is kept out of it."""
        self.ensure_one()
        self._require_handler()
        view = self.env.ref("npo_relations.npo_complaint_view_form_exclusion")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who is kept out"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }
