from . import (
    test_beneficiary,
    test_beneficiary_flow,
    test_document,
    test_duplicate,
    test_file_check,
    test_identity_log,
    test_people_access,
    test_people_data,
    test_people_screens,
    test_person_name,
    test_search,
    test_stakeholder_type,
)
