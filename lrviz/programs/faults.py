"""What ends the run of a program early; none of these leaves the package."""

import ast
from typing import Any

import numpy as np

from ..errors import Sentence


class RefusalError(Exception):
    """A piece of the program that is not read: `message` is one sentence with the cure."""

    def __init__(self, message: str | Sentence, node: ast.AST | None = None) -> None:
        super().__init__(str(message))
        self.message, self.node = message, node


class DecidedError(RefusalError):
    """A piece of the program that cannot be passed over, as it changes the rates."""


class TooLongError(DecidedError):
    """A program that runs, grows or nests beyond the limits."""


class RaisedError(Exception):
    """An exception of the program's own, such as ZeroDivisionError; `node` is what raised it."""

    def __init__(self, kind: str, message: str, node: ast.AST | None = None) -> None:
        super().__init__(message)
        self.kind, self.message, self.node = kind, message, node

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind})"


NOT_REAL = "a negative number has no such power"


class NotRealError(RaisedError):
    """A power of a negative number, which is a complex one: it has no value here."""

    def __init__(self) -> None:
        super().__init__("ValueError", NOT_REAL)


class UndecidedError(Exception):
    """A loop that ends, or not, by what is not known."""

    def __init__(self, unknown: Any) -> None:
        super().__init__(unknown.text)
        self.unknown = unknown


class SplitError(Exception):
    """The steps of a run part here: `labels` says for each of them with which others it goes on."""

    def __init__(self, labels: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
        super().__init__()
        self.labels = labels
