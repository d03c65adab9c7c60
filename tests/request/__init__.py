from . import (
    test_demo,
    test_documents_pdf,
    test_request_concurrency,
    test_request_flow,
    test_request_performance,
    test_request_tour,
    test_request_window,
)
