from . import (
    test_delivery,
    test_demo,
    test_documents_pdf,
    test_request_bulk,
    test_request_concurrency,
    test_request_flow,
    test_request_level,
    test_request_performance,
    test_request_reminder,
    test_request_silence,
    test_request_tour,
    test_request_window,
)
