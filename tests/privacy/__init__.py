from . import (
    test_data_request,
    test_data_request_portal,
    test_destruction,
    test_forget,
    test_forget_all,
    test_retention_rules,
)
