from . import (
    test_compensation_conditions,
    test_compensation_decision,
)
