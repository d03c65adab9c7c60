from . import (
    test_concurrency,
    test_emergency,
    test_home,
    test_paper,
    test_plan,
    test_round,
    test_round_tour,
    test_size,
)
