"""Steps that are counted from 1, as Transformers counts updates, and other causes beside that."""

from collections.abc import Iterator

import numpy as np

from ..case import Case
from ..cause import Cause, cause
from ..explaining import named

_MOST = 62
"""Causes of lower ranks are looked for beside it."""


@cause(rank=9)
def counted_from_1(case: Case) -> Iterator[Cause]:
    """Yield the cause that the rate at step t is that of the plan at t - 1; no step 0 is there."""
    if not case.is_whole or case.log.steps[0] < 1 or not case.tells:
        return
    moved = case.counted_from_1()
    is_sure = case.log.steps[0] == 1 or case.last == case.plan.length
    if not moved.differs.any():
        if case.levels < 3 or case.explained(case.rates(np.maximum(case.log.steps - 2, 0))):
            return  # any count will do
        text = "it counts updates from 1" + ("" if is_sure else ", or it is 1 step late")
        why = (
            "as Transformers does, and has no fault"
            if is_sure
            else ("as Transformers does; then it has no fault")
        )
        found = case.cause("counted_from_1", text, moved.planned, 9, why, steps=-1)
        yield found._replace(fault=not is_sure)


@cause(rank=_MOST)
def counted_from_1_and(case: Case) -> Iterator[Cause]:
    """Yield what explains the case if its steps are counted from 1."""
    if not case.is_whole or case.log.steps[0] < 1 or not case.tells:
        return
    other = named(case.counted_from_1(), _MOST)
    if other is not None:
        text = f"it counts updates from 1, and {other.text}"
        yield other._replace(text=text, rank=_MOST)
