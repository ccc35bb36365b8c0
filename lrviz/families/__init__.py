"""The families of schedules, one file each, named as in specs: `cosine:lr=1` is in cosine.py.

Their classes can be had from here, `CosineDecay(lr=1, steps=10)`.
"""

from typing import Any

from ..discover import import_all, import_named
from ..schedules.base import Schedule


def family(name: str) -> type[Schedule] | None:
    """Return the family called `name` in specs, or None if there is none."""
    import_named(__name__, name)
    return Schedule.registry.get(name)


def families() -> dict[str, type[Schedule]]:
    """Return all families by name, in alphabetical order."""
    import_all(__name__)
    return dict(sorted(Schedule.registry.items()))


def _classes() -> dict[str, type[Schedule]]:
    """Return the classes of all families by their own names."""
    return {kind.__name__: kind for kind in families().values()}


def __getattr__(name: str) -> Any:
    """Return the class of a family, none of which is imported before one is asked for."""
    found = None if name.startswith("_") else _classes().get(name)
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(["families", "family", *_classes()])
