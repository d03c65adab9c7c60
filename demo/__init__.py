from . import (
    accounting,
    agreements,
    centre,
    compensation,
    complaints,
    demo_loader,
    information,
    inquiries,
)
