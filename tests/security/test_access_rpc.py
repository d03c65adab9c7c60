from collections import Counter
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ROLES, new_users
from .access_table import FIELDS, TABLE, read
from .common import MORE_ROLES, ROLE_CODES
from .common_records import EveryRecordCommon
from .test_isolation import OWNED

# Every way in which a browser or a programme reads a model: method, arguments.
READ = (
    ("search_read", ([], ["display_name"])),
    ("web_search_read", ([], {"display_name": {}})),
    ("search_count", ([],)),
    ("formatted_read_group", ([], ["id"], ["__count"])),
    ("web_read_group", ([], ["id"], ["__count"])),
    ("name_search", ("",)),
)
READ_ONE = (
    ("read", (["display_name"],)),
    ("web_read", ({"display_name": {}},)),
    ("export_data", (["display_name"],)),
)
WRITE = {"w": "write", "c": "create", "d": "unlink"}
# Through how many relations each protected field is tried.
WAYS_IN = 2
QUIET = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


def refusal(*_args, **_kwargs):
    """Return a refusal without its explanation, which takes queries to write."""
    return AccessError("refused")


@tagged("post_install", "-at_install")
class TestAccessByRpc(EveryRecordCommon):
    """D02: the table of access against what a call from outside gets."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = read(TABLE)
        cls.ids_of = {}
        cls.startClassPatcher(
            patch.object(
                type(cls.env["ir.model.access"]), "_make_access_error", refusal
            )
        )
        cls.startClassPatcher(
            patch.object(type(cls.env["ir.rule"]), "_make_access_error", refusal)
        )
        cls.foreign = cls.env["res.company"].create({"name": "Other Association"})
        groups = {name: f"npo_relations.group_npo_{ROLES.get(name)}" for name in ROLES}
        groups |= MORE_ROLES
        cls.others = new_users(
            cls.env,
            cls.foreign,
            {name: (f"other_{name}", f"{groups[name]}") for name in ROLE_CODES},
            logs_in=False,
        )
        for user in (*cls.others.values(), *cls.users.values()):
            if not user.share:
                user.group_ids |= cls.env.ref("base.group_allow_export")
        cls.env.flush_all()

    def _of(self, user, name):
        company_ids = user.company_ids.ids
        return (
            self.env[name].with_user(user).with_context(allowed_company_ids=company_ids)
        )

    def _ids(self, name):
        """Return the ids of a record of a model, of any number where there is none."""
        if name not in self.ids_of:
            ours = name.startswith("npo.") and not self.env[name]._transient
            record = self._record(name) if ours else ()
            self.ids_of[name] = record.ids if record else [2**30]
        return self.ids_of[name]

    def _is_refused(self, model, method, *args, refusals=UserError, empty=()):
        """Tell whether a call is refused, or, of a method in `empty`, says nothing."""
        try:
            if method == "create":
                with self.cr.savepoint():
                    answer = call_kw(model, method, list(args), {})
            else:
                answer = call_kw(model, method, list(args), {})
        except refusals:
            return True
        return method in empty and not answer

    def _lines(self, letter, has):
        """Yield (role, line) of the table with, or without, a letter."""
        for role, code in ROLE_CODES.items():
            for line in self.table:
                if (letter in line[code]) == has:
                    yield role, line

    def _passed(self, calls, **options):
        """Return the calls that were not refused, and how many there were.

        :param calls: (role, model, method, arguments)
        """
        tried, passed = 0, []
        for role, name, method, args in calls:
            tried += 1
            own = self._of(self.users[role], name)
            if not self._is_refused(own, method, *args, **options):
                passed.append(f"{role} {name}.{method}{args}")
        return tried, passed

    @mute_logger(*QUIET)
    def test_not_read(self):
        """Whose line says no `r` reads by no method, not even an empty answer."""
        tried, passed = self._passed(
            (role, line["model"], method, args)
            for role, line in self._lines("r", has=False)
            for method, args in (
                *READ,
                *(
                    (method, (self._ids(line["model"]), *args))
                    for method, args in READ_ONE
                ),
            )
        )
        self.assertEqual(passed, [])
        self.assertGreater(tried, 15000)

    @mute_logger(*QUIET, "odoo.sql_db")
    def test_not_written(self):
        """Whose line lacks `w`, `c` or `d` writes, creates, deletes nothing."""
        tried, passed = self._passed(
            (
                (role, line["model"], method, self._written(line["model"], letter))
                for letter, method in WRITE.items()
                for role, line in self._lines(letter, has=False)
            ),
            # what is looked at before the rights, and comes to nothing
            refusals=(UserError, KeyError, ValueError, psycopg2.Error),
        )
        self.assertEqual(passed, [])
        self.assertGreater(tried, 8000)

    def _written(self, name, letter):
        """Return arguments that would write, create or delete something."""
        if letter == "d":
            return (self._ids(name),)
        if letter == "c":
            return ([{}],)
        plain = (
            field.name
            for field in self.env[name]._fields.values()
            if field.store
            and field.type in ("char", "text", "boolean", "integer", "date")
            and not (field.compute or field.related or field.readonly)
        )
        return (self._ids(name), {next(plain, "create_uid"): False})

    def test_read(self):
        """Whose line says `r` reads, by the same ways, without an error."""
        for role, line in self._lines("r", has=True):
            own = self._of(self.users[role], line["model"])
            for method, args in READ[1:4]:
                with self.subTest(f"{role} {line['model']}.{method}"):
                    call_kw(own, method, list(args), {})

    @mute_logger(*QUIET)
    def test_nothing_of_another_association(self):
        """D06: the same role next door finds, counts, groups and opens no record."""
        tried = 0
        for role, line in self._lines("r", has=True):
            name = line["model"]
            if "shared" in line["records"] or role == "portal":
                continue
            own = self._of(self.others[role], name)
            ids = self._ids(name)
            record = self.env[name].sudo().browse(ids).exists()
            domain = [("id", "in", ids)]
            owner = record[OWNED[name]] if name in OWNED else record
            if not record or ("company_id" in owner._fields and not owner.company_id):
                continue  # one for all associations
            tried += 1
            with self.subTest(f"{role} {name}"):
                self.assertFalse(call_kw(own, "search_read", [domain, ["id"]], {}))
                self.assertFalse(call_kw(own, "search_count", [domain], {}))
                self.assertFalse(call_kw(own, "name_search", [""], {"domain": domain}))
                groups = call_kw(
                    own, "formatted_read_group", [domain, ["id"], ["__count"]], {}
                )
                self.assertFalse(groups)
                for method, args in READ_ONE:
                    self.assertTrue(self._is_refused(own, method, ids, *args))
        self.assertGreater(tried, 800)

    @mute_logger(*QUIET)
    def test_protected_fields(self):
        """R154: who is not among the readers of a field gets it by no method."""
        tried, passed = self._passed(
            (
                (role, line["model"], method, args)
                for line in read(FIELDS)
                for role in self._shut_out(line)
                for method, args in self._ways_to(line["model"], line["field"])
            ),
            # where a rule leaves no record, core groups nothing without looking
            empty=("formatted_read_group", "search_read"),
        )
        self.assertEqual(passed, [])
        self.assertGreater(tried, 3000)

    def _shut_out(self, line):
        """Yield the roles that read the model and not the field."""
        for role, code in ROLE_CODES.items():
            own = self._of(self.users[role], line["model"])
            if code not in line["readers"].split() and own.has_access("read"):
                yield role

    def _ways_to(self, model, name):
        """Return the calls that would tell the value of a field."""
        field, ids = self.env[model]._fields[name], self._ids(model)
        condition = [(name, "!=", False)]
        ways = [("search_read", ([], [name]))]
        ways.append(("web_search_read", ([], {name: {}})))
        if field.store or field.search:
            ways += [("search", (condition,)), ("search_count", (condition,))]
        if field.store and field.column_type and field.type not in ("binary", "json"):
            ways.append(("formatted_read_group", ([], [name], ["__count"])))
            ways.append(("search_read", ([], ["id"], 0, None, name)))
        return [
            *ways,
            ("read", (ids, [name])),
            ("web_read", (ids, {name: {}})),
            ("export_data", (ids, [name])),
        ]

    @mute_logger(*QUIET)
    def test_protected_fields_through_relations(self):
        """R154: reading and asking through a relation obeys the same list."""
        lines = {}
        for line in read(FIELDS):
            lines.setdefault(line["model"], []).append(line)
        tried, done = 0, Counter()
        for name in self._npo_models(transient=False):
            for field in self.env[name]._fields.values():
                for line in lines.get(field.comodel_name, ()):
                    secret = (line["model"], line["field"])
                    if done[secret] < WAYS_IN:
                        found = self._try_through(name, field, line)
                        done[secret] += bool(found)
                        tried += found
        self.assertGreater(tried, 1000)

    def _try_through(self, name, field, line):
        secret = line["field"]
        target = self.env[line["model"]]._fields[secret]
        record = self.env[name].sudo().browse(self._ids(name)).exists()
        tried = 0
        if not record[:1][field.name] and not field.store:
            return 0
        for role, code in ROLE_CODES.items():
            own = self._of(self.users[role], name)
            if code in line["readers"].split() or not own.has_access("read"):
                continue
            if not own._has_field_access(field, "read"):
                continue
            tried += 1
            label = f"{role} {name}: {field.name}.{secret}"
            if target.store and (field.store or field.search):
                with self.subTest(f"{label} asked"):
                    domain = [(f"{field.name}.{secret}", "!=", False)]
                    self.assertTrue(self._is_refused(own, "search", domain))
            seen = own.browse(record.ids)._filtered_access("read")
            if seen and seen.sudo()[field.name]:
                with self.subTest(f"{label} read"):
                    told = {field.name: {"fields": {secret: {}}}}
                    try:
                        answer = call_kw(own, "web_read", [seen.ids, told], {})
                    except UserError:
                        continue
                    self.assertNotIn(f"'{secret}'", str(answer))
        return tried
