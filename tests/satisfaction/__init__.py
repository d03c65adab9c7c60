from . import (
    test_answer,
    test_hidden,
    test_invitation,
    test_not_punishment,
    test_opinion_concurrency,
    test_opinion_pages,
    test_opinion_path,
)
