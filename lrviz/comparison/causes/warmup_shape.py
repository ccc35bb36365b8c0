"""A warmup of another shape than a straight line from step 0 on."""

from collections.abc import Callable, Iterator

import numpy as np

from ...families.warmup import Warmup
from ...schedules.numeric import Array
from ..case import Case
from ..cause import Cause, cause
from ..fits import factor_of
from ..wording import factor_text

Shape = Callable[[Array, int], Array]
"""The part of the way at steps of a warmup of so many."""

_SHAPES: dict[str, Shape] = {
    "its warmup is logarithmic in place of linear": lambda t, n: np.log(t + 1) / np.log(max(n, 2)),
    "its warmup is half a cosine in place of linear": lambda t, n: (1 - np.cos(np.pi * t / n)) / 2,
    "its warmup is quadratic in place of linear": lambda t, n: (t / n) ** 2,
    "its warmup is a square root in place of linear": lambda t, n: np.sqrt(t / n),
    "its warmup begins a step further, (t + 1) / steps": lambda t, n: (t + 1) / n,
    "its warmup begins a step further, (t + 1) / (steps + 1)": lambda t, n: (t + 1) / (n + 1),
    "its warmup stays where it starts": lambda t, _: 0 * t,
    "it has the peak in place of a warmup": lambda t, _: 0 * t + 1,
}


@cause(rank=56)
def warmup_shape(case: Case) -> Iterator[Cause]:
    """Yield the causes that the plan is warmed up along another curve, scaled if need be."""
    warmup = case.plan
    if not isinstance(warmup, Warmup) or case.levels == 1 or not case.tells:
        return
    during = case.log.steps < warmup.steps
    if np.count_nonzero(during) < 2:
        return
    peak = warmup.then(0) if warmup.end is None else warmup.end
    for words, shape in _SHAPES.items():
        part = shape(case.log.steps[during].astype(np.float64), warmup.steps)
        rates = case.planned.copy()
        rates[during] = warmup.start + (peak - warmup.start) * part
        if case.explained(rates):
            yield case.cause("warmup_shape", words, rates, 56, warmup=warmup.steps)
            return
        factor = factor_of(case.log, rates)
        if factor is not None:
            both = f"{words}, and it is multiplied by {factor_text(factor)}"
            yield case.cause("warmup_shape", both, rates * factor, 71, factor=factor)
            return
