from . import (
    test_access_matrix,
    test_bad_input,
    test_guards,
    test_isolation,
    test_public_methods,
    test_sensitive_fields,
)
