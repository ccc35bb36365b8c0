"""A line times a cosine."""

from collections.abc import Iterator

import numpy as np

from ...families.linear_cosine import LinearCosineDecay
from ..lengths import lowest
from ..record import Record
from ..shape import Guess, shape

_TRIED = 60


@shape
def linear_cosine(record: Record) -> Iterator[Guess]:
    """Yield half a wave, with what is added to the line and to the product."""
    t, values, _ = record.some
    lengths = record.span * np.geomspace(0.1, 10, _TRIED)
    fits = []
    for length in lengths:
        left = 1 - np.minimum(t / length, 1)
        wave = 0.5 * (1 + np.cos(np.pi * (1 - left)))
        basis = np.column_stack([left * wave, wave, np.ones_like(left)])
        rates = np.linalg.lstsq(basis, values, rcond=None)[0]
        fits.append((float(np.square(basis @ rates - values).sum()), rates))
    for i in lowest(np.array([off for off, _ in fits]), 1):
        lr, alpha, beta = fits[i][1]
        if lr > 0:
            numbers = {"lr": lr, "steps": lengths[i], "alpha": alpha / lr, "beta": beta / lr}
            yield Guess(LinearCosineDecay, {k: max(float(v), 0.0) for k, v in numbers.items()})
