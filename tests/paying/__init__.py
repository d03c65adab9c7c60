from . import test_paying_order
