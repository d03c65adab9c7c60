"""Whatever the text: no crash, no line lost, every key its own (issue 3, Proof)."""

import random

from odoo.tests import BaseCase, tagged

from ...tools.policy_reader import ReadError, read_bytes, read_text
from ...tools.policy_reader.model import Reading
from .policy_texts import POLICIES

CODES = {"empty", "encoding", "too_large", "damaged", "not_policy", "kind"}
KINDS = {"spelling", "word", "name", "broken_word", "number"}
JUNK = (
    "", " ", "**", "##", "- ", "1. ", "١-", "|", "\t", ":", ".", "…", "؟", "(", ")",
    "_", "\x00", "\x0c", "\x1c", "\x85", "\u2028", "\u200f", "\u202b", "\ud800",
    "\ufdfa", "\u0301", "&nbsp;", "<u>", "</u>", "[x]", "5", "٣/٤/٢٠٢٠", "أولا: ",
    "الهدف:", "سياسة ", "جمعية ", "تمهيد", "خلال شهر", "المحتويات",
    "م\tالاسم\tالمنصب",
)  # fmt: skip
TEXTS = list(POLICIES.values())


def mutated(chance: random.Random) -> str:
    """Return one of our policies with lines dropped, moved, cut and spoilt."""
    lines = chance.choice(TEXTS).splitlines()
    for _turn in range(chance.randrange(1, 25)):
        if not lines:
            break
        place = chance.randrange(len(lines))
        line = lines[place]
        cut = chance.randrange(len(line) + 1)
        change = chance.randrange(7)
        if change == 0:
            del lines[place]
        elif change == 1:
            lines.insert(place, chance.choice(JUNK) * chance.randrange(1, 4))
        elif change == 2:
            lines[place] = chance.choice(JUNK) + line
        elif change == 3:
            lines[place] = line + chance.choice(JUNK)
        elif change == 4:
            lines.insert(chance.randrange(len(lines)), lines.pop(place))
        elif change == 5:
            lines[place] = line[:cut]
        else:
            lines[place] = line[:cut] + chance.choice(JUNK) + line[cut:]
    return chance.choice(("\n", "\n", "\n\n", "\r\n")).join(lines)


def random_text(chance: random.Random) -> str:
    """Return lines of random words between headings that make it a policy."""
    words = " ".join(TEXTS).split()
    lines = ["سياسة تنظيم العلاقة مع المستفيدين", "القنوات:", "الأدوات:"]
    for _turn in range(chance.randrange(40)):
        count = chance.randrange(12)
        parts = [chance.choice((*words, *JUNK)) for _word in range(count)]
        lines.insert(chance.randrange(len(lines) + 1), " ".join(parts))
    return "\n".join(lines)


@tagged("post_install", "-at_install")
class TestReaderProperties(BaseCase):
    def check(self, reading: Reading):
        """Every non-empty line is in one clause, or left out with a reason."""
        clauses = list(reading.walk())
        numbers = [number for clause in clauses for number in clause.lines]
        numbers += [left.line for left in reading.left_out]
        full = [
            number
            for number, line in enumerate(reading.text.splitlines(), start=1)
            if line.strip()
        ]
        self.assertEqual(sorted(numbers), full)
        keys = [clause.key for clause in clauses]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertTrue(all(left.reason for left in reading.left_out))
        for slip in reading.slips:
            self.assertIn(slip.clause_key, {*keys, ""})
            self.assertIn(slip.kind, KINDS)
            self.assertNotEqual(slip.printed, slip.proposed)
        for name in reading.missing:
            self.assertIn(getattr(reading.facts, name), (None, "", [], {}))
        for fact in reading.facts.channels + reading.facts.steps:
            self.assertIn(fact.clause_key, keys)

    def read(self, function, *args) -> bool:
        try:
            reading = function(*args)
        except ReadError as error:
            self.assertIn(error.code, CODES)
            return False
        self.check(reading)
        return True

    def test_own_texts(self):
        """Our policies, as they are."""
        for name, text in POLICIES.items():
            with self.subTest(policy=name):
                self.check(read_text(text))

    def test_same_twice(self):
        """A reading depends on nothing but its text."""
        for text in TEXTS:
            self.assertEqual(read_text(text), read_text(text))

    def test_mutated(self):
        """Policies with anything done to their lines."""
        chance = random.Random(20260101)
        read = 0
        for turn in range(250):
            with self.subTest(turn=turn):
                read += self.read(read_text, mutated(chance))
        self.assertGreater(read, 150)

    def test_random(self):
        """Lines of words and marks in any order."""
        chance = random.Random(20260102)
        read = 0
        for turn in range(150):
            with self.subTest(turn=turn):
                read += self.read(read_text, random_text(chance))
        self.assertGreater(read, 20)

    def test_any_bytes(self):
        """Bytes of any kind are read or refused."""
        chance = random.Random(20260103)
        for turn in range(150):
            data = chance.randbytes(chance.randrange(300))
            name = chance.choice(("", "p.txt", "p.md", "p.docx", "سياسة"))
            with self.subTest(turn=turn):
                self.read(read_bytes, data, name)

    def test_cut(self):
        """A policy cut short at any line, as a broken copy is."""
        for name in ("complaints", "info_block", "signed", "stakeholders"):
            lines = POLICIES[name].splitlines()
            for length in range(len(lines)):
                with self.subTest(policy=name, length=length):
                    self.read(read_text, "\n".join(lines[:length]))

    def test_characters(self):
        """A policy cut inside any of its characters, in each encoding."""
        text = POLICIES["wrapped"]
        for encoding in ("utf-8", "utf-16", "cp1256"):
            data = text.encode(encoding)
            for length in range(0, len(data), 61):
                with self.subTest(encoding=encoding, length=length):
                    self.read(read_bytes, data[:length], "p.txt")
