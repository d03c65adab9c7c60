from . import (
    people_reason,
    policy_channel_adjust,
    policy_compare,
    policy_version_justify,
    profile_apply,
    request_decide,
    request_deliver,
    request_intake,
    request_reason,
    request_refer,
    request_sign,
    setup,
)
