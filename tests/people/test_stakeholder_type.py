from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..common import AssociationCommon

CLASSES = {
    1: {"beneficiary"},
    2: {"employee"},
    3: {"client", "supplier"},
    4: {"government", "civil"},
    5: {"private"},
}


@tagged("post_install", "-at_install")
class TestStakeholderType(AssociationCommon):
    """Kinds of parties on contacts and associations (R022, R023, R042–R047)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = cls.env["npo.stakeholder.type"].search([])
        cls.kinds = {kind.code: kind for kind in kinds}
        cls.partner = cls.env["res.partner"].create({"name": "Party"})
        cls.person = cls._new_beneficiary()

    def _choose(self, partner, *codes):
        chosen = [self.kinds[code].id for code in codes]
        partner.npo_stakeholder_type_ids = chosen

    def _codes(self, partner, user=None):
        partner = partner.with_user(user or self.officer)
        return set(partner.npo_stakeholder_type_ids.mapped("code"))

    def _found(self, code, user=None):
        partners = self.env["res.partner"].with_user(user or self.officer)
        domain = [("npo_stakeholder_type_ids", "in", self.kinds[code].ids)]
        return partners.search(domain)

    def test_classes(self):
        """R043–R047: the five classes of the fourth kind of policy, in order."""
        found = {number: set() for number in CLASSES}
        for kind in self.kinds.values():
            if kind.stakeholder_class:
                found[kind.stakeholder_class].add(kind.code)
        self.assertEqual(found, CLASSES)

    def test_many_kinds(self):
        """R022: one contact is volunteer and beneficiary; each is found by itself."""
        person = self.person.partner_id
        self._choose(person.with_user(self.officer), "volunteer", "beneficiary")
        self._choose(self.partner, "supporter")
        self.assertEqual(self._codes(person), {"volunteer", "beneficiary"})
        self.assertEqual(person.npo_kind_ids.mapped("code"), ["volunteer"])
        self.assertIn(person, self._found("volunteer"))
        self.assertIn(person, self._found("beneficiary"))
        self.assertEqual(self._found("supporter"), self.partner)

    def test_beneficiary_by_the_file(self):
        """A file makes a beneficiary; nobody becomes or ceases to be one by hand."""
        self.assertEqual(self._codes(self.person.partner_id), {"beneficiary"})
        self._choose(self.partner, "beneficiary")
        self.assertEqual(self._codes(self.partner), set())
        self._choose(self.person.partner_id)
        self.assertEqual(self._codes(self.person.partner_id), {"beneficiary"})

    def test_employee_by_the_list(self):
        """R044: who is employed is of that kind by itself, in their association."""
        contact = self.env["res.partner"].create({"name": "Worker"})
        employee = self.env["hr.employee"].create(
            {
                "name": "Worker",
                "company_id": self.company.id,
                "work_contact_id": contact.id,
            }
        )
        self.assertEqual(self._codes(contact), {"employee"})
        self.assertIn(contact, self._found("employee"))
        self.assertTrue(contact.with_user(self.officer).npo_is_stakeholder)
        self._choose(contact.with_user(self.officer), "employee", "volunteer")
        self.assertEqual(contact.npo_kind_ids.mapped("code"), ["volunteer"])
        # nothing else of the employee is told, and nothing to another association
        self.assertFalse(employee.with_user(self.officer).has_access("read"))
        foreign = self._new_association("Other", "masaken")
        stranger = self._new_staff("stranger", "relations_officer", foreign)
        own = contact.with_user(stranger).with_context(allowed_company_ids=foreign.ids)
        self.assertEqual(own.npo_stakeholder_type_ids.mapped("code"), ["volunteer"])
        employee.action_archive()
        self.env.invalidate_all()
        self.assertEqual(self._codes(contact), {"volunteer"})

    def test_register(self):
        """R042: whoever has a kind is in the register, and nobody else."""
        self.assertFalse(self.partner.npo_is_stakeholder)
        self._choose(self.partner, "supplier")
        partners = self.env["res.partner"].with_user(self.officer)
        both = self.partner | self.person.partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "npo_relations.npo_stakeholder_action"
        )
        domain = [("npo_is_stakeholder", "=", True)]
        self.assertEqual(str(domain), action["domain"])
        self.assertLessEqual(both, partners.search(domain))
        others = partners.search([("npo_is_stakeholder", "=", False)])
        self.assertFalse(both & others)
        self.assertFalse(
            both & partners.search([("npo_stakeholder_type_ids", "=", False)])
        )

    def test_who_sees_beneficiaries(self):
        """Who may not read a file does not learn by the kinds that there is one."""
        person = self.person.partner_id
        self._choose(person, "volunteer")
        for name in ("governor", "delegate"):
            user = self.users[name]
            with self.subTest(user=name):
                self.env.invalidate_all()
                self.assertEqual(self._codes(person, user), {"volunteer"})
                self.assertNotIn(person, self._found("beneficiary", user))
                self.assertIn(person, self._found("volunteer", user))

    def test_outsider(self):
        """An employee without a role reads no kind, neither by search nor grouping."""
        outsider = new_test_user(
            self.env,
            "kind_outsider",
            "base.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        partners = self.env["res.partner"].with_user(outsider)
        domain = [("npo_stakeholder_type_ids", "in", self.kinds["volunteer"].ids)]
        for attempt in (
            lambda: partners.browse(self.person.partner_id.id).read(["npo_kind_ids"]),
            lambda: partners.search(domain),
            lambda: partners.search([("npo_is_stakeholder", "=", True)]),
            lambda: partners._read_group([], ["npo_kind_ids"], ["__count"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        arch = partners.get_views([(False, "search"), (False, "form")])["views"]
        self.assertNotIn("npo_", arch["search"]["arch"])
        self.assertNotIn("npo_stakeholder_type_ids", arch["form"]["arch"])

    def test_second_association(self):
        """The file of one association makes no beneficiary for another."""
        other = self._new_association("Other Association", "harfa")
        officer = self._new_staff("other", "relations_officer", other)
        partner = self.person.partner_id
        partner.company_id = False
        self.env.invalidate_all()
        partner = partner.with_context(allowed_company_ids=other.ids)
        self.assertEqual(self._codes(partner, officer), set())

    def test_profiles(self):
        """R023: the fourth kind has suppliers, the others supporters."""
        self.assertEqual(
            set(self.company.npo_stakeholder_type_ids.mapped("code")),
            {"beneficiary", "supporter", "volunteer", "other"},
        )
        harfa = self._new_association("Harfa Test", "harfa")
        codes = set(harfa.npo_stakeholder_type_ids.mapped("code"))
        self.assertEqual(codes, {"volunteer", "other"}.union(*CLASSES.values()))
        harfa.npo_stakeholder_type_ids = self.kinds["other"]
        harfa._npo_apply_profile("harfa")
        self.assertEqual(harfa.npo_stakeholder_type_ids, self.kinds["other"])

    def _filters(self, company):
        view = self.env.ref("base.view_res_partner_filter")
        partners = self.env["res.partner"].with_context(allowed_company_ids=company.ids)
        arch = partners.get_view(view.id, "search")["arch"]
        names = etree.fromstring(arch).xpath("//filter/@name")
        return {name for name in names if name.startswith("npo_kind_")}

    def test_filters(self):
        """R023: a filter for each kind of the association, and no other."""
        self.assertEqual(
            self._filters(self.company),
            {
                f"npo_kind_{code}"
                for code in ("beneficiary", "supporter", "volunteer", "other")
            },
        )
        harfa = self._new_association("Harfa Test", "harfa")
        self.assertIn("npo_kind_supplier", self._filters(harfa))
        self.assertNotIn("npo_kind_supporter", self._filters(harfa))

    def test_class(self):
        """R046: the fourth class is found by its number, both of its kinds."""
        bodies = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        self._choose(bodies[0], "government")
        self._choose(bodies[1], "civil")
        self._choose(self.partner, "private")
        domain = [("npo_stakeholder_type_ids.stakeholder_class", "=", 4)]
        partners = self.env["res.partner"].with_user(self.officer)
        self.assertEqual(partners.search(domain), bodies)

    def test_form(self):
        with Form(self.partner) as form:
            form.npo_stakeholder_type_ids.add(self.kinds["volunteer"])
        self.assertEqual(self.partner.npo_kind_ids, self.kinds["volunteer"])

    def test_statements(self):
        """The kinds of a list are read for all of its contacts at once."""
        partners = self.partner | self.env["res.partner"].create(
            [{"name": f"Party {number}"} for number in range(30)]
        )
        counts = []
        for records in (partners[:2], partners):
            self.env.invalidate_all()
            records = records.with_user(self.officer)
            before = self.env.cr.sql_log_count
            records.mapped("npo_stakeholder_type_ids")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
