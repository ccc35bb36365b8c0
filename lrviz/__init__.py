"""Plot, tabulate and compare learning-rate schedules, without a deep-learning framework."""

TYPE_CHECKING = False  # as typing has it, which takes long to import

if TYPE_CHECKING:
    from . import families
    from .answers.explain import explain
    from .answers.fit import fit
    from .answers.predict import predict
    from .answers.python import compare, plot, table, translate
    from .curves import Curve, evaluate
    from .errors import LrvizError
    from .schedules.base import Schedule
    from .specs import parse
    from .specs.quantities import Run

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
    "families",
    "fit",
    "parse",
    "plot",
    "predict",
    "table",
    "translate",
]

_HOMES = {
    "Curve": "curves",
    "LrvizError": "errors",
    "Run": "specs.quantities",
    "Schedule": "schedules.base",
    "compare": "answers.python",
    "evaluate": "curves",
    "explain": "answers.explain",
    "families": "families",
    "fit": "answers.fit",
    "parse": "specs",
    "plot": "answers.python",
    "predict": "answers.predict",
    "table": "answers.python",
    "translate": "answers.python",
}
"""The modules that names are from, or are."""


def __getattr__(name: str) -> object:
    """Import a name when it is first asked for, so that nothing waits for what it does not need."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module = importlib.import_module(f"{__name__}.{_HOMES[name]}")
    found: object = module if name == _HOMES[name] else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
