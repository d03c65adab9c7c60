from . import (
    centre,
    complaints,
    demo_loader,
    information,
    inquiries,
)
