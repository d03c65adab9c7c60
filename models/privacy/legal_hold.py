from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tools import SQL

from ..core.guards import reads, without_defaults

PROTECTOR = "data_protection_officer"
HOLDERS = (PROTECTOR, "governance_officer", "legal_adviser")


class NpoLegalHold(models.Model):
    """What must not be destroyed, although its time has run (D17, P016).

    A court, an authority or a dispute outside of the system asks for it. The hold is
    on a person, with all that leads there, or on one record; it ends on its day or when
    it is lifted with a reason. Who set it, and who lifted it, stays on record.
    """

    _name = "npo.legal.hold"
    _description = "Legal Hold"
    _inherit = ["mail.thread", "npo.reference.mixin"]
    _order = "id desc"
    _reference_prefix = "HLD"
    _check_company_auto = True

    name = fields.Char("Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    res_model = fields.Selection(
        selection="_selection_res_model", string="Kind of record"
    )
    res_id = fields.Many2oneReference("Number of the record", model_field="res_model")
    reason = fields.Text(required=True, tracking=True)
    authority = fields.Char(
        tracking=True, help="Which court or authority asked for it, and its number."
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self.env.company._npo_today()
    )
    date_until = fields.Date("Until", tracking=True, help="Empty: until it is lifted.")
    user_id = fields.Many2one(
        "res.users",
        string="Set by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    date_lifted = fields.Date("Lifted on", readonly=True, copy=False, tracking=True)
    lifted_by_id = fields.Many2one("res.users", "Lifted by", readonly=True, copy=False)
    lift_reason = fields.Text("Why it was lifted", copy=False, tracking=True)
    is_in_force = fields.Boolean(
        "In force", compute="_compute_is_in_force", search="_search_is_in_force"
    )

    _names_something = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR (res_model IS NOT NULL AND res_id > 0))",
        "Say whom or what is held.",
    )
    _days_in_order = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)",
        "A hold ends after it begins.",
    )
    _record_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    @api.model
    def _selection_res_model(self):
        return [
            (rule.res_model, rule.name)
            for rule in self.env["npo.retention.rule"]._known()
            if rule.method in ("person", "own") and rule.res_model != "res.partner"
        ]

    @api.depends("date_from", "date_until", "date_lifted", "company_id")
    def _compute_is_in_force(self):
        for hold in self:
            today = hold.company_id._npo_today()
            hold.is_in_force = (
                bool(hold.date_from)
                and hold.date_from <= today
                and not hold.date_lifted
                and (not hold.date_until or hold.date_until >= today)
            )

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        held = fields.Domain("date_lifted", "=", False)
        held &= fields.Domain("date_from", "<=", today)
        held &= fields.Domain("date_until", "=", False) | fields.Domain(
            "date_until", ">=", today
        )
        return held if True in value else ~held

    @api.model
    def _is_in_force(self, company):
        """Return the SQL of whether a hold `h` is in force today."""
        return SQL(
            "(h.date_lifted IS NULL AND h.date_from <= %(today)s"
            " AND (h.date_until IS NULL OR h.date_until >= %(today)s))",
            today=company._npo_today(),
        )

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self)
        self._check_holder()
        vals_list = [self._with_person(vals) for vals in vals_list]
        for vals, name in zip(vals_list, self._new_references(vals_list), strict=True):
            vals.update(name=name, user_id=self.env.uid)
        return super().create(vals_list)

    @api.model
    def _with_person(self, vals):
        """Return the values with the person of a record: held, it holds its person.

        That one and no other: a name written beside it would be held in its place.
        """
        vals = {**vals, "date_lifted": False, "lifted_by_id": False}
        if vals.get("res_model") and vals.get("res_id"):
            record = self._held_record(vals)
            if "partner_id" in record._fields:
                vals["partner_id"] = record.partner_id.id
        return vals

    @api.model
    def _held_record(self, vals):
        """Return the record that is to be held, in sudo: one of the association.

        Whoever may not know of it is told what is told of one that is not there; it
        would name its person to them (P092). Data protection answers for everybody's
        data, and holds what it does not read as well.
        """
        none = ValidationError(self.env._("There is no record of this number."))
        if vals["res_model"] not in dict(self._selection_res_model()):
            raise none
        own = self.env[vals["res_model"]].browse(vals["res_id"]).exists()
        try:
            is_known = bool(own) and (
                reads(own) or self.env["npo.home"]._has_role(PROTECTOR)
            )
        except MissingError:
            is_known = False
        if not is_known or not self._is_of(own.sudo(), vals.get("company_id")):
            raise none
        return own.sudo()

    @api.model
    def _is_of(self, record, company_id):
        """Tell whether a record, and its person, are of an association."""
        company_id = company_id or self.env.company.id
        fields_ = record._fields
        owners = self.env["res.company"].sudo()
        if "company_id" in fields_:
            owners |= record.company_id
        if "partner_id" in fields_:
            owners |= record.partner_id.company_id
        return set(owners.ids) <= {company_id}

    def write(self, vals):
        if not self.env.su:
            self._check_holder()
            if set(vals) - {"date_until", "authority", "reason", "lift_reason"}:
                raise UserError(
                    self.env._("A hold stays as it was set. Lift it, and set another.")
                )
            if "date_until" in vals:
                self._check_until(fields.Date.to_date(vals["date_until"]))
        return super().write(vals)

    def _check_until(self, until):
        """Raise unless holds would last longer than before, and until today at least.

        What ends a hold early is lifting it, with its reason.
        """
        for hold in self:
            before, today = hold.date_until, hold.company_id._npo_today()
            if until != before and until and (not before or until < max(before, today)):
                raise UserError(
                    self.env._("A hold stays as it was set. Lift it, and set another.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hold is on record. Lift it instead."))

    def _check_holder(self):
        if not self.env.su and not self.env["npo.home"]._has_role(*HOLDERS):
            raise AccessError(
                self.env._("A hold is set and lifted by who protects the data.")
            )

    def action_lift(self):
        """Lift holds, each with its reason written before."""
        self._check_holder()
        self.check_access("write")
        if any(not (hold.lift_reason or "").strip() for hold in self):
            raise UserError(self.env._("Write first why the hold is lifted."))
        for hold in self.filtered(lambda hold: not hold.date_lifted):
            hold.sudo().write(
                {
                    "date_lifted": hold.company_id._npo_today(),
                    "lifted_by_id": self.env.uid,
                }
            )
