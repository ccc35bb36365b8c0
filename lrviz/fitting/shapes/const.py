"""One rate."""

from collections.abc import Iterator

from ...families.const import Constant
from ..record import Record
from ..shape import Guess, shape


@shape
def const(record: Record) -> Iterator[Guess]:
    """Yield the rate in the middle of all."""
    if record.values.min() == record.values.max():
        yield Guess(Constant, {"lr": record.peak})
