"""How long a warmup was, where rates begin on a rising line."""

from collections.abc import Iterator

import numpy as np

from .record import Record
from .digits import digits

_TRIED = 12
"""How many lengths of a warmup are tried."""


def warmups(record: Record) -> Iterator[tuple[Record, tuple[int, float] | None]]:
    """Yield what comes after a warmup, with its steps and start; the whole without one first."""
    yield record, None
    rising = np.flatnonzero(np.diff(record.values) <= 0)
    top = int(rising[0]) if rising.size else len(record.steps) - 1
    if top == 0:
        return
    last = _on_line(record, top)
    if last < top - 1:  # it would have to go on rising after the warmup
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
        body = record.since(length)
        if len(body.steps) > 1:
            yield body, (length, max(start, 0.0))


def _on_line(record: Record, top: int) -> int:
    """Return the last point up to the top that lies on a line with all before it."""
    for last in range(top, 1, -1):
        steps, values = record.steps[: last + 1], record.values[: last + 1]
        tolerance = record.tolerance[: last + 1]
        slope, start = np.polyfit(steps, values, 1, w=1 / tolerance)
        if (abs(slope * steps + start - values) <= 2 * tolerance + 1e-12 * record.peak).all():
            return last
    return min(top, 1)
