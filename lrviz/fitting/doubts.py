"""What of a schedule a record cannot tell."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ..comparison.case import reach
from ..comparison.variants import Put, lengths, made, parts
from ..errors import listing
from ..families.piecewise import PiecewiseConstant
from ..schedules.base import Schedule
from .record import Record

_SAID = 4
"""So many ranges are said at most."""


def doubts(plan: Schedule, record: Record) -> Iterator[str]:
    """Yield in words what else a schedule that meets a record may have, number by number."""
    ranges = [*_lengths(plan, record), *_milestones(plan, record)]
    if ranges:
        more = [f"{len(ranges) - _SAID} more are as open"] if len(ranges) > _SAID else []
        yield f"the log does not tell all of it: {listing([*ranges[:_SAID], *more])}"
    end, last = plan.length, int(record.steps[-1])
    apart = int(record.steps[-1] - record.steps[-2])
    if end is not None and end > last + apart and any(part.ends for part in plan.parts()):
        yield f"the log ends at step {last:,}, before the schedule does at {end:,}"


def _lengths(plan: Schedule, record: Record) -> Iterator[str]:
    """Yield the lengths that may be others."""
    for length in lengths(plan):
        if not float(length.steps).is_integer():
            continue
        low, high = _range(int(length.steps), length.becomes, record)
        if low < high:
            yield length.said(low, high).partition(" in place of")[0]


def _milestones(plan: Schedule, record: Record) -> Iterator[str]:
    """Yield the drops that may come at other steps."""
    for part, put in parts(plan):
        for step in part.milestones:
            low, high = _range(step, partial(_moved, part, put, step), record)
            if low < high:
                yield f"its {part.milestone} at {step} comes at {low} to {high}"


def _moved(part: Any, put: Put, old: int, new: int) -> Schedule | None:
    """Return a plan with one of the milestones of a part at another step."""
    if isinstance(part, PiecewiseConstant):
        points = tuple((new if step == old else step, rate) for step, rate in part.points)
        return made(lambda: put(replace(part, points=points)))
    drops = tuple(new if step == old else step for step in part.milestones)
    return made(lambda: put(replace(part, drops=drops)))


def _range(
    value: int, becomes: Callable[[int], Schedule | None], record: Record
) -> tuple[int, int]:
    """Return the least and the largest number around one with which a record is met."""

    def fits(number: int) -> bool:
        other = becomes(number) if number >= 1 else None
        return other is not None and record.is_met(other)

    return reach(value, fits)
