from . import (
    test_policy_access,
    test_policy_channel,
    test_policy_topic,
    test_policy_pdf,
    test_policy_version,
    test_profile,
    test_profiles_against_texts,
    test_tool,
    test_window_mixin,
    test_working_time,
)
