"""The settings of the noisy quadratic: what is assumed of a problem to draw and tell its loss."""

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import LrvizError, Sentence
from ..theory.quadratic import Quadratic
from .settings import Value, between, in_config, unknown, whole

MOST_DIMS = 10_000

CHECKS: Mapping[str, Callable[[Sentence, Value], Any]] = {
    "dims": whole(1, MOST_DIMS),
    "batch": between(1e-9, 1e15),
    "spectrum": between(0, 20),
    "noise": between(-20, 20),
    "momentum": between(0, 0.9999),
    "stability": between(1e-12, 4),
    "curvature": between(1e-300, 1e300),
}
"""The checks of its settings, by their names."""


def quadratic_of(given: Mapping[str, Value], subject: Callable[[str], Sentence]) -> Quadratic:
    """Return the quadratic of settings by their names; errors are about the `subject` of a name.

    The noise has the spectrum of the curvatures unless it is given. LrvizError for the first
    setting that is wrong, and for rates that are too high for any schedule.
    """
    values = {}
    for name, value in given.items():
        if name not in CHECKS:
            raise unknown("quadratic", name, CHECKS)
        values[name] = CHECKS[name](subject(name), value)
    found = Quadratic(**{"noise": values.get("spectrum", 1.0), **values})
    if "curvature" in values and "stability" in values:
        raise LrvizError(
            subject("curvature") + " and " + subject("stability") + " both say what rates are "
            "multiplied by; keep one of them"
        )
    if not found.stability < found.limit:
        raise LrvizError(
            subject("stability") + f" is the highest rate times the highest curvature, from "
            f"{found.limit:g} on any loss grows, and this is {found.stability:g}; lower it"
        )
    return found


def read(subject: Sentence, value: Value) -> Quadratic | None:
    """Return the quadratic of a setting, which is true or a table; of false None."""
    if isinstance(value, Quadratic):
        return value
    if isinstance(value, bool):
        return Quadratic() if value else None
    if not isinstance(value, dict):
        raise LrvizError(
            subject + f" is true, or says what is assumed, such as {{ batch = 8 }}, "
            f"not {in_config(value)}"
        )
    return quadratic_of(value, lambda name: subject + f".{name}")


def written(found: Quadratic) -> Value:
    """Return a quadratic as it stands in a config."""
    usual = Quadratic(noise=found.spectrum)
    values = {
        name: value for name, value in found._asdict().items() if value != getattr(usual, name)
    }
    return values or True
