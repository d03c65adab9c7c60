from . import test_ceiling
