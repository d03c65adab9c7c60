from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

KINDS = [("field_survey", "Field survey"), ("readiness", "Readiness")]
SECTIONS = [
    ("general_order", "General order"),
    ("instructions_clarity", "Clarity of instructions"),
    ("workflow_supervision", "Workflow supervision"),
    ("readiness", "Readiness before opening"),
]


class NpoChecklist(models.Model):
    """What is looked at on a round, as data (R184, R194–R197; glossary 20).

    The product proposes a list of each kind; an association that wants another makes
    it its own. A round takes the items over when it begins: what is changed here is
    asked from the next round on, and the version says which list a round went by.
    """

    _name = "npo.checklist"
    _description = "Checklist"
    _order = "kind, company_id, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        index=True,
        help="Empty: the list that the product proposes to all.",
    )
    active = fields.Boolean(default=True)
    version = fields.Integer(readonly=True, copy=False, default=1, aggregator=None)
    item_ids = fields.One2many("npo.checklist.item", "checklist_id", "Items", copy=True)
    item_count = fields.Integer(compute="_compute_item_count")

    _one_each = models.UniqueIndex(
        "(COALESCE(company_id, 0), kind) WHERE active IS TRUE",
        "The association has a list of this kind already: change that one.",
    )

    @api.depends("item_ids")
    def _compute_item_count(self):
        counts = dict(
            self.env["npo.checklist.item"]._read_group(
                [("checklist_id", "in", self.ids)], ["checklist_id"], ["__count"]
            )
        )
        for checklist in self:
            checklist.item_count = counts.get(checklist._origin, 0)

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_proposed(any(not vals.get("company_id") for vals in vals_list))
        return super().create([{**vals, "version": 1} for vals in vals_list])

    def write(self, vals):
        self._check_own()
        result = super().write({k: v for k, v in vals.items() if k != "version"})
        self._check_own()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        self._check_own()

    def _check_own(self):
        """Refuse a change of what the product proposes to all associations."""
        self._refuse_proposed(any(not one.company_id for one in self))

    def _refuse_proposed(self, is_proposed):
        if is_proposed and not self.env.su:
            raise UserError(
                self.env._(
                    "This list is proposed to every association. Press “Make it our"
                    " own” and change that one."
                )
            )

    def _next_version(self):
        """Count a change of the items; what the product proposes changes with it."""
        for checklist in self.sudo().filtered("company_id"):
            super(NpoChecklist, checklist).write({"version": checklist.version + 1})

    # ------------------------------------------------------------
    # USE
    # ------------------------------------------------------------

    @api.model
    def _of(self, company, kind):
        """Return the list of an association: its own, or the one proposed."""
        lists = self.sudo().search(
            Domain("kind", "=", kind)
            & Domain("company_id", "in", (company.id, False))
            & Domain("active", "=", True)
        )
        return lists.filtered("company_id") or lists

    def _items_for(self, site):
        """Return the items that are looked at in a site."""
        return self.item_ids.filtered(
            lambda item: not item.site_ids or site in item.site_ids
        )

    def action_adapt(self):
        """Make the association its own list of what is proposed."""
        self.ensure_one()
        self.check_access("read")
        self.check_access("create")
        company = self.env.company
        own = self._of(company, self.kind)
        if not own.company_id:
            own = self.copy({"company_id": company.id, "name": self.name})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": own.id,
            "view_mode": "form",
        }


class NpoChecklistItem(models.Model):
    """One thing that is looked at."""

    _name = "npo.checklist.item"
    _description = "Item of a Checklist"
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one(
        "npo.checklist", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    section = fields.Selection(SECTIONS, required=True)
    code = fields.Char()
    name = fields.Char("What is looked at", required=True, translate=True)
    site_ids = fields.Many2many(
        "npo.site",
        string="Only at",
        help="Empty: at every site.",
        domain="[('company_id', '=', parent.company_id)]",
    )

    _code_uniq = models.UniqueIndex(
        "(checklist_id, code) WHERE code IS NOT NULL",
        "Another item of the list has this code.",
    )

    @api.constrains("section", "checklist_id")
    def _check_section(self):
        """The daily survey has its three points; readiness is a list of its own."""
        for item in self:
            is_readiness = item.checklist_id.kind == "readiness"
            if is_readiness != (item.section == "readiness"):
                raise ValidationError(
                    self.env._("“%s” stands in a section of another list.", item.name)
                )

    @api.constrains("site_ids", "checklist_id")
    def _check_sites(self):
        for item in self.filtered("site_ids"):
            if item.site_ids.company_id != item.checklist_id.company_id:
                raise ValidationError(
                    self.env._("“%s” names a site of another association.", item.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.checklist_id._check_own()
        items.checklist_id._next_version()
        return items

    def write(self, vals):
        lists = self.checklist_id
        lists._check_own()
        result = super().write(vals)
        (lists | self.checklist_id)._check_own()
        lists._next_version()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        self.checklist_id._check_own()
        self.checklist_id._next_version()
