"""NumPy: a function of an array of steps."""

from collections.abc import Iterator

from ...schedules.code import Code, piece
from ..asking import Asked, Text
from ..functions import array_function

TITLE = "NumPy"


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a function that returns the rates at steps."""
    first = "" if isinstance(asked.code, Code) else "step = np.asarray(step)"
    node = piece(asked.code if isinstance(asked.code, Code) else asked.code)
    defined = array_function("rate", node, "np", first)
    if first:
        defined = f"def rate(step):\n    return np.full(np.shape(step), {asked.code!r})"
    yield Text("", ["import numpy as np"], defined)
