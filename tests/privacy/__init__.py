from . import (
    test_breach,
    test_classification,
    test_data_request,
    test_data_request_portal,
    test_notice,
    test_outbound,
    test_processing,
    test_undertaking,
)
