"""Half a wave of a cosine, and the wave that goes on."""

from collections.abc import Iterator
from functools import partial

from ...families.cosine import CosineDecay
from ..lengths import by_length
from ..record import Record
from ..shape import Guess, shape

_POWERS = (2.0, 0.5, 1.5)
_BENDS = (2.0, 0.5, 1.5)


@shape
def cosine(record: Record) -> Iterator[Guess]:
    """Yield cosines that end, those of other powers and bends, and those that climb again."""
    yield from by_length(record, CosineDecay)
    yield from by_length(record, partial(CosineDecay, unclamped=True), shortest=0.01, best=3)
    for power in _POWERS:
        yield from by_length(record, partial(CosineDecay, power=power), best=1)
    for bend in _BENDS:
        yield from by_length(record, partial(CosineDecay, k=bend), best=1)
