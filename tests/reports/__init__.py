from . import test_report_run
