from . import (
    appeal_pages,
    consent_pages,
    finding_pages,
    login,
    policy_pages,
    portal,
    privacy_pages,
    service_page,
    tracking_pages,
    verify_pages,
    voice_pages,
    voice_portal_pages,
)
