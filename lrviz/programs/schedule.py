"""Schedules and functions that a program gives: equal when their reduced texts are."""

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from ..errors import LrvizError
from ..frameworks.values import Function as FrameworkFunction
from ..schedules.base import Schedule
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps
from .evaluation import Evaluation, FaultError, MissingError

if TYPE_CHECKING:
    from ..schedules.code import Code

_FARTHEST, _MOST_TURNS = 2**24, 100
"""Up to which step turns are looked for to know how long a program is, and how many at most."""

_DENSE = 2048
"""How many steps are looked at one by one for where the program takes another way."""


class ProgramSchedule(Schedule):
    """Give the rate that a program gives at each step."""

    name: ClassVar[str] = "program"
    formula = "what the program returns at step t"
    opaque = True

    text: Annotated[str, Param("a program in Python, reduced to what the rate needs")]

    @cached_property
    def read(self) -> "Read":
        """The program as it is evaluated."""
        from .reading import reread

        return reread(self.text)

    def __getstate__(self) -> dict[str, Any]:
        return {"text": self.text}  # a copy for another process reads it again

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        rates: Array = evaluated(self.read, steps).astype(dtype)
        self.refuse(steps, rates, (rates >= 0) & (rates < np.inf))
        return rates

    def code(self, t: "Code") -> "Code":
        from .coded import coded

        return coded(self.text, t)

    def refuse(self, steps: Steps, rates: Array, good: Any) -> None:
        for bad in np.flatnonzero(~good)[:1]:
            raise LrvizError(
                f"{self.read.title} gives the rate {rates[bad]} at its step {steps[bad]}, and a "
                "learning rate is finite and at least 0; mend it, or end it before that step"
            )

    @property
    def length(self) -> int | None:
        """That of its list of rates, or a tenth more than up to its last turn."""
        return self.read.length or self._shown

    @cached_property
    def _shown(self) -> int | None:
        """How many steps show all turns of a program that has some, and not without end."""
        turns = np.concatenate([knots.listed(_FARTHEST) for knots in self.knots])
        if not 0 < turns.size <= _MOST_TURNS:
            return None
        last = int(turns.max())
        return last + last // 10 + 1

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Turns(self.read.evaluation, True), Turns(self.read.evaluation, False))

    def stage(self) -> str:
        return self.text


@dataclass(frozen=True)
class Read:
    """A program that was read: what evaluates it, and what its function is called."""

    evaluation: Evaluation
    title: str
    length: int | None = None


def evaluated(read: Read, steps: Steps) -> Array:
    """Return what a program gives at several steps; LrvizError where it gives nothing."""
    try:
        return read.evaluation.at(steps)
    except FaultError as error:
        line = getattr(error.fault.node, "lineno", None)
        kind = f"{error.fault.kind}: " if hasattr(error.fault, "kind") else ""
        where = f"{read.title}, line {line}," if line else read.title
        raise LrvizError(f"{where} at its step {error.step}: {kind}{error.fault.message}") from None
    except MissingError as error:
        raise LrvizError(
            f"{read.title} needs {error.unknown.text}, which has no value here"
        ) from None


class ProgramFunction(FrameworkFunction):
    """A function of a program that a framework's call is given.

    `source` is what stands in the call, a lambda or a name; `before` has the lines that define the
    name, and is empty for a lambda.
    """

    def __init__(self, source: str, before: str, read: Read) -> None:
        self.source, self.before, self.read = source, before, read

    def __call__(self, steps: Array) -> Array:
        whole = np.asarray(steps)
        with np.errstate(all="ignore"):
            return evaluated(self.read, whole.astype(np.int64))

    def code(self, t: "Code") -> "Code":
        from .coded import coded

        return coded(f"{self.before}\n{self.source}" if "lambda" in self.source else self.before, t)

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return _function_of, (self.source, self.before)

    def __eq__(self, other: object) -> bool:
        mine = self.source, self.before
        return isinstance(other, ProgramFunction) and mine == (other.source, other.before)

    def __hash__(self) -> int:
        return hash((self.source, self.before))

    @property
    def constant(self) -> float | None:
        """Its value, if it is a lambda that does not speak of its variable."""
        node = self.read.evaluation.node
        body = getattr(node, "body", None)
        own = {a.arg for a in node.args.args} if isinstance(node, ast.Lambda) else set()
        if not isinstance(body, ast.expr) or own & {
            n.id for n in ast.walk(body) if isinstance(n, ast.Name)
        }:
            return None
        return float(self(np.zeros(1))[0])


def _function_of(source: str, before: str) -> "ProgramFunction":
    """Return the function of these texts."""
    from ..schedules.run import Run
    from .reading import read_program

    ((_, call, *_),) = read_program(f"{before}\nLambdaLR(optimizer, {source})", Run(lr=1.0))
    assert not isinstance(call, Schedule)
    function: ProgramFunction = call.args[1]
    return function


class Clocked(Schedule):
    """Ask a schedule for the step that the program computes from its own."""

    name: ClassVar[str] = "clocked"
    formula = "what the schedule gives at the step that the program computes"
    opaque = True
    placed = ()

    of: Schedule
    clock: Annotated[ProgramFunction, Param("from the program's step to that of the schedule")]
    text: Annotated[str, Param("the program that reads back as this schedule")]

    def code(self, t: "Code") -> "Code | float":
        return self.of.code(self.clock.code(t))

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        asked = self.clock(steps.astype(np.float64))
        bad = ~((asked >= 0) & (asked <= LAST_STEP) & (asked == np.floor(asked)))
        for first in np.flatnonzero(bad)[:1]:
            raise LrvizError(
                f"{self.clock} gives {asked[first]} at its step {steps[first]}, where the schedule "
                "is asked for a whole step from 0 on; round it, or end it before that step"
            )
        return self.of.values(asked.astype(np.int64), dtype)

    @property
    def length(self) -> int | None:
        """The first step at which the schedule has run its course, if its steps rise to there."""
        end = self.of.length
        if end is None:
            return None
        steps = np.unique(np.geomspace(1, LAST_STEP // 2**12, 400).astype(np.int64))
        try:
            past = np.flatnonzero(self.clock(steps.astype(np.float64)) >= end)
        except LrvizError:
            return None
        if not past.size:
            return None
        low, high = int(steps[past[0] - 1]) if past[0] else 0, int(steps[past[0]])
        while high - low > 1:
            middle = (low + high) // 2
            reached = self.clock(np.array([float(middle)]))[0] >= end
            low, high = (low, middle) if reached else (middle, high)
        return high

    def spelled(self) -> tuple[str, int]:
        return self.text, 0

    def stage(self) -> str:
        return self.text


class Turns(Knots):
    """The steps at which a program takes another way than at the step before: jumps, or bends."""

    def __init__(self, evaluation: Evaluation, jump: bool) -> None:
        self.evaluation, self.jump = evaluation, jump

    def count(self, before: Steps) -> Steps:
        return self._listed(int(np.max(before, initial=0))).count(before)

    def step(self, number: Steps) -> Steps:
        return self._listed(self.evaluation.looked_up_to).step(number)

    def listed(self, horizon: int, first: int = 0) -> Steps:
        self._listed(horizon)  # so that both ends are counted in the same list
        return super().listed(horizon, first)

    def some(self, first: Steps, stop: Steps, most: int) -> Steps:
        self._listed(int(stop.max()))
        return super().some(first, stop, most)

    def _listed(self, horizon: int) -> Listed:
        evaluation = self.evaluation
        if evaluation.turns is None or horizon > evaluation.looked_up_to:
            evaluation.looked_up_to = min(max(2 * horizon, 1024), LAST_STEP)
            evaluation.turns = _turns(evaluation, evaluation.looked_up_to)
        turns: Listed = evaluation.turns[0 if self.jump else 1]
        return turns


def _turns(evaluation: Evaluation, horizon: int) -> tuple[Listed, Listed]:
    """Return where a program jumps and where it bends, below a horizon."""
    if evaluation.recurrent:  # each of its steps is one of its own
        return Listed(()), Listed(())
    last = horizon - 1
    evaluation.signature(_looked_at(evaluation, last))  # it meets the numbers it compares with
    steps = _looked_at(evaluation, last)
    ways = evaluation.signature(steps)
    places = np.flatnonzero(ways[1:] != ways[:-1])
    low, high, way = steps[places], steps[places + 1], ways[places]
    while (high - low > 1).any():
        middle = low + (high - low) // 2
        same = evaluation.signature(middle) == way
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    around = np.clip(high[:, None] + np.arange(-2, 2), 0, last)
    try:
        rates = evaluation.at(around.reshape(-1)).reshape(around.shape)
    except (FaultError, MissingError):
        return Listed(high.tolist(), True), Listed(())
    before, at, after = np.abs(np.diff(rates)).T
    next_to = np.diff(high) == 1  # a change beside another says nothing of the slope
    before[1:][next_to] = after[:-1][next_to] = 0
    jumps = at > 2 * np.maximum(before, after) + 1e-12 * np.abs(rates[:, 1])
    return Listed(high[jumps].tolist(), True), Listed(high[~jumps].tolist())


def _looked_at(evaluation: Evaluation, last: int) -> Steps:
    """Return the steps between which a program's ways are compared: all the first, then some."""
    marks = np.array(sorted(evaluation.run.marks), dtype=np.int64)[:10_000]
    beside = (marks[:, None] + np.arange(-2, 3)).reshape(-1)
    even = np.linspace(0, last, 4096).astype(np.int64)
    far = np.geomspace(1, last + 1, 1024).astype(np.int64)
    every = np.concatenate([np.arange(_DENSE), even, far, beside])
    return np.unique(np.clip(every, 0, max(last, 0)))
