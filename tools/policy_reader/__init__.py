"""Reading an approved policy from the association's own text: R001-R041, R085-R102.

Text in, proposal out: the clauses as a tree, the facts of the version, suspected
slips, and what was left out, so that no line is lost. Nothing here imports the ORM and
nothing knows an association. What the text does not say stays empty.
"""

from . import lexicon
from .cover import Cover
from .facts import read_facts
from .lines import split_lines
from .model import (
    ChannelFact,
    Clause,
    Facts,
    LeftOut,
    ReadError,
    Reading,
    Slip,
    StepFact,
    ToolFact,
    WindowFact,
)
from .slips import find_slips
from .source import bytes_to_text, check_text
from .structure import clauses_of

__all__ = [
    "ChannelFact",
    "Clause",
    "Facts",
    "LeftOut",
    "ReadError",
    "Reading",
    "Slip",
    "StepFact",
    "ToolFact",
    "WindowFact",
    "read_bytes",
    "read_text",
]


def read_bytes(data: bytes, file_name: str = "") -> Reading:
    """Read a .txt, .md or .docx file, up to 5 MB.

    :raise ReadError: "empty", "encoding", "too_large", "damaged", "not_policy", "kind"
    """
    text, source, encoding = bytes_to_text(data, file_name)
    return _read(text, source, encoding)


def read_text(text: str) -> Reading:
    """Read a policy pasted as text.

    :raise ReadError: "empty", "too_large" or "not_policy"
    """
    return _read(text, "text", None)


def _read(text: str, source: str, encoding: str | None) -> Reading:
    text = check_text(text)
    cover = Cover(split_lines(text))
    clauses = clauses_of(cover.body)
    if not _is_policy(cover, clauses):
        raise ReadError("not_policy")
    facts = read_facts(cover, clauses)
    slips = find_slips(cover, clauses, facts)
    left_out = [LeftOut(*item) for item in sorted(cover.reasons.items())]
    missing = facts.unsaid()
    return Reading(text, source, encoding, clauses, facts, slips, left_out, missing)


def _is_policy(cover: Cover, clauses: list[Clause]) -> bool:
    """Tell a policy of this family from another text by its title and headings.

    A title alone could be a letter about a policy, general headings alone a contract.
    """
    roles = {
        clause.role for root in clauses for clause in root.walk() if clause.heading
    }
    roles -= {"other"}
    telling = roles & lexicon.TELLING_ROLES
    if cover.title is not None:
        return len(roles) + len(telling) >= 2
    return len(telling) >= 2 or len(telling) == 1 and len(roles) >= 3
