"""Python's operators on numbers and on lanes: the same table for both, with Python's results.

Sums, products and comparisons of lanes are numpy's, which are Python's as long as ints are small;
where they are not, and for powers, each lane is computed by Python itself.
"""

import ast
import operator
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .faults import NotRealError, RaisedError, RefusalError, SplitError, TooLongError
from .limits import LARGEST_BITS, LONGEST_LIST, LONGEST_STRING, counted
from .values import Lanes, Raw, is_number

_EXACT = 2**53
"""Up to here a float64 tells whole numbers apart."""

OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_COMPARED = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)
_RINGED: dict[Any, Callable[[int, int], int]] = {
    operator.add: operator.add,
    operator.sub: operator.add,
    operator.mul: operator.mul,
}
"""How large the result of two ints can be, from how large those are."""
_DIVIDED = (operator.truediv, operator.floordiv, operator.mod)


def raw(value: Any) -> Any:
    """Return the numbers of lanes; other values as they are."""
    return value.data if isinstance(value, Lanes) else value


def binary(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Return what an operator gives for two values that are known."""
    if isinstance(left, Lanes) or isinstance(right, Lanes):
        return _on_lanes(function, left, right)
    _check_growth(function, left, right)
    try:
        with np.errstate(all="ignore"):
            return checked(function(left, right))
    except ZeroDivisionError as error:
        raise RaisedError("ZeroDivisionError", str(error)) from None
    except OverflowError as error:
        raise RaisedError("OverflowError", str(error)) from None
    except (TypeError, ValueError) as error:
        raise RaisedError(type(error).__name__, str(error)) from None


def checked(value: Any) -> Any:
    """Return a value if it is neither too large nor a complex number."""
    if isinstance(value, complex | np.complexfloating):
        raise NotRealError
    if type(value) is int and value.bit_length() > LARGEST_BITS:
        raise TooLongError("this is too large a number; write a smaller one")
    if isinstance(value, str) and len(value) > LONGEST_STRING:
        raise TooLongError("this is too long a text; make it shorter")
    if isinstance(value, list | tuple | dict | set):
        if len(value) > LONGEST_LIST:
            raise TooLongError("this is too long a list; make it shorter")
        return counted(value)
    return value


def _check_growth(function: Any, left: Any, right: Any) -> None:
    """Refuse what would be too large before it is computed."""
    if function is operator.pow and isinstance(left, int) and isinstance(right, int):
        if left.bit_length() * abs(right) > 4 * LARGEST_BITS and abs(left) > 1:
            raise TooLongError("this is too large a number; write a smaller one")
    elif function is operator.lshift and isinstance(right, int) and right > LARGEST_BITS:
        raise TooLongError("this is too large a number; write a smaller one")
    elif function is operator.mul:
        for one, times in ((left, right), (right, left)):
            long = isinstance(one, str | list | tuple | bytes) and isinstance(times, int)
            if long and len(one) * times > LONGEST_LIST:
                raise TooLongError("this is too long; make it shorter")
    elif function is operator.mod and isinstance(left, str):
        raise RefusalError("text that is formatted with % is not read; write it out")


def _on_lanes(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if not (is_number(left) and is_number(right)):
        return binary(function, alone(left), alone(right))
    of_numpy = any(
        v.numpy if isinstance(v, Lanes) else isinstance(v, np.generic) for v in (left, right)
    )
    x, y = _plain(raw(left)), _plain(raw(right))
    whole = _is_whole(x) and _is_whole(y)
    if function in _COMPARED:
        if whole or not (_too_exact(x) or _too_exact(y)):
            return Lanes(np.asarray(function(x, y)), of_numpy)
        return Lanes(_each(function, x, y), of_numpy)
    if function in _RINGED:
        if not whole:
            if _too_exact(x) or _too_exact(y):
                return Lanes(_each(function, x, y), of_numpy)
            return Lanes(np.asarray(function(x, y)), of_numpy)
        if _is_small(x) and _is_small(y) and _RINGED[function](_most(x), _most(y)) < 2**63:
            return Lanes(np.asarray(function(_int(x), _int(y))), of_numpy)
        return Lanes(_each(function, x, y), of_numpy)
    if function in _DIVIDED:
        zero = np.asarray(np.equal(y, 0))
        if zero.any() and not of_numpy:
            apart(np.broadcast_to(zero, np.broadcast(x, y).shape))
            raise RaisedError("ZeroDivisionError", "division by zero")
        if not (_is_small(x) and _is_small(y)) or (
            not (whole and function is not operator.truediv) and (_too_exact(x) or _too_exact(y))
        ):
            return Lanes(_each(function, x, y), of_numpy)
        if whole and zero.any():
            x = np.asarray(x, dtype=np.float64)
        with np.errstate(all="ignore"):
            found = np.asarray(function(_int(x), _int(y)))
        return Lanes(TRACE.mix(found) if function is operator.floordiv else found, of_numpy)
    if function is operator.pow:
        return Lanes(_powers(x, y, of_numpy), of_numpy)
    return Lanes(_each(function, x, y), of_numpy)


def _powers(x: Any, y: Any, of_numpy: bool) -> Raw:
    """Return powers as Python computes them, one by one unless they are those of small ints."""
    if _is_whole(x) and _is_whole(y) and _is_small(x) and _is_small(y):
        bits = _most(x).bit_length() * _most(y)
        if bits < 63 and np.min(y) >= 0:
            return np.asarray(np.power(_int(x), _int(y)), dtype=np.int64)
    if of_numpy:
        with np.errstate(all="ignore"):
            shape = np.broadcast(x, y).shape
            if np.any(np.equal(x, 0) & np.less(y, 0)) or np.any(np.less(x, 0)):
                return np.broadcast_to(np.power(np.asarray(x, float), y), shape)
    if _is_whole(x) and _is_whole(y):
        return _each(operator.pow, x, y)
    try:
        if not isinstance(x, np.ndarray):
            found = [x**v for v in y.tolist()]
        elif not isinstance(y, np.ndarray):
            found = [v**y for v in x.tolist()]
        else:
            found = [u**v for u, v in zip(x.tolist(), y.tolist(), strict=True)]
    except (ArithmeticError, ValueError):
        return _each(operator.pow, x, y)
    packed = pack(found)
    return _each(operator.pow, x, y) if packed is None else packed


def each(function: Callable[..., Any], *values: Any) -> Raw:
    """Return what a function gives for every lane, computed by Python, one by one.

    Its numbers are of a size that Python bounds. Lanes in which it raises are parted from the rest.
    """
    plain = [_plain(raw(v)) for v in values]
    try:
        if len(plain) == 1:
            packed = pack(list(map(function, plain[0].tolist())))
            if packed is not None:
                return packed
    except (ArithmeticError, ValueError, TypeError):
        pass
    return _each(function, *plain)


def _each(function: Callable[..., Any], *values: Any) -> Raw:
    size = next(v.size for v in values if isinstance(v, np.ndarray))
    columns: list[Iterable[Any]] = [
        v.tolist() if isinstance(v, np.ndarray) else [v] * size for v in values
    ]
    found: list[Any] = []
    faults: dict[str, RaisedError | TooLongError] = {}
    fault: RaisedError | TooLongError
    labels = np.zeros(size, np.int64)
    for i, row in enumerate(zip(*columns, strict=True)):
        try:
            if len(row) == 2:
                _check_growth(function, *row)
            found.append(checked(function(*row)))
            continue
        except (ArithmeticError, ValueError, TypeError) as error:
            fault = RaisedError(type(error).__name__, str(error))
        except (RaisedError, TooLongError) as error:
            fault = error
        kind = repr(fault)
        faults.setdefault(kind, fault)
        labels[i] = 1 + list(faults).index(kind)
        found.append(0)
    if faults:
        if (labels != labels[0]).any():
            raise SplitError(labels)
        raise fault
    packed = pack(found)
    if packed is None:
        raise RefusalError("this gives different kinds of values at different steps; write numbers")
    return packed


def pack(found: list[Any]) -> Raw | None:
    """Return numbers in an array that keeps them exactly; None if there is no such array."""
    kinds = set(map(type, found))
    if kinds <= {bool}:
        return np.array(found, dtype=np.bool)
    if kinds <= {int, bool}:
        try:
            return np.array(found, dtype=np.int64)
        except OverflowError:
            whole = np.empty(len(found), dtype=object)
            whole[:] = found
            return whole
    if kinds <= {int, bool, float, np.float64}:
        if float in kinds and all(abs(v) <= _EXACT for v in found if type(v) is int):
            return np.array(found, dtype=np.float64)
        if not kinds & {int, bool}:
            return np.array(found, dtype=np.float64)
        whole = np.empty(len(found), dtype=object)
        whole[:] = found
        return whole
    return None


def _plain(value: Any) -> Any:
    """Return a number as Python's own, and bools of lanes as ints."""
    if isinstance(value, np.ndarray):
        return value.astype(np.int64) if value.dtype == np.bool else value
    if isinstance(value, np.generic):
        value = value.item()
    return int(value) if isinstance(value, bool) else value


def _is_whole(value: Any) -> bool:
    """Return whether a number, or each of an array, is an int."""
    if isinstance(value, np.ndarray):
        return value.dtype == np.int64 or (
            value.dtype == object and all(isinstance(v, int) for v in value)
        )
    return isinstance(value, int)


def _most(value: Any) -> int:
    """Return the largest magnitude of ints."""
    if isinstance(value, np.ndarray):
        return max(int(value.max()), -int(value.min())) if value.size else 0
    return abs(int(value))


def _is_small(value: Any) -> bool:
    """Return whether numpy can compute with these ints or floats."""
    if isinstance(value, np.ndarray):
        return bool(value.dtype != object)
    return not isinstance(value, int) or abs(value) < 2**63


def _too_exact(value: Any) -> bool:
    """Return whether some of these ints would be rounded as floats."""
    if isinstance(value, np.ndarray):
        return value.dtype == object or (value.dtype == np.int64 and _most(value) > _EXACT)
    return isinstance(value, int) and bool(abs(value) > _EXACT)


def _int(value: Any) -> Any:
    return np.int64(value) if isinstance(value, int) else value


def unary(op: ast.unaryop, value: Any) -> Any:
    """Return what a sign or a complement gives for a value that is known."""
    if isinstance(value, Lanes):
        data = _plain(value.data)
        if isinstance(op, ast.USub):
            least = data.dtype == np.int64 and data.size and data.min() == np.iinfo(np.int64).min
            return Lanes(_each(operator.neg, data) if least else -data, value.numpy)
        if isinstance(op, ast.UAdd):
            return Lanes(data, value.numpy)
        return Lanes(each(operator.invert, value), value.numpy)
    functions: dict[type[ast.unaryop], Callable[[Any], Any]] = {
        ast.USub: operator.neg,
        ast.UAdd: operator.pos,
        ast.Invert: operator.invert,
    }
    try:
        return functions[type(op)](value)
    except TypeError as error:
        raise RaisedError("TypeError", str(error)) from None


class Trace:
    """What was decided in a run: the outcome of each test, and whole numbers of every lane."""

    def __init__(self) -> None:
        self.decided: list[Any] | None = None
        self.mixed: Raw | None = None

    def decide(self, outcome: Any) -> None:
        """Note an outcome that all lanes share."""
        if self.decided is not None:
            self.decided.append(outcome)

    def mix(self, data: Raw) -> Raw:
        """Note whole numbers of every lane, which jump from step to step; return them."""
        if self.mixed is not None:
            with np.errstate(all="ignore"):
                known = np.nan_to_num(np.asarray(data, dtype=np.float64)).view(np.uint64)
                self.mixed = (self.mixed ^ known) * np.uint64(0x9E3779B97F4A7C15)
        return data


TRACE = Trace()
"""The trace of the run that goes on, which finds where a curve jumps."""


def apart(bad: Raw) -> None:
    """Part the lanes in which something fails from the others; nothing if all or none do."""
    if bad.any() and not bad.all():
        raise SplitError(bad.astype(np.int64))
    TRACE.decide(bool(bad.all()))


def truth(value: Any) -> bool:
    """Return whether a value counts as true; part the lanes if they differ."""
    if isinstance(value, Lanes):
        data = value.data != 0
        apart(data)
        return bool(data[0])
    if isinstance(value, np.ndarray) and value.size != 1:
        of = "several numbers" if value.size else "no numbers"
        raise RaisedError("ValueError", f"the truth of an array of {of} is ambiguous")
    return bool(value)


def single(lanes: Lanes) -> Any:
    """Return the one number that all lanes hold; part them if they differ."""
    data = lanes.data
    first = data[0]
    if data.size > 1 and (data != first).any():
        _, labels = np.unique(data, return_inverse=True)
        if labels.any():
            raise SplitError(labels.astype(np.int64))
    number = first.item() if isinstance(first, np.generic) else first
    TRACE.decide(number)
    return np.float64(number) if lanes.numpy and isinstance(number, float) else number


def alone(value: Any) -> Any:
    """Return a value with one number in place of lanes, which are parted where they differ.

    What numpy cannot do at all steps at once is done again for each group of equal lanes.
    """
    if isinstance(value, Lanes):
        return single(value)
    if isinstance(value, list | tuple) and any(isinstance(v, Lanes | list | tuple) for v in value):
        return type(value)(alone(v) for v in value)
    return value
