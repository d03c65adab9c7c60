from . import (
    data_request,
    data_request_copy,
    data_request_flow,
    data_request_portal,
    home,
    portal_access,
    reason,
    setup_check,
    sign_in_code,
    stage,
    timeline,
)
