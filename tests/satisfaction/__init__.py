from . import test_opinion_path
