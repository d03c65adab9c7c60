from . import (
    test_access_matrix,
    test_bad_input,
    test_guards,
    test_hand_made_urls,
    test_isolation,
    test_people_secrets,
    test_public_methods,
    test_sealed,
    test_sealed_doors,
    test_sealed_tour,
    test_sensitive_fields,
)
