import os
import re
from contextlib import contextmanager
from unittest.mock import patch

from lxml import etree

from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL

from .common import PeopleCommon

# Issue 4 speaks of 100,000 files and 400,000 members: NPO_SIZE=100000 makes them,
# which takes minutes. The plans are the same from a few thousand on.
FEW = 500
MANY = int(os.environ.get("NPO_SIZE", "20000"))
MEMBERS_EACH = 4
REGISTERS = (
    "npo_beneficiary",
    "npo_document",
    "npo_household",
    "npo_household_member",
    "res_partner",
    "res_partner_bank",
)
GIVEN = (
    "احمد محمد خالد سعد فهد علي صالح ماجد سارة نورة هدى ريم منى ظافر بدر عمر".split()
)
FAMILIES = "العتيبي القحطاني الحربي الغامدي الزهراني الشمري الدوسري المطيري".split()


@tagged("post_install", "-at_install")
class TestPeopleSize(PeopleCommon):
    """Issue 4, performance.md: what an officer does costs the same in a full register.

    Statements are counted at two sizes; in the larger one no plan reads through a
    whole register.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.Beneficiary.with_user(cls.officer).with_context(
            allowed_company_ids=cls.company.ids
        )
        cls.actions = cls._actions()
        cls.counts = {}
        cls._fill(1, FEW)
        cls._measure(FEW)
        cls._fill(FEW + 1, MANY)
        cls._measure(MANY)

    # ------------------------------------------------------------
    # THE REGISTER
    # ------------------------------------------------------------

    @classmethod
    def _fill(cls, first, last):
        """Make persons first to last, their files and their families, by SQL."""
        values = {
            "first": first,
            "last": last,
            "given": GIVEN,
            "families": FAMILIES,
            "company": cls.company.id,
            "site": cls.site.id,
            "members": MEMBERS_EACH,
            "kind": cls._type("national_id").id,
        }
        for query in (PARTNERS, BANKS, FILES, DOCUMENTS, HOUSEHOLDS, MEMBERS, HEADS):
            cls.cr.execute(query, values)
        for table in REGISTERS:
            cls.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        cls.cr.execute(
            "SELECT gin_clean_pending_list(indexrelid::regclass) FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
            " WHERE a.amname = 'gin' AND indrelid = ANY(%s::regclass[])",
            [list(REGISTERS)],
        )
        cls.env.invalidate_all()

    # ------------------------------------------------------------
    # WHAT AN OFFICER DOES
    # ------------------------------------------------------------

    @classmethod
    def _actions(cls):
        """Return {name: (what is done, statements at most)}."""
        files = cls.files
        members = files.env["npo.household.member"]
        households = files.env["npo.household"]
        partners = files.env["res.partner"]
        specs = {
            (model._name, kind): cls._view_spec(model, kind)
            for model, kind in (
                (files, "list"),
                (files, "form"),
                (households, "list"),
                (households, "form"),
            )
        }
        member_spec = specs["npo.household", "form"]["member_ids"]["fields"]

        def read_list(model, spec, domain=()):
            # the web client bounds the pager's own count
            found = model.web_search_read(list(domain), spec, limit=80, count_limit=101)
            return found["records"]

        def newest(model, count=1):
            return model.browse(model.search([], limit=count, order="id desc").ids)

        def hint():
            typed = {
                "name": "ساره خالد محمد العتيبى",
                "phone": "0500000400",
                "birth_date": "1980-01-01",
                "identity_number": "1000000123",
                "iban": "SA0380000000608010167519",
            }
            duplicates = files.env["npo.duplicate"]
            return duplicates._likely(cls.company, typed, files.browse())

        return {
            "name": (lambda: files.name_search("ظافر الزهرانى رقم477"), 8),
            "common name": (lambda: files.name_search("محمد"), 8),
            "identity": (lambda: files._npo_find("1000000321"), 4),
            "phone": (lambda: files._npo_find("0500000321"), 4),
            "nobody": (lambda: not files.name_search("خخخ ثثث"), 8),
            "list": (lambda: read_list(files, specs["npo.beneficiary", "list"]), 8),
            "search in list": (
                lambda: read_list(
                    files,
                    specs["npo.beneficiary", "list"],
                    [("npo_search", "ilike", "ظافر رقم477")],
                ),
                8,
            ),
            "form": (
                lambda: newest(files).web_read(specs["npo.beneficiary", "form"]),
                40,
            ),
            "hints": (hint, 8),
            "households": (
                lambda: read_list(households, specs["npo.household", "list"]),
                8,
            ),
            "members": (
                lambda: read_list(
                    members,
                    member_spec,
                    [("household_id", "=", newest(households).id)],
                ),
                10,
            ),
            "household by a member": (
                lambda: households.name_search("ظافر رقم477"),
                10,
            ),
            "contact": (lambda: partners.name_search("ظافر الزهراني رقم477"), 8),
        }

    @classmethod
    def _view_spec(cls, model, kind):
        """Return the fields of a view as the web client asks for them."""
        view = model.get_views([(False, kind)])
        known = view["models"][model._name]["fields"]
        arch = etree.fromstring(view["views"][kind]["arch"])
        return {
            node.get("name"): cls._field_spec(known[node.get("name")], node)
            for node in arch.iter("field")
            if node.get("name") in known
            and not any(parent.tag == "field" for parent in node.iterancestors())
        }

    @classmethod
    def _field_spec(cls, field, node):
        if field["type"] not in ("many2one", "one2many", "many2many"):
            return {}
        if field["type"] == "many2one":
            return {"fields": {"display_name": {}}}
        nested = node.find("list")
        names = [] if nested is None else [n.get("name") for n in nested.iter("field")]
        return {"fields": {name: {} for name in names}}

    @classmethod
    def _measure(cls, size):
        """Count the statements of each action, its caches warm, its records cold."""
        counts = cls.counts[size] = {}
        for name, (action, _limit) in cls.actions.items():
            action()
            cls.env.invalidate_all()
            before = cls.cr.sql_log_count
            assert action(), name
            counts[name] = cls.cr.sql_log_count - before

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def test_statements(self):
        """Each within its budget, and no dearer in the full register."""
        for name, (_action, limit) in self.actions.items():
            few, many = self.counts[FEW][name], self.counts[MANY][name]
            with self.subTest(name):
                self.assertLessEqual(many, limit)
                self.assertLessEqual(many, few + 1)

    def test_plans(self):
        """No statement reads through a register; the planner chooses freely.

        The count of the pager stops at its bound.
        """
        for name, (action, _limit) in self.actions.items():
            self.env.invalidate_all()
            with self._explained() as plans:
                action()
            for query, plan in plans:
                if query.startswith("SELECT COUNT(*) FROM (SELECT"):
                    self.assertIn("Limit", plan)
                    continue
                read = re.findall(r"Seq Scan on (\w+)", plan)
                with self.subTest(name):
                    self.assertFalse(
                        set(read).intersection(REGISTERS), f"{query}\n{plan}"
                    )

    def test_index_of_each_search(self):
        """The index that each search was made for is the one that serves it."""
        for name, index in (
            ("name", "npo_beneficiary__search_key_index"),
            ("identity", "npo_beneficiary__identity_number_index"),
            ("phone", "npo_beneficiary__search_key_index"),
            ("members", "npo_household_member__household_id_index"),
            ("household by a member", "npo_household_member__search_key_index"),
            ("contact", "res_partner__npo_search_key_index"),
            ("hints", "res_partner_npo_phone_idx"),
            ("hints", "npo_beneficiary_birth_idx"),
            ("hints", "npo_beneficiary__identity_number_index"),
            ("hints", "npo_document_number_idx"),
        ):
            self.env.invalidate_all()
            with self._explained() as plans:
                self.actions[name][0]()
            with self.subTest(name):
                self.assertIn(index, "\n".join(plan for _query, plan in plans))

    @contextmanager
    def _explained(self):
        """Collect (statement, plan) of what is read in the block."""
        execute, plans = Cursor.execute, []

        def explain(cursor, query, params=None, log_exceptions=None):
            text = query.code if isinstance(query, SQL) else query
            values = query.params if isinstance(query, SQL) else params
            if text.lstrip().upper().startswith(("SELECT", "WITH")):
                execute(cursor, f"EXPLAIN {text}", values)
                plan = "\n".join(row[0] for row in cursor.fetchall())
                plans.append((cursor.mogrify(text, values).decode(), plan))
            return execute(cursor, query, params, log_exceptions)

        with patch.object(Cursor, "execute", explain):
            yield plans


PARTNERS = """
    INSERT INTO res_partner (name, complete_name, npo_search_key, phone, active, type,
                             company_id, commercial_partner_id, autopost_bills, ref)
    SELECT name, name, translate(name, 'ةىأ', 'هيا'),
           '+9665' || lpad(n::text, 8, '0'), TRUE, 'contact', %(company)s, NULL, 'ask',
           'npo-size-' || n
      FROM (SELECT n, concat_ws(' ',
                (%(given)s::text[])[1 + n %% 16], (%(given)s::text[])[1 + n / 16 %% 16],
                (%(given)s::text[])[1 + n / 256 %% 16],
                (%(families)s::text[])[1 + n / 7 %% 8], 'رقم' || n) AS name
              FROM generate_series(%(first)s, %(last)s) n) person
"""
BANKS = """
    INSERT INTO res_partner_bank (partner_id, acc_number, sanitized_acc_number, active)
    SELECT id, 'SA' || substr(ref, 10), 'SA' || substr(ref, 10), TRUE
      FROM res_partner
     WHERE ref LIKE 'npo-size-%%'
       AND substr(ref, 10)::int BETWEEN %(first)s AND %(last)s
"""
FILES = """
    INSERT INTO npo_beneficiary (partner_id, company_id, site_id, state, active,
                                 identity_type, identity_number, identity_masked,
                                 birth_date, search_key, file_no)
    SELECT id, %(company)s, %(site)s, 'active', TRUE, 'national_id',
           '1' || lpad(n::text, 9, '0'), '••••', date '1950-01-01' + n %% 20000,
           npo_search_key || ' bnf/s/' || n || ' 9665' || lpad(n::text, 8, '0'),
           'BNF/S/' || n
      FROM (SELECT *, substr(ref, 10)::int AS n FROM res_partner
             WHERE ref LIKE 'npo-size-%%') person
     WHERE n BETWEEN %(first)s AND %(last)s
"""
DOCUMENTS = """
    INSERT INTO npo_document (beneficiary_id, partner_id, company_id, document_type_id,
                              state, number)
    SELECT id, partner_id, company_id, %(kind)s, 'received', identity_number
      FROM npo_beneficiary
     WHERE file_no LIKE 'BNF/S/%%'
       AND substr(file_no, 7)::int BETWEEN %(first)s AND %(last)s
"""
HOUSEHOLDS = """
    INSERT INTO npo_household (reference, company_id, site_id, active, member_count)
    SELECT 'HH/S/' || n, %(company)s, %(site)s, TRUE, %(members)s
      FROM generate_series(%(first)s, %(last)s) n
"""
MEMBERS = """
    INSERT INTO npo_household_member
           (household_id, company_id, site_id, partner_id, name, search_key, relation,
            is_head, is_current, birth_date, date_from, identity_number)
    SELECT h.id, h.company_id, h.site_id, CASE WHEN m = 1 THEN p.id END,
           p.name || ' ' || m, p.npo_search_key || ' ' || m,
           CASE WHEN m = 1 THEN 'head' ELSE 'son' END, m = 1, TRUE,
           date '1950-01-01' + h.n * 7 %% 25000, '2020-01-01',
           m || lpad(h.n::text, 9, '0')
      FROM (SELECT *, substr(reference, 6)::int AS n FROM npo_household
             WHERE reference LIKE 'HH/S/%%') h
      JOIN res_partner p ON p.ref = 'npo-size-' || h.n
     CROSS JOIN generate_series(1, %(members)s) m
     WHERE h.n BETWEEN %(first)s AND %(last)s
"""
HEADS = """
    UPDATE npo_household h SET head_id = m.id FROM npo_household_member m
     WHERE m.household_id = h.id AND m.is_head AND h.head_id IS NULL
"""
