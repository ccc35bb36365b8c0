"""An example of each call, ready to paste: that of its file, or one made of what it must have."""

import re
from collections.abc import Iterator
from inspect import Parameter as Given

from . import Call
from .kinds import Ignored, Optimizer, field_of
from .values import Function

_WORDS = {
    "decay_rate|gamma": "0.9",
    "d_model": "512",
    "base_lr|base_learning_rate|swa_lr": "0.01",
    "init_value|start_lr": "0.0",
    "metrics": "[1.0, 0.9, 0.8] + [0.7] * 27",
    "boundaries|milestones": "[30, 60]",
    "step_size|step_size_up": "30",
    "values": "[0.1, 0.01, 0.001]",
    ".*warmup.*": "10",
}
"""What a parameter is whose whole name is one of these."""


def example(call: Call) -> str:
    """Return a call with at least what it must be given."""
    return f"{call.path}({call.example or ', '.join(_arguments(call))})"


def _arguments(call: Call) -> Iterator[str]:
    """Yield what a call must be given, by name unless it is the optimizer in front."""
    for i, (name, given) in enumerate(call.parameters.items()):
        if given.default is Given.empty:
            value = _value(name, given)
            yield value if (i, value) == (0, name) else f"{name}={value}"


def _value(name: str, given: Given) -> str:
    """Return what a parameter may be: a name for what is passed over, else a value."""
    field = field_of(given)
    if given.annotation in (Optimizer, Ignored):
        return name
    if field.item is Function:
        return "lambda t: 0.95 ** t"
    known = (value for words, value in _WORDS.items() if re.fullmatch(words, name))
    return next(known, "100" if field.param.unit == "steps" else "0.1")
