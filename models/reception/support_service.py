from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.guards import without_defaults
from .visit import NpoVisit as Base

MAX_QUANTITY = 1000


class NpoSupportServiceType(models.Model):
    """A small service beside the matter itself: a copy, a call (R189)."""

    _name = "npo.support.service.type"
    _description = "Kind of Support Service"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    caution = fields.Char(
        translate=True, help="Shown to who logs it, each time it is pressed."
    )

    _code_uniq = models.UniqueIndex("(code)", "Another service has this code.")


class NpoSupportService(models.Model):
    """What was done for visitors beside their matter, how often, by whom (R189)."""

    _name = "npo.support.service"
    _description = "Support Service"
    _order = "id desc"
    _rec_name = "type_id"
    _check_company_auto = True

    type_id = fields.Many2one("npo.support.service.type", "Service", required=True)
    quantity = fields.Integer(required=True, default=1)
    visit_id = fields.Many2one("npo.visit", check_company=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one(
        "npo.site",
        required=True,
        check_company=True,
        compute="_compute_site_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    date = fields.Datetime(
        "Logged at", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, default=lambda self: self.env.user
    )

    _once_a_visit = models.UniqueIndex(
        "(visit_id, type_id) WHERE visit_id IS NOT NULL",
        "This service stands on the visit already: change its number.",
    )
    _list_idx = models.Index("(company_id, date DESC)")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A service was done at least once."
    )

    @api.depends("visit_id")
    def _compute_site_id(self):
        default = self.env["npo.interaction"]._default_site_id()
        for service in self:
            service.site_id = service.visit_id.site_id or service.site_id or default

    # What its caller says of a service; who did it and when is not theirs to say.
    _told = frozenset({"type_id", "quantity", "visit_id", "company_id", "site_id"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_told(set(vals) - self._told)
        told = without_defaults(self, lambda name: name not in self._told)
        return super(NpoSupportService, told).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._check_told(set(vals) - {"quantity"})
        self.visit_id._check_open_day()
        return super().write(vals)

    def _check_told(self, others):
        if others and not self.env.su:
            raise AccessError(
                self.env._("Of a service that was logged the number alone is changed.")
            )

    @api.constrains("quantity")
    def _check_quantity(self):
        if any(service.quantity > MAX_QUANTITY for service in self):
            raise ValidationError(
                self.env._("At most %s are logged at once.", MAX_QUANTITY)
            )

    @api.constrains("visit_id")
    def _check_open_day(self):
        self.visit_id._check_open_day()

    @api.model
    def _log(self, visit, service_type, quantity=1):
        """Log a service on a visit; pressed again, its number goes up.

        :return: how often it was done on the visit
        """
        visit._check_counter()
        visit._check_open_day()
        domain = [("visit_id", "=", visit.id), ("type_id", "=", service_type.id)]
        line = self.search(domain)
        if line:
            line.quantity += quantity
        else:
            line = self.create(
                {
                    "visit_id": visit.id,
                    "company_id": visit.company_id.id,
                    "type_id": service_type.id,
                    "quantity": quantity,
                }
            )
        return line.quantity


class NpoVisit(models.Model):
    _inherit = Base._name

    support_service_ids = fields.One2many(
        "npo.support.service", "visit_id", string="Support services"
    )

    def action_support(self, code, quantity=1):
        """Log a support service on the visit, by one key (R189).

        :return: {"quantity", "caution"}
        """
        self.ensure_one()
        kinds = self.env["npo.support.service.type"]
        kind = kinds.search([("code", "=", code)], limit=1)
        if not kind:
            raise UserError(self.env._("Choose a service of the list."))
        if not isinstance(quantity, int):
            raise UserError(self.env._("How often is a whole number."))
        count = self.env["npo.support.service"]._log(self, kind, quantity)
        return {"quantity": count, "caution": kind.caution or ""}
