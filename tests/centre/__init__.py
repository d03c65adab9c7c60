from . import (
    test_centre_size,
    test_centre_timeline,
    test_improvement,
    test_information,
    test_interaction,
    test_letters_pdf,
)
