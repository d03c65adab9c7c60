from . import (
    agreements,
    centre,
    compensation,
    complaints,
    demo_loader,
    information,
    inquiries,
)
