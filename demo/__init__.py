from . import (
    centre,
    demo_loader,
    inquiries,
)
