from . import (
    test_agreement,
    test_agreement_beside,
    test_agreement_paper,
    test_agreement_performance,
    test_agreement_portal,
    test_dispute,
    test_exception,
    test_work,
)
