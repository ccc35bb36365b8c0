"""Python's own functions that call functions, or that look at what kind a value is."""

# ruff: noqa: ARG001 (what is called by a table is called with the same)

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .faults import RaisedError, RefusalError
from .functions import largest, least
from .operations import alone, binary, truth
from .values import (
    Class,
    Function,
    Instance,
    Lanes,
    Method,
    Native,
    Optimizer,
    Outside,
    Scheduled,
    Unknown,
    names_of,
)

_HERE = ast.Pass()
_TYPES: Mapping[str, type[Any]] = {
    "int": int,
    "float": float,
    "bool": bool,
    "str": str,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "set": set,
    "range": range,
}


def _extreme(take: Callable[[Any], Any], more: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def called(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        values = run.iterated(args[0], _HERE) if len(args) == 1 else args
        if names_of(*values) or any(isinstance(v, Unknown) for v in values):
            return Unknown("min or max", names_of(*values))
        values = list(values)
        if not values and "default" in kwargs:
            return kwargs["default"]
        key = kwargs.get("key")
        if key is None:
            return take(values)
        pairs = [(run.called(key, [v], {}, _HERE), v) for v in values]
        best = pairs[0]
        for pair in pairs[1:]:
            best = pair if truth(binary(more, pair[0], best[0])) else best
        return best[1]

    return called


def _len(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    call = run.special(value, "__len__")
    if call is not None:
        return run.called(call, [], {}, _HERE)
    run.reads(value, None) if isinstance(value, list | dict) else None
    return len(value)


def _any(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _tested(run, args[0], stops=True)


def _all(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _tested(run, args[0], stops=False)


def _tested(run: Any, values: Any, stops: bool) -> Any:
    for value in run.iterated(values, _HERE):
        if isinstance(value, Unknown):
            return value
        if truth(run.counted(value)) == stops:
            return stops
    return not stops


def _map(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    function, *lists = args
    rows = zip(*(run.iterated(values, _HERE) for values in lists), strict=False)
    return [run.called(function, list(row), {}, _HERE) for row in rows]


def _filter(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    function, values = args
    passed = []
    for value in run.iterated(values, _HERE):
        result = value if function is None else run.called(function, [value], {}, _HERE)
        if isinstance(result, Unknown):
            return result
        if truth(run.counted(result)):
            passed.append(value)
    return passed


def _sorted(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    values = alone(list(run.iterated(args[0], _HERE)))
    key = kwargs.get("key")
    backwards = truth(kwargs.get("reverse", False))
    if key is None:
        return sorted(values, reverse=backwards)
    keys = [alone(run.called(key, [v], {}, _HERE)) for v in values]
    order = sorted(range(len(values)), key=keys.__getitem__, reverse=backwards)
    return [values[i] for i in order]


def _dict(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if args and isinstance(args[0], Unknown):
        return args[0]
    found = dict(args[0]) if args and isinstance(args[0], dict) else {}
    if args and not isinstance(args[0], dict):
        found = dict(tuple(pair) for pair in run.iterated(args[0], _HERE))
    return found | kwargs


def _isinstance(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value, kinds = args
    for kind in kinds if isinstance(kinds, tuple) else (kinds,):
        found = _is(value, kind)
        if found is None:
            return Unknown(
                "isinstance", names_of(value) or names_of(kind), "the kind of this is not known"
            )
        if found:
            return True
    return False


def _is(value: Any, kind: Any) -> bool | None:
    """Return whether a value is of a kind; None if that is not known."""
    if isinstance(kind, Class):
        return isinstance(value, Instance) and kind in value.of.line()
    if isinstance(value, Unknown):
        return None
    if isinstance(kind, Native):
        plain = _TYPES.get(kind.name)
        if isinstance(value, Lanes):
            names = {"b": ("bool", "int"), "i": ("int",), "f": ("float",), "O": ("int",)}
            return kind.name in names[value.data.dtype.kind]
        if plain is not None:
            return isinstance(value, plain)
        return False
    if isinstance(kind, Outside):
        last = kind.path.rpartition(".")[2]
        if isinstance(value, Optimizer):
            return "ptimizer" in last or last == value.text
        if isinstance(value, Scheduled):
            return value.call.name == last
        if isinstance(value, Instance):
            return any(
                isinstance(b, Outside) and b.path.rpartition(".")[2] == last
                for b in value.of.line()
            )
        if last in ("Callable", "FunctionType"):
            return isinstance(value, Function | Method)
        if last in ("Sequence", "Iterable"):
            return isinstance(value, list | tuple)
        if last in ("Number", "Real"):
            return isinstance(value, int | float | Lanes)
        if last == "ndarray":
            return isinstance(value, np.ndarray)
        return False
    return None


def _hasattr(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value, name = args
    if isinstance(value, Unknown):
        if f"{value.text}.{name}" in run.given:
            return True
        return Unknown(f"hasattr({value.text}, {name!r})", (f"hasattr({value.text}, {name!r})",))
    try:
        found = run.attribute_of(value, name, _HERE)
    except RaisedError:
        return False
    return not (isinstance(found, Unknown) and isinstance(value, Instance))


def _getattr(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value, name, *default = args
    if not isinstance(name, str):
        raise RaisedError("TypeError", "the name of an attribute is a text")
    try:
        return run.attribute_of(value, name, _HERE)
    except RaisedError:
        if not default:
            raise
        return default[0]


def _setattr(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value, name, new = args
    if not isinstance(name, str):
        raise RaisedError("TypeError", "the name of an attribute is a text")
    run.set_attribute(value, name, new, _HERE)


def _callable(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Instance):
        return run.special(value, "__call__") is not None
    return isinstance(value, Function | Method | Native | Class)


def _next(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    values = args[0]
    if not isinstance(values, list):
        raise RefusalError("next is only read of a list; write it another way")
    if values:
        return values[0]
    if len(args) > 1:
        return args[1]
    raise RaisedError("StopIteration", "there is no next value")


def _type(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    if isinstance(value, Instance):
        return value.of
    return Unknown("type", why="the type of this is not known")


def _nothing(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return None


def _first(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else None


OF_PROGRAM: Mapping[str, Callable[..., Any]] = {
    "min": _extreme(least, operator.lt),
    "max": _extreme(largest, operator.gt),
    "len": _len,
    "any": _any,
    "all": _all,
    "map": _map,
    "filter": _filter,
    "sorted": _sorted,
    "dict": _dict,
    "isinstance": _isinstance,
    "hasattr": _hasattr,
    "getattr": _getattr,
    "setattr": _setattr,
    "callable": _callable,
    "next": _next,
    "iter": _first,
    "type": _type,
    "print": _nothing,
    "staticmethod": _first,
    "classmethod": _first,
    "property": _first,
}
"""What they are called with is the interpreter, the arguments and those with a name."""
