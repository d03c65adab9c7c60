from . import (
    test_appeal,
    test_appeal_portal,
    test_clock,
    test_complaint,
    test_complaint_flow,
    test_console,
    test_inquiry,
    test_mail_gateway,
    test_suggestion,
    test_voice_report,
)
