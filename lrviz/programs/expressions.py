"""The values of expressions."""

# ruff: noqa: ARG002 (what is called by a table is called with the same)

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from .containers import COMPREHENDED, Containers
from .faults import NOT_REAL, NotRealError, RaisedError, RefusalError
from .operations import OPERATORS, binary, truth, unary
from .values import (
    PLAIN,
    Function,
    Lanes,
    Outside,
    Scope,
    Unknown,
    names_of,
)


class Expressions(Containers):
    """Evaluates expressions in a scope."""

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression."""
        self.budget.left -= 1
        if self.budget.left < 0 or not self.budget.left & 1023:
            self.budget.check(node)
        evaluate = _EVALUATE.get(type(node))
        if evaluate is None:
            raise RefusalError(
                f"{_KINDS.get(type(node), 'this')} is not read; write it another way", node
            )
        try:
            return evaluate(self, node, scope)
        except (RefusalError, RaisedError) as fault:
            if fault.node is None:
                fault.node = node
            raise

    def unknown(self, text: str, node: ast.AST | None = None, names: tuple[str, ...] = ()) -> Any:
        """Return what was given for a piece of the text, else that it is unknown."""
        if text in self.given:
            return self.given[text]
        root, _, option = text.partition(".")
        if option in self.options and root.lower().rstrip("s") in ("arg", "flag", "opt", "hparam"):
            note = f"{text} is {self.options[option]!r}, its default"
            if note not in self.notes:
                self.notes.append(note)
            return self.options[option]
        return Unknown(text, names or (text,), path=not names, node=node)

    def mixed(self, node: ast.AST, *values: Any) -> Unknown | None:
        """Return that the result is unknown if one of several values is; None if none is."""
        for value in values:
            if isinstance(value, Unknown):
                names = names_of(*values)
                return Unknown(
                    ast.unparse(node)[:200], names, "" if names else value.why, node=value.node
                )
        return None

    # Names and constants

    def on_constant(self, node: ast.Constant, scope: Scope) -> Any:
        if isinstance(node.value, complex | bytes):
            raise RefusalError("this is no number that a rate can be made of; write another", node)
        return node.value

    def on_name(self, node: ast.Name, scope: Scope) -> Any:
        found = self.looked_up(node.id, scope)
        return self.undefined(node.id, node) if found is _NOTHING else found

    def looked_up(self, name: str, scope: Scope) -> Any:
        """Return what a name means in a scope, _NOTHING if it means nothing there."""
        if name in scope.outer:
            return self.looked_up(name, scope.outer[name])
        where: Scope | None = scope
        while where is not None:
            if name in where.names and (where is scope or not where.of_class):
                self.reads(where, name)
                return where.names[name]
            if name in where.own:
                if where.around is not None and where is scope:
                    raise RaisedError("UnboundLocalError", f"{name} is read before it has a value")
                return _NOTHING
            where = where.around
        return _NOTHING

    # Operators

    def on_binary(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        return self.combined(node.op, left, right, node)

    def combined(self, op: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """Return what an operator makes of two values."""
        unknown = self.mixed(node, left, right)
        if unknown is not None:
            return unknown
        function = OPERATORS.get(type(op))
        if function is None or not (isinstance(left, PLAIN) and isinstance(right, PLAIN)):
            if isinstance(op, ast.Mult | ast.Add) and self.is_schedule(left, right):
                return Unknown(
                    ast.unparse(node)[:200],
                    why="a sum or product of schedules is not read; write a spec: product:...",
                    needed=True,
                    node=node,
                )
            raise RefusalError("this operator is not read between such values; write numbers", node)
        if isinstance(op, ast.Mod) and isinstance(left, str):
            return Unknown(left, why="a text that is formatted has no value here", node=node)
        try:
            result = binary(function, left, right)
        except NotRealError:
            return Unknown(ast.unparse(node)[:200], why=NOT_REAL, node=node)
        if isinstance(result, np.ndarray | list | tuple | str):
            self.budget.take(len(result), node)
        return result

    def on_unary(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        unknown = self.mixed(node, value)
        if unknown is not None:
            return unknown
        if isinstance(node.op, ast.Not):
            if isinstance(value, Lanes):
                return Lanes(value.data == 0)
            return not truth(self.counted(value))
        if not isinstance(value, int | float | Lanes | np.ndarray | np.generic):
            raise RefusalError("only numbers have a sign; write one", node)
        return unary(node.op, value)

    def counted(self, value: Any) -> Any:
        """Return what `bool` looks at: objects of the program count as true."""
        return value if isinstance(value, PLAIN) else True

    def on_bool_op(self, node: ast.BoolOp, scope: Scope) -> Any:
        stops = isinstance(node.op, ast.Or)
        value: Any = None
        for each in node.values:
            value = self.value(each, scope)
            if isinstance(value, Unknown):
                return self.mixed(node, value)
            if each is not node.values[-1] and truth(self.counted(value)) == stops:
                return value
        return value

    def on_compare(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        result: Any = True
        for op, each in zip(node.ops, node.comparators, strict=True):
            if result is not True and not truth(result):
                return result
            right = self.value(each, scope)
            result = self.compared(op, left, right, node)
            if isinstance(result, Unknown):
                return result
            left = right
        return result

    def compared(self, op: ast.cmpop, left: Any, right: Any, node: ast.AST) -> Any:
        """Return the result of one comparison."""
        if isinstance(op, ast.Is | ast.IsNot):
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                return self.mixed(node, left, right)
            same = left is right if left is None or right is None else self.identical(left, right)
            return same == isinstance(op, ast.Is)
        if isinstance(op, ast.In | ast.NotIn):
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                return self.mixed(node, left, right)
            found = self.contains(left, right, node)
            if isinstance(op, ast.In) or isinstance(found, Unknown):
                return found
            return Lanes(found.data == 0) if isinstance(found, Lanes) else not found
        unknown = self.mixed(node, left, right)
        if unknown is not None:
            if unknown.why != NOT_REAL:
                return unknown
            if isinstance(op, ast.Eq | ast.NotEq):  # no complex number is a real one
                return isinstance(op, ast.NotEq)
            raise RaisedError("TypeError", "complex numbers have no order", node)
        self.look_at(left, right)
        if not (isinstance(left, PLAIN) and isinstance(right, PLAIN)):
            if isinstance(op, ast.Eq | ast.NotEq):
                return self.identical(left, right) == isinstance(op, ast.Eq)
            raise RaisedError("TypeError", "such values have no order", node)
        return binary(OPERATORS[type(op)], left, right)

    def identical(self, left: Any, right: Any) -> bool:
        if isinstance(left, Outside) and isinstance(right, Outside):
            return left.path == right.path
        if isinstance(left, bool | str | int) and isinstance(right, bool | str | int):
            return type(left) is type(right) and left == right
        return left is right

    def on_if_exp(self, node: ast.IfExp, scope: Scope) -> Any:
        test = self.value(node.test, scope)
        if isinstance(test, Unknown):
            # What both sides lack is asked for at once.
            sides = [self.value(side, scope) for side in (node.body, node.orelse)]
            return self.mixed(node, test, *sides)
        return self.value(node.body if truth(self.counted(test)) else node.orelse, scope)

    # Functions, texts and comprehensions

    def on_lambda(self, node: ast.Lambda, scope: Scope) -> Function:
        return self.function_of(node, scope, "lambda")

    def function_of(self, node: ast.FunctionDef | ast.Lambda, scope: Scope, name: str) -> Function:
        """Return a function, with the defaults that it has where it is defined."""
        given = node.args
        named = [*given.posonlyargs, *given.args]
        pairs = [
            *zip(named[len(named) - len(given.defaults) :], given.defaults, strict=True),
            *((a, d) for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d),
        ]
        defaults = {a.arg: self.value(d, scope) for a, d in pairs}
        return Function(node, scope, name, defaults)

    def on_joined(self, node: ast.JoinedStr, scope: Scope) -> Any:
        found = []
        for each in node.values:
            part = each if isinstance(each, ast.Constant) else self.value(each, scope)
            found.append(part.value if isinstance(part, ast.Constant) else part)
        unknown = self.mixed(node, *found)
        if unknown is not None:
            return unknown
        if all(isinstance(part, str | int) for part in found):
            return "".join(map(str, found))
        return Unknown(ast.unparse(node)[:200], why="the text of a number is not read", node=node)

    def on_formatted(self, node: ast.FormattedValue, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        if node.format_spec is not None or isinstance(value, Lanes):
            return Unknown("", why="the text of a number is not read", node=node)
        return value

    def on_walrus(self, node: ast.NamedExpr, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        while scope.own == COMPREHENDED and scope.around is not None:
            scope = scope.around
        self.assign(node.target, value, scope)
        return value


_NOTHING = object()
_KINDS: dict[type[ast.expr], str] = {
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
}

_EVALUATE: dict[type[ast.expr], Callable[..., Any]] = {
    ast.Constant: Expressions.on_constant,
    ast.Name: Expressions.on_name,
    ast.List: Expressions.on_list,
    ast.Tuple: Expressions.on_tuple,
    ast.Set: Expressions.on_set,
    ast.Dict: Expressions.on_dict,
    ast.BinOp: Expressions.on_binary,
    ast.UnaryOp: Expressions.on_unary,
    ast.BoolOp: Expressions.on_bool_op,
    ast.Compare: Expressions.on_compare,
    ast.IfExp: Expressions.on_if_exp,
    ast.Subscript: Expressions.on_subscript,
    ast.Lambda: Expressions.on_lambda,
    ast.JoinedStr: Expressions.on_joined,
    ast.FormattedValue: Expressions.on_formatted,
    ast.NamedExpr: Expressions.on_walrus,
    ast.ListComp: Expressions.on_comprehension,
    ast.SetComp: Expressions.on_comprehension,
    ast.DictComp: Expressions.on_comprehension,
    ast.GeneratorExp: Expressions.on_comprehension,
    ast.Starred: Expressions.on_starred,
    ast.Attribute: Expressions.attribute,
    ast.Call: lambda run, node, scope: run.call(node, scope),
}
