from . import (
    test_campaign,
    test_centre_size,
    test_centre_timeline,
    test_guides,
    test_improvement,
    test_information,
    test_interaction,
    test_letters_pdf,
    test_quality,
    test_task_tour,
    test_tasks,
    test_training,
)
