from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ...models.privacy.forget_erase import BESIDE, OF_PERSON, OF_USER, WORDED
from ...models.privacy.forget_neutral import LEAVES, NEUTRAL
from ..common import AssociationCommon, local_today

ROOTS = {"res.partner", "npo.beneficiary"}
PERSON = "res.partner"
# What `_erase_persons` and `_erased_mail` clear by statements of their own.
BY_HAND = {"mail_mail", "res_users"}
# Tables of core that name a contact and keep their words, and why.
STAYS = {
    "account.analytic.account": "a project or a fund, with whom it is",
    "account.analytic.distribution.model": "a setting: numbers of accounts",
    "account.reconcile.model": "a setting: how lines of a bank are matched",
    "account.reconcile.model.line": "a setting, as its model",
    "hr.employee": "who works here, by the law of labour",
    "hr.version": "a contract of who works here",
    "hr.work.location": "an address of the association",
    "product.supplierinfo": "what a supplier calls a product",
    "res.company": "the association itself",
}


@tagged("post_install", "-at_install")
class TestRetentionRules(AssociationCommon):
    """P009: every model that leads to a person says what becomes of its records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["npo.retention.rule"]._known()
        cls.classes = cls.env["npo.retention.class"]
        cls.protector = cls.users["protector"]

    def _links(self, model):
        """Return the models to which a model of ours leads; None: to any."""
        for field in model._fields.values():
            if field.store and field.name not in ("create_uid", "write_uid"):
                if field.type == "many2one":
                    yield field.comodel_name
                elif field.type in ("many2one_reference", "reference"):
                    yield None

    def test_every_model_has_a_rule(self):
        """P009: what names a person, a file, a case, or a part of one, has its rule."""
        ruled = {rule.res_model: rule.method for rule in self.rules}
        # a link to a user names who worked on it
        leading = ROOTS | {
            name
            for name, method in ruled.items()
            if method != "keep" and name.startswith("npo.")
        }
        missing = []
        for name, model in self.env.items():
            is_ours = name.startswith("npo.") and model._auto and not model._abstract
            if is_ours and not model._transient and name not in ruled:
                links = set(self._links(model))
                if None in links or links & leading:
                    missing.append(name)
        self.assertEqual(missing, [], "add them to data/npo.retention.rule.csv")

    def test_every_table_of_core_with_a_person(self):
        """P009, D17: words beside a link to a contact are erased, or known to stay."""
        ruled = set(self.rules.mapped("res_model"))
        tables = {*BESIDE, *OF_PERSON, *OF_USER, *BY_HAND}
        missing = []
        for name, model in self.env.items():
            if not model._auto or model._abstract or model._transient:
                continue
            if name in ruled or name in WORDED or name.startswith("npo."):
                continue
            if model._table in tables:
                continue
            stored = [one for one in model._fields.values() if one.store]
            names_one = any(
                one.type == "many2one" and one.comodel_name == PERSON for one in stored
            )
            words = any(one.type in ("char", "text", "html", "json") for one in stored)
            if names_one and words:
                missing.append(name)
        self.assertEqual(sorted(set(missing) - set(STAYS)), [])
        for name in STAYS:
            self.assertIn(name, self.env, "it needs no reason any more")

    def test_rules_can_be_followed(self):
        """Every rule names a model, days and links that are there."""
        self.assertEqual(
            len(self.rules), self.env["npo.retention.rule"].search_count([])
        )
        for rule in self.rules:
            with self.subTest(rule.res_model):
                rule._validate()
        for rule in self.rules._starting():
            with self.subTest(rule.res_model):
                self.env.execute_query(rule._due(self.company))
        with self.assertRaises(ValidationError):
            self.rules[0].sudo().copy({"res_model": "npo.site", "link": "nothing"})

    def test_found_by_name(self):
        """D07: a rule is found by what people call its records, in their language."""
        rule = self.rules.filtered(lambda one: one.res_model == "npo.visit")
        for lang in ("ar_001", "en_US"):
            rules = self.rules.with_context(lang=lang).browse()
            name = rule.with_context(lang=lang).name
            self.assertIn(rule, rules.search([("name", "ilike", name)]))
            self.assertEqual(rules.search([("name", "=", name)]), rule)
            self.assertNotIn(rule, rules.search([("name", "!=", name)]))
            self.assertIn(rule.id, [row[0] for row in rules.name_search(name)])
            dues = self.env["npo.retention.due"].with_context(lang=lang)
            dues.search([("rule_id", "ilike", name)])

    def test_neutral_is_there(self):
        """A name that stands for nothing any more is no excuse for a new field."""
        for name, names in NEUTRAL.items():
            with self.subTest(name):
                self.assertLessEqual(names, set(self.env[name]._fields))

    def test_measures_of_files(self):
        """D17: where a measure asks for a file, a text says that it was there."""
        ruled = set(self.rules.mapped("res_model"))
        for kpi in self.env["npo.kpi"].search([]):
            for name in ("domain", "kept_domain"):
                for term in kpi._parse(name, self.company).iter_conditions():
                    *links, last = term.field_expr.split(".")
                    model = self.env[kpi.res_model]
                    for link in links:
                        model = self.env[model._fields[link].comodel_name]
                    if model._name in ruled and model._fields[last].type == "binary":
                        self.assertIn(last, LEAVES.get(model._name, ()), kpi.code)

    def test_years(self):
        """P009: policies and minutes for good, accounts ten years, visits four."""
        years = {one.code: one.years for one in self.classes.search([])}
        self.assertEqual(
            years,
            {
                "permanent": 0,
                "file": 10,
                "case": 10,
                "contact": 4,
                "accounts": 10,
                "log": 5,
                "working": 1,
            },
        )
        expected = {
            "npo.beneficiary": "file",
            "npo.request": "case",
            "npo.complaint": "case",
            "npo.visit": "contact",
            "npo.inquiry": "contact",
            "npo.payout": "accounts",
            "npo.board.member": "permanent",
        }
        for rule in self.rules:
            if rule.res_model in expected:
                self.assertEqual(rule.class_id.code, expected[rule.res_model])

    def _change(self, one, years, user=None, **vals):
        """Change the years of a class by its form, with the reason."""
        changes = self.env["npo.retention.change"].with_user(user or self.protector)
        vals = {"reason": "The board decided so.", **vals}
        return changes.create({"class_id": one.id, "years": years, **vals})

    def test_own_years(self):
        """P009 ⚖: an association changes its years, and never below the law's."""
        visits = self.classes.search([("code", "=", "contact")])
        own = visits.with_user(self.protector)
        form = Form(
            self.env["npo.retention.change"]
            .with_user(self.protector)
            .with_context(**own.action_change_years()["context"])
        )
        self.assertEqual(form.years, 4)
        form.years = 6
        form.reason = "Policy on retention, article 7"
        form.save()
        self.assertEqual(own.years, 6)
        other = self.env["res.company"].create({"name": "Another"})
        self.assertEqual(visits.with_company(other).years, 4)
        self._change(visits, 0)
        self.assertEqual(own.years, 4, "as proposed")
        accounts = self.classes.search([("code", "=", "accounts")])
        self.assertTrue(accounts.source)
        for years in (9, 101, -1):
            with self.subTest(years), self.assertRaises(ValidationError):
                self._change(accounts, years)
        with self.assertRaises(UserError):
            self._change(self.classes.search([("code", "=", "permanent")]), 5)
        for vals in (
            {"own_years": 20},
            {"min_years": 1},
            {"is_permanent": True},
            {"default_years": 1},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                accounts.with_user(self.protector).write(vals)

    def test_years_leave_a_trace(self):
        """P009 ⚖: who changed the years, from what to what, and why, stays."""
        visits = self.classes.search([("code", "=", "contact")])
        change = self._change(visits, 6)
        self.assertRecordValues(
            change,
            [
                {
                    "years_before": 4,
                    "years": 6,
                    "user_id": self.protector.id,
                    "company_id": self.company.id,
                }
            ],
        )
        for user in ("auditor", "manager", "governor"):
            seen = visits.with_user(self.users[user]).change_ids
            self.assertEqual(seen, change)
            with self.subTest(user), self.assertRaises(AccessError):
                self._change(visits, 1, self.users[user])
        with self.assertRaises(AccessError):
            self._change(visits, 1, self.officer)
        for vals in ({"years": 1}, {"reason": "x"}):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                change.with_user(self.protector).write(vals)
        with self.assertRaises(AccessError):
            change.with_user(self.protector).unlink()
        with self.assertRaises(AccessError):
            self._change(visits, 7, years_before=1)
        with self.assertRaises(UserError):
            self._change(visits, 7, reason=" ")
        other = self.env["res.company"].create({"name": "Another"})
        with self.assertRaises(AccessError):
            self._change(visits, 7, company_id=other.id)
        self.assertEqual(visits.with_company(self.company).years, 6)

    def test_cutoff(self):
        """The years run to the day; without years by law, today is over."""
        one = self.classes.search([("code", "=", "contact")])
        with freeze_time("2026-03-01 21:30"):  # already the 2nd in Riyadh
            self.assertEqual(one._cutoff(self.company), date(2022, 3, 2))
            self.assertEqual(one._cutoff(self.company, by_law=True), date(2026, 3, 3))
        permanent = self.classes.search([("code", "=", "permanent")])
        self.assertIsNone(permanent._cutoff(self.company))

    def test_end_of_a_file(self):
        """P009: the years of a file are counted from the day on which it ended."""
        file = self._new_beneficiary()
        self.assertEqual(file.date_ended, local_today())  # nobody works with it yet
        file.sudo().state = "active"
        self.assertFalse(file.date_ended)
        file.sudo().state = "closed"
        self.assertEqual(file.date_ended, local_today())
        with freeze_time(fields.Date.add(local_today(), days=40)):
            file.sudo().state = "rejected"
            self.assertEqual(
                file.date_ended, fields.Date.subtract(fields.Date.today(), days=40)
            )

    def test_hold_is_kept(self):
        """P016: who set a hold, and why, stays; it is lifted with a reason."""
        holds = self.env["npo.legal.hold"]
        partner = self._new_beneficiary().partner_id
        vals = {"partner_id": partner.id, "reason": "Asked for by the court."}
        for role in ("officer", "manager", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                holds.with_user(self.users[role]).create(vals)
        hold = holds.with_user(self.users["lawyer"]).create(
            {**vals, "date_lifted": "2026-01-01", "user_id": self.env.uid}
        )
        self.assertRecordValues(
            hold,
            [
                {
                    "user_id": self.users["lawyer"].id,
                    "date_lifted": False,
                    "is_in_force": True,
                }
            ],
        )
        self.assertIn(hold, hold.search([("is_in_force", "=", True)]))
        own = hold.with_user(self.protector)
        for vals in ({"date_lifted": "2026-01-01"}, {"partner_id": False}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                own.write(vals)
        with self.assertRaises(UserError):
            own.action_lift()
        with self.assertRaises(UserError):
            hold.sudo().unlink()
        own.lift_reason = "The judgment is final."
        own.action_lift()
        self.assertFalse(hold.is_in_force)
        self.assertEqual(hold.lifted_by_id, self.protector)

    def _hold(self, role, record, model=None):
        """Have somebody hold a record; return what it was refused with, or the hold."""
        try:
            with self.cr.savepoint():
                return (
                    self.env["npo.legal.hold"]
                    .with_user(self.users[role])
                    .create(
                        {
                            "res_model": model or record._name,
                            "res_id": record if model else record.id,
                            "reason": "The court asks for it.",
                        }
                    )
                )
        except UserError as error:
            return str(error)

    def test_hold_on_what(self):
        """D06, P092, P016: on what the association has and the user may know of."""
        foreign = self.env["res.company"].create({"name": "Next Door"})
        far = self.env["res.partner"].create(
            {"name": "Far Away Person", "company_id": foreign.id}
        )
        there = {"company_id": foreign.id}
        improvement = self.env["npo.improvement"].create({**there, "title": "x"})
        suggestion = self.env["npo.suggestion"].create(
            {
                **there,
                "title": "x",
                "partner_id": far.id,
                "channel_id": self.env.ref("npo_relations.channel_website").id,
            }
        )
        file = self._new_beneficiary()
        sealed = self.env["npo.complaint"].create(
            {
                "title": "x",
                "company_id": self.company.id,
                "partner_id": file.partner_id.id,
                "channel_id": self.env.ref("npo_relations.channel_website").id,
                "confidentiality": "sealed",
            }
        )
        none = self._hold("protector", 2**30, "npo.visit")
        self.assertIsInstance(none, str)
        for role in ("protector", "governor", "lawyer"):
            for record in (improvement, suggestion, sealed):
                with self.subTest(f"{role} {record._name}"):
                    self.assertEqual(self._hold(role, record), none)
        # of a file that one does not read, one would be told the name
        self.assertEqual(self._hold("lawyer", file), none)
        self.assertEqual(self._hold("protector", file).partner_id, file.partner_id)
        # for who is named for it, a sealed complaint is there
        sealed.sudo().focal_user_ids |= self.users["protector"]
        hold = self._hold("protector", sealed)
        self.assertEqual(hold.partner_id, file.partner_id)
        self.assertEqual(self._hold("governor", sealed), none)
