from . import (
    test_absence,
    test_arabic,
    test_flood_guard,
    test_hijri,
    test_identity,
    test_kpi,
    test_print_engine,
    test_screens,
    test_setup_check,
    test_translation,
    test_window,
    test_worktime,
)
