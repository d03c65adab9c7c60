from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssociationCommon, new_users

# Roles beside those of `AssociationCommon`: user name -> groups.
MORE_ROLES = {
    "health": "npo_relations.group_npo_health_reader",
    "admin": "npo_relations.group_npo_admin",
    "internal": "base.group_user",
    "portal": "base.group_portal",
    "stranger": "base.group_portal",
}
# Who may be told apart, by the names of the tests: the code of each in the glossary,
# which is the column of `security/access_table.csv`.
ROLE_CODES = {
    "front": "service_representative",
    "officer": "relations_officer",
    "delegate": "branch_delegate",
    "researcher": "social_researcher",
    "member": "committee_member",
    "deliverer": "delivery_officer",
    "governor": "governance_officer",
    "health": "health_reader",
    "manager": "general_manager",
    "protector": "data_protection_officer",
    "handler": "complaint_officer",
    "sealer": "sealed_case_officer",
    "centre": "center_officer",
    "chief": "center_manager",
    "lawyer": "legal_adviser",
    "claims": "compensation_officer",
    "grantor": "compensation_approver",
    "payer": "finance_officer",
    "auditor": "auditor",
    "admin": "administrator",
    "internal": "employee",
    "portal": "portal_beneficiary",
}
ROLE_NAMES = tuple(ROLE_CODES)
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


class SecurityCommon(AssociationCommon):
    """An association, a second one beside it, and everybody who may try something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= new_users(
            cls.env,
            cls.company,
            {
                name: (f"{name}_{cls.company.id}", groups)
                for name, groups in MORE_ROLES.items()
            },
        )

    @classmethod
    def _new_person(cls, name, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"{name}_{company.id}",
            groups,
            name=name.capitalize(),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _npo_models(cls, transient=None, abstract=False):
        """Return the names of the models of this module."""
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if name.startswith("npo.")
            and model._abstract == abstract
            and transient in (None, bool(model._transient))
        )

    @classmethod
    def _as(cls, name, records):
        """Return records as a user of the association sees them, without any cache."""
        user = cls.users[name] if isinstance(name, str) else name
        records.env.flush_all()
        records.env.invalidate_all()
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    @classmethod
    def _new_portal_file(cls, name="portal", index=1):
        """Return the file of a portal user."""
        partner = cls.users[name].partner_id
        return cls._new_beneficiary(index, name="Portal Person", partner_id=partner.id)

    def _assert_refused(self, call, error=UserError):
        """Assert that a call raises an error, and undo what it did."""
        with self.assertRaises(error) as caught, self.cr.savepoint():
            call()
            self.env.flush_all()
        return caught.exception

    def _ways(self, model, records, name):
        """Return every way to ask for a field, each of which must be refused."""
        stored = model._fields[name].store
        ways = [
            lambda: records.read([name]),
            lambda: records.export_data([name]),
            lambda: records.web_read({name: {}}),
            lambda: records.web_save({name: "x"}, {}),
            lambda: records.mapped(name),
            lambda: records.write({name: False}),
        ]
        if stored and model._fields[name].type != "binary":
            ways += [
                lambda: model.search([(name, "!=", False)]),
                lambda: model.search_count([(name, "=like", "1%")]),
                lambda: model.search([], order=name),
                lambda: model._read_group([], [name]),
                lambda: model._read_group([], [], [f"{name}:array_agg"]),
                lambda: model.formatted_read_group([], [name], ["__count"]),
                lambda: records.filtered_domain([(name, "!=", False)]),
            ]
        return ways
