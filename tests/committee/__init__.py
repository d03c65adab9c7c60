from . import (
    test_ballot,
    test_committee_at_once,
    test_committee_size,
    test_letters,
    test_session,
    test_vote,
)
