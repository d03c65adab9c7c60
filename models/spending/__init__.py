from . import (
    agreement_approval,
    approval,
    authority,
    ceiling,
    fund,
    home,
    household,
    request_approval,
    request_spending,
    service,
    zakat,
)
