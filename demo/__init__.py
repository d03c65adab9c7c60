from . import (
    accounting,
    agreements,
    appointments,
    centre,
    compensation,
    complaints,
    demo_loader,
    information,
    inquiries,
    inspection,
    measuring,
    reception,
)
