from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.guards import check_values, is_derived, without_defaults
from .agreement import IN_FORCE
from .agreement_line import CONSEQUENCES

STEP_FIELDS = frozenset({"decided_by_id", "date_decided", "decision"})


class NpoAgreementBreach(models.Model):
    """A duty that was not performed, and what follows from it (R027).

    Whoever notices it logs it, with the consequence that the agreement itself names;
    what follows is decided by a legal adviser or the general manager.
    """

    _name = "npo.agreement.breach"
    _description = "Breach of an Agreement"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        "npo.agreement.line",
        string="Obligation",
        required=True,
        index=True,
        domain="[('kind', '=', 'duty'), ('agreement_id.state', 'in', ('active',"
        " 'to_review'))]",
        ondelete="restrict",
    )
    agreement_id = fields.Many2one(
        related="line_id.agreement_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="line_id.company_id",
        string="Association",
        store=True,
        precompute=True,
        index=True,
    )
    party_id = fields.Many2one(related="line_id.party_id", string="By")
    date = fields.Date(required=True, default=fields.Date.context_today)
    description = fields.Text("What happened", required=True)
    evidence = fields.Binary(attachment=True)
    evidence_name = fields.Char("Name of the evidence")
    consequence = fields.Selection(
        CONSEQUENCES,
        string="Proposed consequence",
        compute="_compute_consequence",
        store=True,
        readonly=False,
        precompute=True,
        help="As the agreement names it for this duty.",
    )
    consequence_text = fields.Char(related="line_id.consequence_text")
    decision = fields.Text("What was decided", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False
    )
    date_decided = fields.Date("Decided on", readonly=True, copy=False)

    @api.depends("line_id")
    def _compute_consequence(self):
        for breach in self:
            breach.consequence = breach.line_id.consequence

    @api.constrains("line_id", "date")
    def _check_duty(self):
        for breach in self:
            agreement = breach.agreement_id
            if breach.line_id.kind != "duty" or agreement.state not in IN_FORCE:
                raise ValidationError(
                    self.env._("A breach is of a duty of an agreement in force.")
                )
            if not agreement.date_from <= breach.date <= breach.company_id._npo_today():
                raise ValidationError(
                    self.env._("A breach lies between the first day and today.")
                )

    @api.model
    def _is_guarded(self, name):
        return name in STEP_FIELDS or is_derived(self, name)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_vals(vals)
        breaches = super(
            NpoAgreementBreach, without_defaults(self, self._is_guarded)
        ).create(vals_list)
        breaches.agreement_id._schedule(
            self.env._("A breach was logged: decide what follows"), "legal_adviser"
        )
        return breaches

    def write(self, vals):
        self._check_vals(vals)
        told = set(vals) - set(self.env["mail.thread"]._fields)
        if told and not self.env.su and any(breach.date_decided for breach in self):
            raise UserError(self.env._("What was decided on is not changed."))
        return super().write(vals)

    def _check_vals(self, vals):
        check_values(self, vals)
        if not self.env.su and any(self._is_guarded(name) for name in vals):
            raise AccessError(self.env._("What follows is decided by its button."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A breach is on record and not deleted."))

    def _decide(self, decision, consequence=None):
        """Decide what follows from the breach."""
        self.agreement_id._require_role("legal_adviser", "general_manager")
        decision = (decision or "").strip()
        if not decision:
            raise UserError(self.env._("Write what was decided."))
        if any(breach.date_decided for breach in self):
            raise UserError(self.env._("This was decided already."))
        check_values(self, {"decision": decision})
        vals = {"consequence": consequence} if consequence else {}
        for breach in self.sudo():
            breach.write(
                {
                    **vals,
                    "decision": decision,
                    "decided_by_id": self.env.uid,
                    "date_decided": breach.company_id._npo_today(),
                }
            )
