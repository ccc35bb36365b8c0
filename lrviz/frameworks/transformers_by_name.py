"""Transformers' get_scheduler: the call of a name, and what it is given by way of get_scheduler."""

from collections.abc import Mapping
from typing import Any

from ..errors import ParameterError, did_you_mean, listing, quoted, shown
from . import Call
from .binding import BindingError, MissingError
from .composing import refusal

_CURES = {
    "metrics": "metrics=[0.9, 0.8, ...]",
    "num_warmup_steps": "num_warmup_steps=0",
    "num_training_steps": "num_training_steps=1000",
}


def in_its_words(error: BindingError, name: str, own: Mapping[str, Any]) -> ParameterError:
    """Return what is wrong with the schedule of that name as get_scheduler takes its arguments."""
    if isinstance(error, MissingError):
        first = error.missing[0]
        if first in _CURES:
            rule = f"must be given with {quoted(name)}; write {_CURES[first]} inside the call"
            return refusal("get_scheduler", first, rule)
        rule = f"must hold {listing(error.missing)} with {quoted(name)}; add {quoted(first)}: VALUE"
        return refusal("get_scheduler", "scheduler_specific_kwargs", rule)
    place, rest = error.parameter, error.renamed("", error.key)
    if place in _CURES:
        return ParameterError("get_scheduler", "", rest, place)
    member = [*own].index(place) if place in own else None
    rest = rest if place in own else "in scheduler_specific_kwargs " + rest
    return ParameterError("get_scheduler", "", rest, "scheduler_specific_kwargs", member)


def specific(call: Call, name: str, given: Any, taken: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specific arguments, all of which the call of that name takes."""
    given = {} if given is None else given
    if not isinstance(given, dict):
        rule = f'must be a dict such as {{"num_cycles": 2}}, not {shown(given)}'
        raise refusal("get_scheduler", "scheduler_specific_kwargs", rule)
    for key in given:
        if key in taken:
            rule = f"must not hold {quoted(key)}; move it out"
            raise refusal("get_scheduler", "scheduler_specific_kwargs", rule)
        what = call.parameters.get(key) if isinstance(key, str) else None
        if what is None or what.kind is what.KEYWORD_ONLY or key == "optimizer":
            word = quoted(key) if isinstance(key, str) else shown(key)
            near = _near(key, call, taken)
            rule = f"must not hold {word}, which {quoted(name)} does not take{near}"
            raise refusal("get_scheduler", "scheduler_specific_kwargs", rule)
    return given


def _near(key: object, call: Call, taken: Mapping[str, Any]) -> str:
    """Return a hint at what could be meant by a key that is not known."""
    known = [
        name
        for name, what in call.parameters.items()
        if what.kind is not what.KEYWORD_ONLY
        and name not in ("optimizer", "last_epoch", "verbose", *taken)
    ]
    near = did_you_mean(key, known) if isinstance(key, str) else ""
    return near or f"; it takes {listing(known) if known else 'none'}"
