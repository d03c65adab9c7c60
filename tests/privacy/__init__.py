from . import (
    test_data_request,
    test_data_request_portal,
    test_forget,
    test_retention_rules,
)
