import json
import random
from collections import defaultdict
from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ..common import AssociationCommon

ROWS = 60
# Read by fields that measures ask for.
BEHIND = {"npo.request": {"earliest_reply_date", "date_clock_start"}}
# What messages, duties and ratings are about.
REFERRED = "npo.request"
# Filled before the others, which point to them, and with more: their conditions are
# the longest.
FIRST = ("npo.request", "npo.complaint", "npo.agreement", "npo.corrective.action")
# Read by the conditions of measures on other records.
BESIDE = (
    "npo.declaration",
    "npo.agreement.settlement",
    "npo.complaint.action",
    "npo.guide",
)


class AnyRecordsCommon(AssociationCommon):
    """Records of every model that is measured, in every state, by chance.

    They are written by SQL, past all steps: what a measure counts must agree with
    what its records say, however they came to say so. The seed is fixed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._npo_today()
        cls.chance = random.Random(48)
        cls.pools, cls.columns = {}, {}
        cls.other = cls.env["res.company"].create({"name": "Another"})
        for number in range(4):
            gender = "male" if number % 2 else "female"
            cls._new_beneficiary(number, npo_gender=gender)
        cls.kpis = cls.env["npo.kpi"].search([])
        cls.named, cls.said = cls._what_measures_read()
        cls.env.flush_all()
        models = dict.fromkeys((*FIRST, *BESIDE, *cls.kpis.mapped("res_model")))
        for model in sorted(models, key=lambda name: name not in FIRST):
            # each by a chance of its own: a new model or field leaves the others alone
            cls.chance.seed(f"52 {model}")
            cls._fill(cls.env[model], ROWS * 4 if model in FIRST else ROWS)
        cls.env.invalidate_all()
        cls.env.registry.clear_all_caches()

    @classmethod
    def _what_measures_read(cls):
        """Return ({model: fields}, {(model, field): values that are asked for})."""
        named, said = defaultdict(set), defaultdict(set)
        for kpi in cls.kpis:
            paths = [kpi.date_field, kpi.value_field, kpi.company_field]
            paths += kpi._per_paths()
            paths += [kpi._by_field(by) for by in ("site", "service", "category")]
            paths += [kpi._by_field(by) for by in ("gender", "channel", "department")]
            for name in ("domain", "kept_domain"):
                for term in kpi._parse(name, cls.company).iter_conditions():
                    paths.append(term.field_expr)
                    cls._note_values(kpi.res_model, term, said)
            for path in filter(None, paths):
                cls._note_path(kpi.res_model, path, named)
        for model, names in BEHIND.items():
            named[model] |= names
        return named, said

    @classmethod
    def _note_path(cls, model, path, named):
        for name in path.split("."):
            named[model].add(name)
            model = cls.env[model]._fields[name].comodel_name

    @classmethod
    def _note_values(cls, model, term, said):
        *links, name = term.field_expr.split(".")
        for link in links:
            model = cls.env[model]._fields[link].comodel_name
        values = term.value
        if isinstance(values, (Domain, SQL)) or model is None:
            return
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            values = [values]
        said[model, name] |= {value for value in values if isinstance(value, str)}

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    @classmethod
    def _fill(cls, model, count, depth=0):
        columns = cls._columns(model)
        with mute_logger("odoo.sql_db"):
            for number in range(count):
                for _try in range(6):  # a constraint of the table may refuse a row
                    row = {
                        name: cls._value(model, name, is_needed, number, depth)
                        for name, is_needed in columns.items()
                        if is_needed or name in cls.named[model._name]
                    }
                    if cls._insert(model, row):
                        break
                if number % 10 == 9:  # the next ones may point to these
                    cls.pools.pop(model._name, None)
        cls.pools.pop(model._name, None)

    @classmethod
    def _insert(cls, model, row):
        """Write a row and tell whether the constraints of the table let it in."""
        statement = SQL(
            "INSERT INTO %s (%s) VALUES %s",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, row)),
            tuple(row.values()),
        )
        try:
            with cls.env.cr.savepoint():
                cls.env.cr.execute(statement)
        except IntegrityError:
            return False
        return True

    @classmethod
    def _columns(cls, model):
        """Return {column: whether it must have a value}."""
        if model._name not in cls.columns:
            cls.env.cr.execute(
                "SELECT column_name, is_nullable = 'NO' AND column_default IS NULL"
                "  FROM information_schema.columns WHERE table_name = %s"
                "   AND column_name <> 'id'",
                [model._table],
            )
            cls.columns[model._name] = dict(cls.env.cr.fetchall())
            if "active" in cls.columns[model._name]:
                cls.columns[model._name]["active"] = True
        return cls.columns[model._name]

    @classmethod
    def _value(cls, model, name, is_needed, number, depth):
        field = model._fields[name]
        if field.type == "many2one":
            return cls._link(field, is_needed, depth)
        if field.type == "many2one_reference":
            return cls.chance.choice(cls._pool(REFERRED))
        if name == "res_model":
            return REFERRED
        if field.type == "selection":
            return cls._choice(model, field)
        if field.type in ("date", "datetime"):
            is_empty = not is_needed and cls.chance.random() < 0.4
            return None if is_empty else cls._moment(field.type)
        if field.type in ("char", "text", "html"):
            return cls._text(model, field, number)
        if field.type == "boolean":
            return cls.chance.random() < (0.9 if name == "active" else 0.5)
        return cls.chance.choice((0, 0, 1, 2, 3, 5, 8))

    @classmethod
    def _moment(cls, kind):
        """Return a day or moment of the last months or the next days, with edges."""
        moment = datetime.combine(cls.today, datetime.min.time())
        moment += timedelta(days=cls.chance.randint(-110, 20))
        if kind == "date":
            return moment.date()
        # around the midnight of the association, which is nine o'clock of UTC
        return moment + timedelta(hours=cls.chance.choice((0, 8, 20, 21, 22)))

    @classmethod
    def _choice(cls, model, field):
        """Return a value of a choice, more often one that measures ask for."""
        values = field.get_values(cls.env)
        asked = cls.said.get((model._name, field.name), ())
        said = [one for one in values if one in asked]
        return cls.chance.choice(said if said and cls.chance.random() < 0.5 else values)

    @classmethod
    def _text(cls, model, field, number):
        said = sorted(cls.said.get((model._name, field.name), ()))
        text = f"{field.name} {number} {cls.chance.random()}"
        if said and cls.chance.random() < 0.8:
            text = cls.chance.choice(said)
        return json.dumps({"en_US": text, "ar_001": text}) if field.translate else text

    @classmethod
    def _link(cls, field, is_needed, depth):
        if field.comodel_name == "res.company":
            return cls.chance.choice((cls.company, cls.company, cls.other)).id
        pool = cls._pool(field.comodel_name)
        if not pool and is_needed and depth < 3:
            cls._fill(cls.env[field.comodel_name], 3, depth + 1)
            pool = cls._pool(field.comodel_name)
        if not pool or (not is_needed and cls.chance.random() < 0.15):
            return None
        return cls.chance.choice(pool)

    @classmethod
    def _pool(cls, model):
        """Return some records to point to, those of the association first."""
        if model not in cls.pools:
            records = cls.env[model].sudo().with_context(active_test=False)
            own = []
            if "company_id" in records._fields and records._fields["company_id"].store:
                own = [("company_id", "in", (cls.company.id, False))]
            cls.pools[model] = (
                records.search(own, limit=ROWS, order="id desc")
                or records.search([], limit=ROWS, order="id desc")
            ).ids
        return cls.pools[model]
