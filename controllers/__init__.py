from . import consent_pages, login, policy_pages, portal, privacy_pages
