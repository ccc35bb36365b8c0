"""Functions that compute numbers: those of math, of bisect, and Python's own."""

import bisect
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from .faults import RaisedError, RefusalError, TooLongError
from .limits import LARGEST_BITS, LONGEST_LIST
from .operations import TRACE, alone, apart, binary, checked, each, truth
from .values import Lanes, Native, Raw, is_number

Computed = Callable[..., Any]


def elementwise(function: Computed, jumps: bool = False) -> Computed:
    """Return a function of numbers for lanes too, computed by Python; `jumps` to whole numbers."""

    def called(*args: Any) -> Any:
        if any(isinstance(a, Lanes) for a in args):
            if not all(map(is_number, args)):
                args = tuple(alone(a) for a in args)
                return called(*args)
            found = each(function, *args)
            return Lanes(TRACE.mix(found) if jumps else found)
        return guarded(function, *args)

    return called


def guarded(function: Computed, *args: Any, **kwargs: Any) -> Any:
    """Return what a function of Python gives; what it raises is the program's exception."""
    try:
        with np.errstate(all="ignore"):
            return checked(function(*args, **kwargs))
    except (ArithmeticError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise RaisedError(type(error).__name__, str(error)) from None


_MATH = (
    "acos acosh asin asinh atan atan2 atanh copysign cos cosh degrees erf exp exp2 expm1 fabs fmod "
    "hypot isclose isfinite isinf isnan log log10 log1p log2 pow radians sin sinh sqrt tan tanh gcd"
)
_WHOLE = ("ceil", "floor", "trunc")
_CONSTANTS = ("pi", "e", "tau", "inf", "nan")


def _factorial(number: int) -> int:
    if number > 300:
        raise TooLongError("this is too large a number; write a smaller one")
    return math.factorial(number)


def _product(values: Iterable[Any], start: Any = 1) -> Any:
    for value in values:
        start = binary(operator.mul, start, value)
    return start


def _bisected(side: str) -> Computed:
    """Return bisect_left or bisect_right for lanes too."""
    plain = bisect.bisect_left if side == "left" else bisect.bisect_right

    def called(marks: Any, x: Any) -> Any:
        if isinstance(x, Lanes) and is_plain(marks) and list(marks) == sorted(marks):
            found = np.searchsorted(np.asarray(marks), x.data, side=side)  # type: ignore[call-overload]
            return Lanes(TRACE.mix(found.astype(np.int64)))
        return guarded(plain, alone(marks), alone(x))

    return called


def is_plain(values: Any) -> bool:
    """Return whether these are numbers that an array keeps exactly, at least one."""
    if isinstance(values, np.ndarray):
        return values.ndim == 1 and values.size > 0
    if isinstance(values, range):  # the first and the last are its extremes
        return len(values) > 0 and max(abs(values[0]), abs(values[-1])) <= 2**53
    return (
        isinstance(values, list | tuple)
        and len(values) > 0
        and all(isinstance(v, int | float) and abs(v) <= 2**53 for v in values)
    )


def _absolute(value: Any) -> Any:
    if isinstance(value, Lanes) and value.data.dtype != object:
        data = value.data.astype(np.int64) if value.data.dtype == np.bool else value.data
        return Lanes(np.abs(data), value.numpy)
    return elementwise(abs)(value)


def _int(value: Any = 0, base: int = 10) -> Any:
    if isinstance(value, Lanes):
        data = value.data
        if data.dtype.kind in "bi":
            return Lanes(data.astype(np.int64))
        if data.dtype == np.float64 and np.all(np.abs(data) < 2.0**62):
            return Lanes(TRACE.mix(data.astype(np.int64)))
        return Lanes(TRACE.mix(each(int, value)))
    return guarded(int, value, base) if isinstance(value, str) else guarded(int, value)


def _float(value: Any = 0.0) -> Any:
    if isinstance(value, Lanes):
        return Lanes(each(float, value) if value.data.dtype == object else value.data.astype(float))
    return guarded(float, value)


def _bool(value: Any = False) -> Any:
    return Lanes(value.data != 0) if isinstance(value, Lanes) else truth(value)


def _round(number: Any, ndigits: Any = None) -> Any:
    if isinstance(number, Lanes):
        if ndigits is None:
            return Lanes(TRACE.mix(each(round, number)))
        return Lanes(TRACE.mix(each(lambda x: round(x, ndigits), number)))
    if isinstance(number, int) and isinstance(ndigits, int):
        ndigits = max(ndigits, -LARGEST_BITS)  # more only make the power of ten larger
    return guarded(round, number, ndigits) if ndigits is not None else guarded(round, number)


def chosen(take: Computed) -> Callable[[Sequence[Any]], Any]:
    """Return min (`take` is less than) or max of several values, lanes among them or not."""

    def called(values: Sequence[Any]) -> Any:
        if not values:
            raise RaisedError("ValueError", "of no values there is neither a least nor a largest")
        best = values[0]
        for value in values[1:]:
            if not (isinstance(best, Lanes) or isinstance(value, Lanes)):
                best = value if truth(binary(take, value, best)) else best
                continue
            taken = binary(take, value, best)
            if not isinstance(taken, Lanes):
                best = value if truth(taken) else best
                continue
            best = select(taken.data, value, best)
        return best

    return called


def select(taken: Raw, yes: Any, no: Any) -> Lanes:
    """Return the one number or the other for each lane, of kinds that may differ."""
    TRACE.mix(taken)
    x, y = (v.data if isinstance(v, Lanes) else np.asarray(v) for v in (yes, no))
    kinds = {"i" if k in "bi" else k for k in (x.dtype.kind, y.dtype.kind)}
    if len(kinds) > 1 and not ("O" not in kinds and all(_is_exact(v) for v in (x, y))):
        apart(taken)
        one = yes if taken[0] else no
        return one if isinstance(one, Lanes) else Lanes(np.full(taken.shape, one))
    of_numpy = any(isinstance(v, Lanes) and v.numpy for v in (yes, no))
    return Lanes(np.where(taken, x, y), of_numpy)


def _is_exact(numbers: Raw) -> bool:
    """Return whether a float64 keeps these numbers."""
    return numbers.dtype.kind in "bf" or bool(np.all(np.abs(numbers) <= 2**53))


def added(values: Iterable[Any], start: Any = 0) -> Any:
    """Return the sum of numbers, from the left."""
    for value in values:
        start = binary(operator.add, start, value)
    return start


def _range(*args: Any) -> range:
    args = tuple(alone(a) for a in args)
    found = guarded(range, *args)
    assert isinstance(found, range)
    return found


def _divmod(left: Any, right: Any) -> tuple[Any, Any]:
    return binary(operator.floordiv, left, right), binary(operator.mod, left, right)


def _listed(kind: type[Any]) -> Computed:
    def called(values: Any = (), /) -> Any:
        if isinstance(values, range | np.ndarray) and len(values) > LONGEST_LIST:
            raise TooLongError("this is too long a list; make it shorter")
        if isinstance(values, np.ndarray):
            values = values.tolist()
        return guarded(kind, values)

    return called


def _sorted(values: Any, reverse: bool = False) -> list[Any]:
    return guarded(sorted, alone(list(values)), reverse=truth(reverse))  # type: ignore[no-any-return]


def _zipped(*values: Any) -> list[Any]:
    return [tuple(row) for row in zip(*values, strict=False)]


def _enumerated(values: Any, start: int = 0) -> list[Any]:
    return list(enumerate(values, start))


def _reversed(values: Any) -> list[Any]:
    return list(values)[::-1]


def _text(value: Any = "") -> str:
    if isinstance(value, str | int | float | bool | None) and not isinstance(value, Lanes):
        return str(value)
    raise RefusalError("the text of this is not read; leave it out")


MATH: dict[str, Any] = {
    **{name: elementwise(getattr(math, name)) for name in _MATH.split() if hasattr(math, name)},
    **{name: elementwise(getattr(math, name), jumps=True) for name in _WHOLE},
    **{name: getattr(math, name) for name in _CONSTANTS},
    "factorial": elementwise(_factorial),
    "prod": _product,
}
"""What `math` holds."""

BISECT: dict[str, Any] = {
    "bisect": _bisected("right"),
    "bisect_right": _bisected("right"),
    "bisect_left": _bisected("left"),
}

BUILTINS: dict[str, Any] = {
    "abs": _absolute,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "round": _round,
    "range": _range,
    "divmod": _divmod,
    "list": _listed(list),
    "tuple": _listed(tuple),
    "set": _listed(set),
    "frozenset": _listed(frozenset),
    "sorted": _sorted,
    "zip": _zipped,
    "enumerate": _enumerated,
    "reversed": _reversed,
    "sum": added,
    "pow": lambda x, y: binary(operator.pow, x, y),
    "str": _text,
    "repr": _text,
}
"""Python's own functions of values alone."""

least, largest = chosen(operator.lt), chosen(operator.gt)


def native(name: str, function: Computed) -> Native:
    """Return a function of values as the interpreter calls it."""
    return Native(name, lambda _run, args, kwargs: function(*args, **kwargs))
