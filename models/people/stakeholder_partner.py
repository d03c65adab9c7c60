from odoo import api, fields, models
from odoo.fields import Command, Domain

BENEFICIARY = "beneficiary"
EMPLOYEE = "employee"
KIND_FILTER = "npo_kind_"


class ResPartner(models.Model):
    """The kinds of party that a contact is to the association (R022, R042).

    That somebody is a beneficiary is told by their file, and shown only to who may
    read that file; who works in the association is told by the list of employees
    (R044). The other kinds are chosen on the contact.
    """

    _inherit = "res.partner"

    npo_kind_ids = fields.Many2many(
        "npo.stakeholder.type",
        "npo_partner_kind_rel",
        "partner_id",
        "type_id",
        string="Chosen kinds",
        domain=[("code", "!=", BENEFICIARY)],
        groups="npo_relations.group_npo_staff",
    )
    npo_stakeholder_type_ids = fields.Many2many(
        "npo.stakeholder.type",
        string="Kinds of stakeholder",
        compute="_compute_npo_stakeholder_type_ids",
        inverse="_inverse_npo_stakeholder_type_ids",
        search="_search_npo_stakeholder_type_ids",
        groups="npo_relations.group_npo_staff",
    )
    npo_is_stakeholder = fields.Boolean(
        "Stakeholder",
        compute="_compute_npo_is_stakeholder",
        search="_search_npo_is_stakeholder",
        groups="npo_relations.group_npo_staff",
    )

    @api.depends("npo_kind_ids", "npo_beneficiary_ids", "employee_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_npo_stakeholder_type_ids(self):
        beneficiary = self._npo_beneficiary_kind()
        files = self.env["npo.beneficiary"]
        persons = self.browse()
        if files.has_access("read"):
            persons = files.search([("partner_id", "in", self.ids)]).partner_id
        employee = self._npo_kind(EMPLOYEE)
        employees = self._npo_employees()
        for partner in self:
            kinds = partner.npo_kind_ids
            if partner._origin in persons:
                kinds = beneficiary | kinds
            if partner._origin in employees:
                kinds |= employee
            partner.npo_stakeholder_type_ids = kinds

    def _inverse_npo_stakeholder_type_ids(self):
        beneficiary = self._npo_beneficiary_kind()
        employee = self._npo_kind(EMPLOYEE)
        employees = self._npo_employees()
        for partner in self:
            kinds = partner.npo_stakeholder_type_ids - beneficiary
            if partner._origin in employees:
                kinds -= employee
            partner.npo_kind_ids = [Command.set(kinds.ids)]

    @api.model
    def _search_npo_stakeholder_type_ids(self, operator, value):
        if operator == "any":
            value = self.env["npo.stakeholder.type"].search(value).ids
        elif operator != "in":
            return NotImplemented
        kind_ids = {kind_id for kind_id in value if kind_id}
        domain = Domain("npo_kind_ids", "in", list(kind_ids))
        if self._npo_beneficiary_kind().id in kind_ids:
            domain |= self._npo_beneficiary_domain()
        if self._npo_kind(EMPLOYEE).id in kind_ids:
            domain |= self._npo_employee_domain()
        if False in value:
            domain |= ~self._npo_stakeholder_domain()
        return domain

    @api.depends("npo_stakeholder_type_ids")
    def _compute_npo_is_stakeholder(self):
        for partner in self:
            partner.npo_is_stakeholder = bool(partner.npo_stakeholder_type_ids)

    @api.model
    def _search_npo_is_stakeholder(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._npo_stakeholder_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        # EXTENDS base: the filters are those of the association
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (tuple(self.env.company.sudo().npo_stakeholder_type_ids.ids),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        # EXTENDS base: a filter for each kind that the association deals with (R023)
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "search":
            codes = set(self.env.company.sudo().npo_stakeholder_type_ids.mapped("code"))
            for node in arch.xpath(f"//filter[starts-with(@name, '{KIND_FILTER}')]"):
                if node.get("name").removeprefix(KIND_FILTER) not in codes:
                    node.getparent().remove(node)
        return arch, view

    @api.model
    def _npo_beneficiary_kind(self):
        return self._npo_kind(BENEFICIARY)

    @api.model
    def _npo_kind(self, code):
        kinds = self.env["npo.stakeholder.type"].with_context(active_test=False)
        return kinds.sudo().search([("code", "=", code)], limit=1)

    def _npo_employees(self):
        """Return those of the contacts who work in the user's associations.

        In sudo, for the list of employees is not everybody's to read: that somebody
        works here is all that is told.
        """
        employees = self.env["hr.employee"].sudo()
        found = employees.search_fetch(
            [
                ("work_contact_id", "in", self.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["work_contact_id"],
        )
        return self.browse(found.work_contact_id.ids)

    @api.model
    def _npo_employee_domain(self):
        """Return the domain of the contacts of who works in the associations."""
        query = (
            self.env["hr.employee"]
            .sudo()
            ._search(
                [
                    ("work_contact_id", "!=", False),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        return Domain("id", "in", query.subselect("work_contact_id"))

    @api.model
    def _npo_beneficiary_domain(self):
        """Return the domain of the persons whose file the user may read."""
        if not self.env["npo.beneficiary"].has_access("read"):
            return Domain.FALSE
        return Domain("npo_beneficiary_ids", "any", [("id", "!=", False)])

    @api.model
    def _npo_stakeholder_domain(self):
        return (
            Domain("npo_kind_ids", "!=", False)
            | self._npo_beneficiary_domain()
            | self._npo_employee_domain()
        )
