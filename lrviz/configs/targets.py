"""Trees in which a mapping names the class or function that is called with it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import listing, quoted
from ..frameworks import Call, calls_named
from .calls import OPTIMIZER, Word, call
from .settings import Settings, as_number

NAMES = ("_target_", "class_path", "_component_")
"""The keys that name what is called: of Hydra, the Lightning CLI and torchtune."""

_LIKE_A_SCHEDULE = re.compile(r"(?i:sched|warm_?up|annealing)|LR$|Decay$")
"""What is in the names of classes that change rates."""

_OWN = ("_partial_", "_recursive_", "_convert_", "_args_", "init_args", "dict_kwargs")


def target_of(value: Any) -> str:
    """Return the path of what a mapping calls; "" if it calls nothing."""
    if not isinstance(value, Mapping):
        return ""
    return next((str(value[name]) for name in NAMES if isinstance(value.get(name), str)), "")


def schedule_of(value: Any) -> Call | None:
    """Return the call of a schedule that a mapping is; None if it is something else."""
    path = target_of(value)
    found = calls_named(path) if path else []
    return found[0] if found else None


def schedules(tree: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the outermost calls of schedules in a tree, and where they are."""
    if schedule_of(tree):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from schedules(value, f"{path}.{key}" if path else key)
    elif isinstance(tree, list):
        for value in tree:
            yield from schedules(value, path)


def is_like_a_schedule(path: str) -> bool:
    """Return whether a class changes rates, as far as its name tells."""
    return _LIKE_A_SCHEDULE.search(path.rpartition(".")[2]) is not None


def _unknown(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the calls of what is like a schedule and not known, and where they are."""
    if isinstance(tree, list):
        for value in tree:
            yield from _unknown(value, path)
    elif isinstance(tree, Mapping) and not schedule_of(tree):
        if is_like_a_schedule(target_of(tree)):
            yield path, target_of(tree)
        for key, value in tree.items():
            yield from _unknown(value, f"{path}.{key}" if path else key)


def arguments_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that a mapping calls with."""
    inner = value.get("init_args")
    given = inner if isinstance(inner, Mapping) else value
    return {key: one for key, one in given.items() if key not in (*NAMES, *_OWN)}


def written_call(value: Mapping[str, Any], **more: Any) -> str:
    """Return the call that a mapping is, with calls inside of it and `more` keywords."""
    found = schedule_of(value)
    assert found is not None
    positional = [_argument(one) for one in value.get("_args_", [])]
    takes_optimizer = "optimizer" in found.parameters
    keywords = {key: _argument(one) for key, one in arguments_of(value).items()}
    keywords.pop("optimizer", None)
    known = {key: one for key, one in more.items() if key in found.parameters}
    path = target_of(value)
    path = path if found.framework.has(path.rpartition(".")[0]) else found.path
    before = [OPTIMIZER] if takes_optimizer else []
    return call(path, *before, *positional, **(known | keywords))


def _argument(value: Any) -> Any:
    """Return an argument, a call inside of it as its text."""
    if schedule_of(value):
        return Word(written_call(value))
    if isinstance(value, list):
        return [_argument(one) for one in value]
    return as_number(value)


def rate_of(settings: Settings) -> float | None:
    """Return the rate of the optimizer of a config; None if none is found."""
    if "lr" in settings.known:
        return settings.number(option="lr")
    rates = {*_rates(settings, settings.root, "")}
    return rates.pop() if len(rates) == 1 else None


def _rates(settings: Settings, tree: Any, path: str) -> Iterator[float]:
    """Yield the rates of what a tree calls and that is no schedule."""
    if not isinstance(tree, Mapping) or schedule_of(tree):
        return
    if target_of(tree):
        rate = arguments_of(tree).get("lr", arguments_of(tree).get("learning_rate"))
        number = as_number(settings.resolved(rate, f"{path}.lr")) if rate is not None else None
        if isinstance(number, int | float) and not isinstance(number, bool):
            yield float(number)
    for key, value in tree.items():
        yield from _rates(settings, value, f"{path}.{key}" if path else key)


def only_schedule(settings: Settings) -> tuple[str, Mapping[str, Any]]:
    """Return the one schedule of a config and where it is; LrvizError if there is not one."""
    found = [*schedules(settings.tree)]
    unknown = [*_unknown(settings.tree)]
    if unknown and not found:
        settings.fail(f"{listing([name for _, name in unknown])} is no schedule that is known")
    if not found:
        settings.fail("none of the classes that it names is a schedule that is known")
    if len(found) > 1:
        places = [path or "the list" for path, _ in found]
        settings.fail(
            f"it has {len(found)} schedules; say which with @{settings.title}:{places[0]}"
        )
    path, value = found[0]
    for outer, name in unknown:
        if not outer or path.startswith(f"{outer}."):
            settings.fail(f"{quoted(name)}, in which {path} is, is no schedule that is known")
    settings.take(*settings.tree)
    return path, settings.resolved(value, path)
