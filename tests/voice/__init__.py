from . import test_appeal, test_appeal_portal, test_clock, test_inquiry
