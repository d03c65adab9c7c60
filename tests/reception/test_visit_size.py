from odoo.tests import tagged
from odoo.tools import SQL

from ..common_performance import PerformanceCommon
from .common import ReceptionCommon

MANY = 2000


@tagged("post_install", "-at_install")
class TestVisitSize(PerformanceCommon, ReceptionCommon):
    """Budgets of performance.md: 2,000 visits a day, and a year of them."""

    @classmethod
    def _fill(cls, days, a_day=MANY):
        """Insert the visits of days before today, served, by SQL."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                """
                WITH sheet AS (
                    INSERT INTO npo_visit_sheet (company_id, site_id, day, state)
                         SELECT %(company)s, %(site)s, %(today)s::date - back, 'closed'
                           FROM generate_series(1, %(days)s) AS back
                    ON CONFLICT (site_id, day) DO NOTHING
                      RETURNING id, day
                )
                INSERT INTO npo_visit (
                    company_id, site_id, sheet_id, day, section, number, name, state,
                    purpose_id, gender, visitor_kind, date_arrived, date_started,
                    date_ended, waiting_minutes, service_minutes, result)
                SELECT %(company)s, %(site)s, sheet.id, sheet.day, 'men', number,
                       'VIS/' || sheet.day || '/' || number, 'done', %(purpose)s,
                       'male', 'new', sheet.day, sheet.day, sheet.day, 5, 7, 'completed'
                  FROM sheet, generate_series(1, %(each)s) AS number
                """,
                company=cls.company.id,
                site=cls.site.id,
                today=cls.company._npo_today(),
                days=days,
                each=a_day,
                purpose=cls.inquiry.id,
            )
        )
        cls.env.cr.execute("ANALYZE npo_visit")
        cls.env.invalidate_all()

    def _vals(self, count, **vals):
        return [
            {
                "company_id": self.company.id,
                "site_id": self.site.id,
                "section": "women",
                "purpose_id": self.inquiry.id,
                **vals,
            }
            for _number in range(count)
        ]

    @property
    def visits(self):
        return self.env["npo.visit"].with_user(self.front)

    def _at_two_sizes(self, action, most):
        """Assert a budget with a week of visits and with two months of them."""
        counts = []
        for days in (7, 60):
            self._fill(days)
            action()  # warm the registry's caches
            counts.append(self._statements(action))
        self.assertLessEqual(counts[1], most)
        self.assertEqual(*counts)

    def test_register(self):
        """Registering one: 22 statements; a hundred: 60."""
        person = {"partner_id": self.person.id, "client_key": "x"}
        self.visits._register_visitors(self._vals(1))
        one = self._statements(
            lambda: self.visits._register_visitors(self._vals(1, **person))
        )
        many = self._statements(lambda: self.visits._register_visitors(self._vals(100)))
        self.assertLessEqual(one, 22)
        self.assertLessEqual(many, 60)

    def test_steps(self):
        """Calling: 16 statements; serving creates the contact, and ending ends it."""
        self._done()
        visit = self._visit(partner_id=self.person.id)
        for step, most in (
            (visit.action_call, 16),
            (visit.action_start, 16 + 22),
            # ten of them read the rules of three models, once
            (lambda: visit.action_end("completed"), 10 + 12),
        ):
            self.assertLessEqual(self._statements(step), most)

    def test_leave_a_hundred(self):
        """A hundred who left, at the end of the day: 60 statements."""
        self.visits._register_visitors(self._vals(1)).action_leave()
        visits = self.visits._register_visitors(self._vals(100))
        self.assertLessEqual(self._statements(visits.action_leave), 60)

    def test_list(self):
        spec = self._view_spec(self.visits, "list")
        self._at_two_sizes(lambda: self.visits.web_search_read([], spec, limit=80), 8)

    def test_search(self):
        domain = [("visitor_name", "ilike", "Umm"), ("day", ">=", "today -7d")]
        spec = self._view_spec(self.visits, "list")
        self._at_two_sizes(
            lambda: self.visits.web_search_read(domain, spec, limit=80), 8
        )

    def test_form(self):
        visit = self._done(partner_id=self.person.id)
        spec = self._view_spec(self.visits, "form")
        self._at_two_sizes(lambda: visit.web_read(spec), 14)

    def test_queue(self):
        """The queue and the board: the same however many years there are."""
        self._visit()
        self._served(section="men")
        counter = self.env["npo.reception"].with_user(self.front)
        self._at_two_sizes(lambda: counter.get_queue(self.site.id), 8)

    def test_board(self):
        """The waiting room's page asks for two statements each time."""
        self._visit()
        self.site._queue_address()
        token = self.site.queue_token
        sites = self.env["npo.site"].with_user(self.env.ref("base.public_user"))
        self._at_two_sizes(lambda: sites._by_queue_token(token)._board(), 4)

    def test_next(self):
        def call():
            with self.cr.savepoint() as undo:
                self.visits._call_next(self.site, "women", 1)
                undo.rollback()

        self.visits._register_visitors(self._vals(5))
        self._at_two_sizes(call, 16)

    def test_day_sheet(self):
        """The sheet of a full day, and the figures of a year's days."""
        self._fill(2)
        sheet = self.env["npo.visit.sheet"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.assertEqual(sheet._counted().total, MANY)
        self._at_two_sizes(lambda: sheet.with_user(self.front)._counted(), 4)

    def test_indexes(self):
        """The queue, the person and the day are found by their indexes."""
        self._fill(30)
        today = self.company._npo_today()
        self.env.cr.execute("SET LOCAL enable_seqscan = on")
        for where, params, index in (
            (
                "site_id = %s AND day = %s AND section = 'women' AND state = 'waiting'",
                (self.site.id, today),
                "npo_visit_queue_idx",
            ),
            ("partner_id = %s", (self.person.id,), "npo_visit_partner_idx"),
        ):
            self.env.cr.execute(
                f"EXPLAIN SELECT id FROM npo_visit WHERE {where}", params
            )
            plan = " ".join(line for (line,) in self.env.cr.fetchall())
            with self.subTest(index):
                self.assertIn(index, plan)
