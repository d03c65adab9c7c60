from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...tools.periods import periods
from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestKpi(AssociationCommon):
    """One number, one definition; each is counted here by another way (P002)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._npo_today()
        cls.first = cls._advance(cls._new_request(), "delivery").sudo()
        cls.second = cls._advance(
            cls._new_request(cls._new_beneficiary(1)), "committee"
        ).sudo()
        cls.third = cls._new_request(cls._new_beneficiary(2)).sudo()
        cls.third._refer(cls.users["researcher"], question="What is asked?")
        cls.period = (cls.today - timedelta(days=10), cls.today + timedelta(days=10))
        cls.env.flush_all()

    def _kpi(self, code):
        return self.env.ref(f"npo_relations.kpi_{code}")

    def _figure(self, code, period=None, company=None):
        kpi = self._kpi(code)
        return kpi._figures(company or self.company, *(period or self.period))[kpi]

    def _count(self, model, condition):
        """Return how many records of the association there are, in Python."""
        records = self.env[model].sudo().with_context(active_test=False).search([])
        own = records.filtered(lambda record: record.company_id == self.company)
        return len(own.filtered(condition))

    # ------------------------------------------------------------
    # EACH MEASURE, COUNTED BY ANOTHER WAY
    # ------------------------------------------------------------

    def test_every_measure(self):
        """Each measure agrees with a count of the same records in Python."""
        given = self.first | self.second | self.third
        sent = given.filtered("date_submitted")
        raised = given.filtered("date_raised")
        expected = {
            "requests_received": (len(sent), len(sent)),
            "policy_channels": (len(sent), len(sent)),
            "e_service_share": (len(sent), 0),
            "requests_completed": (0, 0),
            "documents_matched": self._documents(sent),
            "items_verified": self._pair(
                "npo.verification",
                lambda item: item.date,
                lambda item: item.result == "verified",
            ),
            "declarations_signed": (
                len(raised),
                len(raised.filtered("declaration_id.is_valid")),
            ),
            "raised_explained": (len(raised), len(raised.filtered("is_explained"))),
            "in_window": (1, 0),
            "early_replies": (1, 1),
            "decisions_reasoned": (0, 0),
            "files_registered": self._pair(
                "npo.beneficiary",
                lambda file: file.date_registered,
                lambda file: file.file_no and file.date_renewal,
            ),
            "deliveries_receipt": (0, 0),
            "messages_sent": self._pair(
                "npo.message",
                lambda message: True,
                lambda message: message.state == "sent",
            ),
            "duties_clear": self._pair(
                "npo.duty", lambda duty: True, lambda duty: True
            ),
            "referrals_in_time": (0, 0),
        }
        self.assertEqual(len(sent), 3)
        self.assertEqual(len(raised), 2)
        for code, figure in expected.items():
            with self.subTest(code):
                self.assertEqual(self._figure(code), figure)

    def _pair(self, model, counts, keeps):
        return (
            self._count(model, counts),
            self._count(model, lambda record: counts(record) and keeps(record)),
        )

    def _documents(self, requests):
        documents = requests.filtered(
            lambda request: request.stage_code not in ("new", "clarification")
        ).document_ids.filtered("is_mandatory")
        matched = documents.filtered(lambda doc: doc.state in ("matched", "waived"))
        return len(documents), len(matched)

    def test_referrals_in_time(self):
        """R111: late open referrals are exceptions, coming ones are not counted yet."""
        referral = self.third.referral_ids
        self.assertEqual(self._figure("referrals_in_time"), (0, 0))
        referral.date_due = self.today - timedelta(days=1)
        self.assertEqual(self._figure("referrals_in_time"), (1, 0))
        referral.write(
            {
                "answer": "So.",
                "is_understood": True,
                "date_answered": fields.Datetime.now() - timedelta(days=2),
            }
        )
        self.assertTrue(referral.is_in_time)
        self.assertEqual(self._figure("referrals_in_time"), (1, 1))
        referral.date_answered = fields.Datetime.now()
        self.assertFalse(referral.is_in_time)
        self.assertEqual(self._figure("referrals_in_time"), (1, 0))

    def test_answered_in_time_is_searched_as_computed(self):
        """The search of `is_in_time` agrees with its computation at midnight."""
        referral = self.third.referral_ids
        referral.date_due = "2026-03-01"
        for moment in ("2026-03-01 20:59:00", "2026-03-01 21:01:00", False):
            referral.date_answered = moment
            for value in (True, False):
                found = referral.search(
                    [("id", "=", referral.id), ("is_in_time", "=", value)]
                )
                with self.subTest(f"{moment} {value}"):
                    self.assertEqual(bool(found), referral.is_in_time == value)

    def test_window(self):
        """R126: answered early, in the window and late, by moving the dates."""
        cases = {
            "replied_early": (timedelta(days=3), timedelta(days=9), (1, 0), (1, 1)),
            "replied_in_window": (timedelta(days=-3), timedelta(0), (1, 1), (1, 1)),
            "replied_late": (timedelta(days=-9), timedelta(days=-1), (1, 0), (1, 0)),
        }
        for state, (floor, ceiling, in_window, by_deadline) in cases.items():
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE npo_request SET earliest_reply_date = %s, reply_deadline = %s"
                " WHERE id = %s",
                (self.today + floor, self.today + ceiling, self.first.id),
            )
            self.env.invalidate_all()
            with self.subTest(state):
                self.assertEqual(self.first.window_state, state)
                self.assertEqual(self._figure("in_window"), in_window)
                self.assertEqual(self._figure("answers_due"), by_deadline)

    def test_answer_that_never_came(self):
        """A request past its last day without an answer is an exception."""
        self.env.cr.execute(
            "UPDATE npo_request SET reply_deadline = %s WHERE id = %s",
            (self.today - timedelta(days=2), self.second.id),
        )
        self.env.invalidate_all()
        kpi = self._kpi("answers_due")
        late = kpi._records_domain(self.company, *self.period, kept=False)
        self.assertEqual(self.env["npo.request"].sudo().search(late), self.second)

    def test_conflict(self):
        """D02: a duty written past the check shows as an exception."""
        duty = self.env["npo.duty"].search(
            [("res_id", "=", self.first.id), ("duty", "=", "register")], limit=1
        )
        self.assertFalse(duty.has_conflict)
        other = duty.sudo().copy({"duty": "decide"})
        self.env.invalidate_all()
        self.assertTrue(duty.has_conflict and other.has_conflict)
        counted, kept = self._figure("duties_clear")
        # the same officer had registered and verified
        self.assertEqual(counted - kept, 3)

    def test_decision_without_reason(self):
        """R125: a refusal without a reason is an exception."""
        self.first.decision = "rejected"
        self.assertEqual(self._figure("decisions_reasoned"), (1, 0))
        self.first.decision_reason_id = self.env["npo.reason"].search([], limit=1)
        self.assertEqual(self._figure("decisions_reasoned"), (1, 1))

    def test_delivery_receipt(self):
        """R129: a signature, a witness, a code or a name is a receipt."""
        delivery = self.env["npo.delivery"].sudo()
        vals = {
            "request_id": self.first.id,
            "date": self.today,
            "user_id": self.users["deliverer"].id,
            "receipt_method": "signature",
            "amount": 1,
        }
        unsigned = delivery.create(vals)
        delivery.create({**vals, "receipt_method": "bank", "bank_reference": "77"})
        delivery.create({**vals, "receiver_name": "A neighbour"})
        self.assertEqual(self._figure("deliveries_receipt"), (3, 2))
        kpi = self._kpi("deliveries_receipt")
        failed = kpi._records_domain(self.company, *self.period, kept=False)
        self.assertEqual(delivery.search(failed), unsigned)

    # ------------------------------------------------------------
    # PERIOD, ASSOCIATION, CHANNEL
    # ------------------------------------------------------------

    def test_period(self):
        """The first and the last day count, by the association's own midnight."""
        self.third.date_submitted = "2026-02-28 21:30:00"  # 1 March in Riyadh
        march = (fields.Date.to_date("2026-03-01"), fields.Date.to_date("2026-03-31"))
        self.assertEqual(self._figure("requests_received", march), (1, 1))
        self.third.date_submitted = "2026-03-31 20:59:59"
        self.assertEqual(self._figure("requests_received", march), (1, 1))
        self.third.date_submitted = "2026-03-31 21:00:00"
        self.assertEqual(self._figure("requests_received", march), (0, 0))

    def test_hijri_month_of_29_days(self):
        """The last evening of a short Hijri month counts in it, midnight does not."""
        month, following = self._short_month()
        self.third.date_submitted = f"{month[1]} 20:59:59"
        self.assertEqual(self._figure("requests_received", month), (1, 1))
        self.assertEqual(self._figure("requests_received", following), (0, 0))
        self.third.date_submitted = f"{month[1]} 21:00:00"  # midnight in Riyadh
        self.assertEqual(self._figure("requests_received", month), (0, 0))
        kpi = self._kpi("requests_received")
        trend = kpi._trend(self.company, [month, following])[kpi]
        self.assertEqual(trend, [(0, 0), (1, 1)])

    def _short_month(self):
        """Return a Hijri month of 29 days, long ago, and the one after it."""
        found = periods("month", fields.Date.to_date("2024-12-01"), 14, "hijri")
        for month, following in zip(found, found[1:], strict=False):
            if (month[1] - month[0]).days == 28:
                return month, following
        raise AssertionError("no month of 29 days")

    def test_leap_february(self):
        """The 29th of a leap February is its last day."""
        self.third.date_submitted = "2024-02-29 20:30:00"
        kpi = self._kpi("requests_received")
        months = periods("month", fields.Date.to_date("2024-03-05"), 3)
        trend = kpi._trend(self.company, months)[kpi]
        self.assertEqual(trend, [(0, 0), (1, 1), (0, 0)])

    def test_periods_over_one_another(self):
        """A trend whose periods overlap would count twice: it is refused."""
        kpi = self._kpi("requests_received")
        day, after = self.today, self.today + timedelta(days=1)
        for wrong in ([(day, after), (after, after)], [(after, after), (day, day)]):
            with self.assertRaises(ValueError):
                kpi._trend(self.company, wrong)
        self.assertEqual(kpi._trend(self.company, []), {kpi: []})

    def test_other_association(self):
        """An association counts its own records alone."""
        other = self.env["res.company"].create({"name": "Another"})
        kpis = self.env["npo.kpi"].search([])
        for kpi, figure in kpis._figures(other, *self.period).items():
            with self.subTest(kpi.code):
                self.assertEqual(figure, (0, 0))

    def test_by_channel(self):
        """R085: the figure of a channel is what came through it."""
        kpi = self._kpi("requests_received")
        phone = self.env["npo.channel"].search([("code", "=", "phone")])
        self.third.channel_id = phone
        found = kpi._figures_by("channel", self.company, *self.period)[kpi]
        self.assertEqual(found, {self.channel: (2, 2), phone: (1, 1)})
        action = kpi._open_records(self.company, *self.period, channels=phone)
        opened = self.env["npo.request"].sudo().search(action["domain"])
        self.assertEqual(opened, self.third)

    def test_kept_and_exceptions_are_all(self):
        """The kept ones and the exceptions of a promise are what was counted."""
        for kpi in self.env["npo.kpi"].search([("is_promise", "=", True)]):
            model = self.env[kpi.res_model].sudo()
            counted, kept = kpi._figures(self.company, *self.period)[kpi]
            failed = model.search_count(
                kpi._records_domain(self.company, *self.period, kept=False)
            )
            with self.subTest(kpi.code):
                self.assertEqual(kpi._exceptions(counted, kept), failed)
                self.assertEqual(kept + failed, counted)

    def test_open_records_with_own_rights(self):
        """Records open with the rights of who looks."""
        kpi = self._kpi("requests_received")
        action = kpi._open_records(self.company, *self.period)
        delegate = self.env["npo.request"].with_user(self.users["delegate"])
        self.assertEqual(len(delegate.search(action["domain"])), 0)
        manager = self.env["npo.request"].with_user(self.users["manager"])
        self.assertEqual(len(manager.search(action["domain"])), 3)

    def test_text(self):
        share = self._kpi("in_window")
        self.assertEqual(share._figure_text(8, 6), "6 of 8 (75%)")
        self.assertEqual(share._figure_text(0, 0), "None in the period")
        self.assertEqual(self._kpi("requests_received")._figure_text(5, 5), "5")

    def test_every_objective_has_a_measure(self):
        """R048: one general objective, six and five means: each done, each measured."""
        clauses = self.env["npo.policy.clause"].search(
            [
                ("version_id", "=", self.company.npo_policy_version_id.id),
                ("role", "in", ("general_objective", "objective", "mean")),
            ]
        )
        nodes = clauses.grouped("role")
        self.assertEqual(
            {role: len(found) for role, found in nodes.items()},
            {"general_objective": 1, "objective": 6, "mean": 5},
        )
        for clause in clauses:
            with self.subTest(clause.text):
                self.assertTrue(clause.topic_id.how)
                self.assertTrue(clause.topic_id.kpi_ids)

    def test_groups_of_few(self):
        """R079: of opinions and of what tells of persons, few are not told."""
        groups = {"a": (9, 9), "b": (2, 1), "c": (6, 0)}
        plain = self._kpi("requests_received")
        self.assertEqual(plain._shown_groups(groups, self.company), (groups, set()))
        opinion = self._kpi("rating_satisfied")
        told, hidden = opinion._shown_groups(groups, self.company)
        self.assertEqual((told, hidden), ({"a": (9, 9)}, {"b", "c"}))
        self.assertFalse(opinion._is_told(4, self.company))
        self.assertTrue(opinion._is_told(5, self.company))
        self.assertTrue(plain._is_told(4, self.company))

    def test_persons_behind_groups(self):
        """R079: complaints of one person are a group of one, however many they are."""
        kpi = self._kpi("complaints_received")
        persons = [self.first.partner_id] * 6
        persons += (self.second | self.third).partner_id
        self.company.npo_small_answers = self.company.npo_small_count = 2
        self.env["npo.complaint"].create(
            [
                {
                    "title": "x",
                    "partner_id": person.id,
                    "company_id": self.company.id,
                    "channel_id": self.env.ref("npo_relations.channel_portal").id,
                    "site_id": (self.site if number < 6 else self.branch).id,
                }
                for number, person in enumerate(persons)
            ]
        )
        self.env.flush_all()
        kpi._figures_by("site", self.company, *self.period)
        with self.assertQueryCount(1):
            groups = kpi._figures_by("site", self.company, *self.period)[kpi]
        self.assertEqual(groups, {self.site: (6, 6), self.branch: (2, 2)})
        told, hidden = kpi._shown_groups(groups, self.company)
        self.assertEqual((told, hidden), ({}, {self.site, self.branch}))

    # ------------------------------------------------------------
    # DEFINITION
    # ------------------------------------------------------------

    def test_definition_is_checked(self):
        """A measure that cannot be computed is refused where it is written."""
        good = {
            "name": "Own",
            "code": "own",
            "res_model": "npo.request",
            "date_field": "date_closed",
        }
        self.env["npo.kpi"].create(good)
        for bad in (
            {"res_model": "npo.nothing"},
            {"res_model": "npo.request.decide"},
            {"res_model": "npo.home"},
            {"date_field": "name"},
            {"date_field": "partner_id.nothing"},
            {"company_field": "partner_id"},
            {"channel_field": "site_id"},
            {"domain": "[('nothing', '=', 1)]"},
            {"domain": "[('id', '='"},
            {"domain": "__import__('os').getcwd()"},
            {"kept_domain": "[('id', '=', unknown)]"},
            {"site_field": "service_id"},
            {"gender_field": "partner_id"},
            {"category_field": "name"},
            {"unit": "ratio"},
            {"per_field": "user_id"},
            {"unit": "ratio", "per_field": "nothing"},
            {"denominator_id": self._kpi("requests_received").id},
        ):
            with self.subTest(bad), self.assertRaises(ValidationError):
                self.env["npo.kpi"].create({**good, "code": "bad", **bad})
