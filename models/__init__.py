from . import (
    agreement,
    centre,
    committee,
    compensation,
    core,
    paying,
    people,
    policy,
    privacy,
    request,
    spending,
    voice,
)
