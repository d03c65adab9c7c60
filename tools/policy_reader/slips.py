"""Suspected slips of copying and scanning, proposed as errata: R020, Annex D.

The text of the clauses stays as printed: the officer decides. Four methods: a word
that differs in a known phrase, letters that a scanner takes for one another, a word
broken in two, a number that does not go on. The association's name is compared with
its other spellings.
"""

import re
import unicodedata
from collections import Counter

from ..arabic import fold, strip_invisible, to_arabic_digits
from .cover import Cover
from .lines import Line, label_number
from .model import Clause, Facts, Slip
from .words import CONFUSED, PHRASES, QUESTIONS, WORDS

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 24  # no Arabic word is longer; what is, is no word
_TRIED = 20_000  # words compared with the lexicon, for texts of any length
# Letters that differ in dots only, and ب for ي above all.
_ALIKE = ("بتثني", "جحخ", "عغ", "فق", "دذ", "رز", "سش", "صض", "طظ")
_ALIKE_OF = {letter: group for group in _ALIKE for letter in group}
_PERSONS = "تين"  # «تقدم» is no slip for «يقدم»
_FOREIGN = str.maketrans("یکگ", "يكك")
_PREFIXES = (
    "وال", "بال", "فال", "كال", "ولل", "ال", "لل", "ول", "وب", "ب", "ل", "و", "ف", "ك",
)  # fmt: skip
_ARTICLES = re.compile("^[وف]?(?:بال|ال|لل)?")
_SPELLINGS = {}


def _plain(word: str) -> str:
    return strip_invisible(unicodedata.normalize("NFC", word))


def _known_spellings() -> dict[str, str]:
    """Return the right spelling by its folded form."""
    if not _SPELLINGS:
        _SPELLINGS.update({fold(word): word for word in WORDS})
    return _SPELLINGS


def _stems(key: str):
    """Yield (prefix, stem) of a folded word: «والمستفيدين» is «وال», «مستفيدين»."""
    yield "", key
    for prefix in _PREFIXES:
        if key.startswith(prefix) and len(key) - len(prefix) >= 3:
            yield prefix, key[len(prefix) :]


def is_known(word: str) -> bool:
    """Return whether the lexicon has a word, with or without its prefixes."""
    spellings = _known_spellings()
    return any(stem in spellings for _prefix, stem in _stems(fold(word)))


def corrected_word(word: str) -> str | None:
    """Return a word in the spelling that the lexicon has for it; None when it is right.

    Scanner's letters and the seat of the hamza: «البشربة», «الاهلية».
    """
    bare = _plain(word)
    spellings = _known_spellings()
    if not 4 <= len(bare) <= _LONGEST:
        return None
    for prefix, stem in _stems(fold(bare)):
        if stem in spellings:
            right = bare[: len(prefix)] + spellings[stem]
            is_hamza = right[:4].translate(_HAMZA) == bare[:4].translate(_HAMZA)
            return right if right != bare and is_hamza else None
    return _unscanned(bare)


_HAMZA = str.maketrans("أإآ", "ااا")


def _unscanned(word: str) -> str | None:
    """Return the known word from which a scanner's letters made this unknown one."""
    spellings = _known_spellings()
    for prefix, stem in _stems(fold(word)):
        for candidate in _variants(stem):
            if candidate in spellings:
                return word[: len(prefix)] + spellings[candidate]
    return None


def _variants(stem: str):
    """Yield a folded word with one or two letters changed for one alike.

    Two only where both are ب for ي, the commonest mistake of all.
    """
    for place, letter in enumerate(stem):
        for other in _ALIKE_OF.get(letter, ""):
            is_person = not place and letter in _PERSONS and other in _PERSONS
            if other != letter and not is_person:
                yield stem[:place] + other + stem[place + 1 :]
    if stem.count("ب") > 1:
        yield stem.replace("ب", "ي")
        places = [place for place, letter in enumerate(stem) if letter == "ب"][:4]
        for first in places:
            for second in places:
                if first < second:
                    letters = list(stem)
                    letters[first] = letters[second] = "ي"
                    yield "".join(letters)


def find_slips(cover: Cover, clauses: list[Clause], facts: Facts) -> list[Slip]:
    """Return the suspected slips in the order of their lines."""
    return _Finder(cover, clauses, facts).find()


class _Finder:
    def __init__(self, cover: Cover, clauses: list[Clause], facts: Facts):
        self.cover = cover
        self.roots = clauses
        self.facts = facts
        self.key_of = {
            number: clause.key
            for root in clauses
            for clause in root.walk()
            for number in clause.lines
        }
        lines = [line for line in cover.lines if not line.is_rule]
        self.words = [
            (word, line.number)
            for line in lines
            for word in _WORD.findall(_plain(line.text))
        ]
        self.counts = Counter(fold(word) for word, _line in self.words)
        self.own_words = {fold(word): word for word, _n in self.words if len(word) >= 4}
        self.lines = lines
        self.slips = []
        self.seen = set()

    def find(self) -> list[Slip]:
        self._names()
        self._phrases()
        self._broken_words()
        self._scanned_letters()
        self._foreign_letters()
        self._question_marks()
        for root in self.roots:
            self._numbers(root)
        return sorted(self.slips, key=lambda slip: (slip.line, slip.printed))

    def _add(self, line: int, printed: str, proposed: str, kind: str, reason: str):
        if (line, printed) in self.seen or printed == proposed:
            return
        self.seen.add((line, printed))
        key = self.key_of.get(line, "")
        self.slips.append(Slip(key, line, printed, proposed, kind, reason))

    # ------------------------------------------------------------
    # NAMES AND PHRASES
    # ------------------------------------------------------------

    def _names(self):
        """The association's name in another spelling of one word."""
        names = self.cover.names
        right = (self.facts.association_name or "").split()
        for name, line in names.found:
            words = name.split()
            if len(words) != len(right):
                continue
            pairs = [p for p in zip(words, right, strict=True) if p[0] != p[1]]
            if len(pairs) == 1 and distance(fold(pairs[0][0]), fold(pairs[0][1])) <= 1:
                reason = "other_name" if fold(pairs[0][0]) != fold(pairs[0][1]) else ""
                kind = "name" if reason else "spelling"
                self._add(line, *pairs[0], kind, reason or "hamza")

    def _phrases(self):
        numbers_by_word = {}
        for line in self.lines:
            for key in set(line.key.split()):
                numbers_by_word.setdefault(key.strip(".,،:؛()"), []).append(line)
        for phrase, kind in PHRASES:
            slots = [slot.split("|") for slot in phrase.split()]
            anchors = {fold(word) for slot in slots for word in slot}
            lines = {
                line.number: line
                for anchor in anchors
                for line in numbers_by_word.get(anchor, ())
            }
            for line in lines.values():
                self._phrase_in(line, slots, kind)

    def _phrase_in(self, line: Line, slots, kind: str):
        words = _WORD.findall(_plain(line.text))
        keys = [fold(word) for word in words]
        right = [{fold(word) for word in slot} for slot in slots]
        for start in range(len(words) - len(slots) + 1):
            wrong = [
                place
                for place, expected in enumerate(right)
                if keys[start + place] not in expected
            ]
            if len(wrong) == 1:
                place = wrong[0]
                printed = words[start + place]
                proposed = self._expected(printed, slots[place], len(slots))
                if proposed:
                    self._add(line.number, printed, proposed, kind, "phrase")

    def _expected(self, printed: str, slot: list[str], length: int) -> str | None:
        """Return the word of a slot that a printed word was meant to be."""
        key = fold(printed)
        for wrong, right in CONFUSED:
            if key == fold(wrong) and right in slot:
                return right
        if length < 3 and is_known(printed) or key in map(fold, slot):
            return None
        if length < 3 or len(key) < 4:
            return None
        best = min(slot, key=lambda word: distance(key, fold(word)))
        away = distance(key, fold(best))
        is_long = len(key) >= 6 and len(fold(best)) >= 6
        limit = 2 if is_long and not is_known(printed) else 1
        return best if away <= limit and not _is_other_form(key, fold(best)) else None

    # ------------------------------------------------------------
    # SCANNER'S MISTAKES
    # ------------------------------------------------------------

    def _broken_words(self):
        """«طال ب», «الإشر افية»: two pieces that make a word of the text or lexicon."""
        for line in self.lines:
            words, before = _plain(line.text).split(" "), ""
            for first, second in zip(words, words[1:], strict=False):
                last = second.rstrip(".,،:؛()؟")
                is_free, before = first != before, ""
                if is_free and self._is_broken(first, last):
                    printed, joined = f"{first} {last}", first + last
                    self._add(line.number, printed, joined, "broken_word", "joined")
                    before = second

    def _is_broken(self, first: str, last: str) -> bool:
        if not _is_piece(first, last):
            return False
        if self._is_word(first, 2) and self._is_word(last, 2):
            return False
        return self._is_word(first + last, 1)

    def _is_word(self, word: str, times: int) -> bool:
        """Return whether the lexicon has a word, or the text so many times."""
        key = fold(word)
        return len(key) > 2 and (self.counts[key] >= times or is_known(word))

    def _scanned_letters(self):
        own = {
            key: word for key, word in self.own_words.items() if self.counts[key] > 1
        }
        tried = set()
        for word, line in self.words:
            key = fold(word)
            if not 4 <= len(word) <= _LONGEST or len(tried) > _TRIED:
                continue
            if is_known(word) or self.counts[key] > 2:
                continue
            tried.add(key)
            proposed = _unscanned(word) or self._from_text(word, own)
            if proposed:
                self._add(line, word, proposed, "spelling", "scanned_letter")

    def _from_text(self, word: str, own: dict[str, str]) -> str | None:
        """Return a word of the text itself for one printed with ب for ي."""
        key = fold(word)
        for place, letter in enumerate(key):
            if letter == "ب":
                other = own.get(key[:place] + "ي" + key[place + 1 :])
                if other:
                    return other
        return None

    def _foreign_letters(self):
        for word, line in self.words:
            right = word.translate(_FOREIGN)
            if right != word:
                self._add(line, word, right, "spelling", "foreign_letter")

    def _question_marks(self):
        for line in self.lines:
            text = line.text.rstrip()
            if not text.endswith(("؟", "?")) or not line.is_item:
                continue
            words = text.split()
            if words and fold(words[0]) not in {fold(word) for word in QUESTIONS}:
                printed = words[-1]
                proposed = printed.rstrip("؟?") + "."
                self._add(line.number, printed, proposed, "spelling", "question_mark")

    # ------------------------------------------------------------
    # NUMBERS
    # ------------------------------------------------------------

    def _numbers(self, clause: Clause):
        """The numbers of a list that do not go on: 1, ٢, «آ», «⁵»."""
        for child in clause.children:
            self._numbers(child)
        items = [
            child
            for child in clause.children
            if child.role != "paragraph" and not child.heading and child.lines
        ]
        printed = [label_number(item.label) for item in items]
        right = sum(number == place for place, number in enumerate(printed, start=1))
        if len(items) < 2 or right < 2 and right < len(items) / 2 or not right:
            return
        is_arabic = sum(item.label[:1] in set("٠١٢٣٤٥٦٧٨٩") for item in items) > 0
        for place, (item, number) in enumerate(zip(items, printed, strict=True), 1):
            is_digit = item.label.isascii() or item.label[:1] in "٠١٢٣٤٥٦٧٨٩"
            if number != place or not is_digit:
                proposed = to_arabic_digits(str(place)) if is_arabic else str(place)
                reason = "number_missing" if not item.label else "number_wrong"
                self._add(item.lines[0], item.label, proposed, "number", reason)


def _is_piece(first: str, second: str) -> bool:
    """Return whether two neighbours may be one word: one is a piece, or is unknown."""
    if not (_WORD.fullmatch(first) and _WORD.fullmatch(second)):
        return False
    if not 4 <= len(first) + len(second) <= _LONGEST:
        return False
    if fold(first) in ("و", "او", "ا", "لا", "ما", "من", "في", "عن", "ان", "كل"):
        return False
    return (
        len(first) == 1
        or len(second) == 1
        or not (is_known(first) and is_known(second))
    )


def _is_other_form(first: str, second: str) -> bool:
    """Return whether two words are forms of one: «المستفيد», «للمستفيد», «…ين»."""
    stems = [_ARTICLES.sub("", word) for word in (first, second)]
    return stems[0].startswith(stems[1]) or stems[1].startswith(stems[0])


def distance(first: str, second: str) -> int:
    """Return the edits between two words; letters that changed places are one edit."""
    if abs(len(first) - len(second)) > 3 or max(len(first), len(second)) > 40:
        return 9
    before, row = [], list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        last, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = before[j - 1] + (letter != other)
            value = min(before[j] + 1, row[j - 1] + 1, cost)
            is_swap = i > 1 and j > 1 and letter == second[j - 2]
            if is_swap and first[i - 2] == other:
                value = min(value, last[j - 2] + 1)
            row.append(value)
    return row[-1]
