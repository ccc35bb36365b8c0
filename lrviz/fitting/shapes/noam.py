"""The schedule of the first Transformer."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.noam import Noam
from ...schedules.base import Schedule
from ..record import Record
from ..shape import Guess, shape

_WIDTHS = (512, 1024, 256, 768)
"""Of models; only lr / sqrt(d_model) is known."""
_NOTE = "of noam a log tells only lr / sqrt(d_model)"


@shape
def noam(record: Record) -> Iterator[Guess]:
    """Yield it for the usual widths of models, if it starts at 0 and falls from its peak on."""
    steps, values = record.steps, record.values
    top = int(values.argmax())
    if not 0 < top < len(steps) - 2:
        return
    height = float(values[-1] * np.sqrt(steps[-1]))
    up = np.flatnonzero(steps[: top + 1] > 0)
    if not up.size:
        return
    slope = float(values[up[0]] / steps[up[0]])
    if slope <= 0:
        return
    warmup = (height / slope) ** (2 / 3)
    for width in _WIDTHS:
        numbers = {"lr": height * width**0.5, "warmup": warmup}
        make, stiff = partial(_noam, d_model=width), frozenset({"warmup"})
        yield Guess(make, numbers, frozenset(), stiff, note=_NOTE, rare=1.0)


def _noam(*, lr: float, d_model: int, warmup: float) -> Schedule:
    """Return the schedule for a warmup that may be no whole number."""
    return Noam(lr=lr, d_model=d_model, warmup=round(warmup))
