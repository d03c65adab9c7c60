from . import (
    test_paying_batch,
    test_paying_compensation,
    test_paying_concurrency,
    test_paying_duties,
    test_paying_follow,
    test_paying_order,
    test_paying_run,
    test_paying_terms,
    test_paying_walk,
)
