"""Warnings that catch mistakes before training, one file for each, named as the warning.

A warning must be true and useful: it is printed beside every picture. So each says in its file what
it does not look at, and what follows from another mistake is left to the warning about that one.
"""

from collections.abc import Callable
from typing import NamedTuple

from ..discover import import_all
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Steps
from .plan import Plan


class Finding(NamedTuple):
    """A warning about a schedule: its name, and one sentence with the steps, rates and the cure.

    One that is `mild` is true, but often meant so.
    """

    name: str
    message: str
    mild: bool = False


class Record(NamedTuple):
    """What was recorded of a run: steps that rise, and the rates at them, of shape (n,)."""

    steps: Steps
    rates: Array


RecordRule = Callable[[Record], Finding | None]
Rule = Callable[[Plan], Finding | None]


class _Registered(NamedTuple):
    sentence: str
    find: Rule
    hides: tuple[str, ...]


_rules: dict[str, _Registered] = {}
_record_rules: dict[str, RecordRule] = {}


def rule(sentence: str, hides: tuple[str, ...] = ()) -> Callable[[Rule], Rule]:
    """Register a function, called as its warning, that finds what `sentence` says.

    Warnings that are mere consequences of this one are hidden by it.
    """

    def register(function: Rule) -> Rule:
        _rules[function.__name__] = _Registered(sentence, function, hides)
        return function

    return register


def recorded_rule(name: str) -> Callable[[RecordRule], RecordRule]:
    """Register a function that finds in a recorded run what the rule of that name warns of."""

    def register(function: RecordRule) -> RecordRule:
        _record_rules[name] = function
        return function

    return register


def lint_recorded(steps: Steps, rates: Array) -> list[Finding]:
    """Return what looks like a mistake in a recorded run of at least one point, by name."""
    import_all(f"{__name__}.rules")
    record = Record(steps, rates)
    found = (_record_rules[name](record) for name in sorted(_record_rules))
    return [finding for finding in found if finding is not None]


def lint(
    schedule: Schedule,
    horizon: int,
    *,
    steps_per_epoch: float | None = None,
    given_horizon: bool = True,
) -> list[Finding]:
    """Return the likely mistakes in a schedule for a run of `horizon` steps, by name.

    Where the user has not given the horizon, the schedule is held to its own length alone.
    `steps_per_epoch` is what an epoch has, if that is known. Nothing is raised.
    """
    import_all(f"{__name__}.rules")
    plan = Plan(schedule, horizon, steps_per_epoch, given_horizon)
    found = [finding for name in sorted(_rules) if (finding := _rules[name].find(plan))]
    hidden = {name for finding in found for name in _rules[finding.name].hides}
    return [finding for finding in found if finding.name not in hidden]


def names() -> dict[str, str]:
    """Return the names of all warnings, each with what it warns of."""
    import_all(f"{__name__}.rules")
    return {name: _rules[name].sentence for name in sorted(_rules)}
