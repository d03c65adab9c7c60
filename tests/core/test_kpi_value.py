from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ...tools.periods import before, period_of, periods
from ..common import AssociationCommon
from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestKpiValue(AssociationCommon):
    """Closed months stay as they were reported, corrections show beside (R177)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._npo_today()
        cls.month = period_of("month", cls.today)
        cls.last = before("month", *cls.month)
        cls.values = cls.env["npo.kpi.value"]
        cls.visits = cls.env.ref("npo_relations.kpi_visits_count")
        cls.waiting = cls.env.ref("npo_relations.kpi_avg_waiting")
        cls.received = cls.env.ref("npo_relations.kpi_requests_received")
        cls.requests = cls.env["npo.request"].sudo()
        for number in range(3):
            cls.requests |= cls._new_request(cls._new_beneficiary(number)).sudo()
        cls.env.flush_all()
        cls._send(cls.requests, cls.last[0] + timedelta(days=4))

    @classmethod
    def _send(cls, requests, day):
        """Let requests have been sent in on a day."""
        requests.flush_recordset()
        cls.env.cr.execute(
            "UPDATE npo_request SET date_submitted = %s WHERE id = ANY(%s)",
            [f"{day} 09:00:00", requests.ids],
        )
        cls.env.invalidate_all()

    def _keep(self):
        self.values._keep_months(self.company)
        self.values._recount(self.company)

    def _value(self, kpi=None, month=None, site=None):
        return self.values.search(
            [
                ("company_id", "=", self.company.id),
                ("kpi_id", "=", (kpi or self.received).id),
                ("date_from", "=", (month or self.last)[0]),
                ("site_id", "=", site.id if site else False),
            ]
        )

    def _trend(self, kpi, count=3, **options):
        months = periods("month", self.today, count)
        return kpi._trend(self.company, months, **options)[kpi]

    def test_last_month_is_kept(self):
        """R177: what ended is kept with its figure, its value and its target."""
        self._keep()
        value = self._value()
        self.assertRecordValues(
            value,
            [
                {
                    "counted": 3,
                    "kept": 3,
                    "value": 3,
                    "figure": self.received._figure_text(3, 3),
                    "is_told": True,
                    "is_corrected": False,
                    "date_to": self.last[1],
                }
            ],
        )
        kpis = self.env["npo.kpi"].search([])
        kept = self.values.search(
            [("company_id", "=", self.company.id), ("site_id", "=", False)]
        )
        self.assertEqual(kept.kpi_id, kpis)
        self.assertEqual(set(kept.mapped("date_from")), {self.last[0]})

    def test_kept_once(self):
        """Whoever runs it again keeps nothing twice."""
        self._keep()
        count = self.values.search_count([])
        self._keep()
        self.assertEqual(self.values.search_count([]), count)

    def test_a_correction_shows_beside(self):
        """What was reported is never rewritten; what is true now stands beside it."""
        self._keep()
        self._send(self.requests[0], self.last[0] - timedelta(days=40))
        self._keep()
        value = self._value()
        self.assertRecordValues(
            value,
            [
                {
                    "counted": 3,
                    "value": 3,
                    "counted_now": 2,
                    "value_now": 2,
                    "difference": -1,
                    "is_corrected": True,
                    "figure_now": self.received._figure_text(2, 2),
                }
            ],
        )
        self.assertEqual(self._trend(self.received)[1], (2, 2))
        self.assertEqual(self._trend(self.received, kept=True)[1], (3, 3))
        self._send(self.requests[0], self.last[0])
        self._keep()
        self.assertFalse(value.is_corrected)

    def test_nobody_rewrites(self):
        """Not even the superuser changes or deletes what was reported."""
        self._keep()
        value = self._value().sudo()
        for vals in ({"counted": 9}, {"state": "met"}, {"kpi_id": self.visits.id}):
            with self.assertRaises(UserError):
                value.write(vals)
        with self.assertRaises(UserError):
            value.unlink()

    def test_gap(self):
        """A month that no job ran in is kept later, where others are kept before it."""
        months = periods("month", self.today, 4)
        self.received._keep(self.company, *months[0])
        self._keep()
        kept = self.values.search([("kpi_id", "=", self.received.id)])
        kept = kept.filtered(lambda one: one.company_id == self.company)
        self.assertEqual(
            set(kept.mapped("date_from")), {month[0] for month in months[:3]}
        )

    def test_nothing_counted(self):
        """A month without data has no share and no average, and is not missed."""
        self._keep()
        value = self._value(self.waiting)
        self.assertEqual((value.counted, value.state), (0, "none"))
        self.assertEqual(value.figure, self.waiting._figure_text(0, 0))
        ratio = self.env.ref("npo_relations.kpi_complaints_per_1000")
        [(counted, kept)] = ratio._figures(self.company, *self.last).values()
        self.assertEqual((counted, kept), (0, 0))
        self.assertIsNone(ratio._figure_value(counted, kept))
        self.assertEqual(self._value(ratio).state, "none")

    def test_ratio(self):
        """A divisor of nothing is no number; else so many for each thousand."""
        ratio = self.env.ref("npo_relations.kpi_complaints_per_1000")
        self.assertIsNone(ratio._figure_value(0, 3))
        self.assertEqual(ratio._figure_value(600, 3), 5)
        self.assertEqual(ratio._figure_text(600, 3), "5")

    def test_site_opened_in_the_month(self):
        """R200: a site that opened in the middle has its own numbers from then on."""
        site = self.env["npo.site"].create(
            {"name": "New", "company_id": self.company.id, "date_open": self.today}
        )
        self.requests[0].site_id = site
        self.env.flush_all()
        self._keep()
        self.assertEqual(self._value(site=site).value, 1)
        self.assertFalse(self._value(self.visits, site=site))
        found = self._trend(self.received, site=site)
        self.assertEqual(found, [(0, 0), (1, 1), (0, 0)])
        self.assertEqual(self._trend(self.received, site=site, kept=True), found)

    def test_as_it_stands_now(self):
        """What has no day is known of today, and of months that were kept."""
        guides = self.env.ref("npo_relations.kpi_guides_coverage")
        now = guides._figures(self.company, *self.month)[guides]
        self.assertEqual(self._trend(guides), [(0, None), (0, None), now])
        self._keep()
        self.assertEqual(self._trend(guides, kept=True), [(0, None), now, now])

    def test_opinion_of_few(self):
        """R079: the opinion of a few is kept as something that is not told."""
        kpi = self.env.ref("npo_relations.kpi_rating_satisfied")
        self.env.cr.execute(
            """
            INSERT INTO npo_rating (name, token, company_id, res_model, res_id, rating,
                                    date_rated, kind, site_id)
            SELECT 'R', 'token' || n, %s, 'npo.request', -n, 5, %s, 'request', %s
              FROM generate_series(1, 4) n""",
            [self.company.id, f"{self.last[0]} 12:00:00", self.site.id],
        )
        self.assertEqual(kpi._figures(self.company, *self.last)[kpi], (0, None))
        self._keep()
        value = self._value(kpi)
        self.assertRecordValues(
            value, [{"counted": 0, "kept": 0, "value": 0, "is_told": False}]
        )
        self.assertFalse(self._value(kpi, site=self.site))
        self.assertEqual(self._trend(kpi, kept=True)[1], (0, None))
        self.values._recount(self.company)
        self.assertFalse(value.date_recounted)

    def test_targets(self):
        """R171: the association's own target from its day on, else the proposal."""
        kpi = self.env.ref("npo_relations.kpi_in_window")
        self.assertEqual(kpi._targets(self.company, self.today)[kpi], ("at_least", 95))
        target = self.env["npo.kpi.target"].with_user(self.users["chief"])
        target = target.create(
            {
                "kpi_id": kpi.id,
                "date_from": self.month[0],
                "direction": "at_least",
                "target": 80,
            }
        )
        self.assertEqual(kpi._targets(self.company, self.today)[kpi][1], 80)
        self.assertEqual(kpi._targets(self.company, self.last[1])[kpi][1], 95)
        self.assertIn("80", kpi._target_text("at_least", 80))
        self.assertIn("80", kpi.aim)
        with self.assertRaises(ValidationError):
            target.target = 101
        with self.assertRaises(ValidationError):
            target.target = -1

    def test_status(self):
        status = self.received._status
        self.assertEqual(status(95, "at_least", 95), "met")
        self.assertEqual(status(94.9, "at_least", 95), "missed")
        self.assertEqual(status(2, "at_most", 2), "met")
        self.assertEqual(status(3, "up", 2), "met")
        self.assertEqual(status(3, "down", 2), "missed")
        self.assertFalse(status(None, "at_least", 95))
        self.assertFalse(status(3, "up", None))
        self.assertFalse(status(3, False, 0))

    def test_better_than_the_month_before(self):
        """A target without a number is the month before."""
        kpi = self.env.ref("npo_relations.kpi_proactive_requests")
        self.requests.origin = "proactive"
        self.env.flush_all()
        earlier = before("month", *self.last)
        self._send(self.requests[0], earlier[0])
        self._keep()
        self.assertEqual(self._value(kpi).state, "none")
        self.env.cr.execute(
            "DELETE FROM npo_kpi_value WHERE company_id = %s", [self.company.id]
        )
        self.env.invalidate_all()
        kpi._keep(self.company, *earlier)
        kpi._keep(self.company, *self.last)
        value = self._value(kpi)
        self.assertEqual((value.value, value.target, value.state), (2, 1, "met"))

    def test_form(self):
        """The form shows the month, the one before, the aim and the closed months."""
        self._keep()
        kpi = self.received.with_user(self.users["manager"])
        self.assertEqual(kpi.figure_before, "3")
        self.assertEqual(kpi.figure_month, "0")
        self.assertFalse(kpi.trend_graph)  # one month is no trend
        self.received._keep(self.company, *before("month", *self.last))
        kpi.invalidate_recordset()
        self.assertIn('"y": 3', kpi.trend_graph)
        action = kpi.action_records()
        self.assertEqual(action["res_model"], "npo.request")
        action = kpi.action_kept_values()
        self.assertEqual(action["domain"], [("kpi_id", "=", kpi.id)])
        value = self._value().with_user(self.users["manager"])
        opened = value.action_records()
        self.assertEqual(
            self.env["npo.request"].search(opened["domain"]), self.requests
        )

    def test_job(self):
        """The job keeps what ended of each association and says how far it came."""
        cron = self.env.ref("npo_relations.ir_cron_npo_kpi_keep")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self._value())


@tagged("post_install", "-at_install")
class TestKpiValueAtOnce(AtOnceCommon, BaseCase):
    """Two jobs at one moment keep a month once."""

    def test_two_jobs(self):
        manager = self.env.ref("base.user_root")

        def keep(env):
            company = env["res.company"].browse(self.company.id)
            env["npo.kpi.value"]._keep_months(company)
            return True

        self.assertEqual(self._at_once((manager, keep), (manager, keep)), [True, True])
        self.env.cr.execute(
            "SELECT count(*), count(DISTINCT kpi_id) FROM npo_kpi_value"
            " WHERE company_id = %s AND site_id IS NULL",
            [self.company.id],
        )
        rows, kpis = self.env.cr.fetchone()
        self.assertEqual(rows, kpis)
        self.assertEqual(kpis, self.env["npo.kpi"].search_count([]))
