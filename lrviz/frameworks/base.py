"""What the files of the frameworks are written with: kinds of parameters, and ways to compose."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from ..errors import ParameterError
from ..families import family
from ..schedules.base import Schedule
from ..schedules.fields import Param, number_text

Optimizer = Annotated[object, Param("the optimizer, of which only the rate is of interest")]
"""A parameter that is passed over; if it is written as `SGD(..., lr=0.1)`, it gives the rate."""

Ignored = Annotated[object, Param("has no influence on the rates")]
"""A parameter that is not even read, such as the variable that counts steps."""

Raw = Annotated[Any, Param("")]
"""A parameter that the function itself checks, such as a dict."""

Rate = Annotated[float, Param("a learning rate", at_least=0)]

BaseRate = Annotated[float, Param("the optimizer's learning rate", at_least=0)]

UnusedRate = Annotated[float | None, Param("the optimizer's learning rate, which is overwritten")]

Factor = Annotated[float, Param("a factor", at_least=0)]

Steps = Annotated[int, Param("a number of steps", unit="steps", at_least=0)]

Period = Annotated[int, Param("a number of steps", unit="steps", at_least=1)]

Metrics = Annotated[tuple[float, ...], Param("what was measured, after each update", finite=False)]

NotResumed = Annotated[int, Param("the step that a run was stopped at, of which -1 is read")]


class Member(NamedTuple):
    """A call inside another's list, for functions that must know more of it than its rates."""

    name: str
    arguments: Mapping[str, Any]
    schedule: Schedule


class FormulaText(str):
    """The source of a lambda: a parameter of this type takes a formula of one variable."""

    __slots__ = ()


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
    # The length of a chain is that of its last stage, which may be no more than a suggestion.
    return schedule.length != steps or schedule.name == "chain"


def warmed_up(steps: int, start: float, end: float, then: Schedule) -> Schedule:
    """Return a line from `start` to `end` in so many steps, then the schedule from its step 0."""
    if steps == 0:
        return then
    leads_into_it = then(0) == end  # as a warmup does of itself
    return build("warmup", steps=steps, start=start, end=None if leads_into_it else end, then=then)


def held_up_to(call: str, boundaries: Sequence[int], values: Sequence[float]) -> Schedule:
    """Return each of the values up to and with the step of its boundary, then the last."""
    if len(values) != len(boundaries) + 1:
        raise refusal(
            call,
            "values",
            f"must be one more than boundaries: {len(boundaries) + 1}, not {len(values)}",
        )
    starts = (0, *(boundary + 1 for boundary in boundaries))
    return build("piecewise", points=tuple(zip(starts, values, strict=True)))


def by_formula(lr: float, f: FormulaText) -> Schedule:
    """Return `lr` times a formula of the step."""
    from .formulas import Formula

    return Formula(lr=lr, f=f)


def multiplied(lr: float, f: FormulaText) -> Schedule:
    """Return `lr` times the values of a formula at all steps from 1 up to this one."""
    from .formulas import Products

    products = Products(lr=lr, f=f)
    factor = products.constant
    return products if factor is None else build("exp", lr=lr, rate=factor, steps=1)


def refusal(call: str, parameter: str, rule: str) -> ParameterError:
    """Return the error for an argument that breaks a rule of the framework or of ours."""
    return ParameterError(f"{call}: {parameter} {rule}", parameter)


def check_held(call: str, schedulers: Sequence[Member], lr: float) -> None:
    """Refuse to hold no schedulers, those of several optimizers, and those that need metrics."""
    if not schedulers:
        raise refusal(call, "schedulers", "must hold at least one call")
    for member in schedulers:
        own = member.arguments.get("lr")
        if own is not None and own != lr:
            given = f"hold {member.name} with lr={number_text(own)} beside lr={number_text(lr)}"
            raise refusal(call, "schedulers", f"{given}; an optimizer has one rate, keep one")
