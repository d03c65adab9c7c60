"""The arithmetic of quorum and majority, without the ORM (R123, R124)."""

from typing import NamedTuple


class Ballot(NamedTuple):
    """The votes on one motion.

    ``present``: who takes part and has no interest, whether they voted or not.
    ``casting``: the casting vote of who presides, "for", "against" or None.
    """

    votes_for: int
    votes_against: int
    abstained: int
    present: int
    casting: str | None = None


def quorum(kind: str, seats: int, share: float, number: int) -> int:
    """Return how many members a decision needs at least.

    A share is *more than* so much of the seats: of 5 seats, more than half is 3.

    >>> quorum("share", 5, 50, 0), quorum("share", 4, 50, 0), quorum("number", 9, 0, 3)
    (3, 3, 3)
    """
    if kind == "number":
        return max(number, 1)
    return max(1, min(int(seats * share / 100 + 1e-9) + 1, seats))


def outcome(majority: str, ballot: Ballot) -> str:
    """Return open (nobody voted), adopted, tie (a casting vote settles it) or fallen.

    :param majority: simple (of the votes cast), absolute (more than half of those
        present) or two_thirds (of the votes cast); an abstention is no vote cast
    """
    if not (ballot.votes_for or ballot.votes_against or ballot.abstained):
        return "open"
    if _is_adopted(majority, ballot):
        return "adopted"
    may_settle = (
        ballot.casting is None
        and ballot.votes_for == ballot.votes_against
        and _is_adopted(majority, ballot._replace(casting="for"))
    )
    return "tie" if may_settle else "fallen"


def _is_adopted(majority, ballot):
    """The casting vote is one vote more, on either side."""
    votes_for = ballot.votes_for + (ballot.casting == "for")
    votes_against = ballot.votes_against + (ballot.casting == "against")
    if majority == "absolute":
        return 2 * votes_for > ballot.present
    if majority == "two_thirds":
        return votes_for > 0 and 3 * votes_for >= 2 * (votes_for + votes_against)
    return votes_for > votes_against
