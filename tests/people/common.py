import base64

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

from ..common import new_users, work_in_riyadh

ROLES = (
    "service_representative",
    "branch_delegate",
    "relations_officer",
    "social_researcher",
    "committee_member",
    "delivery_officer",
    "governance_officer",
    "health_reader",
    "general_manager",
    "auditor",
    "admin",
)
# Valid numbers of glossary 27, and more that pass Luhn.
NATIONAL_ID = "1000000008"
OTHER_NATIONAL_ID = "1010101010"
IQAMA = "2000000006"
IBAN = "SA0380000000608010167519"
OTHER_IBAN = "SA4420000001234567891234"

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////"
    "////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////"
    "////////////////////////////////////////////////////wAARCAABAAEDASIAAhEBAxEB/8QA"
    "FQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAA"
    "AAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ALQAf//Z"
)


class PeopleCommon(BaseCommon):
    """Two associations; in the first one user of each role, two sites, a portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        work_in_riyadh(cls.env)
        cls.company = cls.env["res.company"].create({"name": "Association A"})
        cls.other_company = cls.env["res.company"].create({"name": "Association B"})
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.site, cls.branch = cls.env["npo.site"].create(
            [
                {"name": "Headquarters", "company_id": cls.company.id},
                {
                    "name": "Branch",
                    "company_id": cls.company.id,
                    "kind": "branch",
                    "sequence": 20,
                },
            ]
        )
        cls.users_by_role = new_users(
            cls.env,
            cls.company,
            {
                role: (
                    f"npo_{role}",
                    f"npo_relations.group_npo_{role},base.group_allow_export",
                )
                for role in ROLES
            },
        )
        cls.officer = cls.users_by_role["relations_officer"]
        cls.users_by_role["branch_delegate"].npo_site_ids = cls.branch
        cls.stranger = cls._new_user("npo_stranger", "base.group_user")
        cls.portal_user = cls._new_user("npo_portal", "base.group_portal")
        cls.portal_stranger = cls._new_user("npo_portal_stranger", "base.group_portal")
        cls.other_officer = new_test_user(
            cls.env,
            "npo_other_officer",
            "npo_relations.group_npo_relations_officer",
            company_id=cls.other_company.id,
            company_ids=cls.other_company.ids,
        )
        cls.Beneficiary = cls.env["npo.beneficiary"]
        cls.Document = cls.env["npo.document"]

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    @classmethod
    def _new_file(cls, **vals):
        """Return a file of the first association, as superuser."""
        return cls.Beneficiary.create(
            {"name": "محمد بن عبدالله العتيبي", "company_id": cls.company.id, **vals}
        )

    @classmethod
    def _type(cls, code):
        return cls.env.ref(f"npo_relations.document_type_{code}")

    def _as(self, record, user):
        """Return a record as a user sees it, in the user's own company."""
        return record.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
