from . import (
    data_request,
    data_request_copy,
    data_request_flow,
    data_request_portal,
    home,
    reason,
    stage,
    timeline,
)
