"""A straight line."""

from collections.abc import Iterator
from functools import partial

from ...families.linear import LinearDecay
from ..lengths import by_length
from ..record import Record
from ..shape import Guess, shape


@shape
def linear(record: Record) -> Iterator[Guess]:
    """Yield lines that end, and the one that goes straight on."""
    yield from by_length(record, LinearDecay)
    if len(record.steps) > 2 and record.values[-1] > record.values[0]:
        yield from by_length(record, partial(LinearDecay, unclamped=True), best=1)
