"""Functions of numpy and of what follows it: jax.numpy, TensorFlow, PyTorch, Keras.

Arrays of the program are arrays of numpy; a number of every step goes through the same functions.
"""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .faults import RaisedError, RefusalError, TooLongError
from .functions import added, guarded, select
from .limits import LARGEST_ARRAY
from .operations import TRACE, alone, binary, pack
from .values import Lanes, is_number

_UNARY = (
    "abs absolute arccos arcsin arctan arctanh cbrt ceil cos cosh deg2rad exp exp2 expm1 fabs "
    "floor isfinite isinf isnan log log10 log1p log2 negative rad2deg reciprocal rint sign sin "
    "sinh sqrt square tan tanh trunc logical_not"
)
_BINARY = (
    "add arctan2 divide equal float_power floor_divide fmax fmin fmod greater greater_equal hypot "
    "less less_equal logical_and logical_or maximum minimum mod multiply not_equal power remainder "
    "subtract true_divide heaviside"
)
_JUMP = ("ceil", "floor", "rint", "trunc", "floor_divide", "sign", "heaviside")
_OF_ARRAYS = (
    "all amax amin any argmax argmin argsort array_equal average clip concatenate cumprod cumsum "
    "diff dot flip hstack insert max mean median min ones_like polyval prod ravel roll "
    "searchsorted size sort std sum trapezoid unique var zeros_like append delete split "
    "array_split digitize"
)
_SIZED = (
    "arange array asarray empty full full_like geomspace linspace logspace ones repeat tile zeros"
)
_DTYPES = (
    "bfloat16 double float float16 float32 float64 float_ half int int16 int32 int64 int_ long "
    "uint8 bool"
)


def _scalars(args: tuple[Any, ...]) -> list[Any]:
    return [a.data if isinstance(a, Lanes) else a for a in args]


def _ufunc(name: str) -> Callable[..., Any]:
    """Return a function of numpy on numbers, on arrays and on numbers of every step."""
    function = getattr(np, name)

    def called(*args: Any) -> Any:
        args = tuple(np.asarray(a) if isinstance(a, list | tuple) else a for a in args)
        if not any(isinstance(a, Lanes) for a in args):
            return _sized(guarded(function, *args))
        if not all(map(is_number, args)) or any(_is_large(a) for a in args):
            return called(*(alone(a) for a in args))
        found = guarded(function, *_scalars(args))
        return Lanes(TRACE.mix(found) if name in _JUMP else found, numpy=True)

    return called


def _is_large(value: Any) -> bool:
    return isinstance(value, Lanes) and value.data.dtype == object


def _sized(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "bif" or value.ndim > 1:
            if value.size == 1 and value.dtype.kind in "bif":
                return value
            raise RefusalError("only arrays of numbers in one row are read; write them so")
        if value.ndim == 0:
            return value[()]
    return value


def _where(test: Any, yes: Any = None, no: Any = None) -> Any:
    if yes is None or no is None:
        raise RefusalError("where with one argument is not read; give it three")
    if isinstance(test, Lanes) and is_number(yes) and is_number(no):
        found = select(test.data != 0, yes, no)
        return Lanes(found.data, numpy=True)
    if isinstance(test, bool | np.bool):
        return yes if test else no
    return _sized(guarded(np.where, alone(test), alone(yes), alone(no)))


def _clip(value: Any, low: Any = None, high: Any = None, **named: Any) -> Any:
    low = next((named[n] for n in ("a_min", "min", "clip_value_min") if n in named), low)
    high = next((named[n] for n in ("a_max", "max", "clip_value_max") if n in named), high)
    if low is not None:
        value = _ufunc("maximum")(value, low)
    return value if high is None else _ufunc("minimum")(value, high)


def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    xp, fp = alone(xp), alone(fp)
    if isinstance(x, Lanes) and not _is_large(x):
        TRACE.mix(np.searchsorted(np.asarray(xp), x.data, side="right"))
        return Lanes(guarded(np.interp, x.data, xp, fp, left=left, right=right), numpy=True)
    return guarded(np.interp, alone(x), xp, fp, left=left, right=right)


def _array(values: Any = (), *_: Any, **__: Any) -> Any:
    """Return an array of numbers; of one number that number."""
    if is_number(values):
        return Lanes(values.data, True) if isinstance(values, Lanes) else values
    values = alone(list(values) if isinstance(values, range | tuple) else values)
    return _sized(guarded(np.array, values))


def _made(name: str) -> Callable[..., Any]:
    """Return a function of numpy that makes an array, whose size is looked at before."""
    function = getattr(np, name)

    def called(*args: Any, **kwargs: Any) -> Any:
        args = tuple(alone(a) for a in args)
        kwargs = {k: alone(v) for k, v in kwargs.items() if k not in ("dtype", "name", "device")}
        if _asked(name, args, kwargs) > LARGEST_ARRAY:
            raise TooLongError("this is too large an array; make it smaller")
        return _sized(guarded(function, *args, **kwargs))

    return called


def _asked(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> float:
    """Return how many numbers a call asks for."""
    if not all(
        isinstance(a, int | float | str | tuple | list | range | np.ndarray | np.generic | None)
        for a in (*args, *kwargs.values())
    ):
        raise RefusalError("this is not a size; write a number")
    if name == "arange" and all(isinstance(a, int | float | np.number) for a in args):
        start, stop, step = (*((0, *args) if len(args) == 1 else args), 1)[:3]
        step = kwargs.get("step", step)
        return (stop - start) / step if step else 0
    if name in ("linspace", "logspace", "geomspace"):
        return float(kwargs.get("num", args[2] if len(args) > 2 else 50))
    if name in ("repeat", "tile"):
        times = args[1] if len(args) > 1 else kwargs.get("repeats", kwargs.get("reps", 1))
        return float(np.size(args[0])) * float(np.max(times))
    if name in ("zeros", "ones", "empty", "full"):
        return float(np.prod(kwargs.get("shape", args[0] if args else 1)))
    return 0.0


def _reduced(name: str) -> Callable[..., Any]:
    """Return a function of numpy of whole arrays."""
    function = getattr(np, name)

    def called(*args: Any, **kwargs: Any) -> Any:
        kwargs = {k: v for k, v in kwargs.items() if k not in ("dtype", "name")}
        one = args[0] if name == "sum" and len(args) == 1 and not kwargs else None
        if isinstance(one, list) and any(isinstance(v, Lanes) for v in one):
            return added(one)
        args = tuple(alone(a) for a in args)
        flat = [v for a in args for v in (a if isinstance(a, list | tuple) else [a])]
        if not all(isinstance(v, int | float | np.ndarray | np.generic | list | str) for v in flat):
            raise RefusalError(f"{name} is only read of numbers; write them out")
        if sum(np.size(v) for v in flat) > LARGEST_ARRAY:
            raise TooLongError("this is too large an array; make it smaller")
        found = guarded(function, *args, **kwargs)
        return found if isinstance(found, tuple | list) else _sized(found)

    return called


def _number(value: Any = 0, *_: Any, **__: Any) -> Any:
    """Return a value in another precision, which is not followed: Python's float64 is kept."""
    if isinstance(value, Lanes):
        return Lanes(value.data.astype(float), True)
    return (
        _array(value)
        if isinstance(value, list | tuple | np.ndarray)
        else guarded(np.float64, value)
    )


def _whole(value: Any = 0, *_: Any, **__: Any) -> Any:
    if isinstance(value, Lanes):
        return Lanes(TRACE.mix(value.data.astype(np.int64)), True)
    return guarded(lambda v: np.asarray(v).astype(np.int64)[()], value)


def _cast(value: Any, dtype: Any = None, **_: Any) -> Any:
    name = str(getattr(dtype, "name", dtype))
    return _whole(value) if "int" in name else _number(value)


def _same(value: Any, *_: Any, **__: Any) -> Any:
    return value


ARRAYS: dict[str, Any] = {
    **{name: _ufunc(name) for name in (*_UNARY.split(), *_BINARY.split())},
    **{name: _reduced(name) for name in _OF_ARRAYS.split() if hasattr(np, name)},
    **{name: _made(name) for name in _SIZED.split()},
    **{name: _whole if "int" in name or name == "long" else _number for name in _DTYPES.split()},
    "rsqrt": lambda x, **_: _ufunc("reciprocal")(_ufunc("sqrt")(_number(x))),
    "sigmoid": lambda x, **_: _ufunc("reciprocal")(
        binary(operator.add, 1.0, _ufunc("exp")(_ufunc("negative")(x)))
    ),
    "pow": _ufunc("power"),
    "asin": _ufunc("arcsin"),
    "acos": _ufunc("arccos"),
    "atan": _ufunc("arctan"),
    "floordiv": _ufunc("floor_divide"),
    "subtract": _ufunc("subtract"),
    "round": lambda value, decimals=0, **_: _rounded(value, decimals),
    "around": lambda value, decimals=0, **_: _rounded(value, decimals),
    "where": _where,
    "select": _where,
    "clip": _clip,
    "clamp": _clip,
    "clip_by_value": _clip,
    "interp": _interp,
    "array": _array,
    "asarray": _array,
    "tensor": _array,
    "as_tensor": _array,
    "constant": _array,
    "Variable": _array,
    "convert_to_tensor": _array,
    "identity": _same,
    "get_value": _same,
    "stop_gradient": _same,
    "cast": _cast,
    "to_float": _number,
    "to_int32": _whole,
    "to_int64": _whole,
    "concat": lambda values, *_, **__: _reduced("concatenate")(values),
    "hstack": lambda values, *_, **__: _reduced("concatenate")(values),
    "reduce_min": _reduced("min"),
    "reduce_max": _reduced("max"),
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "nan": math.nan,
    "newaxis": None,
}
"""What numpy and its followers hold."""


def _rounded(value: Any, decimals: Any) -> Any:
    if isinstance(value, Lanes):
        return Lanes(TRACE.mix(np.round(value.data, decimals)), True)
    return _sized(guarded(np.round, value, decimals))


def item(values: Any, place: Any) -> Any:
    """Return a member of a list or an array at a place that changes from step to step."""
    assert isinstance(place, Lanes)
    if place.data.dtype != np.int64 or not isinstance(values, list | tuple | np.ndarray | range):
        return None
    numbers = np.asarray(values) if isinstance(values, np.ndarray) else pack(list(values))
    if numbers is None or numbers.dtype == object or numbers.ndim != 1:
        return None
    from .operations import apart

    bad = (place.data >= numbers.size) | (place.data < -numbers.size)
    apart(bad)
    if bad.all():
        raise RaisedError("IndexError", "there is no such place in the list")
    return Lanes(numbers[TRACE.mix(place.data)], isinstance(values, np.ndarray))


def within(value: Lanes, values: Any) -> Any:
    """Return in which lanes a number is among several values; None if that is not computed."""
    if isinstance(values, range) and value.data.dtype == np.int64 and values.step:
        low, high = (values.start, values[-1]) if len(values) else (0, -1)
        low, high = min(low, high) if len(values) else 0, max(low, high) if len(values) else -1
        inside = (value.data >= low) & (value.data <= high)
        return Lanes(inside & ((value.data - values.start) % values.step == 0))
    if isinstance(values, list | tuple | set | frozenset | dict | np.ndarray):
        members = list(values)
        if all(isinstance(v, int | float | np.number) for v in members):
            found = np.zeros(value.data.shape, np.bool)
            for member in members[:1000]:
                found |= binary(operator.eq, value, member).data
            return Lanes(found) if len(members) <= 1000 else None
    return None
