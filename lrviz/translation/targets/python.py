"""Python: a function of the step."""

import ast
from collections.abc import Iterator
from contextlib import suppress

from ...schedules.code import UncodedError, piece
from ..asking import Asked, Text
from ..functions import function, modules

TITLE = "Python"


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a function that returns the rate at a step."""
    defined, _ = rate_of(asked)
    yield Text("", modules(defined), defined)


def rate_of(asked: Asked) -> tuple[str, str]:
    """Return a function of the step, and what it is called.

    A program that is no formula, and ends in a function of the step, is that function.
    """
    try:
        return function("rate", piece(asked.formula)), "rate"
    except UncodedError:
        text = str(asked.schedule)
        with suppress(SyntaxError):
            match ast.parse(text).body:
                case [*_, ast.FunctionDef(name=name)]:
                    return text, name
    return function("rate", piece(asked.code)), "rate"
