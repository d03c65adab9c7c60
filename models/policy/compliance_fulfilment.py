from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.guards import check_values, without_defaults
from ..core.immutable_mixin import NpoImmutableMixin
from ..core.locks import hold

# Written by the register alone.
STEP_FIELDS = frozenset({"company_id", "user_id", "is_late", "is_void"})


class NpoComplianceFulfilment(models.Model):
    """One time that an obligation was met: which, when, by whom, shown by what (R155).

    It stays as it was noted; what was noted by mistake is taken back by who keeps the
    register, and stays too.
    """

    _name = "npo.compliance.fulfilment"
    _description = "Fulfilment of an Obligation"
    _inherit = [NpoImmutableMixin._name]
    _order = "date_due desc, id desc"
    _rec_name = "date_due"

    obligation_id = fields.Many2one(
        "npo.compliance.obligation", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="obligation_id.company_id",
        string="Association",
        store=True,
        index=True,
        precompute=True,
    )
    date_due = fields.Date("Was due on", required=True)
    date_met = fields.Date(
        "Met on", required=True, default=lambda self: self.env.company._npo_today()
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users", "Noted by", readonly=True, default=lambda self: self.env.user
    )
    note = fields.Text("What shows it")
    file = fields.Binary("Evidence", attachment=True)
    file_name = fields.Char()
    is_void = fields.Boolean("Noted by mistake", readonly=True)

    _once = models.UniqueIndex(
        "(obligation_id, date_due) WHERE is_void IS NOT TRUE",
        "This was noted as met already.",
    )

    @api.depends("date_due", "date_met")
    def _compute_is_late(self):
        for line in self:
            line.is_late = bool(
                line.date_due and line.date_met and line.date_met > line.date_due
            )

    @api.constrains("date_met")
    def _check_date_met(self):
        for line in self:
            if line.date_met > line.company_id.sudo()._npo_today():
                raise ValidationError(
                    self.env._("What has not happened yet is not recorded.")
                )

    @api.constrains("note", "file")
    def _check_evidence(self):
        for line in self:
            if not (line.file or (line.note or "").strip()):
                raise ValidationError(
                    self.env._("Write what shows that it was met, or attach it.")
                )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Note obligations as met, and move each to the day it is due on next."""
        self = without_defaults(self, lambda name: name in STEP_FIELDS)
        for vals in vals_list:
            check_values(self, vals)
            if not self.env.su and STEP_FIELDS & set(vals):
                raise AccessError(self._immutable_refusal())
        ids = {self._obligation_id(vals) for vals in vals_list} - {None, False}
        obligations = self.env["npo.compliance.obligation"].browse(ids)
        obligations._require_may_meet()
        self._hold(obligations)
        by_id = {one.id: one for one in obligations}
        completed = [
            self._completed(vals, by_id.get(self._obligation_id(vals)))
            for vals in vals_list
        ]
        self.flush_model(["is_void"])  # the index sees what was taken back just now
        lines = super().create(completed)
        obligations._move_on()
        return lines

    @api.model
    def _obligation_id(self, vals):
        default = self.env.context.get("default_obligation_id")
        return vals.get("obligation_id", default)

    @api.model
    def _hold(self, obligations):
        """Let one at a time note an obligation, and read it as it is by then."""
        hold(obligations)
        obligations.invalidate_recordset(["date_due", "date_met", "is_done"])

    @api.model
    def _completed(self, vals, obligation):
        """Return the values with the day that the obligation is due on.

        A form says which day it was opened for: who presses twice, or second, would
        otherwise note the next time too.
        """
        if not obligation:
            return vals  # the ORM tells that it is missing
        due = vals.get("date_due") or self.env.context.get("default_date_due")
        due = fields.Date.to_date(due) or obligation.date_due
        if obligation.is_done or due != obligation.date_due:
            raise UserError(self.env._("This was noted as met already."))
        return {**vals, "date_due": due}

    @api.model
    def _immutable_refusal(self):
        # OVERRIDE npo.immutable.mixin
        return self.env._("What was noted as met stays as it was noted.")

    # ------------------------------------------------------------
    # TAKEN BACK
    # ------------------------------------------------------------

    def action_take_back(self):
        """Take back what was noted by mistake, the last one first: it is due again."""
        self.check_access("read")
        for line in self:
            obligation = line.obligation_id
            if not obligation._is_keeper():
                raise AccessError(self.env._("Your role does not allow this step."))
            self._hold(obligation)
            valid = obligation.sudo().fulfilment_ids.filtered(
                lambda one: not one.is_void
            )
            if line.sudo() != valid[:1]:
                raise UserError(self.env._("The last one is taken back first."))
            line.sudo().is_void = True
            obligation.sudo()._move_to(line.date_due)
