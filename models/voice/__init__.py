from . import (
    appeal,
    appeal_flow,
    appeal_portal,
    appealable,
    home,
    request,
    res_company,
    stage,
)
