"""A step without a value: what a schedule computes of it becomes a piece of Python.

So no formula is written a second time: numpy asks an operand that it does not know what to do.
"""

import ast
import math
import operator
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..errors import LrvizError
from .numeric import LAST_STEP

_BINARY: dict[np.ufunc, type[ast.operator]] = {
    np.add: ast.Add,
    np.subtract: ast.Sub,
    np.multiply: ast.Mult,
    np.true_divide: ast.Div,
    np.floor_divide: ast.FloorDiv,
    np.remainder: ast.Mod,
    np.power: ast.Pow,
}
_COMPARED: dict[np.ufunc, type[ast.cmpop]] = {
    np.less: ast.Lt,
    np.less_equal: ast.LtE,
    np.greater: ast.Gt,
    np.greater_equal: ast.GtE,
    np.equal: ast.Eq,
}
_MATH = (
    *(np.floor, np.ceil, np.sqrt, np.exp, np.expm1, np.log, np.log1p),
    *(np.sin, np.cos, np.tan, np.tanh),
)
_CALLED: dict[np.ufunc, str] = {
    np.minimum: "min",
    np.maximum: "max",
    np.absolute: "abs",
    **{function: f"math.{function.__name__}" for function in _MATH},
}
_WHOLE = (np.true_divide, np.floor_divide, np.remainder, np.minimum, np.maximum, *_COMPARED)
"""What gives the same with 100 as with 100.0."""
_FEW_DIGITS = 13
_FOLDED: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_NEUTRAL = {ast.Add: 0, ast.Sub: 0, ast.Mult: 1, ast.Div: 1, ast.Pow: 1}


class UncodedError(LrvizError):
    """What a schedule is refused for that no formula in Python gives."""


class Code(NDArrayOperatorsMixin):
    """A number that is not known yet, as the expression that computes it.

    It stands in for an array of one step wherever a schedule does no more than compute with it.
    """

    dtype = np.dtype(np.float64)
    ndim, size, shape = 0, 0, ()

    def __init__(self, node: ast.expr) -> None:
        self.node = node

    def __str__(self) -> str:
        return ast.unparse(self.node)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple["Code", ...] = (), **_: Any
    ) -> "Code":
        made = _made(ufunc, inputs) if method == "__call__" else None
        if made is None:
            raise UncodedError(f"Python has no words for {ufunc.__name__}")
        for one in out:
            one.node = made
        return Code(made)

    def __array_function__(
        self, function: Callable[..., Any], _: Any, args: Sequence[Any], given: Any
    ) -> Any:
        """Do what numpy's function does of numbers."""
        if function is np.where:
            condition, first, second = map(piece, args)
            return Code(ast.IfExp(condition, first, second))
        if function is np.full_like:
            return Code(piece(args[1]))
        if function is np.clip:
            return np.minimum(np.maximum(args[0], args[1]), args[2])
        if function is np.ndim:
            return 0
        raise UncodedError(f"Python has no words for {function.__name__}")

    def astype(self, *_: Any, **__: Any) -> "Code":
        """Return the same number: it has no type yet."""
        return self

    def copy(self) -> "Code":
        """Return one that may be changed in its place."""
        return Code(self.node)

    def all(self) -> bool:
        """Return whether it is taken for true wherever it is asked for."""
        return True


def least(one: Any, other: Any) -> Any:
    """Return the lower of two numbers, of which one may not be known yet."""
    return np.minimum(one, other)


def most(one: Any, other: Any) -> Any:
    """Return the higher of two numbers, of which one may not be known yet."""
    return np.maximum(one, other)


def step() -> Code:
    """Return the step."""
    return Code(ast.Name("step"))


def piece(value: Any, *, whole: bool = False) -> ast.expr:
    """Return the expression of a number, or of one that is not known; `whole` as 100 for 100.0."""
    if isinstance(value, Code):
        return value.node
    number = value.item() if isinstance(value, np.generic | np.ndarray) else value
    if isinstance(number, float):
        number = tidy(number)
    if number == math.pi:
        return ast.Attribute(ast.Name("math"), "pi")
    if isinstance(number, float) and whole and number.is_integer() and abs(number) < LAST_STEP:
        number = int(number)
    if not isinstance(number, bool) and number < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-number))
    return ast.Constant(number)


def tidy(number: float) -> float:
    """Return a number that arithmetic has rounded as it would be written: 0.09 for 0.1 - 0.01."""
    near = f"{number:.15g}"
    digits = near.partition("e")[0].strip("-0.")
    return float(near) if "." in near and len(digits) < _FEW_DIGITS else number


def choice(t: Code, cases: Sequence[tuple[int, Any]]) -> Any:
    """Return the value of the last case whose step has come; the first begins at step 0.

    Of many cases the middle one is asked for first, so that no text is nested deeply.
    """
    if len(cases) == 1:
        return cases[0][1]
    middle = len(cases) // 2 if len(cases) > 8 else 1
    return np.where(t < cases[middle][0], choice(t, cases[:middle]), choice(t, cases[middle:]))


def _made(ufunc: np.ufunc, inputs: Sequence[Any]) -> ast.expr | None:
    """Return the expression of a function of numpy; None if Python has none."""
    if ufunc is np.floor and isinstance(inputs[0], Code):
        match inputs[0].node:
            case ast.BinOp(left, ast.Div(), ast.Constant(int())) as quotient:
                return ast.BinOp(left, ast.FloorDiv(), quotient.right)
            case ast.Name() | ast.BinOp(ast.Name(), ast.Add() | ast.Sub(), ast.Constant(int())):
                return inputs[0].node
    if ufunc is np.negative:
        return ast.UnaryOp(ast.USub(), piece(inputs[0]))
    pieces = [piece(one, whole=ufunc in _WHOLE) for one in inputs]
    if ufunc is np.power and _number(pieces[0]) == 1:
        return pieces[0]
    if ufunc in (np.add, np.subtract):  # few libraries count what holds as 1
        pieces = [_counted(one) for one in pieces]
    if ufunc in _BINARY:
        return joined(_BINARY[ufunc](), *pieces)
    if ufunc in _COMPARED:
        match pieces:
            case ast.BinOp(inner, ast.Sub() | ast.Add(), ast.Constant(int())), ast.Constant(int(b)):
                pieces = [inner, ast.Constant(b - _offset(cast("ast.BinOp", pieces[0])))]
        return ast.Compare(pieces[0], [_COMPARED[ufunc]()], [pieces[1]])
    if ufunc not in _CALLED:
        return None
    numbers = [number for one in pieces if (number := _number(one)) is not None]
    if ufunc in (np.minimum, np.maximum) and len(numbers) == len(pieces):
        return piece(min(numbers) if ufunc is np.minimum else max(numbers))
    for one, other in (pieces, pieces[::-1]) if ufunc is np.minimum else ():
        if (_number(one) or 0) >= LAST_STEP // 2**12:  # no step comes that far
            return other
    name = _CALLED[ufunc]
    module, _, function = name.rpartition(".")
    called = ast.Attribute(ast.Name(module), function) if module else ast.Name(name)
    return ast.Call(called, pieces, [])


def _offset(node: ast.BinOp) -> int:
    """Return the whole number that a sum or a difference ends with, with its sign."""
    number = int(ast.literal_eval(node.right))
    return number if isinstance(node.op, ast.Add) else -number


def _moved(node: ast.expr, by: int) -> ast.expr:
    """Return an expression plus a whole number."""
    if by == 0:
        return node
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def _counted(node: ast.expr) -> ast.expr:
    """Return 1 or 0 for what holds or does not, a number as it is."""
    is_true = isinstance(node, ast.Compare)
    return ast.IfExp(node, ast.Constant(1), ast.Constant(0)) if is_true else node


def _number(node: ast.expr) -> float | None:
    """Return the number that an expression is, if it is one."""
    match node:
        case ast.Constant(int() | float() as number):
            return number
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as number)):
            return -number
    return None


def joined(kind: ast.operator, left: ast.expr, right: ast.expr) -> ast.expr:
    """Return two expressions joined by an operator, without what changes nothing."""
    neutral, one, other = _NEUTRAL.get(type(kind)), _number(left), _number(right)
    if one is not None and other is not None and type(kind) in _FOLDED:
        with suppress(ArithmeticError):
            return piece(_FOLDED[type(kind)](one, other))
    if neutral is not None and other == neutral:
        return left
    if isinstance(kind, ast.Add | ast.Mult) and one == neutral:
        return right
    match kind, left, right:
        case ast.Sub(), _, ast.UnaryOp(ast.USub(), what):
            return joined(ast.Add(), left, what)
        case ast.Add(), _, ast.UnaryOp(ast.USub(), what):
            return joined(ast.Sub(), left, what)
        case ast.Add(), _, ast.BinOp(ast.UnaryOp(ast.USub(), what), ast.Mult(), factor):
            return ast.BinOp(left, ast.Sub(), ast.BinOp(what, ast.Mult(), factor))
        case ast.Sub() | ast.Add(), ast.BinOp(inner, ast.Sub() | ast.Add()), ast.Constant(int()):
            if isinstance(left.right, ast.Constant) and isinstance(left.right.value, int):
                return _moved(inner, _offset(left) + _offset(ast.BinOp(left, kind, right)))
        case ast.Mult(), ast.Constant(a), ast.BinOp(inner, ast.Div(), ast.Constant(b)) if a == b:
            return inner
    return ast.BinOp(left, kind, right)
