from . import test_information
