"""Formulas of one variable in Python's words, turned into array code; never run as Python.

Numbers, arithmetic, comparisons, `a if b else c` and a fixed list of functions are read. Everything
is computed in float64, on all steps at once; both sides of a condition are.
"""

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import LrvizError, did_you_mean, quoted
from .numeric import Array

Code = Callable[[Any], Any]
"""From the variable to the value: arrays of shape (n,), or numbers where nothing varies."""

FUNCTIONS: Mapping[str, tuple[Code | Callable[..., Any], int]] = {
    "abs": (np.abs, 1),
    "bool": (lambda x: np.asarray(x) != 0, 1),
    "ceil": (np.ceil, 1),
    "clip": (lambda x, low, high: np.minimum(np.maximum(x, low), high), 3),
    "cos": (np.cos, 1),
    "exp": (np.exp, 1),
    "fabs": (np.abs, 1),
    "float": (lambda x: x, 1),
    "floor": (np.floor, 1),
    "int": (np.trunc, 1),
    "log": (np.log, 1),
    "log10": (np.log10, 1),
    "log2": (np.log2, 1),
    "max": (np.maximum, 2),
    "maximum": (np.maximum, 2),
    "min": (np.minimum, 2),
    "minimum": (np.minimum, 2),
    "pow": (np.power, 2),
    "power": (np.power, 2),
    "round": (np.round, 1),
    "sin": (np.sin, 1),
    "sqrt": (np.sqrt, 1),
    "tan": (np.tan, 1),
    "tanh": (np.tanh, 1),
    "where": (np.where, 3),
}
"""What may be called, alone or as `math.cos` or `np.cos`, and with how many arguments."""

CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf}
MODULES = ("math", "np", "numpy", "torch", "jnp")

_VARIADIC = ("max", "min")

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
_UNARY: Mapping[type[ast.unaryop], Code] = {
    ast.UAdd: lambda x: x,
    ast.USub: np.negative,
    ast.Not: lambda x: np.asarray(x) == 0,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


class FormulaError(LrvizError):
    """A formula that is not read; the fault lies at `node`."""

    def __init__(self, message: str, node: ast.expr) -> None:
        super().__init__(message)
        self.node = node


def array_code(formula: ast.Lambda) -> Code:
    """Return a function from steps, shape (n,), to the values of a lambda of one variable."""
    names = [a.arg for a in (*formula.args.posonlyargs, *formula.args.args)]
    if len(names) != 1 or formula.args.vararg or formula.args.kwonlyargs or formula.args.kwarg:
        raise FormulaError("a formula has one variable, as in lambda t: 0.95 ** t", formula)
    code = _code(formula.body, names[0])

    def values(t: Array) -> Array:
        found: Array = np.broadcast_to(np.asarray(code(t), np.float64), t.shape)
        return found

    return values


def _code(node: ast.expr, variable: str) -> Code:
    """Return the code of an expression."""
    match node:
        case ast.Constant(value=bool() | int() | float() as number):
            if isinstance(number, int) and abs(number) >= 2**128:
                raise FormulaError("a formula may not hold a number as large as this", node)
            value = np.float64(number)
            return lambda _: value
        case ast.Name(id=name) if name == variable:
            return lambda t: t
        case ast.BinOp(op=op) if type(op) in _BINARY:
            return _applied(_BINARY[type(op)], [node.left, node.right], variable)
        case ast.UnaryOp(op=op) if type(op) in _UNARY:
            return _applied(_UNARY[type(op)], [node.operand], variable)
        case ast.BoolOp():
            # Python's `and` gives the first operand that is false, `or` the first that is true.
            joined = _code(node.values[0], variable)
            for operand in node.values[1:]:
                joined = _either(joined, _code(operand, variable), isinstance(node.op, ast.And))
            return joined
        case ast.Compare() if all(type(op) in _COMPARE for op in node.ops):
            sides = [_code(side, variable) for side in (node.left, *node.comparators)]
            tests = [_COMPARE[type(op)] for op in node.ops]
            return lambda t: np.logical_and.reduce(
                [test(sides[i](t), sides[i + 1](t)) for i, test in enumerate(tests)]
            )
        case ast.IfExp():
            return _applied(_choice, [node.test, node.body, node.orelse], variable)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if (
            module in MODULES and name in CONSTANTS
        ):
            constant = np.float64(CONSTANTS[name])
            return lambda _: constant
        case ast.Call(keywords=[]):
            return _call(node, variable)
        case ast.Name(id=name):
            raise FormulaError(
                f"{quoted(name)} has no value here; write a number in its place", node
            )
    raise FormulaError(
        f"{quoted(ast.unparse(node))} is more than a formula may hold: numbers, arithmetic, "
        "comparisons, a if b else c, and functions such as min, max and math.cos",
        node,
    )


def _call(node: ast.Call, variable: str) -> Code:
    """Return the code of a function's call."""
    match node.func:
        case (
            ast.Name(id=name) | ast.Attribute(value=ast.Name(id="math" | "np" | "numpy"), attr=name)
        ):
            pass
        case _:
            name = ast.unparse(node.func)
    if name not in FUNCTIONS:
        near = did_you_mean(name, FUNCTIONS)
        raise FormulaError(f"a formula may not call {quoted(name)}{near}", node)
    function, count = FUNCTIONS[name]
    if name in _VARIADIC and len(node.args) > count:
        first, *others = (_code(argument, variable) for argument in node.args)
        for other in others:
            first = _paired(function, first, other)
        return first
    if len(node.args) != count:
        takes = f"{count} value{'s' * (count > 1)}"
        raise FormulaError(f"{name} takes {takes} here, not {len(node.args)}", node)
    return _applied(function, node.args, variable)


def _applied(function: Callable[..., Any], nodes: list[ast.expr], variable: str) -> Code:
    codes = [_code(node, variable) for node in nodes]
    return lambda t: function(*(code(t) for code in codes))


def _paired(function: Callable[..., Any], left: Code, right: Code) -> Code:
    return lambda t: function(left(t), right(t))


def _either(left: Code, right: Code, both: bool) -> Code:
    def chosen(t: Any) -> Any:
        first, second = left(t), right(t)
        true = np.asarray(first) != 0
        return np.where(true, second, first) if both else np.where(true, first, second)

    return chosen


def _choice(test: Any, yes: Any, no: Any) -> Any:
    return np.where(np.asarray(test) != 0, yes, no)
