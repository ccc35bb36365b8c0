"""One type for what is drawn, tabulated and compared: schedules, and recorded runs as @FILE."""

from .planned import Planned
from .reading import (
    Input,
    Inputs,
    Series,
    assumptions,
    check_names,
    from_folder,
    horizon_of,
    key_steps_of,
    names_of,
    read_inputs,
    read_some,
)
from .recorded import Recorded

__all__ = [
    "Input",
    "Inputs",
    "Planned",
    "Recorded",
    "Series",
    "assumptions",
    "check_names",
    "from_folder",
    "horizon_of",
    "key_steps_of",
    "names_of",
    "read_inputs",
    "read_some",
]
