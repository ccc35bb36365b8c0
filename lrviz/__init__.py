"""Plot, tabulate and compare learning-rate schedules, without a deep-learning framework."""

import importlib
from typing import TYPE_CHECKING, Any

from .curves import Curve, evaluate
from .errors import LrvizError
from .schedules.base import Schedule
from .specs import parse
from .specs.quantities import Run

if TYPE_CHECKING:
    from .answers.compare import compare
    from .answers.explain import explain
    from .answers.plot import plot
    from .answers.table import table

__version__ = "0.1.0"

__all__ = [
    "Curve",
    "LrvizError",
    "Run",
    "Schedule",
    "__version__",
    "compare",
    "evaluate",
    "explain",
    "parse",
    "plot",
    "table",
]


def __getattr__(name: str) -> Any:
    """Import an answer when it is first asked for, so that a table need not wait for the others."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    answer = getattr(importlib.import_module(f"{__name__}.answers.{name}"), name)
    globals()[name] = answer
    return answer


def __dir__() -> list[str]:
    return __all__
