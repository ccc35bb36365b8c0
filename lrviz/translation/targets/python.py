"""Python: a function of the step."""

import ast
from collections.abc import Iterator

from ...schedules.code import piece
from ..asking import Asked, Text
from ..functions import function, modules

TITLE = "Python"


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a function that returns the rate at a step."""
    defined = rate_of(asked)
    yield Text("", modules(defined), defined)


def rate_of(asked: Asked) -> str:
    """Return a function of the step, `rate`."""
    node: ast.expr = piece(asked.code)
    return function("rate", node)
