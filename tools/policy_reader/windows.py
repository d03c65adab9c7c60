"""The periods of a text, in words or digits: R126, R127, Annex B.

«خلال مدة لا تقل عن أسبوعين» is a floor, «لا تزيد عن ثلاثين يوماً» and «خلال ٣٠ يوماً»
are ceilings. A period without any of these words («كل شهر») is none.
"""

from .keys import Keyed, arabic
from .model import WindowFact

_NUMBERS = {
    "واحد": 1, "يومين": 2, "اثنين": 2, "ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6,
    "سبع": 7, "ثمان": 8, "تسع": 9, "عشر": 10, "عشرين": 20, "عشرون": 20,
    "ثلاثين": 30, "ثلاثون": 30, "اربعين": 40, "اربعون": 40, "خمسين": 50,
    "خمسون": 50, "ستين": 60, "ستون": 60, "سبعين": 70, "سبعون": 70, "ثمانين": 80,
    "ثمانون": 80, "تسعين": 90, "تسعون": 90,
}  # fmt: skip
_TEENS = {
    "احد عشر": 11, "اثني عشر": 12, "اثنا عشر": 12, "ثلاثه عشر": 13, "اربعه عشر": 14,
    "خمسه عشر": 15, "خمس عشره": 15, "سته عشر": 16, "سبعه عشر": 17,
    "ثمانيه عشر": 18, "تسعه عشر": 19,
}  # fmt: skip
# «خلال شهر رمضان» names a month and sets no period.
_MONTH_NAMES = (
    r"(?!\s(?:محرم|صفر|ربيع|جماد|رجب|شعبان|رمضان|شوال|ذو|ذي|يناير|فبراير|مارس|ابريل|"
    r"مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر))"
)
_WORDS = "|".join(
    [word.replace(" ", r"\s") for word in _TEENS]
    + sorted((rf"{word}[هي]?" for word in _NUMBERS), key=len, reverse=True)
)
_UNIT_WORDS = (
    ("hour", {"ساعه", "ساعات", "ساعتين"}),
    ("day", {"يوم", "يوما", "ايام", "يومين", "يومي"}),
    ("week", {"اسبوع", "اسبوعا", "اسابيع", "اسبوعين", "اسبوعي"}),
    ("month", {"شهر", "شهرا", "اشهر", "شهور", "شهرين"}),
)
_UNIT = "|".join(
    rf"{word}(?=\sعمل)" if word in ("يومي", "اسبوعي") else word
    for _code, words in _UNIT_WORDS
    for word in sorted(words, key=len, reverse=True)
)
_AMOUNT = (
    rf"(?:\(?\s?(?:(\d{{1,3}})|({_WORDS}))\s?\)?\s*"
    rf"(?:\(\s?\d{{1,3}}\s?\)\s*|\(?(?:{_WORDS})\)?\s+)?)?"
    rf"({_UNIT})(?!\w){_MONTH_NAMES}(?:\s(?:واحده?|اثنين|اثنتين))?(?:\s(عمل|مهني))?"
)
# «لا تزيد مدة الرد عن شهر»
_WHAT = r"(?:\s+(?:مده|فتره|مهله)(?:\s+[^\W\d_]{2,12}){1,3}?)?"
_MINIMUM = (
    rf"(?:لا\s?ت?ي?قل{_WHAT}\s+عن|بما\s+لا\s+يقل\s+عن|حد(?:ها|ه)?\s+(?:ال)?ادني|"
    r"(?:ال)?حد\s+(?:ال)?ادني|قبل\s+مضي|بعد\s+مضي|(?:ليس\s+)?اقل\s+من)"
)
_MAXIMUM = (
    rf"(?:(?:بما\s+)?لا\s+[تي](?:زيد|تجاوز|تعدي){_WHAT}(?:\s+(?:عن|علي))?|اقصا(?:ها|ه)|"
    r"(?:بحد|(?:ال)?حد|كحد)\s+(?:ال)?اقصي|(?:ال)?حد\s+(?:ال)?اعلي|موعد\s+اقصاه)"
)
_WITHIN = r"(?:خلال|في\s+غضون|في\s+مده|في\s+ظرف)"
_TERM = r"(?:\s*(?:مده|فتره|مهله|مدتها|وقت))?"
_BOUND = arabic(
    rf"(?:({_WITHIN}){_TERM}\s+)?(?:\S{{0,3}}?({_MINIMUM})|\S{{0,3}}?({_MAXIMUM}))\s*[:]?\s*"
    rf"(?:مده\s+|فتره\s+)?{_AMOUNT}"
)
_PLAIN = arabic(rf"({_WITHIN}){_TERM}\s+{_AMOUNT}")
_RANGE = arabic(
    rf"(?:{_WITHIN}{_TERM}\s+)?(?:من|بين|تتراوح\s+(?:من|بين|ما\s+بين))\s+{_AMOUNT}"
    rf"\s+(?:الي|و|حتي)\s?{_AMOUNT}"
)
_HINT = arabic(r"ساع|يوم|ايام|اسبوع|اسابيع|شهر|شهور")


def find_windows(text: str, clause_key: str = "") -> list[WindowFact]:
    """Return the periods of a sentence in their order, words verbatim."""
    keyed = Keyed(text[:20_000])
    if not _HINT.search(keyed.key):
        return []
    found, taken = [], []
    for pattern, reader in ((_RANGE, _ranges), (_BOUND, _bounds), (_PLAIN, _plains)):
        for match in pattern.finditer(keyed.key):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            words = keyed.quote(*match.span())
            facts = [
                WindowFact(words, bound, value, unit, day_kind, clause_key)
                for bound, value, unit, day_kind in reader(match)
            ]
            if facts:
                taken.append(match.span())
                found += [(match.start(), fact) for fact in facts]
    return [fact for _start, fact in sorted(found, key=lambda item: item[0])]


def _ranges(match):
    groups = match.groups()
    first, last = _amount(*groups[:4]), _amount(*groups[4:])
    if first and last:
        yield ("min", *first)
        yield ("max", *last)


def _bounds(match):
    _within, minimum, _maximum, *amount = match.groups()
    if read := _amount(*amount):
        yield ("min" if minimum else "max", *read)


def _plains(match):
    _within, *amount = match.groups()
    if read := _amount(*amount):
        yield ("max", *read)


def _amount(digits, word, unit_word, work):
    """Return (value, unit, day_kind); None without a number that makes sense."""
    unit = next(code for code, words in _UNIT_WORDS if unit_word in words)
    if digits:
        value = int(digits)
    elif word:
        value = _word_value(word)
    else:
        value = 2 if unit_word.endswith(("ين", "ومي", "وعي")) else 1
    if not value:
        return None
    return value, unit, "working" if work else "calendar"


def _word_value(word: str) -> int:
    if word in _TEENS:
        return _TEENS[word]
    return _NUMBERS.get(word) or _NUMBERS.get(word.rstrip("هي"), 0)
