from collections import defaultdict
from datetime import timedelta
from statistics import mean
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from ...models.core.kpi import BREAKDOWNS, MEANS
from ...tools.periods import periods
from .common_kpi import ROWS, AnyRecordsCommon

RIYADH = ZoneInfo("Asia/Riyadh")
UTC = ZoneInfo("UTC")
# Above the value that needs an agreement: `tests/agreement/test_exception` counts it.
RARE = ("dealings_without_agreement",)


@tagged("post_install", "-at_install")
class TestKpiRecount(AnyRecordsCommon):
    """Every measure, counted once more from its records by another way.

    R048, R126, R151, R160, R177, R178: the measures are counted by one statement of
    the database; here the records are read one by one, and numbers, averages,
    percentiles, ratios, groups and months are worked out in Python.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.npo_small_answers = 1  # all of it is told, to be counted again
        cls.months = periods("month", cls.today, 4)
        cls.period = (cls.months[0][0], cls.months[-1][1])
        cls._meet_each_measure()

    @classmethod
    def _meet_each_measure(cls):
        """Read what each measure counts; of what chance left out there is more."""
        for _round in range(10):
            cls.records = {kpi: cls._read(kpi) for kpi in cls.kpis}
            missed = cls.kpis.filtered(
                lambda kpi: kpi.code not in RARE and not cls._records(kpi, *cls.period)
            )
            if not missed:
                break
            for name in sorted(set(missed.mapped("res_model"))):
                cls._fill(cls.env[name], ROWS)
            cls.env.invalidate_all()
            cls.env.registry.clear_all_caches()

    # ------------------------------------------------------------
    # BY ANOTHER WAY
    # ------------------------------------------------------------

    @classmethod
    def _read(cls, kpi):
        """Return the records of the association that a measure counts, of all times."""
        records = cls.env[kpi.res_model].sudo().search([])
        own = records.filtered(
            lambda record: cls._at(record, kpi.company_field) == cls.company
        )
        return own.filtered_domain(kpi._parse("domain", cls.company))

    @classmethod
    def _at(cls, record, path):
        for name in path.split("."):
            record = record[name]
        return record

    @classmethod
    def _day(cls, kpi, record):
        """Return the day of a record, as the association has it."""
        moment = cls._at(record, kpi.date_field)
        if hasattr(moment, "hour"):
            return moment.replace(tzinfo=UTC).astimezone(RIYADH).date()
        return moment

    @classmethod
    def _within(cls, kpi, records, first, last):
        if not kpi.date_field:
            return records
        return records.filtered(
            lambda record: (
                (day := cls._day(kpi, record)) and first <= day and day <= last
            )
        )

    def _recounted(self, kpi, records, divisor=None):
        """Return (counted, kept) of records in Python."""
        number = self._number(kpi, records)
        if kpi.denominator_id:
            return self._number(kpi.denominator_id, divisor), number
        if kpi.per_field:
            kinds = {
                tuple(self._at(record, path) for path in kpi._per_paths())
                for record in records
            }
            kinds = {kind for kind in kinds if all(kind)}
            return len(kinds), number if kinds else 0
        return len(records), number

    def _number(self, kpi, records):
        if kpi.value_field:
            values = [self._at(record, kpi.value_field) for record in records]
            return self._value_of(kpi, sorted(values)) if values else 0
        if kpi.kept_domain and kpi not in self.kpis.denominator_id:
            kept = kpi._parse("kept_domain", self.company)
            return len(records.filtered_domain(kept))
        return len(records)

    def _value_of(self, kpi, values):
        if kpi.percentile:
            place = (len(values) - 1) * kpi.percentile / 100
            low = int(place)
            high = min(low + 1, len(values) - 1)
            return values[low] + (values[high] - values[low]) * (place - low)
        return mean(values) if kpi.unit in MEANS else sum(values)

    def _assert_same(self, found, expected, what=None):
        for one, other in zip(found, expected, strict=True):
            self.assertAlmostEqual(one, other, 6, f"{what}: {found} {expected}")

    @classmethod
    def _records(cls, kpi, *period):
        return cls._within(kpi, cls.records[kpi], *period)

    # ------------------------------------------------------------
    # ALL OF THEM
    # ------------------------------------------------------------

    def test_figures(self):
        """Each measure of a period agrees with its records."""
        figures = self.kpis._figures(self.company, *self.period)
        for kpi in self.kpis:
            divisor = kpi.denominator_id and self._records(
                kpi.denominator_id, *self.period
            )
            records = self._records(kpi, *self.period)
            with self.subTest(kpi.code):
                if kpi.code not in RARE:
                    self.assertTrue(records, "nothing of it was counted at all")
                self._assert_same(figures[kpi], self._recounted(kpi, records, divisor))

    def test_groups(self):
        """Each breakdown agrees, group by group, and together they are the whole."""
        for by in BREAKDOWNS:
            figures = self.kpis._figures_by(by, self.company, *self.period)
            self.assertEqual(set(figures), set(self.kpis.filtered(f"{by}_field")), by)
            for kpi, groups in figures.items():
                with self.subTest(f"{kpi.code} by {by}"):
                    self._check_groups(kpi, by, groups)

    def _check_groups(self, kpi, by, groups):
        own = self._grouped(kpi, by, self._records(kpi, *self.period))
        divisors = {}
        if per := kpi.denominator_id:
            divisors = self._grouped(per, by, self._records(per, *self.period))
        self.assertEqual(set(groups), {*own, *divisors})
        none = self.env[kpi.res_model]
        for key, figure in groups.items():
            divisor = divisors.get(key, self.env[per.res_model] if per else None)
            records = own.get(key, none)
            self._assert_same(figure, self._recounted(kpi, records, divisor), key)
        if not kpi.per_field:
            counted = sum(figure[0] for figure in groups.values())
            [whole] = kpi._figures(self.company, *self.period).values()
            self.assertEqual(counted, whole[0])
            if not kpi.percentile:
                self._assert_same(kpi._together(groups.values()), whole)

    def _grouped(self, kpi, by, records):
        groups = defaultdict(lambda: self.env[kpi.res_model].sudo())
        for record in records:
            groups[self._at(record, kpi._by_field(by))] |= record
        return groups

    def test_trend(self):
        """Each month of a trend agrees with the figures of that month alone."""
        trend = self.kpis._trend(self.company, self.months)
        by_month = [self.kpis._figures(self.company, *month) for month in self.months]
        for kpi in self.kpis:
            with self.subTest(kpi.code):
                for place, month in enumerate(self.months):
                    if kpi.date_field:
                        self._assert_same(trend[kpi][place], by_month[place][kpi])
                    elif place < 3:
                        self.assertEqual(trend[kpi][place], (0, None), month)
                per = kpi.denominator_id
                if kpi.date_field and not kpi.per_field and (not per or per.date_field):
                    counted = sum(figure[0] for figure in trend[kpi])
                    [whole] = kpi._figures(self.company, *self.period).values()
                    self.assertEqual(counted, whole[0])

    def test_trend_with_days_between(self):
        """Days between two periods of a trend are in neither of them."""
        periods_ = [(first, first + timedelta(days=3)) for first, _last in self.months]
        trend = self.kpis._trend(self.company, periods_)
        for place, period in enumerate(periods_):
            figures = self.kpis._figures(self.company, *period)
            for kpi in self.kpis.filtered("date_field"):
                with self.subTest(f"{kpi.code} {place}"):
                    self._assert_same(trend[kpi][place], figures[kpi])

    def test_site(self):
        """R200: at one site, what names that site and nothing else."""
        figures = self.kpis._figures(self.company, *self.period, site=self.branch)
        seen = 0
        for kpi in self.kpis:
            with self.subTest(kpi.code):
                if not kpi.site_field:
                    self.assertEqual(figures[kpi], (0, None))
                    text = kpi._figure_text(*figures[kpi])
                    self.assertIn(text, ("—", "Not enough answers"))
                    continue
                records = self._at_branch(kpi)
                seen += len(records)
                per = kpi.denominator_id
                if per and not per.site_field:
                    self.assertEqual(figures[kpi][1], None)
                    continue
                divisor = per and self._at_branch(per)
                self._assert_same(figures[kpi], self._recounted(kpi, records, divisor))
        self.assertTrue(seen)

    def _at_branch(self, kpi):
        return self._records(kpi, *self.period).filtered(
            lambda record: self._at(record, kpi.site_field) == self.branch
        )

    def test_records_behind(self):
        """What opens behind a number is as many records as were counted."""
        for kpi in self.kpis:
            action = kpi._open_records(self.company, *self.period)
            records = self.env[kpi.res_model].sudo().search(action["domain"])
            with self.subTest(kpi.code):
                self.assertEqual(records, self._records(kpi, *self.period))

    def test_group_behind(self):
        """What opens behind a group is that group."""
        for by in BREAKDOWNS:
            figures = self.kpis._figures_by(by, self.company, *self.period)
            for kpi, groups in figures.items():
                if kpi.unit == "ratio":
                    continue
                model = self.env[kpi.res_model].sudo()
                for key, (counted, _kept) in list(groups.items())[:2]:
                    action = kpi._open_records(
                        self.company, *self.period, group=(by, key)
                    )
                    with self.subTest(f"{kpi.code} {by} {key}"):
                        self.assertEqual(model.search_count(action["domain"]), counted)
                        self.assertTrue(kpi._group_name(by, key))

    def test_one_statement(self):
        """All measures at once take one statement, whatever is asked of them."""
        dated = self.kpis - self.kpis.filtered(self._asks_first)
        asks = (
            lambda: dated._figures(self.company, *self.period),
            lambda: dated._figures_by("site", self.company, *self.period),
            lambda: dated._trend(self.company, self.months),
        )
        for ask in asks:
            ask()
            with self.assertQueryCount(1):
                ask()

    def _asks_first(self, kpi):
        """Tell whether a field that a measure searches asks the database itself."""
        return kpi.code in (
            "dealings_without_agreement",
            "representatives_trained",
            "training_hours_each",
        )

    def test_last_month_alone(self):
        """The suite would see a measure that counts the wrong days."""
        month = self.months[1]
        figures = self.kpis._figures(self.company, *month)
        for kpi in self.kpis.filtered(
            lambda kpi: kpi.date_field and not kpi.unit == "ratio"
        ):
            with self.subTest(kpi.code):
                records = self._records(kpi, *month)
                self._assert_same(figures[kpi], self._recounted(kpi, records))
