"""The time of MMEngine's schedulers: their own steps, from epochs or updates, and their windows."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import Sentence, say_of_run
from ..schedules.base import Schedule
from ..schedules.fields import number_text
from .composing import build, in_turn, refusal
from .kinds import Member
from .mmengine_in_turn import Window

NEVER = 1_000_000_000
"""The `end` of a scheduler that never ends."""

_COUNTED = ("step_size", "milestones", "T_max", "total_steps", "periods")
"""The parameters that count steps, besides begin and end."""


def in_steps(call: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a scheduler with all times in its own steps."""
    arguments = {"optimizer": None, **given}
    times = arguments["epoch_length"]
    if arguments["convert_to_iter_based"] and times is None:
        times = arguments["steps_per_epoch"]
        if times is None:
            rule = "needs the length of an epoch; " + say_of_run("steps_per_epoch", 100)
            raise refusal(call, "convert_to_iter_based", rule)
    if times is not None:
        if not arguments["by_epoch"]:
            raise refusal(call, "by_epoch", "must be True where epochs are made into updates")
        arguments["by_epoch"] = False
        arguments["begin"] = math.floor(arguments["begin"] * times)
        if arguments["end"] != NEVER:
            arguments["end"] = math.floor(arguments["end"] * times)
        for name in _COUNTED:
            arguments[name] = _multiplied(arguments.get(name), times)
    for name in ("begin", "end", *_COUNTED):
        for number in _listed(arguments.get(name)):
            if number != int(number):
                whole = f"must be a whole number of steps, not {number_text(number)}"
                raise refusal(call, name, whole)
    if arguments["end"] <= arguments["begin"]:
        begin, end = (number_text(arguments[name]) for name in ("begin", "end"))
        raise refusal(call, "end", f"must be above begin, {begin}, not {end}")
    return {name: arguments[name] for name in given} | {"optimizer": None}


def _multiplied(value: Any, times: int) -> Any:
    if value is None:
        return None
    return tuple(v * times for v in value) if isinstance(value, Sequence) else value * times


def _listed(value: Any) -> Sequence[float]:
    if value is None:
        return ()
    return value if isinstance(value, Sequence) else (value,)


def window_of(arguments: Mapping[str, Any]) -> Window:
    """Return when a scheduler acts, of its arguments in its own steps."""
    end = arguments["end"]
    return Window(int(arguments["begin"]), None if end == NEVER else int(end))


def placed(curve: Schedule, window: Window, before: float) -> Schedule:
    """Return a curve that starts when its window begins, and holds where that ends."""
    if window.last is not None and not _rests(curve, window.last):
        curve = build("hold", of=curve, steps=window.last)
    if window.begin == 0:
        return curve
    if curve(0) == before:
        return build("shift", of=curve, steps=window.begin)
    return in_turn((build("const", lr=before), window.begin), then=curve)


def _rests(curve: Schedule, step: int) -> bool:
    """Return whether a curve has come to rest at a step."""
    last_change = max(curve.milestones, default=None)
    if last_change is not None:
        return last_change <= step
    ended = curve.ends and curve.cycle_length is None
    return curve.level or (ended and curve.length is not None and curve.length <= step)


def stepped_by_epoch(schedule: Schedule, arguments: Mapping[str, Any]) -> Schedule:
    """Return a schedule that is stepped once an epoch, if that is so and its length is known."""
    every = arguments["steps_per_epoch"]
    if not arguments["by_epoch"] or every is None:
        return schedule
    return build("stepped", of=schedule, every=every)


def unreadable(rule: str | Sentence) -> Exception:
    """Return the error for a list that is not followed."""
    return refusal("param_scheduler_list", "schedulers", rule)


def counts_epochs(member: Member) -> bool:
    """Return whether a step of a scheduler in a list is an epoch."""
    given = member.arguments
    into_updates = given.get("epoch_length") is not None or given.get("convert_to_iter_based")
    return bool(given.get("by_epoch")) and not into_updates


def updates_in_an_epoch(schedulers: Sequence[Member], known: int | None) -> int:
    """Return how many steps of the list's clock one of a scheduler that counts epochs has."""
    if len({counts_epochs(member) for member in schedulers}) == 1:
        return 1
    if known is None:
        cure = say_of_run("steps_per_epoch", 100)
        raise unreadable("count epochs and, with by_epoch=False, updates; " + cure)
    return known
