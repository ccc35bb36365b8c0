"""What a target is asked: a schedule, and what is already known of it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..families.piecewise import PiecewiseConstant
from ..frameworks import Call, frameworks
from ..schedules.base import Schedule
from ..schedules.code import Code, UncodedError, step, tidy
from ..schedules.fields import number_text
from ..schedules.placed import Placed
from .agreement import agreement, looked_at, rates_of
from .alike import forms
from .functions import folded
from .probing import Filled, filled

_DIGITS = 8
"""Up to how many characters a peak is a round rate."""
_ROUNDING = 1e-13
_MOST_STEPS, _MOST_STAIRS = 20_000, 64
"""The longest run that is looked through for stairs, and how many there may be."""


class Text(NamedTuple):
    """A text that may be a translation: lines to import, to define, to make, and to say.

    `lr` is the rate that the optimizer must have, `variable` what the schedule is called.
    """

    made: str
    imports: Sequence[str] = ()
    defined: str = ""
    lr: float | None = None
    notes: Sequence[str] = ()

    def written(self, notes: Iterable[str] = ()) -> str:
        """Return the program."""
        import_block = "\n".join(self.imports)
        made, defined = folded(self.made), folded(self.defined)
        about = [f"the optimizer's rate: {number_text(self.lr)}"] if self.lr is not None else []
        said = "\n".join(f"# {note}" for note in [*about, *self.notes])
        after = "\n".join(f"# {note}" for note in notes)
        last = "\n".join(line for line in (said, made, after) if line)
        blocks = [import_block, defined, last]
        between = "\n\n\n" if defined else "\n\n"
        return between.join(block for block in blocks if block) + "\n"


class Near(NamedTuple):
    """What was nearest so far, and how far it is away."""

    text: str
    gap: float
    at: int


class Asked:
    """A schedule to be translated, over so many steps of a run."""

    def __init__(self, schedule: Schedule, horizon: int) -> None:
        self.schedule, self.horizon = schedule, horizon
        self.nearest: Near | None = None

    @cached_property
    def forms(self) -> list[Schedule]:
        """The schedule in its own words and in others; where it has none, as stairs that end."""
        found = forms(self.schedule, self.horizon)
        if len(found) > 1 or self.stairs is None or not self._is_held:
            return found
        return found + forms(self.stairs, self.horizon)

    @cached_property
    def stairs(self) -> Schedule | None:
        """The few stairs that its rates are over the run; None if they are not, or not looked at.

        What is found step by step is so far as rounding goes.
        """
        if self.horizon > _MOST_STEPS or self.schedule.inner() is not None:
            return None
        rates = self.schedule(np.arange(self.horizon))
        jumps = np.abs(np.diff(rates)) > _ROUNDING * rates.max()
        steps = [0, *(np.flatnonzero(jumps) + 1).tolist()]
        if len(steps) > _MOST_STAIRS or len(rates) == len(steps):
            return None
        points = tuple((step, tidy(float(rates[step]))) for step in steps)
        return PiecewiseConstant(points=points)

    @property
    def _is_held(self) -> bool:
        """Whether the last rate of the run is in force for good, as far as is looked."""
        past = rates_of(self.schedule, self.horizon - 1 + self.horizon * np.arange(8) // 2)
        return bool((np.abs(past - past[0]) <= _ROUNDING * self.peak).all())

    @cached_property
    def peak(self) -> float:
        """The highest rate of the run."""
        steps = looked_at(self.schedule, self.schedule, self.horizon)
        return float(self.schedule(steps).max())

    @property
    def base(self) -> float:
        """A rate for the optimizer that a function is a part of: the peak, or a round one."""
        return self.peak if len(repr(self.peak)) <= _DIGITS else float(f"{self.peak:.2g}")

    @cached_property
    def level(self) -> bool:
        """Whether the rate never changes."""
        return any(form.level for form in self.forms)

    @cached_property
    def formula(self) -> Code | float:
        """The rate as an expression of the step; UncodedError if there is none."""
        with np.errstate(all="ignore"):
            return self.schedule.code(step())

    @property
    def code(self) -> Code | float:
        """The same, where there is none of the stairs that it is; UncodedError if it is none."""
        try:
            return self.formula
        except UncodedError:
            if self.stairs is None:
                raise
            return self.stairs.code(step())

    def part(self, schedule: Schedule, length: int) -> "Asked":
        """Return the same of a part of it."""
        return Asked(schedule, length)

    def found(
        self, framework: str, calls: Iterable[str], lr: float | None = None
    ) -> Iterator[Filled]:
        """Yield calls of a framework that make the schedule, in the order of their names."""
        theirs = next(one for one in frameworks() if one.name == framework)
        peak = self.peak if lr is None else lr
        for name in calls:
            one = self._filled(Call(theirs, name), lr, peak)
            if one is not None:
                yield one

    def _filled(self, call: Call, lr: float | None, peak: float) -> Filled | None:
        """Return a call with the arguments that make the schedule."""
        for form in self.forms:
            for one in filled(call, form, lr, peak):
                met = agreement(self.schedule, one.schedule, self.horizon)
                if met.holds:
                    return one
                self.tell(called(one), met.gap, met.at)
        return None

    def tell(self, text: str, gap: float, at: int) -> None:
        """Keep what is nearest."""
        if self.nearest is None or gap < self.nearest.gap:
            self.nearest = Near(text, gap, at)

    @property
    def stages(self) -> Iterator[Sequence[Placed]]:
        """Yield the schedules that follow one another, as far as it consists of some."""
        for form in self.forms:
            placed = _flattened(form)
            if len(placed) > 1:
                yield placed


def _flattened(schedule: Schedule) -> list[Placed]:
    """Return the stages of a schedule, a warmup as a line before the others."""
    from ..families.chain import Chain
    from ..families.linear import LinearDecay
    from ..families.warmup import Warmup

    match schedule:
        case Warmup(steps=steps, start=start, end=end, then=then):
            end = then(0) if end is None else end
            line = LinearDecay(lr=start, end=end, steps=steps)
            first = [Placed(line, 0, 0, steps)]
            return [*first, *(_moved(one, steps) for one in _flattened(then))]
        case Chain():
            found = []
            for one in schedule.placed:
                found += [
                    _moved(inner, one.start, one.stop)
                    for inner in _flattened(one.schedule)
                    if inner.start + one.start < one.stop
                ]
            return found
    return [Placed(schedule)]


def _moved(placed: Placed, steps: int, most: int | None = None) -> Placed:
    """Return a stage so many steps later."""
    stop = placed.stop + steps if most is None else min(placed.stop + steps, most)
    return placed._replace(offset=placed.offset + steps, start=placed.start + steps, stop=stop)


def called(one: Filled, prefix: str = "", optimizer: str = "optimizer") -> str:
    """Return the text of a call with its arguments."""
    first = [optimizer] if "optimizer" in one.call.parameters else []
    return called_with(f"{prefix}{one.call.name}", first, one.arguments)


def called_with(name: str, first: Sequence[str], given: Any) -> str:
    """Return the text of a call with arguments by their names."""
    words = [*first, *(f"{key}={value!r}" for key, value in given.items())]
    return f"{name}({', '.join(words)})"


def _literal(value: Any) -> str:
    """Return a value as Python writes it."""
    return repr(value)
