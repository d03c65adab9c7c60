"""What the association calls itself, gathered from all over the text: R015-R019."""

import re
from collections import Counter
from dataclasses import dataclass, field

from ..arabic import fold
from . import lexicon
from .keys import Keyed, arabic

# «تضع جمعية … السياسات», «تلتزم جمعية … ب…»
_ACTING = arabic(
    r"(?:^|\s)(?:تضع|تلتزم|تسعي|تحرص|تومن|تعمل|تتولي|تعتمد|تقدم)\s+"
    r"((?:جمعيه|موسسه)\s.{2,120}?)\s+"
    r"(?:السياسات|سياسات|سياسه|بوضع|وضع|الي|علي|بان|بتنظيم|بحفظ|بتقديم|هذه|خدمات|في\s+علاق|[،,.])"
)
_DEFINED = arabic(
    r"^(?:ال)?(?:جمعيه|موسسه)\s*:?\s*((?:جمعيه|موسسه)\s+.{2,120}?)\s*\.?\s*$"
)
_IN_TITLE = arabic(r"(?:^|\s)(?:ل|في\s+|ب)?((?:جمعيه|موسسه)\s+.{2,120}?)\s*$")
_IN_APPROVAL = arabic(r"\sل((?:جمعيه|موسسه)\s.{2,120}?)\s+(?:في|من|خلال|بموجب|وفق)\s")
_CHAIR = arabic(r"رييسه?\s+مجلس\s+اداره\s+((?:جمعيه|موسسه)\s+.{2,120}?)\s*$")
_BRACKETS = re.compile(r"\(([^()]{2,60})\)")
_TYPE = arabic(r"^(?:ال)?(?:جمعيه|موسسه)\s+")
_LEGAL_FORM = arabic(r"\s+(?:ال)?(?:اهليه|خيريه)$")
_PLACE = arabic(r"\s+(?:في\s+|ب)(?:محافظه|منطقه|مدينه|المنطقه|مركز)\s.*$")


_MANY = 60  # finds compared; a policy has a handful


@dataclass
class Names:
    """The names found: ``name`` is the one to go by, ``variants`` the others.

    ``found`` has (name as printed, line) of all finds.
    """

    name: str | None = None
    variants: list[str] = field(default_factory=list)
    found: list[tuple[str, int]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)


def association_lines(lines) -> list[tuple[str, tuple[int, ...]]]:
    """Return (text, line numbers) of the lines that are an association's name alone.

    A name set over several lines of a cover is joined.
    """
    found, index = [], 0
    while index < len(lines):
        taken = [lines[index]]
        above = lines[index - 1] if index else None
        if _is_name(lines[index]) and not _is_end_of_line(above, lines[index]):
            for line in lines[index + 1 : index + 5]:
                if not _is_rest_of_name(taken, line):
                    break
                taken.append(line)
            text = " ".join(line.text.strip() for line in taken)
            found.append((text, tuple(line.number for line in taken)))
        index += len(taken)
    return found


def _is_name(line) -> bool:
    words = line.text.split()
    return bool(
        not line.is_item
        and 2 <= len(words) <= 14
        and lexicon.ASSOCIATION.match(line.key)
        and not line.key.endswith((".", ":", "،", ","))
        and not line.cells
        and not lexicon.BODIES[1][1].match(line.key)
    )


def _is_end_of_line(above, line) -> bool:
    """Return whether a line ends a broken sentence: «… موقع / الجمعية على …»."""
    return bool(
        above
        and not line.blanks
        and len(above.text) >= 45
        and not above.text.endswith((".", ":", "؛"))
    )


def _is_rest_of_name(taken, line) -> bool:
    if line.blanks or line.is_item or line.level or len(line.text) > 60:
        return False
    if any(item.opens_bold for item in taken):
        return sum(item.opens_bold for item in taken) % 2 == 1
    return bool(re.match(r"(?:ل|ب)\S{3,}|في\s|لدي\s", line.key))


def find_names(lines, title: str | None) -> Names:
    """Return the names of the association in a text."""
    names = Names()
    defined = _collect(names, lines, _DEFINED)
    acting = _collect(names, lines, _ACTING)
    alone = [(text, numbers[0]) for text, numbers in association_lines(lines)]
    titled = _in_title(lines, title)
    approving = _collect(names, lines, _IN_APPROVAL) + _collect(names, lines, _CHAIR)
    found = (defined + acting + alone + titled + approving)[:_MANY]
    if not found:
        return names
    names.found = found
    names.name = defined[0][0] if defined else _most_frequent(found, lines)
    seen = {names.name}
    for text, _line in found:
        if text not in seen:
            seen.add(text)
            names.variants.append(text)
    for text in seen:
        names.words |= set(re.findall(r"\w+", fold(_TYPE.sub("", fold(text)))))
    names.words -= {"في", "ل", "من", "علي"}
    return names


def _collect(names: Names, lines, pattern: re.Pattern) -> list[tuple[str, int]]:
    found = []
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        if "جمعيه" not in line.key and "موسسه" not in line.key:
            continue
        # a sentence that names the association does so early; long lines stay cheap
        text = line.text if len(line.text) < 3000 else line.text[:3000]
        name = Keyed(text).find(pattern)
        if not name and below and _is_end_of_line(line, below) and not below.is_item:
            name = Keyed(f"{text} {below.text[:200]}").find(pattern)
        if name:
            found.append((name.strip(" .،,:"), line.number))
    return found


def _in_title(lines, title: str | None) -> list[tuple[str, int]]:
    name = Keyed(title).find(_IN_TITLE) if title else None
    if not name:
        return []
    number = next((line.number for line in lines if title in line.text), 0)
    return [(name, number)]


def _most_frequent(found, lines) -> str:
    """Return the name told most often; the first kind of find where two are equal.

    A line with the name alone, without «جمعية», counts for the name.
    """
    finds = Counter(fold(text) for text, _line in found)
    whole = "\n".join(line.key for line in lines)
    bare = {line.key for line in lines if len(line.key) < 60 and not line.is_item}
    bare |= {
        f"{first.key} {second.key}"
        for first, second in zip(lines, lines[1:], strict=False)
        if len(first.key) + len(second.key) < 60 and not second.blanks
    }
    counts = {key: max(number, whole.count(key)) for key, number in finds.items()}
    for key in counts:
        longer = (other for other in finds if key in other and key != other)
        counts[key] -= sum(whole.count(other) for other in longer)
        if bare & {_TYPE.sub("", key), *_BRACKETS.findall(key)}:
            counts[key] += 1
    best = max(counts.values())
    return next(text for text, _line in found if counts[fold(text)] == best)


def short_name(name: str | None, acronym: str | None) -> str | None:
    """Return the acronym, the name in brackets, or a short name without its type."""
    if acronym or not name:
        return acronym
    if brackets := _BRACKETS.search(name):
        return brackets[1].strip()
    keyed = Keyed(name)
    start = _TYPE.match(keyed.key)
    ends = [
        match.start()
        for match in (_PLACE.search(keyed.key), _LEGAL_FORM.search(keyed.key))
        if match
    ]
    short = keyed.quote(start.end() if start else 0, min(ends, default=len(keyed.key)))
    return short if 0 < len(short.split()) <= 3 else None
