"""The arithmetic of the social research: glossary 7 and 8.2, P131, P132."""

import random
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...tools.means import monthly, per_capita
from ...tools.need_score import (
    SCORED_AXES,
    TOTAL_MAX,
    Rule,
    band,
    debt_months,
    level,
    score,
    total,
)

DATA = Path(__file__).parents[2] / "data" / "npo_score_data.xml"
MAXIMA = dict(zip(SCORED_AXES, (40, 20, 15, 10, 10, 5), strict=True))
LEVELS = [("severe", 75), ("high", 55), ("medium", 35), ("low", 0)]


def default_rules():
    """Return the rules of the data file, so that the pure tests try what ships."""
    rules = []
    for record in ET.parse(DATA).iter("record"):
        if record.get("model") != "npo.score.rule":
            continue
        vals = {f.get("name"): f.text or f.get("eval") for f in record.iter("field")}
        rules.append(
            Rule(
                axis=vals["axis"],
                part=vals["part"],
                code=vals["code"],
                operator=vals["operator"],
                points=float(vals.get("points") or 0),
                figure=vals.get("figure") or "",
                value=float(vals.get("value") or 0),
                codes=tuple((vals.get("codes") or "").split(",")),
                is_each=vals.get("is_each") == "True",
                cap=float(vals.get("cap") or 0),
            )
        )
    return rules


@tagged("post_install", "-at_install")
class TestNeedScore(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = default_rules()

    def _points(self, **figures):
        result = score(self.rules, figures, MAXIMA)
        return {axis: points for axis, (points, _rules) in result.items()}

    def test_per_capita_of_the_glossary(self):
        """P131: family of 5, 4,500 − 1,250 − 250 → 600 → pc2 → 32 points."""
        amount = per_capita(4500, 1250, 250, 5)
        self.assertEqual(amount, 600)
        self.assertEqual(band(self.rules, {"per_capita": amount}, "income"), "pc2")
        self.assertEqual(self._points(per_capita=amount)["income"], 32)

    def test_total_of_the_glossary(self):
        """P132: 32 + 16 + (6 + 6) + 6 + 3 = 69, a high need."""
        points = self._points(
            per_capita=600,
            housing={"rented", "arrears", "good"},
            head={"widow"},
            needy_members=2,
            dependants=4,
            health={"chronic", "chronic_cost"},
            debt_months=2,
        )
        self.assertEqual(list(points.values()), [32, 16, 12, 6, 3, 0])
        self.assertEqual(total(points.values()), 69)
        self.assertEqual(level(69, LEVELS), "high")

    def test_bands(self):
        """Each edge of each band is in the lower one; nothing lies between two."""
        for amount, code, points in (
            (0, "pc1", 40),
            (500, "pc1", 40),
            (500.01, "pc2", 32),
            (900, "pc2", 32),
            (901, "pc3", 24),
            (1300, "pc3", 24),
            (1301, "pc4", 14),
            (1800, "pc4", 14),
            (1801, "pc5", 6),
            (2500, "pc5", 6),
            (2500.01, "pc6", 0),
        ):
            with self.subTest(amount):
                figures = {"per_capita": amount}
                self.assertEqual(band(self.rules, figures, "income"), code)
                self.assertEqual(self._points(**figures)["income"], points)
        for income, code in (
            (0, "b0"),
            (1, "b1"),
            (2999, "b1"),
            (3000, "b2"),
            (4999, "b2"),
            (5000, "b3"),
            (7999, "b3"),
            (8000, "b4"),
            (11999, "b4"),
            (12000, "b5"),
        ):
            figures = {"monthly_income": income}
            self.assertEqual(band(self.rules, figures, "income_band"), code)
        for persons, code in ((1.5, "suitable"), (2.5, "crowded"), (3, "overcrowded")):
            figures = {"persons_per_room": persons}
            self.assertEqual(band(self.rules, figures, "crowding"), code)

    def test_each_rule_of_the_glossary(self):
        """Housing, family, health, debts and urgency, line by line."""
        for axis, figures, points in (
            ("housing", {"housing": {"none"}}, 20),
            ("housing", {"housing": {"owned", "owns", "unsafe"}}, 20),
            ("housing", {"housing": {"rented", "good"}}, 12),
            ("housing", {"housing": {"relative"}}, 10),
            ("housing", {"housing": {"charity"}}, 8),
            ("housing", {"housing": {"owned", "owns", "needs_repair"}}, 8),
            ("housing", {"housing": {"owned", "owns", "good"}}, 0),
            ("family", {"head": {"orphan"}}, 6),
            ("family", {"head": {"abandoned"}}, 6),
            ("family", {"head": {"divorced"}}, 0),
            ("family", {"needy_members": 1}, 3),
            ("family", {"needy_members": 9}, 6),
            ("family", {"dependants": 5}, 0),
            ("family", {"dependants": 6}, 3),
            ("family", {"head": {"widow"}, "needy_members": 3, "dependants": 7}, 15),
            ("health", {"health": {"severe", "chronic"}}, 10),
            ("health", {"health": {"chronic"}}, 3),
            ("health", {}, 0),
            ("debts", {"debt_months": debt_months(36001, 3000)}, 10),
            ("debts", {"debt_months": debt_months(36000, 3000)}, 6),
            ("debts", {"debt_months": debt_months(18000, 3000)}, 6),
            ("debts", {"debt_months": debt_months(17999, 3000)}, 3),
            ("debts", {"debt_months": debt_months(100, 0)}, 10),
            ("debts", {"debt_months": debt_months(0, 0)}, 0),
            ("urgency", {"urgency": {"surgery"}}, 5),
            ("urgency", {"urgency": set()}, 0),
        ):
            with self.subTest(f"{axis} {figures}"):
                self.assertEqual(self._points(**figures)[axis], points)

    def test_levels(self):
        for value, code in (
            (100, "severe"),
            (75, "severe"),
            (74, "high"),
            (55, "high"),
            (54, "medium"),
            (35, "medium"),
            (34, "low"),
            (0, "low"),
        ):
            self.assertEqual(level(value, LEVELS), code)

    def test_amounts(self):
        """What is nothing, below zero or once in a lifetime does no harm."""
        self.assertEqual(per_capita(1000, 2000, 0, 4), 0)
        self.assertEqual(per_capita(1000, 0, 0, 0), 1000)
        self.assertEqual(per_capita(None, None, None, None), 0)
        self.assertEqual(monthly(12000, "yearly"), 1000)
        self.assertEqual(monthly(12000, "once"), 0)
        self.assertEqual(monthly(None, "monthly"), 0)
        self.assertEqual(debt_months(-5, 100), 0)
        self.assertEqual(total([90], 10), 100)
        self.assertEqual(total([5], -10), 0)

    def test_bounds(self):
        """Whatever the household, no axis passes its maximum, nor the total 100."""
        chance = random.Random(7)
        for _run in range(2000):
            points = self._points(**self._household(chance))
            for axis, value in points.items():
                self.assertTrue(0 <= value <= MAXIMA[axis], f"{axis} {value}")
            value = total(points.values(), chance.randint(-10, 10))
            self.assertTrue(0 <= value <= TOTAL_MAX)
        self.assertEqual(sum(MAXIMA.values()), TOTAL_MAX)

    def test_monotonic(self):
        """Who has less, owes more or has more to care for never scores lower."""
        chance = random.Random(11)
        for _run in range(2000):
            figures = self._household(chance)
            before = total(self._points(**figures).values())
            worse = dict(figures)
            worse["per_capita"] = figures["per_capita"] * chance.random()
            worse["debt_months"] = figures["debt_months"] + chance.random() * 20
            worse["needy_members"] = figures["needy_members"] + chance.randint(0, 3)
            worse["dependants"] = figures["dependants"] + chance.randint(0, 3)
            worse["health"] = figures["health"] | {"severe"}
            worse["urgency"] = figures["urgency"] | {"eviction"}
            self.assertGreaterEqual(total(self._points(**worse).values()), before)

    def test_rules_are_data(self):
        """The same figures with other weights give other points; an unknown figure
        or an empty set of codes holds for nobody."""
        heavier = [replace(rule, points=rule.points * 2) for rule in self.rules]
        points = score(heavier, {"head": {"widow"}}, MAXIMA | {"family": 30})
        self.assertEqual(points["family"][0], 12)
        for operator in ("any", "all"):
            empty = Rule("urgency", "u", "x", operator, 5, figure="urgency")
            points = score([empty], {"urgency": {"eviction"}}, MAXIMA)
            self.assertEqual(points["urgency"][0], 0)
        negative = Rule("debts", "d", "x", "always", -50)
        self.assertEqual(score([negative], {}, MAXIMA)["debts"][0], 0)

    def _household(self, chance):
        homes = ("none", "rented", "arrears", "relative", "charity", "owns", "unsafe")
        return {
            "per_capita": chance.random() * 4000,
            "monthly_income": chance.random() * 20000,
            "debt_months": chance.choice((0, chance.random() * 30)),
            "dependants": chance.randint(0, 15),
            "needy_members": chance.randint(0, 6),
            "persons_per_room": chance.random() * 5,
            "housing": set(chance.sample(homes, 2)),
            "head": set(chance.sample(("widow", "orphan", "other"), 1)),
            "health": set(chance.sample(("chronic", "chronic_cost", "acute"), 2)),
            "urgency": set(chance.sample(("eviction", "none"), 1)),
        }
