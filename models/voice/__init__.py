from . import (
    appeal,
    appeal_flow,
    appeal_portal,
    appealable,
    complaint,
    home,
    inquiry,
    request,
    res_company,
    stage,
    suggestion,
    voice_mixin,
)
