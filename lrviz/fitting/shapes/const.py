"""One rate."""

from collections.abc import Iterator
from functools import partial

from ...comparison.wording import roundest
from ...families.const import Constant
from ..record import Record
from ..shape import Guess, shape


@shape
def const(record: Record) -> Iterator[Guess]:
    """Yield the roundest rate that all may be."""
    low = float((record.values - record.tolerance).max())
    high = float((record.values + record.tolerance).min())
    if low <= high and high > 0:
        yield Guess(partial(Constant, lr=roundest(low, high) if low > 0 else 0.0), {})
