from . import (
    test_agreement,
    test_dispute,
    test_exception,
    test_work,
)
