"""Sentences with placeholders, some parts of which may be missing: R006, R010.

``{name}`` is a placeholder; a part in square brackets is left out where a placeholder
in it has no value, so that nothing is printed that is not known.
"""

import re

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(template: str | None) -> set[str]:
    """Return the names of the placeholders in a template."""
    return set(_PLACEHOLDER.findall(template or ""))


def render_sentence(template: str | None, values: dict) -> str | None:
    """Return the sentence; None where a placeholder outside of brackets is unknown."""

    def optional(match):
        names = placeholders(match[1])
        return match[1] if all(values.get(name) for name in names) else ""

    text = _OPTIONAL.sub(optional, template or "")
    if any(not values.get(name) for name in placeholders(text)):
        return None
    text = _PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)
    return re.sub(r"\s+", " ", text).strip() or None
