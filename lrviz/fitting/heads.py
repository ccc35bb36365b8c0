"""What comes before a curve: nothing, a warmup, or one rate that is held."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ..families.chain import Chain
from ..families.const import Constant
from ..families.for_ import For
from ..families.shift import Shift
from ..families.warmup import Warmup
from ..schedules.base import Schedule
from .digits import digits
from .record import Record
from .shape import Guess

_TRIED = 12
"""How many lengths of a warmup are tried."""

Wrap = Callable[[Guess], Guess]
"""Returns a guess at the whole, of one at what comes after its head."""


def heads(record: Record) -> Iterator[tuple[Record, Wrap]]:
    """Yield what comes after each head that a record may have, the usual ones first."""
    yield record, lambda guess: guess
    found = [*_warmups(record)]
    for steps, start in found:
        yield record.since(steps), partial(_warmed, steps=steps, start=start)
    for steps, start in found[:1]:
        yield record.after(steps), partial(_warmed_inside, steps=steps, start=start)
    held = _held(record)
    for steps in (held - 1, held) if held else ():  # what comes after may begin at that rate
        rate = float(record.values[0])
        yield record.since(steps), partial(_held_before, steps=steps, rate=rate)


def _warmups(record: Record) -> Iterator[tuple[int, float]]:
    """Yield the steps of warmups, and where they start, if rates begin on a rising line."""
    falls = np.flatnonzero(np.diff(record.values) <= 0)
    top = int(falls[0]) if falls.size else len(record.steps) - 1
    last = _on_line(record, top) if top else 0
    if not top or last < top - 1:  # it would have to go on rising after the warmup
        return
    low, high = int(record.steps[last]), int(record.steps[min(last + 1, len(record.steps) - 1)])
    start = float(record.values[0])
    if last > 1:
        slope = float(record.values[last] - record.values[0]) / (low - int(record.steps[0]))
        start -= slope * int(record.steps[0])
        # The line leads at least as high as the highest rate.
        needed = (float((record.values - record.tolerance).max()) - start) / slope
        low = max(low, int(np.ceil(needed * (1 - 1e-3) - 1e-6)) - 1)
    else:  # which two points are always, also if the second comes after it
        low = int(record.steps[0]) + 1
    lengths = sorted(range(max(low, 1), max(high, low) + 1), key=lambda n: (digits(n), n % 5 > 0))
    for length in lengths[:_TRIED]:
        if np.count_nonzero(record.steps >= length) > 1:
            yield length, max(start, 0.0)


def _on_line(record: Record, top: int) -> int:
    """Return the last point up to the top that lies on a line with all before it."""
    for last in range(top, 1, -1):
        steps, values = record.steps[: last + 1], record.values[: last + 1]
        tolerance = record.tolerance[: last + 1]
        slope, start = np.polyfit(steps, values, 1, w=1 / tolerance)
        if (abs(slope * steps + start - values) <= 2 * tolerance + 1e-12 * record.peak).all():
            return last
    return min(top, 1)


def _held(record: Record) -> int:
    """Return how many steps the first rate is held, if it is one among many."""
    runs = record.runs
    if record.is_stairs or len(runs.first) < 3 or runs.first[1] - runs.first[0] < 3:
        return 0
    return int(runs.first[1])


def _warmed(guess: Guess, steps: int, start: float) -> Guess:
    """Return a guess after a warmup."""
    make = guess.make

    def warm(*, warm_start: float, **numbers: float) -> Schedule:
        if guess.warms:
            return make(warmup=steps, start=warm_start, **numbers)
        return Warmup(steps=steps, start=warm_start, then=make(**numbers))

    return guess._replace(make=warm, numbers=guess.numbers | {"warm_start": start})


def _warmed_inside(guess: Guess, steps: int, start: float) -> Guess:
    """Return a guess that has begun as a warmup did, which leads to its full rate."""
    make = guess.make

    def warm(*, warm_start: float, **numbers: float) -> Schedule:
        then = Shift(steps=-steps, of=make(**numbers))
        return Warmup(steps=steps, start=warm_start, end=numbers.get("lr"), then=then)

    return guess._replace(make=warm, numbers=guess.numbers | {"warm_start": start})


def _held_before(guess: Guess, steps: int, rate: float) -> Guess:
    """Return a guess after a rate that is held."""
    make = guess.make

    def after(*, held: float, **numbers: float) -> Schedule:
        return Chain(stages=(For(steps=steps, of=Constant(lr=held)), make(**numbers)))

    return guess._replace(make=after, numbers=guess.numbers | {"held": rate})
