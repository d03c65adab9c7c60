"""The score of need of a social research (glossary 8.2): arithmetic, no ORM.

The rules are data. A rule looks at one named figure of the household with one operator;
of the rules of one *part* of an axis the first that holds counts, the parts of an axis
add up, and the axis ends at its maximum. Nothing here is evaluated as code.

The score informs and never decides (P012).
"""

from dataclasses import dataclass

# What a rule may look at. Amounts and counts:
NUMBERS = (
    "per_capita",
    "monthly_income",
    "debt_months",
    "dependants",
    "needy_members",
    "persons_per_room",
)
# Sets of codes:
CODES = ("housing", "head", "health", "urgency")

SCORED_AXES = ("income", "housing", "family", "health", "debts", "urgency")
# Told beside the score, without points.
DESCRIPTIVE_AXES = ("income_band", "crowding")

TOTAL_MAX = 100
# Debts without any income: more months than any rule asks for.
WITHOUT_END = 10**6


@dataclass(frozen=True)
class Rule:
    """One line of the rules.

    ``operator``: "at_most", "below", "at_least", "above" compare a number with
    ``value``; "any" and "all" ask a set of codes for ``codes``; "always" holds.
    ``is_each``: the points count once for each unit of the number, up to ``cap``.
    """

    axis: str
    part: str
    code: str
    operator: str
    points: float
    figure: str = ""
    value: float = 0.0
    codes: tuple = ()
    is_each: bool = False
    cap: float = 0.0


def debt_months(remaining, income):
    """Return how many months of income the debts are."""
    if not remaining or remaining <= 0:
        return 0.0
    return remaining / income if income and income > 0 else float(WITHOUT_END)


def holds(rule, figures):
    """Tell whether a rule holds for the figures."""
    if rule.operator == "always":
        return True
    if rule.operator in ("any", "all"):
        wanted, present = set(rule.codes), set(figures.get(rule.figure) or ())
        found = wanted & present
        return bool(found) and (rule.operator == "any" or found == wanted)
    number = figures.get(rule.figure) or 0
    return {
        "at_most": number <= rule.value,
        "below": number < rule.value,
        "at_least": number >= rule.value,
        "above": number > rule.value,
    }[rule.operator]


def rule_points(rule, figures):
    """Return the points of a rule that holds, never negative."""
    points = rule.points
    if rule.is_each:
        points *= figures.get(rule.figure) or 0
        if rule.cap:
            points = min(points, rule.cap)
    return max(0, points)


def matching(rules, figures, axis):
    """Return the rules of an axis that count: the first that holds of each part."""
    found = {}
    for rule in rules:
        if rule.axis == axis and rule.part not in found and holds(rule, figures):
            found[rule.part] = rule
    return list(found.values())


def score(rules, figures, maxima):
    """Return the points by axis, and the rules that made them.

    :param maxima: {axis: most points}
    :return: {axis: (points, [rules])} for each axis that is scored
    """
    result = {}
    for axis in SCORED_AXES:
        counting = matching(rules, figures, axis)
        points = sum(rule_points(rule, figures) for rule in counting)
        result[axis] = (min(points, maxima.get(axis, 0)), counting)
    return result


def band(rules, figures, axis):
    """Return the code of the first rule of an axis that holds, or ""."""
    counting = matching(rules, figures, axis)
    return counting[0].code if counting else ""


def total(points, adjustment=0):
    """Return the sum of the axes with the researcher's adjustment, from 0 to 100."""
    return min(TOTAL_MAX, max(0, sum(points) + (adjustment or 0)))


def level(value, thresholds):
    """Return the level of need.

    :param thresholds: [(code, lowest total)], in any order; 0 is the floor
    """
    for code, lowest in sorted(thresholds, key=lambda pair: -pair[1]):
        if value >= lowest:
            return code
    return "low"
