from . import test_request_flow, test_request_window
