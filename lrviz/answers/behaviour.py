"""What a schedule does, put into words: its peak, jumps, phases, joints, and what comes after."""

from collections.abc import Iterator

import numpy as np

from ..errors import LrvizError, listing
from ..frameworks import Call
from ..outputs.prose import Entry
from ..schedules.base import Schedule
from ..schedules.fields import rounded_text
from ..schedules.numeric import Array

MOST_SEARCHED = 2_000_000
"""Among how many steps the first with the highest rate is looked for."""


def gotchas(schedule: Schedule, horizon: int, call: Call) -> Iterator[Entry]:
    """Yield what people get wrong about a call: its first and last rates, jumps, precision."""
    yield Entry("step 0", [rate_text(schedule, 0)])
    rates = schedule(np.arange(min(horizon, MOST_SEARCHED)))
    highest = float(rates.max())
    first = int(np.argmax(rates >= highest * (1 - 1e-12)))
    yield Entry("highest rate", [f"{rounded_text(highest, 8)}, first at step {first}"])
    for knots in (knots for knots in schedule.knots if knots.jump):
        for step in knots.step(np.arange(min(knots.total(horizon), 1))).tolist():
            before, after = rate_text(schedule, step - 1), rate_text(schedule, step)
            if before != after:
                yield Entry("first jump", [f"{before} at step {step - 1}, {after} at step {step}"])
    yield Entry("last step", [f"{horizon - 1}: {rate_text(schedule, horizon - 1)}"])
    if schedule.length is not None:
        yield Entry("past the end", [_after(schedule, schedule.length)])
    if call.counts != "float64":
        digits = f"the dtype {call.counts} gives its very digits"
        yield Entry("precision", [f"{call.title} counts in {call.counts}; {digits}"])
    if call.compiled:
        for what in (what for part in schedule.parts() for what in _compiled(part, horizon)):
            yield Entry("compiled", [f"under {call.compiled} {what}"])


def _compiled(schedule: Schedule, horizon: int) -> Iterator[str]:
    """Yield where compiled code gives other rates than the formula.

    It multiplies by the reciprocal of the period, rounded to float32, instead of dividing, and so
    may miss a whole number of periods on either side. Where it takes that from 1 in the same
    instruction, the product itself is not rounded, and what is left may be below 0.
    """
    if schedule.division is None:
        return
    period, then = schedule.division
    periods = np.arange(1, min(horizon / period + 1, 1000), dtype=np.float64)
    steps = periods * period
    reciprocal = np.float32(1 / period)
    product = steps.astype(np.float32) * reciprocal
    whole = steps == np.floor(steps)
    late, early = (steps[whole & miss] for miss in (product < periods, product > periods))
    if then == "down" and late.size:
        yield f"a drop comes one step late: the old rate still holds at {_some(late)}"
    if then == "up" and early.size:
        yield f"a cycle begins one step early, at {_some(early)}"
    if then == "root" and period * float(reciprocal) > 1:
        yield f"the rate is NaN from step {period:.0f} on"


def _some(steps: Array) -> str:
    return listing(f"{step:.0f}" for step in steps[:5])


def phases(schedule: Schedule, horizon: int) -> Iterator[Entry]:
    """Yield the name of each phase, with its steps and rates, and what comes after the last."""
    for phase in schedule.phases:
        last = (horizon if phase.stop is None else phase.stop) - 1
        if last < phase.start:
            continue
        rates = f"{rate_text(schedule, phase.start)} to {rate_text(schedule, last)}"
        yield Entry(phase.name, [f"steps {phase.start} to {last}, rates {rates}"])
    end = schedule.length
    if end is not None:
        yield Entry("after", [f"from step {end} on it {_after(schedule, end)}"])


def joints(schedule: Schedule, horizon: int) -> Iterator[Entry]:
    """Yield where stages join, and how the rate changes there."""
    for phase in schedule.phases[1:]:
        if phase.start >= horizon:
            break
        before, after = (float(schedule(phase.start + i)) for i in (-1, 0))
        part = f", {100 * (after / before - 1):+.3g} %" if before else ""
        yield Entry(
            f"step {phase.start}", [f"{rounded_text(before, 8)} to {rounded_text(after, 8)}{part}"]
        )


def _after(schedule: Schedule, end: int) -> str:
    """Return in words what a schedule does from its end on."""
    later = []
    for more in (0, 1, 2, end + 3, 10 * end + 7):
        try:
            later.append(schedule(end + more))
        except LrvizError:
            if not later:
                return "has no rate"
            return f"goes on to {rate_text(schedule, end)}, then there is no rate"
    if len({f"{rate:.8g}" for rate in later}) == 1:
        return f"stays at {rate_text(schedule, end)}"
    return "climbs again" if later[2] > later[1] > later[0] else "goes on"


def rate_text(schedule: Schedule, step: int) -> str:
    """Return the rate at a step, with so many digits as people read."""
    return rounded_text(schedule(step), 8)
