from . import (
    test_access_alert,
    test_access_seal,
    test_copy_file,
    test_data_correction,
    test_data_request,
    test_data_request_portal,
    test_destruction,
    test_forget,
    test_forget_all,
    test_retention_rules,
)
