from . import (
    test_appeal,
    test_appeal_portal,
    test_clock,
    test_complaint,
    test_complaint_flow,
    test_console,
    test_inquiry,
    test_inquiry_concurrency,
    test_inquiry_performance,
    test_mail_gateway,
    test_voice_report,
)
