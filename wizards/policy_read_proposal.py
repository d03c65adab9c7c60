"""From the facts of a reading to values of fields: Annex A. Plain functions.

A value of None means that the text does not say it: the field keeps the product's
default, or stays empty, and the officer is told.
"""

import re

# Fields of npo.policy.version, by the section of the proposal they stand in. Where the
# reading calls a fact by another name, that name follows.
VERSION_FACTS = {
    "document": (
        "title_as_approved",
        "version_label",
        "prepared_by_title",
    ),
    "approval": (
        "approved_by_body",
        "approval_date",
        "date_uncertain",
        "approval_year",
        "meeting_text",
        "session_no",
        "minutes_no",
        "issue_date",
        "chair_signs",
    ),
    "window": (
        "response_text",
        "window_reading",
        "study_min_value",
        "study_min_unit",
        "reply_max_value",
        "reply_max_unit",
        "day_kind",
    ),
    "flow": (
        "stakeholder_scope",
        ("referral_default_mode", "referral_mode"),
        "referral_legal_aspect",
        "has_registration_step",
        "has_delivery_step",
        "requires_main_output",
    ),
    "switches": (
        "use_definitions",
        "use_proactive_service",
        "use_policy_circulation",
        "use_compensation",
        "use_disputes",
        "use_good_relations",
        "use_information_access",
        "use_measurement_center",
    ),
    "wording": (
        "declaration_verb",
        "parties_label",
        "rights_party_label",
        "served_person_label",
        "internal_external",
        "innovation_label",
        "gender_inclusive",
    ),
    "print": (
        ("print_toc", "has_toc"),
        ("print_info_block", "has_info_block"),
        ("print_approval_block", "has_approval_block"),
        ("print_approval_line", "has_approval_line"),
        ("print_basmala", "has_basmala"),
        ("print_thanks", "has_thanks"),
    ),
}
COMPANY_FACTS = (
    ("npo_short_name", "short_name"),
    ("npo_acronym", "acronym"),
    ("npo_slogan", "slogan"),
    ("npo_license_no", "license_no"),
    ("npo_supervisor", "supervisor"),
    ("npo_region_id", "region_code"),
)
_DAYS = {"day": 1, "week": 7, "month": 30}
# ⚖ Product defaults beside a floor: the latest reply, and the reminder before it.
MIN_CEILING = 30
LONG_CEILING = 60
# More words around a slip than these tell nobody anything.
MAX_AROUND = 6


def version_values(facts) -> list[tuple[str, str, object]]:
    """Return (section, field of the version, value or None) for all facts."""
    window = window_values(facts)
    found = []
    for section, names in VERSION_FACTS.items():
        for item in names:
            name, fact = item if isinstance(item, tuple) else (item, item)
            if section == "window":
                value = window.get(name)
            elif hasattr(facts, fact):
                value = getattr(facts, fact)
            else:
                value = facts.switches.get(fact)
            found.append((section, name, None if value == "" else value))
    return found


def company_values(facts) -> list[tuple[str, object]]:
    """Return (field of res.company, value or None)."""
    return [(name, getattr(facts, fact) or None) for name, fact in COMPANY_FACTS]


def window_values(facts) -> dict:
    """Return what the text says of the response window; nothing is guessed.

    A floor alone is read as floor and ceiling (Annex B): the latest day is a default
    of the product, see `window_defaults`.
    """
    windows = [window for window in facts.windows if window.unit in _DAYS]
    if not windows:
        return {}
    floor = next((window for window in windows if window.bound == "min"), None)
    ceiling = next((window for window in windows if window.bound == "max"), None)
    values = {
        "response_text": (facts.window or windows[0]).text,
        "window_reading": "floor_and_ceiling" if floor else "ceiling",
        "day_kind": (facts.window or windows[0]).day_kind,
    }
    if floor:
        values |= {"study_min_value": floor.value, "study_min_unit": floor.unit}
    else:
        values |= {"study_min_value": 0, "study_min_unit": ceiling.unit}
    if ceiling:
        values |= {"reply_max_value": ceiling.value, "reply_max_unit": ceiling.unit}
    return values


def window_defaults(values: dict) -> dict:
    """Return the product's defaults for what the text leaves open: ⚖ Annex B.

    :param values: the `window_values` as the officer left them
    """
    defaults = {}
    if not values.get("window_reading"):
        defaults |= {"window_reading": "ceiling", "study_min_value": 0}
    if not values.get("reply_max_value"):
        floor = values.get("study_min_value") or 0
        days = floor * _DAYS[values.get("study_min_unit") or "day"]
        ceiling = MIN_CEILING if days * 2 <= MIN_CEILING else days * 2
        defaults |= {"reply_max_value": ceiling, "reply_max_unit": "day"}
        defaults["reminder_before_max"] = 14 if ceiling >= LONG_CEILING else 7
    return defaults


def unique_quote(text: str, printed: str, proposed: str) -> tuple[str, str] | None:
    """Return the slip and its correction, with the words around it that it needs.

    A correction is found again by its words, so that they stand in the text once only.
    None where the slip does not stand there, or where no few words tell it apart.
    """
    words = list(re.finditer(r"\S+", text))
    at = text.find(printed) if printed else -1
    if at < 0:
        return None
    first = sum(word.end() <= at for word in words)
    last = sum(word.start() < at + len(printed) for word in words) - 1
    start, end = at, at + len(printed)
    for width in range(MAX_AROUND):
        if text.count(text[start:end]) == 1:
            before, after = text[start:at], text[at + len(printed) : end]
            return text[start:end], f"{before}{proposed}{after}"
        start = words[max(first - width, 0)].start()
        end = words[min(last + width, len(words) - 1)].end()
    return None
