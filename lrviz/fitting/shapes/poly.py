"""Powers of the part that is left."""

from collections.abc import Iterator
from functools import partial

from ...families.poly import PolynomialDecay
from ..lengths import by_length
from ..record import Record
from ..shape import Guess, shape

_POWERS = (2.0, 0.5, 0.9, 3.0, 1.5, 4.0, 2.5)
"""Those that are in use."""
_BENDS = (2.0, 0.5)


@shape
def poly(record: Record) -> Iterator[Guess]:
    """Yield powers, bent lines, and falls that begin anew on a longer curve."""
    for power in _POWERS:
        yield from by_length(record, partial(PolynomialDecay, power=power), best=1)
    for bend in _BENDS:
        yield from by_length(record, partial(PolynomialDecay, k=bend), best=1)
    if record.rises:
        for power in (1.0, 2.0, 0.5, 2.5):
            make = partial(PolynomialDecay, power=power, cycle=True)
            yield from by_length(record, make, best=1)
