"""The families of schedules, one file each, named as in specs: `cosine:lr=1` is in cosine.py."""

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
