"""Who approved a policy, when and in which meeting: R002-R013, Annex D 6-9."""

import re

from ..arabic import fold, to_latin_digits
from . import lexicon
from .cover import Cover
from .dates import read_day, year_of
from .keys import Keyed, arabic
from .model import Clause, Facts

_MEETING = arabic(
    r"(?:^|\s)(?:في|خلال|بموجب|وفق|حسب|ب)\s?"
    r"((?:ال)?(?:اجتماع|محضر|جلسه|قرار)\b.{0,120}?)"
    r"(?=\s*(?:ال)?(?:المنعقد|منعقد|بتاريخ|وتاريخ|في\s+تاريخ|الموافق|والمورخ|المورخ|[،,.]|$))"
)
_SESSION = arabic(r"(?:ب|ال)?جلس(?:ته|تها|ه)\s*(?:ال)?(?:رقم)?\s*[(:]?\s*(\d{1,4})")
_SESSION_WORD = arabic(r"(?:ال)?جلسه\s+(ال\S{3,8})")
_MINUTES = arabic(r"محضر\b[^\d]{0,60}?رقم\s*[(:]?\s*(\d{1,4})")
_IN_BRACKETS = arabic(r"(?:رقم)?\s*[(:]?\s*(\d{1,4})\s*\)?")
_TITLE = arabic(
    r"(?:اعتماد|اعتمدت|اعتمد|اقرار|اقرت)\s+((?:سياسه|لائحه|لايحه|دليل)\s+.{3,120}?)"
    r"\s+(?:ل(?:جمعيه|موسسه)|في\s+(?:ال)?(?:اجتماع|محضر|جلسه)|بتاريخ|من\s+قبل)"
)
_ROLE_PREFIX = arabic(
    r"(?:اعداد|اعده|اعدها|اعدت|المعد|معد الوثيقه|اسم المعد)\s*[:/\-]\s*"
)
_LABELS = (
    ("approval_date", arabic(r"تاريخ\s+(?:ال)?(?:اعتماد|اقرار|موافقه)")),
    ("issue_date", arabic(r"تاريخ\s+(?:ال)?(?:اصدار|نشر)")),
    ("meeting", arabic(r"(?:رقم\s+)?(?:ال)?(?:محضر|اجتماع|جلسه)")),
    ("version", arabic(r"(?:رقم\s+)?(?:ال)?(?:اصدار|نسخه)")),
    ("status", arabic(r"حاله|جهه\s+(?:ال)?اعتماد")),
)


def read_version(cover: Cover, facts: Facts):
    """Read the label of the version and its number: R007."""
    candidates = [line.text for line in cover.parts["version_label"]]
    candidates += [value for _label, value in facts.info_block]
    candidates += [f"{label} {value}" for label, value in facts.info_block]
    for text in candidates:
        label = Keyed(text).find(lexicon.VERSION)
        if label:
            facts.version_label = label
            facts.version_number = _ordinal(label)
            return


def _ordinal(label: str) -> int | None:
    key = to_latin_digits(label)
    if match := re.search(r"\d{1,3}", key):
        return int(match[0])
    last = fold(label).split(" ")[-1].strip("()")
    for pattern, number in lexicon.ORDINALS:
        if pattern.fullmatch(last):
            return number
    return None


def read_preparer(cover: Cover, facts: Facts):
    """Read the role of who prepared the text; a person's name is never read: R008."""
    for line in cover.parts["preparer"]:
        text = line.text.strip()
        if text.startswith("(") and text.endswith(")"):
            text = text[1:-1].strip()
        else:
            keyed = Keyed(text)
            match = _ROLE_PREFIX.match(keyed.key)
            text = keyed.quote(match.end(), len(keyed.key)) if match else ""
        if lexicon.ROLE_WORDS.match(fold(text)) and len(text.split()) <= 8:
            facts.prepared_by_title = text.rstrip(" .")
            return


def read_approval(cover: Cover, clauses: list[Clause], facts: Facts):
    """Read the approval from its section, the cover's line or the information block."""
    section = next((clause for clause in clauses if clause.role == "approval"), None)
    lines = [line.text for line in cover.parts["approval_line"]]
    facts.has_approval_block = section is not None
    facts.has_approval_line = bool(lines)
    sentences = [child.text for child in section.walk()][1:] if section else []
    sentences += lines
    facts.approval_sentence = next(
        (text for text in sentences if lexicon.APPROVED.search(fold(text))), None
    )
    words = [section.text] if section else []
    words += sentences + _block_words(facts)
    facts.approved_by_body = _body(words)
    _read_sentences(sentences, facts)
    _read_block(facts)
    facts.signatory_positions = list(cover.signatories)
    facts.chair_signs = bool(cover.parts["chair_signature"])


def _block_words(facts: Facts) -> list[str]:
    kinds = ("status", "meeting")
    return [value for label, value in facts.info_block if _label_kind(label) in kinds]


def _body(words: list[str]) -> str | None:
    text = fold(" . ".join(words))
    return next((c for c, pattern in lexicon.BODIES if pattern.search(text)), None)


def _label_kind(label: str) -> str | None:
    key = fold(label)
    return next((kind for kind, pattern in _LABELS if pattern.match(key)), None)


def _read_sentences(sentences: list[str], facts: Facts):
    for text in sentences:
        keyed = Keyed(text[:3000])
        day = read_day(text[:3000])
        if day.day and not facts.approval_date:
            _set_approval(facts, day)
        facts.meeting_text = facts.meeting_text or keyed.find(_MEETING)
        facts.session_no = facts.session_no or _session(keyed.key)
        if match := _MINUTES.search(keyed.key):
            facts.minutes_no = facts.minutes_no or match[1]
        facts.title_in_approval = facts.title_in_approval or keyed.find(_TITLE)
        if not day.day and not facts.approval_year:
            facts.approval_year = year_of(text[:3000])
    if facts.approval_date:
        facts.approval_year = None


def _session(key: str) -> str | None:
    if match := _SESSION.search(key):
        return match[1]
    if match := _SESSION_WORD.search(key):
        for pattern, number in lexicon.ORDINALS:
            if pattern.fullmatch(match[1]):
                return str(number)
    return None


def _set_approval(facts: Facts, day):
    facts.approval_date = day.day
    facts.approval_hijri = day.hijri
    facts.date_uncertain = day.is_uncertain


def _read_block(facts: Facts):
    """Read the rows of the information block."""
    for label, value in facts.info_block:
        kind = _label_kind(label)
        if kind == "approval_date" and not facts.approval_date:
            _set_approval(facts, read_day(value))
        elif kind == "issue_date":
            facts.issue_date = read_day(value).day
        elif kind == "meeting":
            has_words = re.search(r"[^\W\d_]{3}", value)
            facts.meeting_text = facts.meeting_text or (has_words and value) or None
            _read_meeting_number(label, value, facts)


def _read_meeting_number(label: str, value: str, facts: Facts):
    key = fold(value)
    number = _IN_BRACKETS.search(key)
    if not number:
        return
    if "محضر" in fold(label) or "محضر" in key:
        facts.minutes_no = facts.minutes_no or number[1]
    elif "جلس" in fold(label):
        facts.session_no = facts.session_no or number[1]
