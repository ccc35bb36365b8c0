"""A hyperbolic tangent."""

from collections.abc import Iterator

from ...families.tanh import TanhDecay
from ..lengths import by_length
from ..record import Record
from ..shape import Guess, shape


@shape
def tanh(record: Record) -> Iterator[Guess]:
    """Yield the tangent of the bounds that are in use."""
    yield from by_length(record, TanhDecay, best=1)
