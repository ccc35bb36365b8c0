"""The methods of numbers, texts, lists, dicts and arrays that programs may call."""

# ruff: noqa: ARG001, ARG005 (what is called by a table is called with the same)

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .arrays import ARRAYS
from .faults import RefusalError, TooLongError
from .functions import guarded
from .limits import LONGEST_LIST, LONGEST_STRING
from .operations import alone, checked
from .values import Lanes, Unknown


class Plain(NamedTuple):
    """An attribute that is no method."""

    value: Any


_STR = (
    "lower upper strip lstrip rstrip split startswith endswith replace isdigit capitalize title "
    "count find partition rpartition removeprefix removesuffix casefold index"
)
_LIST = "append extend insert pop remove index count copy clear reverse"
_DICT = "get keys values items update setdefault pop copy clear"
_SET = "add discard union intersection difference copy issubset issuperset update"
_CHANGE = (
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "reverse",
    "update",
    "setdefault",
    "add",
    "discard",
    "sort",
)
_SAME = (
    "item",
    "numpy",
    "float",
    "double",
    "cpu",
    "detach",
    "clone",
    "eval",
    "to",
    "squeeze",
    "copy",
)
_REDUCED = (
    "sum",
    "mean",
    "min",
    "max",
    "cumsum",
    "cumprod",
    "prod",
    "any",
    "all",
    "argmin",
    "argmax",
    "round",
    "clip",
    "clamp",
    "std",
)

Called = Callable[..., Any]


def method_of(of: Any, name: str) -> Any:
    """Return a method, a function of (run, value, args, kwargs, node), or a Plain; else None."""
    match of:
        case bool() | int() | float() | Lanes() | np.number():
            return _of_number(of, name)
        case str() if name in _STR.split():
            return _native(name)
        case str() if name in ("format", "join"):
            return lambda run, value, args, kwargs, node: Unknown(
                value, why="a text that is formatted has no value here", node=node
            )
        case list() if name in _LIST.split():
            return _native(name)
        case list() if name == "sort":
            return _sort
        case dict() if name in _DICT.split():
            return _native(name)
        case set() | frozenset() if name in _SET.split():
            return _native(name)
        case tuple() | range() if name in ("index", "count"):
            return _native(name)
        case np.ndarray():
            return _of_array(of, name)
    return None


def _native(name: str) -> Called:
    def called(run: Any, value: Any, args: list[Any], kwargs: dict[str, Any], node: Any) -> Any:
        if name in _CHANGE:
            run.touch(
                value,
                args[0]
                if isinstance(value, dict) and args and isinstance(args[0], str | int)
                else None,
            )
        run.reads(
            value, args[0] if name == "get" and args and isinstance(args[0], str | int) else None
        )
        if name not in ("append", "insert", "setdefault", "update", "get", "extend"):
            args = [alone(a) for a in args]
        if name == "get" and args:
            args = [alone(args[0]), *args[1:]]
        if name == "replace" and len(args) > 1 and all(isinstance(a, str) for a in args[:2]):
            most = (value.count(args[0]) + 1) * len(args[1])
            if most > LONGEST_STRING:
                raise TooLongError("this is too long a text; make it shorter", node)
        result = guarded(getattr(value, name), *args, **kwargs)
        checked(value)
        if len(value) > LONGEST_LIST:
            raise RefusalError("this is too long a list; make it shorter", node)
        if name in ("keys", "values", "items"):
            return list(result)
        return result

    return called


def _sort(run: Any, value: list[Any], args: list[Any], kwargs: dict[str, Any], node: Any) -> None:
    run.touch(value)
    run.reads(value, None)
    value[:] = run.called(run.builtin("sorted"), [list(value)], kwargs, node)


def _of_number(of: Any, name: str) -> Any:
    if name in _SAME:
        return lambda _run, value, *_: value
    if name == "is_integer" and isinstance(of, float):
        return lambda _run, value, *_: value.is_integer()
    if name in ("astype", "type", "cast"):
        return lambda _run, value, args, *_: ARRAYS["cast"](value, *args)
    if name in ("int", "long"):
        return lambda _run, value, *_: ARRAYS["to_int64"](value)
    if name in (
        "clip",
        "clamp",
        "round",
        "sqrt",
        "cos",
        "exp",
        "log",
        "pow",
        "floor",
        "ceil",
        "abs",
    ):
        return lambda _run, value, args, kwargs, _node: ARRAYS[name](value, *args, **kwargs)
    if name == "real":
        return Plain(of)
    if name == "shape":
        return Plain(())
    if name == "dtype":
        return Plain("float64")
    return None


def _of_array(of: Any, name: str) -> Any:
    if name in ("size", "shape", "ndim"):
        return Plain(getattr(of, name))
    if name == "T":
        return Plain(of)
    if name == "dtype":
        return Plain(str(of.dtype))
    if name == "tolist":
        return lambda _run, value, *_: checked(value.tolist())
    if name == "item":
        return lambda _run, value, args, *_: guarded(value.item, *args)
    if name in ("astype", "type"):
        return lambda _run, value, args, *_: ARRAYS["cast"](value, *args)
    if name == "copy":
        return lambda _run, value, *_: value.copy()
    if name in _SAME or name in ("flatten", "ravel"):
        return lambda _run, value, *_: value
    if name in _REDUCED:
        return lambda _run, value, args, kwargs, _node: ARRAYS[name](value, *args, **kwargs)
    return None
