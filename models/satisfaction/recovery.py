from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.guards import check_values
from ..core.register_mixin import NpoRegisterMixin
from .events import EVENTS


class NpoOpinionRecovery(models.Model):
    """Somebody was not satisfied: it is made good in two working days (R069, P126).

    The task is the management's. It names the person and the case only where the
    association does not keep its answers anonymous, and never who served.
    """

    _name = "npo.opinion.recovery"
    _description = "Making It Good"
    _inherit = [NpoRegisterMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "state desc, date_deadline, id desc"

    _reference_prefix = "REC"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "date_done",
        "invitation_id",
        "score",
        "event",
        "date_deadline",
        "site_id",
        "service_id",
    }

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", "Association", required=True, readonly=True, index=True
    )
    event = fields.Selection(EVENTS, "Occasion", required=True, readonly=True)
    site_id = fields.Many2one("npo.site", "Site", readonly=True)
    service_id = fields.Many2one("npo.service", "Service", readonly=True)
    score = fields.Float("Score of five", readonly=True, aggregator=None)
    invitation_id = fields.Many2one(
        "npo.opinion.invitation", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(related="invitation_id.partner_id", string="Person")
    user_id = fields.Many2one(
        "res.users",
        "Made good by",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date_deadline = fields.Date("Due", readonly=True)
    note = fields.Text("What was done")
    state = fields.Selection(
        [("open", "To be made good"), ("done", "Made good")],
        required=True,
        readonly=True,
        default="open",
    )
    date_done = fields.Datetime("Made good on", readonly=True)

    _open_idx = models.Index("(company_id, date_deadline) WHERE state = 'open'")

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("The steps fill this.")

    @api.model
    def _open_for(self, invitation):
        """Open the task of a low answer, in the very transaction of the answer."""
        company = invitation.company_id
        now = fields.Datetime.now()
        deadline = company._npo_work_calendar().add_days(
            now, company.npo_opinion_recovery_days
        )
        day = company._npo_day_of(deadline)
        user = self._who(invitation)
        task = self.sudo().create(
            {
                "company_id": company.id,
                "event": invitation.event,
                "site_id": invitation.site_id.id,
                "service_id": invitation.service_id.id,
                "score": invitation.score,
                "invitation_id": not company.npo_opinion_anonymous and invitation.id,
                "user_id": user.id,
                "date_deadline": day,
            }
        )
        task.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            summary=self.env._("Somebody was not satisfied: make it good"),
            user_id=user.id,
        )
        return task

    @api.model
    def _who(self, invitation):
        """Return the manager who makes it good: nobody who served or is barred."""
        company = invitation.company_id
        case = invitation.sudo().complaint_id
        kept_out = invitation._served_by() | case.barred_user_ids
        for role in ("centre_manager", "general_manager"):
            if users := company._npo_role_holders(role) - kept_out:
                return users[0]
        return company._npo_colleague("general_manager") - case.barred_user_ids

    def action_done(self):
        """Note that it was made good; what was done is written first."""
        self.check_access("write")
        for task in self.filtered(lambda one: one.state == "open"):
            if not (task.note or "").strip():
                raise UserError(self.env._("Write what was done first."))
            check_values(task, {"note": task.note})
            task.sudo().write({"state": "done", "date_done": fields.Datetime.now()})
            task.sudo().activity_unlink(["mail.mail_activity_data_todo"])
