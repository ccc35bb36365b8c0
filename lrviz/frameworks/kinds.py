"""Kinds of parameters: what a parameter of a framework's call means, and which values it takes.

A file of calls says once which of its parameters are of a kind, `KINDS = {Rate: "eta_min max_lr"}`;
what all frameworks share stands here, in COMMON. Where one call differs, it annotates its own one.
A name that stands nowhere is of the type of its default, a flag or a number; a default of None lets
None in.
"""

import inspect
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Annotated, Any, Literal, NamedTuple

from ..schedules.base import Schedule
from ..schedules.fields import Param, Parameter, parameter
from .values import Function

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

Shrinking = Annotated[float, Param("a factor below 1", at_least=0, below=1)]

Steps = Annotated[int, Param("a number of steps", unit="steps", at_least=0)]

Period = Annotated[int, Param("a number of steps", unit="steps", at_least=1)]

Length = Annotated[float, Param("a number of steps", unit="steps", above=0)]

Part = Annotated[float, Param("a part", at_least=0, at_most=1)]

Divisor = Annotated[float, Param("a divisor", above=0)]

Exponent = Annotated[float, Param("an exponent", at_least=0)]

Count = Annotated[int, Param("how many", at_least=0)]

Anneal = Annotated[Literal["cos", "linear"], Param("the shape of the way")]

Waves = Annotated[Literal["triangular", "triangular2", "exp_range"], Param("how the peaks change")]

Better = Annotated[Literal["min", "max"], Param("which metric is better")]

Threshold = Annotated[float, Param("how much better", at_least=0)]

Relative = Annotated[Literal["rel", "abs"], Param("what the threshold is a part of")]

Formula = Annotated[Function, Param("a function of one variable, such as lambda t: 0.95 ** t")]

Metrics = Annotated[tuple[float, ...], Param("what was measured, after each update", finite=False)]

NotResumed = Annotated[int, Param("the step that a run was stopped at, of which -1 is read")]

EpochLength = Annotated[int, Param("the updates in an epoch", unit="steps", at_least=1)]

Horizon = Annotated[int, Param("the length of the run", unit="steps", at_least=1)]

Kinds = Mapping[Any, str]
"""The names of parameters by their kind."""

COMMON: Kinds = {
    Optimizer: "optimizer",
    NotResumed: "last_epoch",
    Ignored: "verbose",
    BaseRate: "lr",
    Metrics: "metrics",
    EpochLength: "steps_per_epoch",
    Horizon: "horizon",
}
"""The parameters that mean the same in all frameworks."""


class Member(NamedTuple):
    """A call inside another's list, for functions that must know more of it than its rates."""

    name: str
    arguments: Mapping[str, Any]
    schedule: Schedule


@cache
def parameters_of(file: ModuleType, name: str) -> Mapping[str, inspect.Parameter]:
    """Return the parameters of a call, each annotated with its kind."""
    tables: tuple[Kinds, ...] = (COMMON, file.KINDS)
    kinds = {name: kind for t in tables for kind, names in t.items() for name in names.split()}
    found = {}
    for given in inspect.signature(getattr(file, name)).parameters.values():
        kind = given.annotation
        if kind is given.empty:
            kind = kinds.get(given.name, type(given.default))
        found[given.name] = given.replace(annotation=kind)
    return found


def field_of(given: inspect.Parameter) -> Parameter:
    """Return what a parameter says of its values."""
    field = parameter(given.name, given.annotation, given.default)
    return field._replace(optional=True) if given.default is None else field
