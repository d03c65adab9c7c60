from . import (
    centre,
    compensation,
    complaints,
    demo_loader,
    inquiries,
)
