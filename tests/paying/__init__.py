from . import (
    test_paying_batch,
    test_paying_compensation,
    test_paying_follow,
    test_paying_order,
    test_paying_terms,
)
