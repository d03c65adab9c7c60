from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestOutreach(AssociationCommon):
    """R058: people who qualify are called without having asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["npo.beneficiary.category"].search([], limit=1)
        cls.person = cls._active(0)
        cls.other = cls._active(1)
        cls.rule = cls.env["npo.outreach.rule"].create(
            {
                "name": "Low income in winter",
                "company_id": cls.company.id,
                "service_id": cls.service.id,
                "category_ids": cls.category.ids,
            }
        )

    @classmethod
    def _active(cls, index, **vals):
        vals = {"category_ids": cls.category.ids, **vals}
        person = cls._new_beneficiary(index, **vals)
        person._register_file()
        return person

    def _candidates(self, rule=None):
        rule = rule or self.rule
        return self.env["npo.outreach"].search([("rule_id", "=", rule.id)])

    def _run(self):
        self.rule.with_user(self.officer).action_propose()
        return self._candidates()

    def test_once(self):
        """R058: a run lists who matches; a second run lists nobody twice."""
        found = self._run()
        self.assertEqual(found.beneficiary_id, self.person | self.other)
        self.assertEqual(set(found.mapped("state")), {"to_call"})
        self.assertEqual(self._run(), found)
        found.with_user(self.officer).action_decline()
        self.assertEqual(self._run(), found)
        # another rule for the same service calls nobody who is being called
        second = self.rule.copy({"name": "Again"})
        found.sudo().write({"state": "to_call"})
        second.with_user(self.officer).action_propose()
        self.assertFalse(self._candidates(second))
        # the next year asks again
        found.sudo().write({"state": "declined", "period": "2020"})
        self.assertEqual(len(self._run()), 4)

    def test_conditions(self):
        """Each condition is data and narrows; visitors are not proposed."""
        self._new_beneficiary(2, category_ids=self.category.ids)  # no active file
        today = self.company._npo_today()
        self.other.birth_date = fields.Date.add(today, years=-20)
        region = self.env["npo.region"].search([], limit=1)
        self.other.region_id = region
        self.other.site_id = self.branch
        self.other.npo_gender = "male"
        for name, value, expected in (
            ("age_from", 40, self.person),
            ("age_from", 20, self.person | self.other),
            ("age_from", 21, self.person),
            ("age_to", 20, self.other),
            ("age_to", 19, self.person.browse()),
            ("gender", "male", self.other),
            ("region_ids", region.ids, self.other),
            ("site_ids", self.branch.ids, self.other),
        ):
            with self.subTest(name, value=value):
                rule = self.rule.copy({name: value})
                files = self.env["npo.beneficiary"].search(rule._candidate_domain())
                self.assertEqual(files, expected)
        self.category.copy({"code": "unused"})
        for vals in ({"age_from": -1}, {"age_from": 30, "age_to": 20}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.rule.write(vals)
                self.env.flush_all()
        with self.assertRaises(ValidationError):
            self.rule.age_to = 1000

    def test_means(self):
        """A limit on the household's income proposes nobody of whom none is known."""
        self.rule.per_capita_max = 1000
        self.assertFalse(self._run())

    def test_served_before(self):
        """Who received the service lately, or waits for it, is left alone."""
        request = self._new_request(self.person).sudo()
        self.assertEqual(self._run().beneficiary_id, self.other)
        done = self.env["npo.stage"]._get("request", "done")
        request.write(
            {
                "stage_id": done.id,
                "outcome": "served",
                "date_closed": fields.Datetime.subtract(
                    fields.Datetime.now(), months=2
                ),
            }
        )
        self.assertEqual(self._run().beneficiary_id, self.other)
        self.rule.months_without = 1
        self.assertEqual(self._run().beneficiary_id, self.person | self.other)

    def test_call_and_open(self):
        """R058: the officer calls, records the answer, opens the request once."""
        candidate = self._run()[:1].with_user(self.officer)
        with self.assertRaises(UserError):
            candidate.action_open_request()
        candidate.action_called()
        self.assertEqual(candidate.call_count, 1)
        candidate.note = "Wants help with the rent."
        candidate.action_agree()
        action = candidate.action_open_request()
        request = self.env["npo.request"].browse(action["res_id"])
        self.assertRecordValues(
            request,
            [
                {
                    "origin": "proactive",
                    "partner_id": candidate.partner_id.id,
                    "service_id": self.service.id,
                    "description": "Wants help with the rent.",
                    "stage_code": "data_entry",
                }
            ],
        )
        self.assertEqual(candidate.state, "opened")
        self.assertEqual(candidate.called_by_id, self.officer)
        for step in ("action_open_request", "action_agree", "action_decline"):
            with self.assertRaises(UserError):
                getattr(candidate, step)()
        self.assertFalse(
            self._run().filtered(lambda item: item.state == "to_call")
            & candidate.sudo()
        )

    def test_guards(self):
        """States are the buttons'; a delegate works on the own sites alone."""
        candidate = self._run()[:1]
        own = candidate.with_user(self.officer)
        for call in (
            lambda: own.write({"state": "agreed"}),
            lambda: own.create({"rule_id": self.rule.id}),
            lambda: own.unlink(),
            lambda: candidate.with_user(self.users["delegate"]).action_agree(),
            lambda: candidate.with_user(self.users["manager"]).action_agree(),
            lambda: self.rule.with_user(self.users["delegate"]).action_propose(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                call()
        candidate.beneficiary_id.site_id = self.branch
        self.env.flush_all()
        candidate.with_user(self.users["delegate"]).action_agree()

    def test_cron(self):
        """The schedule is off by itself; on, it runs in batches without doubling."""
        rules = self.env["npo.outreach.rule"]
        rules._cron_propose()
        self.assertFalse(self._candidates())
        self.rule.is_scheduled = True
        cron = self.env.ref("npo_relations.ir_cron_npo_outreach")
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.assertIs(cron.method_direct_trigger(), True)
        self.assertEqual(len(self._candidates()), 2)

    def test_batch(self):
        """Proposing takes the same statements for few as for many (R058)."""

        def statements(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(self.rule._propose(limit=limit), limit)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        for index in range(60):
            person = self._new_beneficiary(
                0,
                identity_number=False,
                name=f"P {index}",
                iban=False,
                category_ids=self.category.ids,
                phone=False,
                email=False,
            )
            person.sudo().state = "active"
        self.assertEqual(self.rule._propose(limit=1), 1)
        few = statements(5)
        self.assertLessEqual(statements(50), few + 2)
        self.assertLessEqual(few, 12)
