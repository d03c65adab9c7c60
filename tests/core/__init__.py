from . import test_arabic, test_hijri, test_identity, test_window, test_worktime
