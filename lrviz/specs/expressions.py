"""Python's expressions in a pasted text: their values, as far as the text says them.

They are read with `ast` and never run: literals, variables that the text itself assigns, plain
arithmetic and a fixed list of functions, all within limits.
"""

import ast
import copy
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import numpy as np

from ..errors import Sentence, SpecError, quoted
from ..frameworks.values import Function
from ..schedules.expressions import CONSTANTS, MODULES, Code, FormulaError, array_code
from ..schedules.numeric import Array
from .source import DEEPEST, Source

_MOST_READ = 20_000
"""How many pieces of a text are read, so that variables of variables cannot explode."""
_LARGEST_BITS = 128
_LONGEST_LIST = 10_000

_OPERATORS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "dict": dict,
    "float": float,
    "int": int,
    "len": len,
    "list": list,
    "max": max,
    "min": min,
    "range": range,
    "round": round,
    "sorted": sorted,
    "sum": sum,
    "tuple": tuple,
    **{name: getattr(math, name) for name in ("ceil", "floor", "sqrt", "exp", "log", "cos", "pow")},
}
"""What may be called to give a number or a list."""


class Scope(NamedTuple):
    """What names stand for, where an expression was written."""

    values: Mapping[str, tuple[ast.expr, "Scope"]]
    modules: Mapping[str, str]


NOWHERE = Scope({}, {})


@dataclass(frozen=True, repr=False)
class Lambda(Function):
    """A lambda of one variable, as array code."""

    source: str

    def __call__(self, steps: Array) -> Array:
        found: Array = self._code(steps)
        return found

    @property
    def constant(self) -> float | None:
        names = (node for node in ast.walk(self._tree.body) if isinstance(node, ast.Name))
        return None if any(names) else float(self(np.zeros(1))[0])

    def __reduce__(self) -> tuple[type["Lambda"], tuple[str]]:
        return Lambda, (self.source,)  # code cannot be copied to another process

    @cached_property
    def _tree(self) -> ast.Lambda:
        tree = ast.parse(self.source, mode="eval").body
        assert isinstance(tree, ast.Lambda)
        return tree

    @cached_property
    def _code(self) -> Code:
        return array_code(self._tree)


class ExpressionReader:
    """Reads the expressions of one source, which begins at `start` in the whole text."""

    def __init__(self, text: str, source: Source, start: int) -> None:
        self.text, self.source, self.start = text, source, start
        self.left, self.depth = _MOST_READ, 0

    def found(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
        """Return what a name stands for, and where that was written; other expressions as is."""
        self.count(node)
        while isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in scope.values:
            node, scope = scope.values[ast.unparse(node)]
            self.count(node)
        return node, scope

    def tried(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, or that it is unknown."""
        node, scope = self.found(node, scope)
        try:
            with self.deeper(node):
                value = self.computed(node, scope)
        except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError):
            self.fail(f"{quoted(ast.unparse(node))} cannot be computed; mend it", node)
        if isinstance(value, int) and value.bit_length() > _LARGEST_BITS:
            self.fail(
                f"{quoted(ast.unparse(node))} is too large a number; write a smaller one", node
            )
        if isinstance(value, list | tuple | range | dict) and len(value) > _LONGEST_LIST:
            self.fail(f"{quoted(ast.unparse(node))} is too long a list; write a shorter one", node)
        return value

    def computed(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression that is not a name."""
        match node:
            case ast.Constant(value=None | bool() | int() | float() | str() as value):
                return value
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
                return CONSTANTS.get(name, UNKNOWN)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return self.all_of(elements, scope, list)
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return self.all_of(
                    [*(k for k in keys if k), *values],
                    scope,
                    lambda found: dict(zip(found[: len(keys)], found[len(keys) :], strict=True)),
                )
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.all_of([operand], scope, lambda found: -found[0])
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.all_of([operand], scope, lambda found: +found[0])
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return self.all_of([left, right], scope, lambda found: _joined(op, *found))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
                return self.all_of([left, right], scope, lambda f: _OPERATORS[type(op)](*f))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.all_of([test, body, orelse], scope, lambda f: f[1] if f[0] else f[2])
            case ast.Set():
                self.fail("in a call braces are Python's; give the curves one by one", node)
            case ast.Subscript(value=of, slice=place):
                return self.all_of([of, place], scope, lambda found: found[0][found[1]])
            case ast.Call():
                return self.result(node, scope)
            case ast.ListComp(elt=element, generators=[each]) if not (
                each.ifs or each.is_async or not isinstance(each.target, ast.Name)
            ):
                return self.comprehended(element, each, scope)
        return UNKNOWN

    def all_of(self, nodes: list[ast.expr], scope: Scope, join: Callable[[list[Any]], Any]) -> Any:
        """Return what `join` makes of the values of several expressions, if all are known."""
        found: list[Any] = []
        for node in nodes:
            value = self.tried(node, scope)
            if value is UNKNOWN:
                return UNKNOWN
            found.append(value)
        return join(found)

    def result(self, node: ast.Call, scope: Scope) -> Any:
        """Return the value of a call of a function that gives numbers or lists."""
        match node.func:
            case ast.Name(id=name):
                pass
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
                pass
            case _:
                return UNKNOWN
        if name not in _FUNCTIONS or any(k.arg is None for k in node.keywords):
            return UNKNOWN
        if node.keywords and name != "dict":
            return UNKNOWN
        keys = [str(k.arg) for k in node.keywords]
        values = [k.value for k in node.keywords]
        count = len(node.args)

        def called(found: list[Any]) -> Any:
            if name == "range" and len(range(*found)) > _LONGEST_LIST:
                raise ValueError
            pairs = dict(zip(keys, found[count:], strict=True))
            return _FUNCTIONS[name](*found[:count], **pairs)

        return self.all_of([*node.args, *values], scope, called)

    def comprehended(self, element: ast.expr, each: ast.comprehension, scope: Scope) -> Any:
        """Return the list of a comprehension with one loop."""
        members = self.tried(each.iter, scope)
        if members is UNKNOWN:
            return UNKNOWN
        found = []
        assert isinstance(each.target, ast.Name)
        for member in members:
            constant = ast.copy_location(ast.Constant(member), each.target)
            inner = Scope({**scope.values, each.target.id: (constant, NOWHERE)}, scope.modules)
            value = self.tried(element, inner)
            if value is UNKNOWN:
                return UNKNOWN
            found.append(value)
        return found

    # Formulas

    def formula(self, node: ast.Lambda, scope: Scope) -> Lambda:
        """Return the function of a lambda, with the values of names that it takes from around."""
        own = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
        defaults = dict(zip(reversed(own), reversed(node.args.defaults), strict=False))
        fixed = Scope(
            {**scope.values, **{name: (value, scope) for name, value in defaults.items()}},
            scope.modules,
        )
        variables = [name for name in own if name not in defaults]
        body = _Inlined(self, fixed, variables).visit(copy.deepcopy(node.body))
        plain = ast.Lambda(
            ast.arguments([], [ast.arg(name) for name in variables], None, [], [], None, []), body
        )
        try:
            array_code(plain)
        except FormulaError as error:
            self.fail(error.sentence, error.node if hasattr(error.node, "lineno") else node)
        return Lambda(ast.unparse(ast.fix_missing_locations(plain)))

    # Errors

    @contextmanager
    def deeper(self, node: ast.expr) -> Iterator[None]:
        """Refuse what goes too deep: through variables a short text can."""
        if self.depth == DEEPEST:
            self.fail("this is nested too deep; shorten it", node)
        self.depth += 1
        yield
        self.depth -= 1

    def count(self, node: ast.expr) -> None:
        self.left -= 1
        if self.left < 0:
            self.fail("this takes too long to read; shorten it", node)

    def fail(self, message: str | Sentence, node: ast.expr | ast.keyword) -> NoReturn:
        """Raise a SpecError that points at a node."""
        start = self.start + self.source.place(node.lineno, node.col_offset)
        end = self.start + self.source.place(
            node.end_lineno or node.lineno, node.end_col_offset or 0
        )
        raise SpecError(message, self.text, start, max(end, start)) from None


class Unknown:
    """The value of what the text does not say."""


UNKNOWN = Unknown()


class _Inlined(ast.NodeTransformer):
    """Puts the values of names that the text assigns in their place."""

    def __init__(self, reader: ExpressionReader, scope: Scope, variables: list[str]) -> None:
        self.reader, self.scope, self.variables = reader, scope, variables

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.variables or node.id not in self.scope.values:
            return node
        value = self.reader.tried(node, self.scope)
        return ast.Constant(value) if isinstance(value, int | float) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if ast.unparse(node) not in self.scope.values:
            return node
        value = self.reader.tried(node, self.scope)
        return ast.Constant(value) if isinstance(value, int | float) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        return node


def _joined(op: ast.AST, left: Any, right: Any) -> Any:
    """Return the result of an operator on numbers or lists, within limits."""
    sizes = [len(side) if isinstance(side, list) else side for side in (left, right)]
    if not all(isinstance(size, int | float) for size in sizes):
        raise TypeError
    if isinstance(op, ast.Mult) and sizes != [left, right] and math.prod(sizes) > _LONGEST_LIST:
        raise OverflowError
    if isinstance(op, ast.Pow) and isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length() * abs(right)
        if bits > 4 * _LARGEST_BITS:
            raise OverflowError
    result = _OPERATORS[type(op)](left, right)
    if isinstance(result, complex):
        raise ArithmeticError  # noqa: TRY004, it is the root of a number below 0
    return result
