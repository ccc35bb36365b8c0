"""Keras: a schedule as serialize_keras_object writes it, also inside of an optimizer or a model."""

from collections.abc import Iterator, Mapping
from typing import Any

from ...frameworks import calls_named
from .. import stack
from ..calls import Word, call
from ..settings import Settings
from ..targets import is_like_a_schedule

_MODULE = "keras.optimizers.schedules"


@stack("Keras 3", keys=("**.class_name",))
def keras(settings: Settings) -> str:
    """Return the call of the schedule that a serialized object holds."""
    settings.take(*settings.tree)
    for name in _unknown(settings.tree):
        settings.fail(f"{name} is no schedule of Keras; write the call that makes it")
    found = [*_schedules(settings.tree)]
    if found:
        if len(found) > 1:
            settings.fail(f"there are {len(found)} schedules in it; keep one of them")
        if "lr" in settings.known:
            settings.notes.append(
                "the rate of the options is not used, as the schedule says all rates"
            )
        return _call(found[0])
    rates = [*_rates(settings.tree)]
    if len(rates) == 1:
        rate, decay = rates[0]
        lr = settings.number(default=rate, option="lr")
        # Optimizers up to Keras 2.10 had a decay of their own.
        return f"inverse_time:lr={lr!r},rate={decay!r},steps=1" if decay else f"const:lr={lr!r}"
    return settings.fail("there is no schedule in it; name another file")


def _is_schedule(value: Any) -> bool:
    """Return whether a value is a serialized schedule that is known."""
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        return False
    return bool(_known(str(value.get("class_name"))))


def _known(name: str) -> str:
    """Return the path of a schedule of Keras; "" if there is none of that name."""
    found = [one for one in calls_named(f"{_MODULE}.{name}") if one.framework.has(_MODULE)]
    return found[0].path if found else ""


def _schedules(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the outermost schedules in a tree."""
    if _is_schedule(value):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _schedules(inner)


def _unknown(value: Any, key: str = "") -> Iterator[str]:
    """Yield the names of what is like a schedule, outside of those that are known."""
    if isinstance(value, Mapping) and not _is_schedule(value):
        name = str(value.get("class_name", ""))
        if name and (key == "learning_rate" or is_like_a_schedule(name)):
            yield name
        for inner_key, inner in value.items():
            yield from _unknown(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from _unknown(inner)


def _rates(value: Any) -> Iterator[tuple[float, float]]:
    """Yield the rates of optimizers in a tree that have a number, each with its decay."""
    if isinstance(value, Mapping):
        rate, decay = value.get("learning_rate"), value.get("decay") or 0.0
        if isinstance(rate, int | float) and not isinstance(rate, bool):
            yield float(rate), float(decay)
        for inner in value.values():
            yield from _rates(inner)


def _call(schedule: Mapping[str, Any]) -> str:
    """Return the call of a serialized schedule, with those that it holds."""
    keywords = {
        key: Word(_call(value)) if _is_schedule(value) else value
        for key, value in schedule["config"].items()
        if key != "name"
    }
    return call(_known(schedule["class_name"]), **keywords)
