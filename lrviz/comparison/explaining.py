"""Why a curve is not what its plan says: which of the known causes explains every point.

A cause is named only if the plan, changed by it, is the curve at every recorded step, up to the
rounding of its own digits, and if the points tell enough: one moved jump explains nothing. Where
two causes make the same curve of a plan, the more usual one is named, which is of the lower rank: a
shift by one step, then a factor with few digits (for an exponential any shift is also a factor),
then a longer shift, then any factor; then what takes more numbers to say.
"""

from collections.abc import Iterator
from itertools import islice, product

import numpy as np

from ..schedules.base import Schedule
from ..schedules.numeric import Array, Steps
from .case import Case
from .cause import Cause, Finder, finders
from .changes import changes, said
from .variants import without_idle_flags

POINTS = 10
"""So many recorded points are needed to say anything."""
_SAMPLES = 10_000
"""How many rates of a plan, beside those at its knots, are enough to find out why it differs."""
_SIMPLE = 42
"""Causes of lower ranks say more than that some fields of a plan are others."""
_COUNTS = 30, 31
"""Causes from the one rank to the other say how a warmup is counted."""
_FROM, _TO = 10, 57
"""Causes of these ranks are said together if they explain a curve alike: each has one number."""
_TOO = ("skipped",)
"""Others that may be as good."""
_MOST_SAID = 3
"""So many are said."""
_SAME = (
    {"factor", "rates"},
    {"warmup_inside", "warmup_outside", "length"},
    {"decay_during_warmup", "decay_after_warmup", "length"},
    {"milestones", "length"},
    {"shift", "skipped"},
)
"""Names for the same."""


def explain_difference(
    plan: Schedule, steps: Steps, values: Array, horizon: int, of: str = "the plan"
) -> Cause | None:
    """Return the cause that makes `plan`, called `of`, what was recorded below `horizon`.

    `steps` and `values` have the shape (n,), steps rising. None if they are equal, if no known
    cause explains all of them, or if they are too few to tell.
    """
    has = np.flatnonzero((steps >= 0) & (steps < horizon) & np.isfinite(values))
    if len(has) < POINTS:
        return None
    case = Case(plan, steps[has].astype(np.int64), values[has].astype(np.float64), of)
    cause = named(case) if case.differs.any() else None
    return cause and cause._replace(others=(*islice(_as_good(case, cause), _MOST_SAID - 1),))


def explain_change(old: Schedule, new: Schedule, horizon: int, of: str) -> Cause | None:
    """Return what makes the plan `old`, called `of`, another one, as it is said in fewest words."""
    steps = _telling_steps(old, new, horizon)
    # A flag that changes nothing in the run is one only if that leaves less to be said.
    forms = ((plan, without_idle_flags(plan, steps)) for plan in (old, new))
    found = min((changes(*two) for two in product(*forms)), key=lambda one: len(one or ()))
    case = Case(old, steps, new(steps), of)
    if not case.differs.any():
        return None
    if not found:
        return named(case)
    # One field is what was changed, unless the warmup is counted otherwise; for many there may be
    # one cause.
    least, most = (0, _SIMPLE) if len(found) > 1 else _COUNTS
    cause = named(case, most, least)
    return said(found) if cause is None else cause


def _as_good(case: Case, cause: Cause) -> Iterator[Cause]:
    """Yield what explains a case as well as a cause with one number, and says something else."""
    if not _FROM <= cause.rank <= _TO:
        return
    names = {cause.name}
    for finder in finders():
        if finder.rank > _TO and finder.find.__name__ not in _TOO:
            continue
        found = next(_found(case, finder.find), None)
        if found is None or not _is_simple(found):
            continue
        if found.name not in names and not any(
            found.name in same and names & same for same in _SAME
        ):
            names.add(found.name)
            yield found


def _is_simple(cause: Cause) -> bool:
    """Return whether a cause says no more than one number."""
    is_usual = _FROM <= cause.rank <= _TO or cause.name in _TOO
    return is_usual and len(cause.numbers.keys() - {"from", "to"}) <= 1


def _telling_steps(old: Schedule, new: Schedule, horizon: int) -> Steps:
    """Return steps below a horizon all over, and those where one of two plans turns."""
    found = [np.linspace(0, horizon - 1, min(horizon, _SAMPLES)).astype(np.int64)]
    for knots in (*old.knots, *new.knots):
        if knots.total(horizon) <= _SAMPLES:
            listed = knots.listed(horizon)
            found += [listed, listed - 1]
    steps = np.unique(np.concatenate(found))
    return steps[(steps >= 0) & (steps < horizon)]


def named(case: Case, most: float = np.inf, least: float = 0) -> Cause | None:
    """Return the cause of the lowest rank that explains a case, of those from `least` to `most`."""
    best: Cause | None = None
    for finder in finders():
        if finder.rank < least:
            continue
        if finder.rank >= most or (best is not None and best.rank <= finder.rank):
            break
        for found in _found(case, finder.find):
            if least <= found.rank < most and (best is None or found.rank < best.rank):
                best = found
    return best


def _found(case: Case, find: Finder) -> Iterator[Cause]:
    """Yield the causes of a case; of one of many points, if some of them have such a cause."""
    if case.screened is case or next(find(case.screened), None) is not None:
        yield from find(case)
