from . import core, people, policy, request

# Odoo's own runner looks for modules named test_* here, not in the folders below.
from .core import test_arabic, test_hijri, test_identity, test_window, test_worktime
