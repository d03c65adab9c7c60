from . import (
    audience_mixin,
    guide,
    info_item,
    interaction,
    liaison,
    setup_check,
    work_field,
)
