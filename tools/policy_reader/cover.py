"""What is printed around the clauses: cover, contents, running lines, signatures.

Such lines are no clauses. Each is left out with a reason, and the facts are read from
them: R002-R018.
"""

import re
from collections import Counter, defaultdict
from functools import lru_cache

from ..arabic import fold
from . import lexicon
from .keys import squeeze
from .names import Names, association_lines, find_names

_ENTRY = re.compile(r"\d{1,3}\s+\S.*|.*[\s.…_·\t]\d{1,3}$")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}|·{4,}")
_LEADER_ENTRY = re.compile(
    r"^\s*\d{1,3}\s.*(?:\.{4,}|…{2,})|(?:\.{4,}|…{2,})\s*\d{1,3}\s*$"
)
_PAGE_NUMBER = re.compile(rf"[-–—\s]*(?:{lexicon.PAGE.pattern})[-–—\s]*")
_NUMBERS_AROUND = re.compile(r"^\d{1,3}\s+|[\s.…_·]+\d{0,3}$|[.…_·]+$")
_BRACKETED = re.compile(r"\(.{2,80}\)")
_SHORT = 90


def heading_role(line) -> str | None:
    """Return the role of a line that is a known heading, alone on its line."""
    if len(line.text) > 150 or line.cells:
        return None
    if line.is_item and not (line.label or line.level or line.ends_open):
        return None
    return role_of_words(line.squeezed)


@lru_cache(maxsize=4096)
def role_of_words(words: str) -> str | None:
    """Return the role of squeezed words that are a known heading."""
    if len(words) > 120:
        return None
    for role, pattern in lexicon.HEADINGS:
        if pattern.fullmatch(words):
            return role
    return None


class Cover:
    """Sorts the lines of a text; ``reasons`` has the reason by line number.

    ``lines`` are all lines, ``body`` those that remain for the clauses.
    """

    def __init__(self, lines):
        self.lines = lines
        self.places = {line.number: place for place, line in enumerate(lines)}
        self.reasons = {}
        self.parts = defaultdict(list)  # reason: lines
        self.title = None
        self.names = Names()
        self.signatories = []
        self._sort()
        self.body = [line for line in lines if line.number not in self.reasons]

    def _sort(self):
        for line in self.lines:
            if line.is_rule:
                self._leave(line, "rule")
        self._leave_contents()
        self._leave_signatories()
        self._find_title()
        self.names = find_names(
            [line for line in self.lines if self.reasons.get(line.number) != "toc"],
            self.title,
        )
        self._leave_info_block()
        self._leave_known()
        self._leave_repeated()
        self._leave_front()
        self._leave_tail()

    def _leave(self, line, reason):
        if line.number not in self.reasons:
            self.reasons[line.number] = reason
            self.parts[reason].append(line)

    def _remaining(self):
        return [line for line in self.lines if line.number not in self.reasons]

    # ------------------------------------------------------------
    # CONTENTS
    # ------------------------------------------------------------

    def _leave_contents(self):
        last = {line.squeezed: index for index, line in enumerate(self.lines)}
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if lexicon.TOC_TITLE.fullmatch(line.squeezed):
                self._leave(line, "toc")
                index = self._leave_entries(index + 1, last)
                continue
            if len(line.flat) < 200 and _LEADER_ENTRY.search(line.flat):
                self._leave(line, "toc")
            index += 1

    def _leave_entries(self, index, last):
        """Leave out the entries from an index on; return the index behind them."""
        seen = set()
        while index < len(self.lines):
            line = self.lines[index]
            words = _NUMBERS_AROUND.sub("", line.flat[:200])
            is_numbered = len(line.flat) < 200 and bool(
                _ENTRY.fullmatch(line.flat_key) or _LEADERS.search(line.flat)
            )
            is_announced = role_of_words(line.squeezed) and last[line.squeezed] > index
            if words in seen or not (is_numbered or is_announced or line.is_rule):
                break
            if not line.is_rule:
                seen.add(words)
            self._leave(line, "toc")
            index += 1
        return index

    # ------------------------------------------------------------
    # SIGNATURES
    # ------------------------------------------------------------

    def _leave_signatories(self):
        """Leave out the table of signatories and the chair's line and name below it."""
        is_in_table, has_cells, column = False, False, -1
        for line in self.lines:
            if self._is_table_head(line):
                is_in_table, has_cells = True, bool(line.cells)
                column = self._position_column(line)
                self._leave(line, "signatory_table")
            elif is_in_table and not line.is_rule:
                position = self._position(line, column)
                is_row = line.cells if has_cells else not line.blanks
                if not is_row or not position:
                    is_in_table = False
                    continue
                self.signatories.append(position)
                self._leave(line, "signatory_table")

    @staticmethod
    def _is_table_head(line) -> bool:
        return (
            len(line.key) < 120
            and all(pattern.search(line.key) for pattern in lexicon.TABLE_HEAD)
            and (bool(line.cells) or len(line.key.split()) <= 5)
        )

    @staticmethod
    def _position_column(line) -> int:
        for index, cell in enumerate(line.cells):
            if lexicon.TABLE_HEAD[1].match(fold(cell)):
                return index - len(line.cells)
        return -1

    @staticmethod
    def _position(line, column) -> str | None:
        """Return the position of a row: of its cell, or of the words at its end."""
        if line.cells:
            cells = line.cells[column:] if -column <= len(line.cells) else line.cells
            return next(filter(None, map(position_of, cells[:1])), None) or next(
                filter(None, map(position_of, line.cells)), None
            )
        if len(line.key) > 120:
            return None
        return position_of(line.key)

    # ------------------------------------------------------------
    # TITLE AND INFORMATION BLOCK
    # ------------------------------------------------------------

    def _find_title(self):
        for index, line in enumerate(self.lines[:60]):
            if line.number in self.reasons or line.is_item or line.cells:
                continue
            if role_of_words(line.squeezed) and not line.level:
                return
            if not lexicon.TITLE.match(line.key) or len(line.text) > 200:
                continue
            if line.key.endswith((".", ":")):
                continue
            self._leave(line, "title")
            self.title = line.text.strip()
            if len(line.text.split()) == 1 and index + 1 < len(self.lines):
                self._leave(self.lines[index + 1], "title")
                self.title += " " + self.lines[index + 1].text.strip()
            return

    def _leave_info_block(self):
        is_in_block = False
        for line in self.lines:
            if lexicon.INFO_TITLE.fullmatch(line.squeezed):
                is_in_block = True
                self._leave(line, "info_block")
            elif is_in_block:
                is_row = len(line.cells) >= 2 or self._is_labelled(line)
                if not is_row and not line.is_rule:
                    return
                self._leave(line, "info_block")
            elif heading_role(line):
                return
            elif lexicon.PREPARER.match(line.key) or line.is_item:
                continue
            elif self._is_labelled(line):
                self._leave(line, "info_block")

    @staticmethod
    def _is_labelled(line) -> bool:
        if len(line.cells) >= 2:
            return bool(lexicon.INFO_LABELS.fullmatch(squeeze(line.cells[0])))
        label, colon, value = line.text.partition(":")
        return bool(
            colon and value.strip() and lexicon.INFO_LABELS.fullmatch(squeeze(label))
        )

    def info_rows(self) -> list[tuple[str, str]]:
        """Return (label, value) of the information block; no row names a person."""
        rows = []
        for line in self.parts["info_block"]:
            if len(line.cells) >= 2:
                cells = list(line.cells)
                pairs = zip(cells[::2], cells[1::2], strict=False)
            else:
                label, colon, value = line.text.partition(":")
                pairs = [(label, value)] if colon else []
            rows += [
                (label.strip(" :"), value.strip())
                for label, value in pairs
                if not lexicon.PREPARER_LABEL.match(fold(label))
                or lexicon.ROLE_WORDS.match(fold(value))
            ]
        return rows

    # ------------------------------------------------------------
    # LINES KNOWN BY WHAT THEY SAY
    # ------------------------------------------------------------

    def _leave_known(self):
        """Leave out what is no clause wherever it stands."""
        numbers = {n for _text, lines in association_lines(self.lines) for n in lines}
        lines = self._remaining()
        for index, line in enumerate(lines):
            if len(line.text) > 200:
                continue
            reason = self._known_reason(line)
            if line.number in numbers and not reason:
                reason = "association"
            if reason:
                self._leave(line, reason)
            if reason == "preparer":
                self._leave_role_beside(lines, index)
            if reason == "chair_signature" and index + 1 < len(lines):
                self._leave_name_below(lines[index + 1])

    def _known_reason(self, line) -> str | None:
        if lexicon.BASMALA.search(line.squeezed) and len(line.squeezed) < 40:
            return "basmala"
        if lexicon.THANKS.fullmatch(line.squeezed):
            return "thanks"
        if lexicon.PREPARER.match(line.key):
            return "preparer"
        if line.is_item:
            return None
        if lexicon.CHAIR_LINE.match(line.key) and len(line.key.split()) <= 16:
            return "chair_signature"
        if lexicon.SIGNATURE.match(line.key):
            return "signature"
        if lexicon.VERSION.fullmatch(line.key.strip(" .():")):
            return "version_label"
        if lexicon.LICENCE.match(line.key) and len(line.key) < 60:
            return "licence"
        if _PAGE_NUMBER.fullmatch(line.flat_key) and not line.level:
            return "furniture"
        return None

    def _leave_role_beside(self, lines, index):
        """Leave out the role in brackets above or below the preparer's name."""
        for place in (index - 1, index + 1):
            if 0 <= place < len(lines) and _BRACKETED.fullmatch(lines[place].text):
                self._leave(lines[place], "preparer")

    def _leave_name_below(self, line):
        if len(line.text.split()) <= 7 and not line.is_item and not heading_role(line):
            if not line.key.endswith((".", ":")) and not line.cells:
                self._leave(line, "chair_signature")

    def _leave_repeated(self):
        """Leave out running headers and footers: short lines that come again."""
        lines = [
            line
            for line in self._remaining()
            if not line.is_item
            and len(line.text) <= _SHORT
            and not line.key.endswith((".", ":", "؟", ":-"))
            and not role_of_words(line.squeezed)
            and not any(p.match(line.key) for _c, p in lexicon.CHANNELS + lexicon.TOOLS)
        ]
        counts = Counter(line.squeezed for line in lines)
        names = {line.number for line in self.parts["association"]}
        title = "".join(part.squeezed for part in self.parts["title"])
        for line in lines:
            if counts[line.squeezed] > 1 or (title and line.squeezed == title):
                self._leave(line, self._running_reason(line, names))

    def _running_reason(self, line, names) -> str:
        if lexicon.ACRONYM.fullmatch(line.text):
            return "acronym"
        index = self.places[line.number]
        before = self.lines[index - 1].number if index else 0
        is_motto = before in names and 1 < len(line.text.split()) <= 6
        return "slogan" if is_motto else "furniture"

    # ------------------------------------------------------------
    # BEFORE THE FIRST HEADING, AFTER THE LAST CLAUSE
    # ------------------------------------------------------------

    def _leave_front(self):
        for line in self._remaining():
            role = heading_role(line)
            if role and role != "approval" or line.is_item or line.ordinal:
                return
            if self._inline_role(line):
                return
            if lexicon.APPROVED.match(line.key) and len(line.text) < 200:
                self._leave(line, "approval_line")
            elif len(line.text) > _SHORT or line.key.endswith("."):
                return
            elif lexicon.ACRONYM.fullmatch(line.text):
                self._leave(line, "acronym")
            else:
                self._leave(line, self._edge_reason(line) or "cover")

    @staticmethod
    def _inline_role(line) -> str | None:
        words, colon, rest = line.text.partition(":")
        return role_of_words(squeeze(words)) if colon and rest.strip() else None

    def _leave_tail(self):
        remaining = self._remaining()
        for index in range(len(remaining) - 1, 0, -1):
            line = remaining[index]
            if line.is_item or heading_role(line) or len(line.text) > _SHORT:
                return
            reason = self._edge_reason(line)
            above = remaining[index - 1]
            is_apart = line.blanks > 2 and above.is_item
            is_open = line.key.endswith((".", ":", "؟"))
            if not reason and not (is_apart and not is_open):
                return
            self._leave(line, reason or "furniture")

    def _edge_reason(self, line) -> str | None:
        words = set(re.findall(r"\w+", line.key))
        if words and words <= self.names.words:
            return "association"
        bare = line.key.removeprefix("ب")
        if any(bare == region for _code, region in lexicon.REGIONS):
            return "region"
        is_address = re.search(r"[\d@:]|www", line.key)
        if is_address and lexicon.CONTACT.search(line.key) and len(line.key) < 60:
            return "contact"
        return None


def position_of(text: str) -> str | None:
    """Return the code of the position that a cell or the end of a row names."""
    key = fold(text)
    for code, pattern in lexicon.POSITIONS:
        if pattern.search(key):
            return code
    return None
