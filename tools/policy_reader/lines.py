"""The lines of a text without markup and numbering.

Copies of the same policy come as Markdown, as pasted text or from a scanner: «## »,
«**», «<u>», «- 1 - », «١.», «⁵.», «آ.», «- · .». What a line says is the same.
"""

import html
import re
from dataclasses import dataclass

from ..arabic import fold, to_latin_digits
from .keys import arabic, squeeze

_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s[^<>]{0,200})?/?>")
_HEADING = re.compile(r"(#{1,6})(?:\s|(?=[^\W\d_]))\s*")
_QUOTE = re.compile(r"(?:>\s?){1,5}")
_ESCAPE = re.compile(r"\\([^\w\s])")
_RULE = re.compile(r"[\W_]*")
_TABLE_RULE = re.compile(r"\|?[\s|:\-]+")
_BLANKS = re.compile(r"[ \t\u00a0]+")

_BULLET = re.compile(r"[-–—•●▪◦·∙○■□➢✓◆►*+\uf0b7\uf0a7][\s\u00a0]*")
_STRAY_POINT = re.compile(r"\.\s+")
_NUMBER = re.compile(
    r"[(\[]?\s?\^?(\d{1,3}(?:[.\-]\d{1,2}){0,3}|[⁰¹²³⁴-⁹]{1,2})\s*[.)\]\-–:ـ]+(?!\d)\s*"
)
_BARE_NUMBER = re.compile(r"(\d{1,2})\s+(?=[^\W\d_])")
_NESTED_NUMBER = re.compile(r"(\d{1,2}(?:[.\-/]\d{1,2}){1,3})\s+(?=[^\W\d_])")
_LETTER = re.compile(r"\(?([أابآجهـوزحطيa-zA-Z]|هـ)\s?(?:[.)]|\s?[-–]\s)\s*(?=\S)")
_ORDINALS = (
    "أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا|حادي عشر|ثاني عشر"
)
_ORDINAL = arabic(rf"({_ORDINALS})\s*(?:[:\-–.،)]+\s*|\s)")
_ARTICLE = arabic(
    r"((?:ال)?(?:ماده|بند|فصل|باب|قسم|محور)\s*\(?\s*"
    r"(?:\d{1,3}|ال(?:اول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر)[يه]?)\s*\)?)"
    r"\s*[:\-–.،/]+\s*"
)
# A line that begins with such a number goes on: «30 يوماً من تاريخ الطلب».
_UNITS = arabic(r"(يوم|ايام|شهر|اشهر|اسبوع|اسابيع|ساعه|ساعات|عام|سنه|سنوات|ريال|عمل|%)")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_ENDS = tuple(".:؛;!؟?")
# A sentence does not end with these words.
_OPEN_WORDS = set(
    fold(
        "لا عن في من على إلى أو و أن إن التي الذي الذين مع بين كل عند لدى ذات غير مدة"
    ).split()
)
_WRAPPED = 45  # a line is broken in mid-sentence where it is at least this long


@dataclass
class Line:
    """One line of the input; ``number`` is 1-based, ``text`` is without marks."""

    number: int
    raw: str
    flat: str  # without markup, with the number
    text: str = ""
    label: str = ""
    level: int = 0
    bold: bool = False
    opens_bold: bool = False
    bullet: bool = False
    ordinal: bool = False
    indent: int = 0
    blanks: int = 0
    cells: tuple[str, ...] = ()
    is_rule: bool = False
    key: str = ""
    squeezed: str = ""
    flat_key: str = ""

    @property
    def is_item(self) -> bool:
        return not self.ordinal and (self.bullet or bool(self.label))

    @property
    def ends_open(self) -> bool:
        """Whether the text ends with a colon, so that something must follow."""
        return self.text.rstrip(" -–—").endswith(":")


def label_number(label: str) -> int | None:
    """Return the number of a label in any digits; None for letters and none."""
    digits = to_latin_digits(label).translate(_SUPERSCRIPT).strip(" ()^.")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def split_lines(text: str) -> list[Line]:
    """Return the non-empty lines of a text, numbered as ``splitlines`` gives them."""
    lines, blanks, previous = [], 0, None
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            blanks += 1
            continue
        line = _read_line(number, raw, previous)
        line.blanks = blanks
        lines.append(line)
        blanks = 0
        if not line.is_rule:
            previous = label_number(line.label) or previous
    return lines


def _read_line(number: int, raw: str, previous: int | None) -> Line:
    visible = _CONTROL.sub("", raw.replace("\u00a0", " "))
    stripped = visible.strip()
    indent = len(visible.expandtabs(4)) - len(visible.expandtabs(4).lstrip())
    line = Line(number, raw, "", indent=indent)
    stripped = _QUOTE.sub("", stripped, count=1) if stripped[:1] == ">" else stripped
    stripped = _TAG.sub("", stripped)
    if "&" in stripped:
        stripped = html.unescape(stripped).replace("\u00a0", " ")
    if match := _HEADING.match(stripped):
        line.level = len(match[1])
        stripped = stripped[match.end() :].rstrip("#")
    line.opens_bold = stripped.count("**") % 2 == 1
    line.bold = _is_bold(stripped)
    stripped = stripped.replace("**", "").replace("__", "")
    stripped = _ESCAPE.sub(r"\1", stripped).strip(" ")
    line.cells = _cells(stripped)
    line.flat = _BLANKS.sub(" ", stripped).strip()
    line.is_rule = bool(_RULE.fullmatch(stripped) or _TABLE_RULE.fullmatch(stripped))
    if not line.is_rule:
        _take_label(line, previous)
    line.key = fold(line.text)
    line.flat_key = fold(line.flat)
    line.squeezed = squeeze(line.text)
    return line


def _is_bold(text: str) -> bool:
    inner = text.lstrip("-•*1234567890. ") if text[:2] != "**" else text[2:]
    return text.startswith("**") and inner.rstrip(" :-.").endswith("**")


def _cells(text: str) -> tuple[str, ...]:
    """Return the cells of a row set with tabs or bars, when there are two or more."""
    if text.startswith("|"):
        cells = [cell.strip() for cell in text.strip("|").split("|")]
    else:
        cells = [cell.strip() for cell in text.split("\t")]
    cells = [cell for cell in cells if cell]
    return tuple(cells) if len(cells) > 1 else ()


def _take_label(line: Line, previous: int | None):
    """Part bullets and the number from the words of a line."""
    text = line.flat
    if line.cells and len(line.cells) > 2:
        line.text = text
        return
    for _turn in range(5):
        rest = _take_bullet(line, text)
        if rest is None and not line.label:
            rest = _take_number(line, text, previous)
        if rest is None or not rest:
            break
        text = rest
    line.text = text.strip()


def _take_bullet(line: Line, text: str) -> str | None:
    match = _BULLET.match(text)
    if not match and line.bullet:
        match = _STRAY_POINT.match(text)
    if not match or match.end() == len(text):
        return None
    line.bullet = True
    return text[match.end() :]


def _take_number(line: Line, text: str, previous: int | None) -> str | None:
    head = text[:60]
    for pattern in (_NUMBER, _LETTER):
        match = pattern.match(head)
        if match and match.end() < len(text):
            line.label = match[1].strip()
            return text[match.end() :]
    match = _NESTED_NUMBER.match(head)
    if match and not _UNITS.match(fold(head[match.end() :])):
        line.label = match[1]
        return text[match.end() :]
    match = _BARE_NUMBER.match(head)
    if match and not _UNITS.match(fold(head[match.end() :])):
        number = label_number(match[1])
        if line.bullet or number == 1 or (previous and number == previous + 1):
            line.label = match[1]
            return text[match.end() :]
    return _take_ordinal(line, text)


def _take_ordinal(line: Line, text: str) -> str | None:
    """Part «أولاً:» or «المادة الثانية:» from a heading."""
    words = text.split(" ", 4)
    for count in range(1, min(len(words), 5)):
        head = " ".join(words[:count])
        key = fold(head)
        match = _ORDINAL.fullmatch(key + " ") or _ARTICLE.fullmatch(key)
        if match:
            line.ordinal = True
            line.label = head.rstrip(" :-–.،)/")
            return " ".join(words[count:]).lstrip(" :-–.،)/")
    return None


def _is_last_words(line: Line) -> bool:
    """Return whether a line may be what a page break left of a sentence."""
    return line.text.rstrip().endswith(".") and len(line.text.split()) <= 4


def _is_number_in_brackets(line: Line) -> bool:
    """«… بجلسته / (١٩) المنعقدة»: a number of the sentence, not of a list."""
    number = label_number(line.label)
    return bool(number and number > 1 and not line.bullet and line.flat[0] == "(")


def goes_on(previous: Line, line: Line, known_start, is_broken=False) -> bool:
    """Return whether a line goes on with the sentence of the one before.

    :param is_broken: whether the sentence was broken before, so that its last line may
        be short
    :param known_start: tells whether a text begins like an item of these policies
    """
    if _is_number_in_brackets(line) and not line.blanks:
        if len(previous.text) >= _WRAPPED and not previous.text.endswith(_ENDS):
            line.text, line.label = line.flat, ""
    if line.level or line.is_item or line.ordinal or line.cells or previous.cells:
        return False
    if previous.level or previous.bold or line.bold:
        return False
    text = previous.text.rstrip()
    if not text or text.endswith(_ENDS) or previous.ends_open:
        return False
    if fold(text.rsplit(" ", 1)[-1]) in _OPEN_WORDS:
        return True
    if known_start(line.key) or (line.blanks and not _is_last_words(line)):
        return False
    return len(text) >= _WRAPPED or (is_broken and _is_last_words(line))
