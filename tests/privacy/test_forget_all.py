import json
from datetime import datetime, time, timedelta

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..core.common_kpi import AnyRecordsCommon
from .common_forget import ForgetCommon

MARK = "quollmark"
TRIES = 12  # choices are drawn again where a constraint refuses a row


@tagged("post_install", "-at_install")
class TestForgetAll(AnyRecordsCommon, ForgetCommon):
    """P016, D17: a row of every model that leads to a person, each text a mark.

    The rows are written by SQL with every column that takes words, so that a new model
    or a new field is tested by being there. Beside them stand the records by chance of
    which each measure counts some.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.env["npo.beneficiary"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.partner = cls.file.partner_id
        cls.rules = cls.env["npo.retention.rule"]._known()
        cls.made = {"res.partner": cls.partner.id, "npo.beneficiary": cls.file.id}
        cls.refused = []
        cls.env.flush_all()
        cls._make_rows()
        cls.env.invalidate_all()

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    @classmethod
    def _make_rows(cls):
        """Write a row of each model, what it belongs to before it."""
        left = cls.rules.filtered(
            lambda rule: rule.method != "keep" and rule.res_model not in cls.made
        )
        while ready := left.filtered(cls._is_ready):
            for rule in ready:
                cls._make_row(rule)
            left -= ready
        assert not left, left.mapped("res_model")
        cls.env.cr.execute(
            "UPDATE npo_household SET head_id = %s WHERE id = %s",
            [cls.made["npo.household.member"], cls.made["npo.household"]],
        )
        # who came by chance to be a colleague is nobody's to forget
        cls.env.cr.execute(
            "UPDATE res_users SET share = true WHERE partner_id = %s", [cls.partner.id]
        )
        cls._mark("npo.beneficiary", cls.file.id)

    @classmethod
    def _is_ready(cls, rule):
        links = rule._links()
        return rule.res_model == "npo.household" or (
            all(
                link.model in cls.made or link.name == "household_id"
                for link in links
                if link.kind == "field"
            )
            and (
                rule.res_model != "npo.household.member" or "npo.household" in cls.made
            )
        )

    @classmethod
    def _make_row(cls, rule):
        model = cls.env[rule.res_model].sudo()
        linked = {link.name for link in rule._links() if link.kind != "reverse"}
        with mute_logger("odoo.sql_db"):
            for number in range(TRIES):
                row = {}
                for name, is_needed in cls._columns(model).items():
                    value = cls._cell(model, name, is_needed, name in linked, number)
                    if value is not None:
                        row[name] = value
                if cls._insert(model, row):
                    break
            else:
                cls.refused.append(rule.res_model)
                return
        cls.env.cr.execute(SQL("SELECT max(id) FROM %s", SQL.identifier(model._table)))
        cls.made[rule.res_model] = cls.env.cr.fetchone()[0]

    @classmethod
    def _cell(cls, model, name, is_needed, is_link, number):
        """Return what a column of a row holds: a mark in each that takes words."""
        field = model._fields.get(name)
        if field is None or field.company_dependent:
            return None
        if name in ("create_uid", "write_uid"):
            return cls.env.uid
        if field.type == "many2one":
            return cls._linked(field, is_needed, is_link)
        if field.type == "many2one_reference":
            return cls.file.id
        if name in ("res_model", "model"):
            return "npo.beneficiary"
        if field.type in ("char", "text", "html", "json"):
            return cls._marked(model, field, is_needed)
        return cls._plain(model, field, is_needed, number)

    @classmethod
    def _linked(cls, field, is_needed, is_link):
        """Return to what a row points: to the person where its rule says so."""
        if field.comodel_name == "res.company":
            return cls.company.id
        if not (is_needed or is_link):
            return None
        return cls.made.get(field.comodel_name) or cls._link(field, True, 0)

    @classmethod
    def _plain(cls, model, field, is_needed, number):
        """Return a day, a choice, a number: what stays."""
        if field.type == "date":
            return cls.today
        if field.type == "datetime":
            moment = datetime.combine(cls.today, time(3)) + timedelta(days=number)
            return moment + timedelta(minutes=20 * (field.name == "stop"))
        if not is_needed and field.type != "boolean":
            return None
        return cls._value(model, field.name, is_needed, number, 0)

    @classmethod
    def _marked(cls, model, field, is_needed):
        if cls.engine._is_neutral(model, field):
            return f"n{model._table}{len(cls.made)}" if is_needed else None
        text = f"{MARK}-{model._table}-{field.name}"
        if size := getattr(field, "size", None):
            text = text[:size]
        if field.type == "json":
            return json.dumps({"a": text})
        return json.dumps({"en_US": text}) if field.translate else text

    @classmethod
    def _mark(cls, name, record_id):
        """Mark the words of a row that is there already."""
        model = cls.env[name]
        texts = [
            field
            for field in model._fields.values()
            if field.store
            and field.column_type
            and field.type in ("char", "text")
            and not cls.engine._is_neutral(model, field)
        ]
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(model._table),
                SQL(", ").join(
                    SQL(
                        "%s = %s",
                        SQL.identifier(field.name),
                        f"{MARK}-{model._table}-{field.name}",
                    )
                    for field in texts
                ),
                record_id,
            )
        )

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def _figures(self):
        """Return all figures of all measures, with each breakdown."""
        period = (self.today.replace(year=self.today.year - 2), self.today)
        self.env.invalidate_all()
        figures = {None: self.kpis._figures(self.company, *period)}
        for by in ("gender", "category", "site", "service", "channel", "department"):
            figures[by] = self.kpis._figures_by(by, self.company, *period)
        return {
            (kpi.code, by): figure
            for by, found in figures.items()
            for kpi, figure in found.items()
        }

    def _marks_left(self):
        """Return {mark: tables} of the marks that are still somewhere."""
        self.env.flush_all()
        left = {}
        self.env.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "SELECT DISTINCT (regexp_matches(t::text, %s, 'g'))[1] FROM %s t",
                    f"({MARK}-[a-z0-9_-]*)",
                    SQL.identifier(table),
                )
            )
            for (mark,) in self.env.cr.fetchall():
                left.setdefault(mark, []).append(table)
        return left

    def test_every_model(self):
        """P016: of a person's row in every model no word is left; figures are equal."""
        self.assertEqual(self.refused, [])
        marks = self._marks_left()
        models = {mark.split("-")[1] for mark in marks}
        self.assertGreater(len(models), 60)
        before = self._figures()
        self.engine._forget(self.company, [self.partner.id])
        # accounts have their own time; what leads to nobody goes by itself
        staying = {
            self.env[rule.res_model]._table
            for rule in self.rules
            if rule._is_accounts() or not rule.link
        }
        staying.remove("res_partner")
        left = {
            mark for mark in self._marks_left() if mark.split("-")[1] not in staying
        }
        self.assertEqual(left, set())
        after = self._figures()
        for key, figure in before.items():
            with self.subTest(key):
                self.assertEqual(after[key], figure)

    def test_each_kind_holds(self):
        """P016: young records of every kind hold their person, and open ones whatever.

        Asked for by the person, years count no more; what is open holds all the same:
        requests, complaints, disputes, agreements, and orders that are not paid.
        """
        named = self.rules.filtered(lambda rule: rule._person_fields())
        person = named.filtered(lambda rule: rule.method == "person")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.env.flush_all()
        for rule in named:  # by chance some are of the other association, or kept
            other = SQL("TRUE")
            if rule.method != "keep":
                if not rule._has_company():
                    continue
                other = SQL("company_id <> %s", self.company.id)
            for name in rule._person_fields():
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE %s = %s AND %s",
                        SQL.identifier(self.env[rule.res_model]._table),
                        SQL.identifier(name),
                        stranger.id,
                        SQL.identifier(name),
                        self.partner.id,
                        other,
                    )
                )
        young = person.filtered(lambda rule: not rule._is_accounts())
        self.assertGreater(len(young), 15)
        self.assertLessEqual(set(young.ids), self._held_by())
        self._travel(1)  # some days by chance lie ahead
        for model, column, is_open, is_over in (
            ("npo.request", "is_closed", "false", "true"),
            ("npo.complaint", "is_closed", "false", "true"),
            ("npo.dispute", "is_closed", "false", "true"),
            ("npo.compensation", "is_closed", "false", "true"),
            ("npo.agreement", "state", "active", "expired"),
            ("npo.payout", "state", "to_pay", "paid"),
        ):
            rule = self.rules.filtered(lambda one, model=model: one.res_model == model)
            for value, holds in ((is_open, True), (is_over, False)):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE partner_id = %s",
                        SQL.identifier(self.env[model]._table),
                        SQL.identifier(column),
                        value,
                        self.partner.id,
                    )
                )
                with self.subTest(f"{model} {value}"):
                    self.assertEqual(rule.id in self._held_by(by_law=True), holds)

    def _held_by(self, by_law=False):
        """Return the rules whose records hold the person."""
        persons = self.env["npo.retention.rule"]._persons(
            self.company, by_law, [self.partner.id]
        )
        [row] = self.env.execute_query(SQL("SELECT held_by FROM (%s) s", persons))
        return set(row[0] or ())
