from . import (
    interaction,
    liaison,
    setup_check,
    work_field,
)
