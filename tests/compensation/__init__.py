from . import (
    test_compensation_concurrency,
    test_compensation_conditions,
    test_compensation_decision,
    test_compensation_paper,
    test_compensation_paying,
    test_compensation_performance,
    test_compensation_portal,
    test_compensation_screens,
    test_compensation_tour,
)
