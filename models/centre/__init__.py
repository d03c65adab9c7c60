from . import (
    help_request,
    interaction,
    liaison,
    service_page,
    setup_check,
    work_field,
)
