from . import (
    beneficiary,
    beneficiary_category,
    beneficiary_flow,
    beneficiary_identity,
    document,
    document_match,
    document_type,
    ir_attachment,
    person_search,
    res_partner,
    stakeholder_partner,
    stakeholder_type,
)
