from . import (
    centre,
    complaints,
    demo_loader,
    inquiries,
)
