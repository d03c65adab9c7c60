"""The clauses of a policy as a tree: R021-R102 by their headings, R014.

Sections come in any order and under other headings; what is not recognised is kept
as "other" or "paragraph". Roles beside those of the profiles' texts: "complaints" and
"review" (sections of other policies).
"""

from dataclasses import dataclass

from ..arabic import fold
from . import lexicon
from .cover import heading_role, role_of_words
from .keys import squeeze
from .lines import Line, goes_on, label_number
from .model import Clause

# The role of what a section lists.
_ITEM_ROLES = {
    "channels": "channel",
    "complaint_channels": "channel",
    "tools": "tool",
    "steps": "step",
    "detailed_objectives": "objective",
    "means": "mean",
    "responsibilities": "responsibility",
    "provisions": "provision",
    "centre_organisational": "centre_task",
    "centre_supervisory": "centre_task",
    "general_objective": "objective",
}
# Sections below a sub-policy when one is open.
_INNER = {"goal", "responsibilities", "provisions"}
_CENTRE_PARTS = {"centre_organisational", "centre_supervisory"}
_HEADING_WORDS = 12


@dataclass
class Block:
    """One sentence, item or heading: the first line and those that go on with it."""

    lines: list[Line]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def text(self) -> str:
        return " ".join(line.text.strip() for line in self.lines).strip()

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(line.number for line in self.lines)

    @property
    def ends_open(self) -> bool:
        return self.lines[-1].ends_open


def blocks_of(lines: list[Line]) -> list[Block]:
    """Join the lines that were broken in mid-sentence."""
    blocks = []
    for line in lines:
        if blocks and _joins(blocks[-1], line):
            blocks[-1].lines.append(line)
        else:
            blocks.append(Block([line]))
    return blocks


def _joins(block: Block, line: Line) -> bool:
    """Return whether a line goes on with a block; a heading takes its own end only."""
    is_broken = len(block.lines) > 1
    if not goes_on(block.lines[-1], line, _starts_item, is_broken):
        return False
    if role_of_words(block.first.squeezed) and len(block.lines) == 1:
        return line.ends_open and bool(
            role_of_words(block.first.squeezed + line.squeezed)
        )
    return True


def _starts_item(key: str) -> bool:
    return bool(lexicon.ITEM_OPENINGS.match(key)) or bool(
        role_of_words(squeeze(key[:150]))
    )


def clauses_of(lines: list[Line]) -> list[Clause]:
    """Return the roots of the tree; every line is in exactly one clause."""
    return _Tree(blocks_of(lines)).build()


class _Tree:
    """Puts blocks below their headings."""

    def __init__(self, blocks: list[Block]):
        self.blocks = blocks
        self.roots = []
        self.sub_policy = None  # the open one
        self.centre = None
        self.section = None  # the open heading
        self.own = []  # (block, clause) of the open section, for roles known later

    def build(self) -> list[Clause]:
        for block in self.blocks:
            if not self._take_heading(block):
                self._take_sentence(block)
        self._close()
        for number, root in enumerate(self.roots, start=1):
            _set_keys(root, str(number))
        return self.roots

    # ------------------------------------------------------------
    # HEADINGS
    # ------------------------------------------------------------

    def _take_heading(self, block: Block) -> bool:
        if self._take_inline(block):
            return True
        line = block.first
        role = heading_role(line)
        if len(block.lines) > 1:
            role = role_of_words(squeeze(block.text)) if block.ends_open else None
        if role and self._is_plain_item(line, role):
            role = None
        if not role and self._is_sub_policy(block):
            role = "sub_policy"
        if role:
            self._open(role, _clause(block, role, heading=True))
            return True
        if self._is_other_heading(block):
            self._open("other", _clause(block, "other", heading=True))
            return True
        return False

    def _is_plain_item(self, line: Line, role: str) -> bool:
        """Return whether a numbered line is an item that only sounds like a heading.

        «٢. الأحكام العامة» in a list without sections is; so is everything in a list
        of channels or tools, unless its number does not go on with the list.
        """
        if not line.is_item or line.level:
            return False
        if not self.own or not self.section:
            return False
        last = next((b.first for b, _c in reversed(self.own) if b.first.is_item), None)
        if last is None:
            return False
        number, before = label_number(line.label), label_number(last.label)
        follows = number is not None and before is not None and number == before + 1
        return follows or (not line.label and last.bullet)

    def _is_sub_policy(self, block: Block) -> bool:
        line = block.first
        if not lexicon.SUB_POLICY.match(line.key) or not self.roots:
            return False
        if line.level or line.ordinal or line.bold:
            return len(block.text) < 200
        is_short = len(block.text.split()) <= _HEADING_WORDS + 4
        return not line.is_item and block.ends_open and is_short

    def _take_inline(self, block: Block) -> bool:
        """«الهدف العام: تقديم خدمة …»: a heading and its sentence on one line."""
        if self.section is not None and self.section.role == "definitions":
            return False
        words, colon, rest = block.text.partition(":")
        rest = rest.strip(" -–—")
        if not colon or not squeeze(rest[:200]) or len(words) > 100:
            return False
        role = role_of_words(squeeze(words))
        if not role or self._is_plain_item(block.first, role):
            return False
        heading = _clause(block, role, heading=True)
        heading.text = words.strip()
        self._open(role, heading)
        child_role = "step" if role == "steps" else "paragraph"
        sentence = Clause("", child_role, False, "", rest, "", ())
        heading.children.append(sentence)
        return True

    def _is_other_heading(self, block: Block) -> bool:
        line = block.first
        if len(block.lines) > 1 or line.cells or len(block.text) > 120:
            return False
        if line.level or line.bold and not line.is_item:
            return not block.text.endswith((".", "؟"))
        if line.ordinal:
            return len(block.text.split()) <= _HEADING_WORDS
        if line.is_item or not block.ends_open:
            return False
        if self.section is not None and self.section.role == "definitions":
            return False
        is_lead_in = lexicon.LEAD_IN.search(line.squeezed) or (
            self.section is not None and not self.own
        )
        return not is_lead_in and len(block.text.split()) <= 6

    def _open(self, role: str, clause: Clause):
        """Begin a section at its place in the tree."""
        parent_section = self.section
        self._close()
        parent = self._parent(role, parent_section)
        (parent.children if parent else self.roots).append(clause)
        if role == "sub_policy":
            self.sub_policy, self.centre = clause, None
        elif role == "centre":
            self.centre, self.sub_policy = clause, None
        elif role in lexicon.ROOT_ROLES:
            self.sub_policy = self.centre = None
        self.section = clause

    def _parent(self, role: str, section: Clause | None) -> Clause | None:
        if role == "means":
            roots = reversed(self.roots)
            return next((r for r in roots if r.role == "detailed_objectives"), None)
        if role in _INNER:
            return self.sub_policy
        if role in _CENTRE_PARTS:
            return self.centre
        if role == "other":
            return self.sub_policy or self.centre
        return None

    # ------------------------------------------------------------
    # SENTENCES
    # ------------------------------------------------------------

    def _take_sentence(self, block: Block):
        line = block.first
        if lexicon.MAIN_OUTPUT.search(line.key) and not line.is_item:
            self._close()
            self.section = None
            self.roots.append(_clause(block, "main_output"))
            return
        clause = _clause(block, "paragraph")
        if self.section is None:
            self.roots.append(clause)
        else:
            self.own.append((block, clause))

    def _close(self):
        """Give the sentences of the open section their roles and places."""
        section, own = self.section, self.own
        self.own = []
        if section is None or not own:
            return
        if section.role == "definitions":
            _close_definitions(section, own)
        else:
            _Section(section, own).close()


class _Section:
    """The sentences of one section: lead-in, items, items below an item."""

    def __init__(self, section: Clause, own: list[tuple[Block, Clause]]):
        self.section = section
        self.own = own
        self.role = _ITEM_ROLES.get(section.role, "paragraph")
        blocks = [block for block, _clause in own]
        ends = [place for place, block in enumerate(blocks) if _announces_means(block)]
        self.means_from = ends[0] + 1 if ends else len(blocks)
        items = [
            place
            for place, block in enumerate(blocks[: self.means_from])
            if block.first.is_item
        ]
        self.has_items = bool(items)
        self.last_item = items[-1] if items else -1

    def close(self):
        opener = None  # (block, clause) of the item whose list is open
        for position, (block, clause) in enumerate(self.own):
            if opener and self._is_below(opener[0], block, position):
                clause.role = self._role_below(opener[1])
                opener[1].children.append(clause)
                continue
            opener = None
            clause.role = self._own_role(block, position)
            self.section.children.append(clause)
            if block.ends_open and position + 1 < len(self.own):
                opener = (block, clause)
        if self.section.role == "detailed_objectives":
            _find_means(self.section)

    def _own_role(self, block: Block, position: int) -> str:
        if self.role == "paragraph" or self.section.role == "general_objective":
            has_list = self.section.role == "general_objective" and self.has_items
            return "objective" if has_list and block.first.is_item else "paragraph"
        if self.has_items:
            is_among = self._is_among_items(block, position)
            return self.role if block.first.is_item or is_among else "paragraph"
        is_lead_in = position == 0 and block.ends_open and len(self.own) > 1
        return "paragraph" if is_lead_in else self.role

    def _is_among_items(self, block: Block, position: int) -> bool:
        """Return whether a line without bullet or number is an item all the same.

        It stands between items, or begins as an item of these policies does.
        """
        if position == 0 and block.ends_open:
            return False
        is_between = position < self.last_item
        return is_between or bool(lexicon.ITEM_OPENINGS.match(block.first.key))

    def _is_below(self, opener: Block, block: Block, position: int) -> bool:
        """Return whether an item belongs below the one that ended with a colon."""
        upper, line = opener.first, block.first
        if self.section.role == "detailed_objectives" and _announces_means(opener):
            return True
        if not upper.is_item:
            # a lead-in has a list below it only where a paragraph may have one
            return line.is_item and self.role == "paragraph"
        if not line.is_item:
            return False
        if line.indent > upper.indent + 1:
            return True
        return bool(line.label) and not upper.label

    def _role_below(self, opener: Clause) -> str:
        if opener.role == "objective":
            return "mean"
        return opener.role if opener.role != "paragraph" else "paragraph"


def _announces_means(block: Block) -> bool:
    return block.ends_open and bool(lexicon.MEANS_END.search(squeeze(block.text[-60:])))


def _find_means(section: Clause):
    """Tell means from objectives by their openings, where no words part them."""
    objectives = section.children
    if any(clause.children or clause.role != "objective" for clause in objectives):
        return
    first = len(objectives)
    while first and lexicon.MEANS_OPENINGS.match(fold(objectives[first - 1].text[:80])):
        first -= 1
    if 0 < first <= len(objectives) - 3:
        for clause in objectives[first:]:
            clause.role = "mean"


def _close_definitions(section: Clause, own: list[tuple[Block, Clause]]):
    """«term: meaning», with the classes that a meaning lists below it."""
    opener = None
    for block, clause in own:
        term, meaning = _term(block)
        if opener is not None and not term:
            is_stakeholders = lexicon.STAKEHOLDER_TERM.match(fold(opener.term))
            clause.role = "stakeholder_class" if is_stakeholders else "paragraph"
            opener.children.append(clause)
            continue
        if term:
            clause.role, clause.term, clause.text = "definition", term, meaning
            opener = clause if block.ends_open else None
        section.children.append(clause)


def _term(block: Block) -> tuple[str, str]:
    """Return the term and the meaning of a definition; ("", "") for other lines."""
    line = block.first
    if len(line.cells) == 2:
        return line.cells[0].strip(" :"), line.cells[1]
    term, colon, meaning = block.text.partition(":")
    if not colon or not meaning.strip() or len(term.split()) > 6:
        return "", ""
    return term.strip(), meaning.strip()


def _clause(block: Block, role: str, heading: bool = False) -> Clause:
    text = block.text
    if block.first.cells:
        text = " – ".join(block.first.cells)
    if heading:
        text = text.rstrip(" -–—:.\t")
    return Clause("", role, heading, block.first.label, text, "", block.numbers)


def _set_keys(clause: Clause, key: str):
    clause.key = key
    for number, child in enumerate(clause.children, start=1):
        _set_keys(child, f"{key}.{number}")
