"""Arabic text as plain functions: digits, search folding, gendered words.

Sources: glossary 27 (search key, digits) and 30 (gender in letters).
Nothing here imports the ORM; every function takes and returns ``str``.
"""

import re
import unicodedata

_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
_LATIN_DIGITS = "0123456789"

_TO_LATIN = str.maketrans(_ARABIC_DIGITS + _PERSIAN_DIGITS, _LATIN_DIGITS * 2)
_TO_ARABIC = str.maketrans(_LATIN_DIGITS + _PERSIAN_DIGITS, _ARABIC_DIGITS * 2)

# Invisible marks: zero-width, bidi embedding and isolates, Arabic letter mark, BOM.
_BIDI_MARKS = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff"
# Harakat, superscript alef, Koranic marks, tatweel.
_TASHKEEL = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_DASHES = "\\-\u00ad\u2010-\u2015\u2212"

_INVISIBLE = re.compile(f"[{_BIDI_MARKS}{_TASHKEEL}\u0640]")
_CODE_NOISE = re.compile(f"[{_BIDI_MARKS}{_DASHES}\\s]")
_BLANKS = re.compile(r"\s+")
_ABD_AL = re.compile(r"(?<!\S)عبد ال(?=\S)")
_IBN = re.compile(r"(?<!\S)ابن(?!\S)")
# One brace on each side, exactly one bar: "{{ a | b }}" and "{name}" do not match.
_GENDERED = re.compile(r"(?<!\{)\{([^{}|\n]*)\|([^{}|\n]*)\}(?!\})")

_LETTERS = str.maketrans("أإآٱىیؤئةۀکگ", "ااااييويههكك")
_LETTERS.update(_TO_LATIN)

_MALE = {"m", "male"}
_FEMALE = {"f", "female"}


def to_latin_digits(text: str | None) -> str:
    """Return the text with Arabic-Indic and Persian digits as 0-9."""
    return (text or "").translate(_TO_LATIN)


def to_arabic_digits(text: str | None) -> str:
    """Return the text with Latin and Persian digits as ٠-٩."""
    return (text or "").translate(_TO_ARABIC)


def strip_invisible(text: str | None) -> str:
    """Return the text without bidi marks, tashkeel and tatweel."""
    return _INVISIBLE.sub("", text or "")


def fold(text: str | None) -> str:
    """Return the search key of a text (glossary 27).

    Spellings that people mix give one key: alef, yeh, hamza seats and teh marbuta,
    vowels and tatweel, «عبد الله» and «عبدالله», «ابن» and «بن», digits of any set,
    capitals, blanks. The function is idempotent; fold what is searched for as well.
    """
    if not text:
        return ""
    key = unicodedata.normalize("NFKC", text)
    key = _INVISIBLE.sub("", key).translate(_LETTERS).lower()
    key = _BLANKS.sub(" ", key).strip()
    return _IBN.sub("بن", _ABD_AL.sub("عبدال", key))


def gendered(text: str | None, gender: str | None) -> str:
    """Resolve the ``{masculine|feminine}`` alternatives of a template.

    :param gender: "male"/"m", "female"/"f"; anything else gives both, joined by "/"
    :return: the text, of its own class (``Markup`` stays ``Markup``); other braces,
        ``{name}`` and ``{{ expression }}``, are left alone
    """
    if not text:
        return ""
    if gender in _MALE:
        resolved = _GENDERED.sub(r"\1", text)
    elif gender in _FEMALE:
        resolved = _GENDERED.sub(r"\2", text)
    else:
        resolved = _GENDERED.sub(r"\1/\2", text)
    return type(text)(resolved)


def clean_code(text: str | None) -> str:
    """Return an identifier with Latin digits and no blanks, dashes or bidi marks."""
    return _CODE_NOISE.sub("", to_latin_digits(text))


# Ordinals with the article, masculine and feminine, from the first to the tenth.
_ORDINALS = (
    ("الأول", "الأولى"),
    ("الثاني", "الثانية"),
    ("الثالث", "الثالثة"),
    ("الرابع", "الرابعة"),
    ("الخامس", "الخامسة"),
    ("السادس", "السادسة"),
    ("السابع", "السابعة"),
    ("الثامن", "الثامنة"),
    ("التاسع", "التاسعة"),
    ("العاشر", "العاشرة"),
)


def ordinal(number: int, is_feminine: bool = False) -> str:
    """Return «الأول» or «الأولى», up to the twentieth; "" for any other number (R007).

    >>> ordinal(11, is_feminine=True)
    'الحادية عشرة'
    """
    if not 1 <= number <= 20:
        return ""
    if number == 20:
        return "العشرون"
    if number <= 10:
        return _ORDINALS[number - 1][is_feminine]
    unit = ("الحادي", "الحادية") if number == 11 else _ORDINALS[number - 11]
    return f"{unit[is_feminine]} {'عشرة' if is_feminine else 'عشر'}"
