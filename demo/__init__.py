from . import (
    agreements,
    centre,
    complaints,
    demo_loader,
    inquiries,
)
