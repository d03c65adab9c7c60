from . import (
    test_policy_pages,
    test_portal_access,
    test_portal_documents,
    test_portal_form,
    test_portal_life,
    test_portal_performance,
    test_portal_tour,
    test_portal_tracking,
    test_service_page,
    test_voice_pages,
    test_voice_portal,
    test_voice_tour,
)
