"""The texts of the calls that configs make."""

from collections.abc import Mapping
from typing import Any

from .documents import Exponent


class Word(str):
    """A text that a call has as it stands: a name, or a formula."""

    __slots__ = ()


OPTIMIZER = Word("optimizer")


def call(path: str, *arguments: Any, **keywords: Any) -> str:
    """Return the text of a call; keywords that are None are left out."""
    given = [written(one) for one in arguments]
    given += [f"{key}={written(one)}" for key, one in keywords.items() if one is not None]
    return f"{path}({', '.join(given)})"


def formula(expression: str, lr: float) -> str:
    """Return the call of a schedule that multiplies `lr` by an expression of the step `t`."""
    return call(
        "torch.optim.lr_scheduler.LambdaLR", OPTIMIZER, Word(f"lambda t: {expression}"), lr=lr
    )


def written(value: Any) -> str:
    """Return a value as a literal of Python."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    return repr(float(value) if isinstance(value, Exponent) else value)
