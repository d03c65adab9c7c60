from . import (
    interaction,
    liaison,
    service_page,
    setup_check,
    work_field,
)
