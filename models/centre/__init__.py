from . import (
    interaction,
)
