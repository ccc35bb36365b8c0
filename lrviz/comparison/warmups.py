"""What a plan with a warmup becomes where its steps are counted in another way."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..errors import LrvizError
from ..families.const import Constant
from ..families.product import Product
from ..families.shift import Shift
from ..families.warmup import Warmup
from ..schedules.base import Schedule
from ..schedules.modifier import Modifier
from .variants import longer


class Recount(NamedTuple):
    """Another way to count: a word for it, a sentence, and the schedules that it may lead to."""

    name: str
    text: str
    schedules: list[Schedule]


def warmup_of(plan: Schedule) -> Warmup | None:
    """Return the warmup that a plan begins with, also one that is scaled, cut and the like."""
    if isinstance(plan, Modifier):
        return warmup_of(plan.of)
    return plan if isinstance(plan, Warmup) else None


def recounts(plan: Schedule, warmup: Warmup, label: str) -> Iterator[Recount]:
    """Yield the ways in which the warmup of a plan may have been counted in place of its own."""
    of = f"the warmup of {warmup.steps} steps"
    for name, text, made in (
        (
            "decay_during_warmup",
            f"its decay runs from step 0 on, during {of}; that of {label} begins after it",
            _during(warmup),
        ),
        (
            "decay_after_warmup",
            f"its decay begins after {of}; that of {label} runs from step 0 on, during it",
            _after(warmup),
        ),
        (
            "warmup_inside",
            f"it counts {of} inside the length of the decay, {label} outside of it",
            _resized(warmup, -warmup.steps),
        ),
        (
            "warmup_outside",
            f"it counts {of} outside of the length of the decay, {label} inside of it",
            _resized(warmup, warmup.steps),
        ),
    ):
        try:
            yield Recount(name, text, [_with_warmup(plan, schedule) for schedule in made])
        except LrvizError:  # a decay that is shorter than its warmup
            continue


def _with_warmup(plan: Schedule, warmup: Schedule) -> Schedule:
    """Return a plan with another schedule in place of its warmup and what follows."""
    return replace(plan, of=_with_warmup(plan.of, warmup)) if isinstance(plan, Modifier) else warmup


def _during(warmup: Warmup) -> Iterator[Schedule]:
    """Yield what a decay during the warmup leads to, of its own length or that with the warmup."""
    for then in (warmup.then, longer(warmup.then, warmup.steps)):
        if then is not None:
            yield from during(warmup, then)


def during(warmup: Warmup, then: Schedule) -> Iterator[Schedule]:
    """Yield the warmup to the first rate of a decay, to where that has come to, and a product."""
    moved = Shift(of=then, steps=-warmup.steps)
    peak = then(0) if warmup.end is None else warmup.end
    yield replace(warmup, then=moved, end=peak)
    yield replace(warmup, then=moved, end=None)
    if warmup.start == 0:
        ramp = Warmup(steps=warmup.steps, then=Constant(lr=1))
        yield Product(factors=(then, ramp))


def _after(warmup: Warmup) -> Iterator[Schedule]:
    then = warmup.then
    if isinstance(then, Shift) and then.steps == -warmup.steps:
        yield replace(warmup, then=then.of)


def _resized(warmup: Warmup, by: int) -> Iterator[Schedule]:
    then = longer(warmup.then, by)
    if then is not None:
        yield replace(warmup, then=then)
