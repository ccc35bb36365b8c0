"""Inverse square root decay."""

from collections.abc import Iterator

import numpy as np

from ...families.inverse_sqrt import InverseSqrtDecay
from ..record import Record
from ..shape import Guess, shape


@shape
def inverse_sqrt(record: Record) -> Iterator[Guess]:
    """Yield the decay that makes a line of one over the square of the rates."""
    steps, values, _ = record.some
    if len(steps) < 2 or values.min() <= 1e-12 * record.peak:
        return
    slope, start = np.polyfit(steps, (record.peak / values) ** 2, 1, w=(values / record.peak) ** 2)
    if slope > 0 and start > 0:
        numbers = {"lr": float(record.peak / np.sqrt(start)), "steps": float(start / slope)}
        yield Guess(InverseSqrtDecay, numbers)
