from . import (
    test_register_export,
    test_registers,
    test_report_concurrency,
    test_report_recipient,
    test_report_run,
    test_report_schedule,
)
