"""What the files of the frameworks are written with: ways to make and compose schedules."""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import ParameterError, Sentence
from ..families import family
from ..schedules.base import Schedule
from ..schedules.fields import number_text
from .kinds import Member
from .values import Function


def build(name: str, **values: Any) -> Schedule:
    """Return a schedule of the family `name`, which is imported only now."""
    kind = family(name)
    assert kind is not None, name
    return kind(**values)


def in_turn(*stages: tuple[Schedule, int], then: Schedule) -> Schedule:
    """Return each of the schedules for so many steps, then the last; a stage of 0 steps is none."""
    ended = [
        build("for", of=schedule, steps=steps) if _goes_on(schedule, steps) else schedule
        for schedule, steps in stages
        if steps > 0
    ]
    return build("chain", stages=(*ended, then)) if ended else then


def _goes_on(schedule: Schedule, steps: int) -> bool:
    """Return whether a schedule has to be ended after so many steps."""
    # Of stages the last may go on for good, and the length be no more than a suggestion.
    return schedule.length != steps or any(part.end is None for part in schedule.placed)


def warmed_up(steps: int, start: float, end: float, then: Schedule) -> Schedule:
    """Return a line from `start` to `end` in so many steps, then the schedule from its step 0."""
    if steps == 0:
        return then
    leads_into_it = then(0) == end  # as a warmup does of itself
    return build("warmup", steps=steps, start=start, end=None if leads_into_it else end, then=then)


def signed_as(
    curve: Callable[..., Any], call: Callable[..., Schedule], *, hides: str = "", **own: Any
) -> Callable[..., Schedule]:
    """Return `call` with the name, the help and the parameters of `curve`.

    But for the one that it `hides`, which it finds out for the curve from keywords of its `own`.
    """
    signature = inspect.signature(curve)
    theirs = [given for given in signature.parameters.values() if given.name != hides]
    ours = [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY, default=d) for n, d in own.items()]
    functools.update_wrapper(call, curve)
    call.__signature__ = signature.replace(parameters=[*theirs, *ours])  # type: ignore[attr-defined]
    return call


def by_formula(lr: float, f: Function) -> Schedule:
    """Return `lr` times a formula of the step."""
    from .formulas import Formula

    return Formula(lr=lr, f=f)


def multiplied(lr: float, f: Function) -> Schedule:
    """Return `lr` times the values of a formula at all steps from 1 up to this one."""
    from .formulas import Products

    if f.constant is not None:
        return build("exp", lr=lr, rate=f.constant, steps=1)
    return Products(lr=lr, f=f)


def triangles(
    mode: str, gamma: float, scale_fn: Function | None, scale_mode: str, **given: Any
) -> Schedule:
    """Return triangles whose height changes by a mode, or by a function of step or cycle."""
    if scale_fn is not None:
        from .formulas import ScaledCyclic

        return ScaledCyclic(**given, f=scale_fn, by_cycle=scale_mode == "cycle")
    shrink = 0.5 if mode == "triangular2" else 1
    return build("cyclic", **given, shrink=shrink, rate=gamma if mode == "exp_range" else 1)


def refusal(call: str, parameter: str, rule: str | Sentence) -> ParameterError:
    """Return the error for an argument that breaks a rule of the framework or of ours."""
    return ParameterError(call, parameter, rule)


def check_held(call: str, schedulers: Sequence[Member], lr: float) -> None:
    """Refuse to hold no schedulers, those of several optimizers, and those that need metrics."""
    if not schedulers:
        raise refusal(call, "schedulers", "must hold at least one call")
    for member in schedulers:
        own = member.arguments.get("lr")
        if own is not None and own != lr:
            given = f"hold {member.name} with lr={number_text(own)} beside lr={number_text(lr)}"
            raise refusal(call, "schedulers", f"{given}; an optimizer has one rate, keep one")
