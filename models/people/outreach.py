from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ..core.guards import check_values, without_defaults

STATES = [
    ("to_call", "To be called"),
    ("called", "To be called again"),
    ("agreed", "Wants the service"),
    ("declined", "Does not want it"),
    ("unreachable", "Could not be reached"),
    ("opened", "Request opened"),
]
OFFICERS = (
    "npo_relations.group_npo_relations_officer,npo_relations.group_npo_branch_delegate"
)
# What an officer writes by hand; all else is the steps'.
WRITABLE = frozenset({"note", "date_next_call", "user_id"})


class NpoOutreach(models.Model):
    """A person whom a rule proposes for a service they never asked for (R058).

    The officer calls, records the answer, and opens the request for who wants it.
    """

    _name = "npo.outreach"
    _description = "Person to Reach Out to"
    _order = "date_next_call, id"
    _rec_name = "beneficiary_id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        "npo.outreach.rule", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one("npo.service", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    beneficiary_id = fields.Many2one(
        "npo.beneficiary",
        string="Person",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(
        related="beneficiary_id.partner_id", store=True, index=True, string="Contact"
    )
    phone = fields.Char(related="partner_id.phone", string="Mobile")
    site_id = fields.Many2one(
        related="beneficiary_id.site_id", store=True, index=True, string="Site"
    )
    period = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Caller",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="to_call", index=True
    )
    call_count = fields.Integer("Calls", readonly=True)
    date_called = fields.Datetime("Called on", readonly=True)
    called_by_id = fields.Many2one("res.users", string="Called by", readonly=True)
    date_next_call = fields.Date("Call again on")
    note = fields.Text("What the person answered")
    request_id = fields.Many2one(
        "npo.request", string="Request", readonly=True, index="btree_not_null"
    )

    _once = models.UniqueIndex(
        "(rule_id, period, beneficiary_id)",
        "The rule has proposed this person in this period already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Persons are proposed by a rule alone."))
        return super(NpoOutreach, without_defaults(self)).create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        if not self.env.su and not WRITABLE.issuperset(vals):
            raise AccessError(
                self.env._("The answer is recorded by the buttons, not by editing.")
            )
        return super().write(vals)

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_called(self):
        """Nobody answered, or not now: call again."""
        self._record("called", "to_call", "called")

    def action_agree(self):
        """The person wants the service."""
        self._record("agreed", "to_call", "called", "unreachable")

    def action_decline(self):
        """The person does not want it; this period it is not asked again."""
        self._record("declined", "to_call", "called", "agreed", "unreachable")

    def action_unreachable(self):
        """The number does not answer, or is another's."""
        self._record("unreachable", "to_call", "called")

    def action_open_request(self):
        """Open the request of who agreed: once, as the association's initiative."""
        self._check_step("agreed")
        channel = self._channel()
        requests = self.env["npo.request"]
        for candidate in self:
            request = requests.create(
                {
                    "company_id": candidate.company_id.id,
                    "partner_id": candidate.partner_id.id,
                    "beneficiary_id": candidate.beneficiary_id.id,
                    "service_id": candidate.service_id.id,
                    "channel_id": channel.id,
                    "site_id": candidate.site_id.id,
                    "origin": "proactive",
                    "description": candidate.note,
                }
            )
            request._mark_submitted()
            request.action_receive()
            candidate.sudo().write({"state": "opened", "request_id": request.id})
        if len(self) > 1:
            return True
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.request",
            "res_id": self.request_id.id,
            "view_mode": "form",
        }

    def _channel(self):
        """Return the telephone where the policy opens it, else its first channel."""
        version = self.company_id[:1].sudo().npo_policy_version_id
        channels = (
            version._allowed_channels() if version else version.env["npo.channel"]
        )
        phone = channels.filtered(lambda channel: channel.code == "phone")
        return phone[:1] or channels[:1]

    def _record(self, state, *from_states):
        self._check_step(*from_states)
        for candidate in self.sudo():
            candidate.write(
                {
                    "state": state,
                    "call_count": candidate.call_count + 1,
                    "date_called": fields.Datetime.now(),
                    "called_by_id": self.env.uid,
                }
            )

    def _check_step(self, *states):
        """Raise unless an officer takes the step in one of the states; lock first."""
        if not self.env.user.has_groups(OFFICERS):
            raise AccessError(self.env._("Only a relations officer records calls."))
        self.check_access("write")
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._("A colleague is recording this call at this very moment.")
            ) from None
        self.invalidate_recordset(["state"])
        if any(candidate.state not in states for candidate in self):
            raise UserError(
                self.env._("This was recorded already. Reload the page to see it.")
            )


class NpoBeneficiary(models.Model):
    _inherit = "npo.beneficiary"

    outreach_ids = fields.One2many(
        "npo.outreach",
        "beneficiary_id",
        groups=f"{OFFICERS},npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_auditor",
    )
