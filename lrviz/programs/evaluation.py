"""The rates of a program: its function at all steps at once, or one step after the other.

A function is run with all steps. Where they part, at a test or in what fails, each part is run
again from its beginning; so loops and early returns keep their meaning. A function that takes
something from one call to the next, such as the rate in force, is followed step by step.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..schedules.numeric import Array, Steps
from .faults import RaisedError, RefusalError, SplitError, TooLongError
from .interpreter import Interpreter
from .limits import MOST_PATHS, MOST_RECURSIVE, OPERATIONS_OF_A_STEP, OPERATIONS_OF_ALL_STEPS
from .operations import TRACE
from .state import lasting
from .values import Lanes, Unknown

Once = Callable[[Any], Any]
"""From the step, an int or lanes, to the rate."""

_LOOKED_AT = 15_000
"""How many operations are made at most only to know a program."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)


class FaultError(Exception):
    """What ends an evaluation: the fault, and the step at which it is met."""

    def __init__(self, fault: RefusalError | RaisedError, step: int) -> None:
        super().__init__(fault.message)
        self.fault, self.step = fault, step


class MissingError(Exception):
    """That a rate depends on what the text does not say."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.text)
        self.unknown = unknown


class Evaluation:
    """Evaluates what a program does at each step."""

    def __init__(self, run: Interpreter, once: Once, recurrent: bool = False) -> None:
        self.run, self.once = run, once
        self.recurrent = recurrent
        self.read: set[Any] = set()
        self.written: set[Any] = set()
        self.rates = np.empty(0)
        self.known = 0
        self.node: Any = None
        self.looked_up_to = 0
        self.turns: Any = None
        self.allowed = OPERATIONS_OF_A_STEP
        self._decisions: list[Any] = []
        self._mixed: np.ndarray[Any, np.dtype[np.uint64]] | None = None
        self.lasting = lasting((run.top, run.given, run.optimizers, once))

    def at(self, steps: Steps) -> Array:
        """Return the rates at several steps."""
        rates = np.empty(steps.shape)
        if not self.recurrent:
            self._walk(steps, rates, None)
        if self.recurrent:
            self._follow(int(steps.max()) if steps.size else 0)
            rates[:] = self.rates[steps]
        return rates

    def settle(self) -> None:
        """Find out whether it takes something from one call to the next.

        MissingError if it lacks something at one of the steps that are looked at, a RefusalError if
        what it does at step 0 is not read or runs too long.
        """
        self._try(np.arange(1), first=True)
        self.allowed, self.run.budget.spent = _LOOKED_AT, 0
        for _ in range(2):  # the second time the numbers are known that steps are compared with
            marks = [m + d for m in sorted(self.run.marks)[:500] for d in (-1, 0, 1) if m + d >= 0]
            for steps in (range(64), (*(2**k for k in range(6, 20)), *marks)):
                self._try(np.unique(np.array(steps)))
        self.allowed = OPERATIONS_OF_A_STEP

    def _try(self, steps: Steps, first: bool = False) -> None:
        if self.recurrent or (not first and self._is_spent):
            return
        try:
            self._walk(steps, np.empty(steps.shape), None)
        except FaultError as error:
            if first and isinstance(error.fault, RefusalError):
                raise error.fault from None

    @property
    def _is_spent(self) -> bool:
        """Whether no more steps are looked at, only to know the program."""
        return self.allowed == _LOOKED_AT and self.run.budget.spent > 2 * _LOOKED_AT

    def sample(self, steps: Steps) -> list[Any]:
        """Return the rates at several steps, and where it fails what it says."""
        found: list[Any] = []
        self.allowed, self.run.budget.spent = _LOOKED_AT, 0
        try:
            if not self.recurrent:
                return list(self.at(steps).tolist())
        except FaultError:
            self.run.budget.spent = 0
        for step in steps[:16].tolist():
            try:
                found.append(self.at(np.array([step])).item())
            except FaultError as error:
                found.append(error.fault.message)
                if isinstance(error.fault, TooLongError):
                    break
        self.allowed = OPERATIONS_OF_A_STEP
        return found

    def signature(self, steps: Steps) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """Return a number for each step that is the same where the program takes the same way."""
        ways = np.zeros(steps.shape, np.uint64)
        if not self.recurrent:
            self._walk(steps, np.empty(steps.shape), ways)
        return ways

    def _walk(self, steps: Steps, rates: Array, ways: Any) -> None:
        """Evaluate all steps, in as many parts as there are ways through the program."""
        work = [np.arange(steps.size)] if steps.size else []
        paths, before = 0, self.run.budget.spent
        while work and not self.recurrent:
            part = work.pop()
            paths += 1
            if self._is_spent:
                raise FaultError(TooLongError("this is not looked at any longer"), int(steps[0]))
            if paths > MOST_PATHS or self.run.budget.spent - before > OPERATIONS_OF_ALL_STEPS:
                raise FaultError(
                    TooLongError("this takes a way of its own at too many steps"), int(steps[0])
                )
            try:
                value = self._once(steps[part], ways is not None)
            except SplitError as split:
                order = np.argsort(split.labels, kind="stable")
                edges = np.flatnonzero(np.diff(split.labels[order])) + 1
                work.extend(part[group] for group in np.split(order, edges)[::-1])
                continue
            except (RaisedError, RefusalError) as fault:
                if ways is None:
                    raise FaultError(fault, int(steps[part].min())) from None
                ways[part] = 1
                continue
            except RecursionError:
                deep = TooLongError("this is nested too deep; shorten it")
                raise FaultError(deep, int(steps[part].min())) from None
            finally:
                TRACE.decided, self._mixed, TRACE.mixed = None, TRACE.mixed, None
                self.run.undo()
            rates[part] = _numbers(value, int(steps[part].min()))
            if ways is not None:
                here = np.uint64(hash(tuple(self._decisions)) & 0xFFFFFFFFFFFFFFFF)
                assert self._mixed is not None
                ways[part] = (self._mixed ^ here) * _PRIME

    def _once(self, steps: Steps, traced: bool) -> Any:
        run = self.run
        run.budget.renew(self.allowed)
        run.begin()
        self._decisions = []
        if traced:
            TRACE.decided = self._decisions
            TRACE.mixed = np.zeros(steps.shape, np.uint64)
        with np.errstate(all="ignore"):
            alone = steps.size == 1 and not traced
            value = self.once(int(steps[0]) if alone else Lanes(steps))
        self.read |= {place for place in run.read if place[0] in self.lasting}
        self.written |= {place for place in run.written if place[0] in self.lasting}
        if self.read & self.written:
            self.recurrent = True
        return value

    def _follow(self, last: int) -> None:
        """Follow the program from step to step, up to the last one that is asked for."""
        if last >= MOST_RECURSIVE:
            message = f"this is followed step by step, and at most {MOST_RECURSIVE} steps are"
            raise FaultError(TooLongError(f"{message}; end the run before"), last)
        if last >= self.rates.size:
            grown = np.empty(max(last + 1, 2 * self.rates.size, 1024))
            grown[: self.known] = self.rates[: self.known]
            self.rates = grown
        while self.known <= last:
            step = self.known
            self.run.budget.renew(self.allowed)
            try:
                self.rates[step] = _numbers(self.once(step), step)
            except (RaisedError, RefusalError) as fault:
                raise FaultError(fault, step) from None
            self.known += 1


def _numbers(value: Any, step: int) -> Any:
    """Return what a program gives as numbers."""
    if isinstance(value, Unknown):
        if value.why and not value.names:
            raise FaultError(RefusalError(value.why, value.node), step)
        raise MissingError(value)
    if isinstance(value, Lanes):
        if value.data.dtype != object:
            return value.data.astype(np.float64)
        return np.array([_number(v) for v in value.data])
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if isinstance(value, bool | int | float | np.number):
        return _number(value)
    what = "nothing" if value is None else f"a {type(value).__name__.lower()}"
    raise FaultError(RefusalError(f"this gives {what}, where a rate is needed"), step)


def _number(value: Any) -> float:
    """Return a number as a float, infinity if it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf
