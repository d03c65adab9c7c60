"""What a reading of a policy consists of: R001-R019, R085-R102, Annex A.

Plain data. ``None`` and empty lists mean that the text does not say it.
"""

from dataclasses import dataclass, field, fields
from datetime import date


class ReadError(Exception):
    """A file or text that cannot be read as a policy; the caller words the message.

    ``code`` is one of "empty", "encoding", "too_large", "damaged", "not_policy" and
    "kind" (a file of another kind); ``detail`` may name the place, never a person.
    """

    def __init__(self, code: str, detail: str = ""):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass
class Clause:
    """A heading with its clauses, or a sentence.

    ``lines`` are 1-based numbers of ``Reading.text.splitlines()``. A sentence printed
    on the line of its heading has no line of its own: the line is the heading's.
    """

    key: str
    role: str
    heading: bool
    label: str
    text: str
    term: str
    lines: tuple[int, ...]
    children: list["Clause"] = field(default_factory=list)

    def walk(self):
        """Yield this clause and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class LeftOut:
    """A line that is no clause, and why; facts may have been read from it."""

    line: int
    reason: str


@dataclass(frozen=True)
class Slip:
    """A suspected slip of copying or scanning, for the officer to judge: Annex D.

    ``clause_key`` is "" where the line was left out. ``kind``: "spelling", "word",
    "name", "broken_word", "number"; ``reason`` is the code of the method.
    """

    clause_key: str
    line: int
    printed: str
    proposed: str
    kind: str
    reason: str


@dataclass(frozen=True)
class ChannelFact:
    """A channel as printed; ``codes`` of ``npo.channel``, none when unknown."""

    text: str
    codes: tuple[str, ...]
    label: str
    clause_key: str


@dataclass(frozen=True)
class ToolFact:
    """A tool of the relations officer as printed; ``code`` None when unknown."""

    text: str
    code: str | None
    clause_key: str


@dataclass(frozen=True)
class StepFact:
    """A handling step as printed; ``stage`` is the stage's code, None when unknown."""

    text: str
    stage: str | None
    clause_key: str


@dataclass(frozen=True)
class WindowFact:
    """A period of the text: Annex B.

    ``bound`` "min" or "max"; ``unit`` "hour", "day", "week" or "month"; ``day_kind``
    "calendar" or "working". ``text`` is verbatim.
    """

    text: str
    bound: str
    value: int
    unit: str
    day_kind: str
    clause_key: str


@dataclass
class Facts:
    """What the text says. The names are those of ``npo.policy.version``."""

    # the document
    kind: str | None = None
    title_as_approved: str | None = None
    title_in_approval: str | None = None
    version_label: str | None = None
    version_number: int | None = None
    # the association
    association_name: str | None = None
    association_variants: list[str] = field(default_factory=list)
    short_name: str | None = None
    acronym: str | None = None
    slogan: str | None = None
    region_text: str | None = None
    region_code: str | None = None
    license_no: str | None = None
    supervisor: str | None = None
    # the approval
    prepared_by_title: str | None = None
    approved_by_body: str | None = None
    approval_date: date | None = None
    approval_hijri: str | None = None
    date_uncertain: bool = False
    approval_year: int | None = None
    meeting_text: str | None = None
    session_no: str | None = None
    minutes_no: str | None = None
    issue_date: date | None = None
    info_block: list[tuple[str, str]] = field(default_factory=list)
    approval_sentence: str | None = None
    signatory_positions: list[str] = field(default_factory=list)
    chair_signs: bool = False
    # the layout
    has_toc: bool = False
    has_info_block: bool = False
    has_basmala: bool = False
    has_thanks: bool = False
    has_approval_block: bool = False
    has_approval_line: bool = False
    # the lists
    channels: list[ChannelFact] = field(default_factory=list)
    complaint_channels: list[ChannelFact] = field(default_factory=list)
    tools: list[ToolFact] = field(default_factory=list)
    steps: list[StepFact] = field(default_factory=list)
    # the periods; ``windows`` has both bounds where the text sets both
    window: WindowFact | None = None
    windows: list[WindowFact] = field(default_factory=list)
    complaint_deadlines: list[WindowFact] = field(default_factory=list)
    # the sections
    stakeholder_classes: list[str] = field(default_factory=list)
    definitions: list[tuple[str, str]] = field(default_factory=list)
    sub_policies: list[tuple[str, str | None, str]] = field(default_factory=list)
    centre_tasks: dict[str, list[str]] = field(default_factory=dict)
    # the wording
    parties_label: str | None = None
    rights_party_label: str | None = None
    served_person_label: str | None = None
    internal_external: str | None = None
    innovation_label: str | None = None
    gender_inclusive: bool = False
    declaration_verb: str | None = None
    referral_mode: str | None = None
    referral_legal_aspect: bool | None = None
    switches: dict[str, bool | str] = field(default_factory=dict)

    def unsaid(self) -> list[str]:
        """Return the names of the facts that the text does not state."""
        return [
            item.name
            for item in fields(self)
            if item.name not in _DERIVED
            and getattr(self, item.name) in (None, "", [], {})
        ]


# Derived from other facts, or a detail that a complete policy may well not have.
_DERIVED = {
    "acronym",
    "approval_year",
    "association_variants",
    "centre_tasks",
    "complaint_channels",
    "complaint_deadlines",
    "definitions",
    "info_block",
    "region_code",
    "stakeholder_classes",
    "sub_policies",
    "switches",
    "title_in_approval",
    "version_number",
    "windows",
}


@dataclass(frozen=True)
class Reading:
    """One text, read. ``text.splitlines()`` are the lines that numbers refer to."""

    text: str
    source: str
    encoding: str | None
    clauses: list[Clause]
    facts: Facts
    slips: list[Slip]
    left_out: list[LeftOut]
    missing: list[str]

    def walk(self):
        """Yield every clause, in the order of the text."""
        for clause in self.clauses:
            yield from clause.walk()

    def by_role(self, role: str) -> list[Clause]:
        """Return the clauses of a role, in the order of the text."""
        return [clause for clause in self.walk() if clause.role == role]
