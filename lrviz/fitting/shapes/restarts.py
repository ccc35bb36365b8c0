"""Cosines that begin anew."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.cosine import CosineDecay
from ...families.cosine_restarts import CosineRestarts
from ...families.restarts import Restarts
from ...schedules.base import Schedule
from ...schedules.cycles import Cycles
from ..lengths import two_rates
from ..record import Record
from ..shape import Guess, shape

_TIMES = (1.0, 2.0, 1.5, 3.0)


@shape
def restarts(record: Record) -> Iterator[Guess]:
    """Yield cosines whose cycles grow by the usual factors, of equal or of other peaks."""
    up = np.flatnonzero(np.diff(record.values) > 0) + 1
    if not up.size or record.steps[up[0]] < 2:
        return
    # Each rise is a restart; where many points rise, the first of each stretch of them is one.
    up = up[np.diff(up, prepend=-2) > 1]
    low, high = record.steps[up - 1] + 1, record.steps[up]
    number = np.arange(1, len(up) + 1)
    for t_mul in _TIMES:
        times = Cycles(1.0, t_mul).start(number.astype(np.float64))
        least, most = float((low / times).max()), float((high / times).min())
        if least > most + 1e-9:
            continue
        length = (least + most) / 2 if round(most) < least else float(round(most))
        numbers = {"steps": length}
        _, part = Cycles(length, t_mul).position(record.some.steps.astype(np.float64))
        left = 0.5 * (1 + np.cos(np.pi * part))
        _, (lr,), (end,) = two_rates(left[None], record.some.values)
        numbers |= {"lr": max(float(lr), record.peak), "end": float(end)}
        make = partial(CosineRestarts, t_mul=t_mul)
        yield Guess(make, numbers)
        sinks = record.values[up[0]] / max(record.values[0], 1e-9 * record.peak)
        if abs(sinks - 1) > 1e-3:
            yield Guess(make, numbers | {"m_mul": float(sinks), "end": 0.0})
            yield Guess(make, _without_end(numbers) | {"m_mul": float(sinks), "alpha": 0.1})
        if record.values[-1] == record.values[-2]:  # the last of so many has ended
            limited = partial(_limited, t_mul=t_mul, times=len(up) + 1)
            m_mul = {"m_mul": float(sinks)} if abs(sinks - 1) > 1e-3 else {}
            yield Guess(limited, numbers | {"end": float(record.values[-1])} | m_mul)


def _without_end(numbers: dict[str, float]) -> dict[str, float]:
    """Return numbers of which alpha takes the place of the end."""
    return {name: number for name, number in numbers.items() if name != "end"}


def _limited(
    *, times: int, t_mul: float, lr: float, steps: float, end: float, m_mul: float = 1.0
) -> Schedule:
    """Return so many cosines, after which the last rate is held."""
    return Restarts(
        times=times, t_mul=t_mul, m_mul=m_mul, of=CosineDecay(lr=lr, steps=steps, end=end)
    )
