"""One type for what is drawn, tabulated and compared: schedules, and recorded runs as @FILE."""

from .planned import Planned
from .reading import (
    Inputs,
    Series,
    assumptions,
    from_folder,
    horizon_of,
    key_steps_of,
    read_inputs,
)

__all__ = [
    "Inputs",
    "Planned",
    "Series",
    "assumptions",
    "from_folder",
    "horizon_of",
    "key_steps_of",
    "read_inputs",
]
