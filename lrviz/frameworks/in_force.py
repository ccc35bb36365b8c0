"""Schedulers that act on the rate in force, whatever that is: a recurrence, followed step by step.

At each step of its own a scheduler makes (r - low) * factor + to of the rate r. Where several act,
one does so after the other, in the operations of the framework and in its order, so that even what
rounding makes of them is the framework's. `rules` has what each scheduler does.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np

from ..errors import LrvizError
from ..schedules.base import Schedule
from ..schedules.fields import Param, number_text
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps
from ..schedules.placed import Phase, Placed
from ..schedules.signal import CHUNK
from . import Call, calls_named
from .kinds import Ignored, Member, Optimizer
from .values import Function

MOST_STEPS = 10_000_000
"""How many steps are followed at most."""

_ROUNDING = 1e-12
"""How far below 0, as a part of the highest rate until then, rounding may leave one."""


class Map(NamedTuple):
    """What becomes of a rate r: (r - low) * factor + to; arrays of shape (n,), or numbers."""

    factor: Array | float
    low: Array | float = 0.0
    to: Array | float = 0.0

    def only(self, where: Any) -> "Map":
        """Return the same at some of the steps, and the rate left alone at the others."""
        factor, low, to = self
        return Map(np.where(where, factor, 1.0), np.where(where, low, 0.0), np.where(where, to, 0))


Rule = Callable[..., Map]
"""From steps of a scheduler's own to what it does to the rate at them."""


class Act(NamedTuple):
    """What a scheduler does: its step t // every - begun, at every `every`-th step t.

    Its `curve` has its rates if it were alone, on its own clock. After its step `last` the
    framework stops with an error, of which `why` tells.
    """

    name: str
    rule: Rule
    begun: int
    every: int = 1
    curve: Schedule | None = None
    last: int | None = None
    why: str = ""

    def at(self, steps: Steps) -> Map:
        """Return what it does at `steps`, which are not its own."""
        maps = self.rule(steps // self.every - self.begun)
        return maps if self.every == 1 else maps.only(steps % self.every == 0)

    def on(self, rate: float, step: int) -> float:
        """Return what it makes of the rate at one step."""
        factor, low, to = (np.broadcast_to(part, 1).item() for part in self.at(np.array([step])))
        return float((rate - low) * factor + to)


class Cut(NamedTuple):
    """A cut of the rate that a metric calls for, down to `least`, unless it is by `eps` or less."""

    factor: float
    least: float
    eps: float

    def on(self, rate: float) -> float:
        """Return what it makes of the rate."""
        lower = max(rate * self.factor, self.least)
        return lower if rate - lower > self.eps else rate


class Stretch(NamedTuple):
    """What is done at each step from `start` on, until the next stretch: all acts in turn.

    At `start` itself the cuts come after them.
    """

    start: int
    acts: tuple[Act, ...]
    cuts: tuple[Cut, ...] = ()


class Plan(NamedTuple):
    """The rate at step 0, what is done to it from step 1 on, and how long a run of it may be."""

    rate: float
    stretches: tuple[Stretch, ...]
    length: int | None

    def stop(self, i: int) -> int | None:
        """Return the step at which stretch `i` has ended; None if it has no end."""
        return self.stretches[i + 1].start if i + 1 < len(self.stretches) else None

    @property
    def error(self) -> tuple[int, str] | None:
        """The first step at which the framework stops with an error, and why."""
        found = []
        for i, stretch in enumerate(self.stretches):
            for act in stretch.acts:
                if act.last is not None:
                    step, stop = (act.last + 1 + act.begun) * act.every, self.stop(i)
                    found += [(step, act.why)] if stop is None or step < stop else []
        return min(found, default=None)

    def followed(self, start: int, stop: int, rate: float) -> Array:
        """Return the rates at the steps from `start` up to `stop`, before which `rate` was."""
        found = [np.array([self.rate])] if start == 0 else []
        rate, start = (self.rate, 1) if start == 0 else (rate, start)
        starts = [stretch.start for stretch in self.stretches]
        for i in range(bisect_right(starts, start) - 1, bisect_right(starts, stop - 1)):
            here = np.arange(max(starts[i], start), min(self.stop(i) or stop, stop))
            _, acts, cuts = self.stretches[i]
            if cuts and here[0] == starts[i]:
                rate = _followed(acts, here[:1], rate).item()
                for cut in cuts:
                    rate = cut.on(rate)
                found.append(np.array([rate]))
                here = here[1:]
            if here.size:
                found.append(_followed(acts, here, rate))
            rate = found[-1][-1].item()
        return np.concatenate(found)


def _followed(acts: Sequence[Act], steps: Steps, rate: float) -> Array:
    """Return the rates at steps that follow each other, before which `rate` was in force."""
    maps = [act.at(steps) for act in acts]
    sets = [i for i, one in enumerate(maps) if np.ndim(one.factor) == 0 and one.factor == 0]
    maps = maps[sets[-1] if sets else 0 :]  # which of them sets the rate undoes those before it
    if not maps:
        return np.full(steps.size, rate)
    if len(maps) == 1 and sets:
        return np.broadcast_to(maps[0].to, steps.shape)
    parts = [
        np.stack([np.broadcast_to(part, steps.shape) for part in kind], axis=1).ravel()
        for kind in zip(*maps, strict=True)
    ]
    factors, lows, tos = parts
    if lows.any() or tos.any():
        rates = []
        for factor, low, to in zip(*(part.tolist() for part in parts), strict=True):
            rate = (rate - low) * factor + to
            rates.append(rate)
        return np.array(rates[len(maps) - 1 :: len(maps)])
    factors[0] *= rate
    products: Array = np.multiply.accumulate(factors)[len(maps) - 1 :: len(maps)]
    return products


class InForce(Schedule):
    """Let schedulers act on the rate in force, one after the other, as a framework does."""

    name: ClassVar[str] = "in_force"
    formula = "(r - low) * a + b of the rate r in force, for each scheduler, at each of its steps"
    opaque = True

    call: Annotated[str, Param("the framework's call")]
    plan: Annotated[Plan, Param("what it does")] = field(compare=False, repr=False)

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        last = int(steps.max(initial=0))
        if last >= MOST_STEPS:
            raise LrvizError(
                f"{self} at step {last} is followed from step to step, and at most {MOST_STEPS} "
                "steps are; end the run before, or give the stages as a spec"
            )
        if self.plan.error is not None and last >= self.plan.error[0]:
            step, why = self.plan.error
            raise LrvizError(f"{self} has no rate from step {step} on: {why}")
        followed = np.empty(steps.shape)
        blocks = steps // CHUNK
        for block in np.unique(blocks):
            here = blocks == block
            followed[here] = self._block(int(block))[steps[here] % CHUNK]
        return self.allowed(steps, followed.astype(dtype))

    def _block(self, number: int) -> Array:
        """Return the rates at each step of a block; what rounding leaves below 0 is 0."""
        while len(self._before) <= number:  # the blocks before it are needed, once
            rates = self._within(len(self._before) - 1)
            peak = max(self._before[-1][1], rates.max().item())
            self._before.append((rates[-1].item(), peak))
        rates = self._within(number)
        peaks = np.maximum.accumulate(np.maximum(rates, self._before[number][1]))
        return np.where((-_ROUNDING * peaks < rates) & (rates < 0), 0.0, rates)

    def _within(self, number: int) -> Array:
        return self.plan.followed(number * CHUNK, (number + 1) * CHUNK, self._before[number][0])

    @cached_property
    def _before(self) -> list[tuple[float, float]]:
        """The rate that is in force before each block, and the highest until then."""
        return [(self.plan.rate, self.plan.rate)]

    @property
    def length(self) -> int | None:
        ends = [
            (act.last + act.begun) * act.every
            for act in self.plan.stretches[-1].acts
            if act.last is not None and act.last >= 0
        ]
        return min(ends, default=self.plan.length)

    @property
    def knots(self) -> tuple[Knots, ...]:
        found: list[Knots] = [Listed([stretch.start for stretch in self.plan.stretches[1:]])]
        for i, (start, acts, _) in enumerate(self.plan.stretches):
            stop = self.plan.stop(i) or LAST_STEP
            for act in acts:
                if act.curve is not None:
                    found += Placed(act.curve, act.begun * act.every, start, stop).knots
        return tuple(found)

    @property
    def phases(self) -> tuple[Phase, ...]:
        found: list[Phase] = []
        before: list[tuple[str, int]] | None = None
        for i, (start, acts, _) in enumerate(self.plan.stretches):
            own = [(act.name, act.begun) for act in acts]
            name = " and ".join(dict.fromkeys(act.name for act in acts)) or "const"
            stop = self.plan.stop(i)
            if own == before:  # the first step of a scheduler is a stretch by itself
                found[-1] = found[-1]._replace(stop=stop)
            else:
                found.append(Phase(name, start if found else 0, stop))
            before = own
        return tuple(found)

    def stage(self) -> str:
        return self.call


def call_text(name: str, arguments: Mapping[str, Any], around: Call | None = None) -> str:
    """Return the text of a call with these arguments, those that are its defaults left out.

    What a call in another has from the run is written in the one `around` it.
    """
    call = calls_named(name, around.framework if around else None)[0]
    words = ["optimizer"]
    for key, given in call.parameters.items():
        passed_over = given.annotation in (Optimizer, Ignored)
        from_outside = key in ("lr", "steps_per_epoch") and around is not None
        if key in arguments and not (passed_over or from_outside):
            value = arguments[key]
            words += [f"{key}={_source(value, call)}"] if value != given.default else []
    text = f"{name}({', '.join(words)})"
    if around is not None:
        return text
    return "\n".join([*dict.fromkeys(f.before for f in _functions(arguments) if f.before), text])


def _functions(value: Any) -> Iterator[Function]:
    """Yield the functions among the arguments of a call, and of those within it."""
    match value:
        case Function():
            yield value
        case Member():
            yield from _functions(value.arguments)
        case Mapping():
            yield from _functions(tuple(value.values()))
        case tuple():
            for one in value:
                yield from _functions(one)


def _source(value: Any, call: Call) -> str:
    """Return the Python source of an argument of a call."""
    match value:
        case Member():
            return call_text(value.name, value.arguments, call)
        case tuple():
            return f"[{', '.join(_source(one, call) for one in value)}]"
        case bool() | None | Function():
            return str(value)
        case str():
            return repr(value)
        case float() if not math.isfinite(value):
            return repr(str(value))
    return number_text(value)
