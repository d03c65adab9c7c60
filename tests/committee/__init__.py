from . import (
    test_ballot,
    test_committee_concurrency,
    test_committee_size,
    test_committee_tour,
    test_letters,
    test_session,
    test_vote,
)
