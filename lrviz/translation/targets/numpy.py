"""NumPy: a function of an array of steps."""

from collections.abc import Iterator

from ...schedules.code import Code, piece
from ..asking import Asked, Text
from ..functions import array_functions

TITLE = "NumPy"


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a function that returns the rates at steps."""
    if not isinstance(asked.code, Code):
        level = f"def rate(step):\n    return np.full(np.shape(step), {asked.code!r})"
        yield Text("", ["import numpy as np"], level)
        return
    for defined in array_functions("rate", piece(asked.code), "np"):
        yield Text("", ["import numpy as np"], defined)
