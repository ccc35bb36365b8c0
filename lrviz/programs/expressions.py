"""The values of expressions."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from .arrays import item, within
from .attributes import Attributes
from .faults import Raised, Refusal
from .limits import LONGEST_LIST
from .operations import OPERATORS, TRACE, alone, binary, raw, truth, unary
from .values import (
    Class,
    Function,
    Lanes,
    Method,
    Optimizer,
    Outside,
    Scheduled,
    Scope,
    Unknown,
    names_of,
)

_SEQUENCES = list | tuple | range | str | np.ndarray
_METHODS = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
}


class Expressions(Attributes):
    """Evaluates expressions in a scope."""

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression."""
        self.budget.left -= 1
        if self.budget.left < 0:
            self.budget.check(node)
        evaluate = _EVALUATE.get(type(node))
        if evaluate is None:
            raise Refusal(f"{_KINDS.get(type(node), 'this')} is not read; write it another way", node)
        try:
            return evaluate(self, node, scope)
        except (Refusal, Raised) as fault:
            if fault.node is None:
                fault.node = node
            raise

    def unknown(self, text: str, node: ast.AST | None = None, names: tuple[str, ...] = ()) -> Any:
        """Return what was given for a piece of the text, else that it is unknown."""
        if text in self.given:
            return self.given[text]
        return Unknown(text, names or (text,), path=not names, node=node)

    def mixed(self, node: ast.AST, *values: Any) -> Unknown | None:
        """Return that the result is unknown if one of several values is; None if none is."""
        for value in values:
            if isinstance(value, Unknown):
                names = names_of(*values)
                return Unknown(ast.unparse(node)[:200], names, "" if names else value.why, node=value.node)
        return None

    # Names and constants

    def _constant(self, node: ast.Constant, scope: Scope) -> Any:
        if isinstance(node.value, complex | bytes):
            raise Refusal("this is no number that a rate can be made of; write another", node)
        return node.value

    def _name(self, node: ast.Name, scope: Scope) -> Any:
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
                    raise Raised("UnboundLocalError", f"{name} is read before it has a value")
                return _NOTHING
            where = where.around
        return _NOTHING

    # Collections

    def _list(self, node: ast.List, scope: Scope) -> Any:
        return self.members(node.elts, scope)

    def members(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        """Return the values of several expressions; one with a star gives several."""
        found: list[Any] = []
        for each in nodes:
            if isinstance(each, ast.Starred):
                value = self.value(each.value, scope)
                if isinstance(value, Unknown):
                    found.append(value)
                else:
                    found.extend(self.iterated(value, each))
            else:
                found.append(self.value(each, scope))
        return found

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        return tuple(self.members(node.elts, scope))

    def _set(self, node: ast.Set, scope: Scope) -> Any:
        members = self.members(node.elts, scope)
        return self.mixed(node, *members) or self.hashed(set, alone(members), node)

    def hashed(self, kind: Callable[[Any], Any], members: Any, node: ast.AST) -> Any:
        """Return a set or a dict of members, which must be hashable."""
        try:
            return kind(members)
        except TypeError as error:
            raise Raised("TypeError", str(error), node) from None

    def _dict(self, node: ast.Dict, scope: Scope) -> Any:
        found: dict[Any, Any] = {}
        for key, each in zip(node.keys, node.values, strict=True):
            value = self.value(each, scope)
            if key is None:
                if isinstance(value, Unknown):
                    return value
                if not isinstance(value, Mapping):
                    raise Raised("TypeError", "what follows ** is no dict", each)
                found |= value
                continue
            name = alone(self.value(key, scope))
            if isinstance(name, Unknown):
                return self.mixed(node, name)
            self.hashed(hash, name, key)
            found[name] = value
        return found

    # Operators

    def _binary(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        return self.combined(node.op, left, right, node)

    def combined(self, op: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """Return what an operator makes of two values."""
        unknown = self.mixed(node, left, right)
        if unknown is not None:
            return unknown
        if isinstance(left, list | tuple) and isinstance(right, list | tuple):
            if isinstance(op, ast.Add) and type(left) is type(right):
                return self.limited(left + right, node)
        function = OPERATORS.get(type(op))
        plain = int | float | str | bool | list | tuple | set | dict | Lanes | np.ndarray | np.generic | None
        if function is None or not (isinstance(left, plain) and isinstance(right, plain)):
            if isinstance(op, ast.Mult | ast.Add) and self.is_schedule(left, right):
                return Unknown(
                    ast.unparse(node)[:200],
                    why="a sum or product of schedules is not read; write a spec: product:...",
                    needed=True,
                    node=node,
                )
            raise Refusal("this operator is not read between such values; write numbers", node)
        if isinstance(op, ast.Mod) and isinstance(left, str):
            return Unknown(left, why="a text that is formatted has no value here", node=node)
        result = binary(function, left, right)
        if isinstance(result, np.ndarray):
            self.budget.take(result.size, node)
        return result

    def limited(self, value: Any, node: ast.AST) -> Any:
        if len(value) > LONGEST_LIST:
            raise Refusal("this is too long a list; make it shorter", node)
        return value

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        unknown = self.mixed(node, value)
        if unknown is not None:
            return unknown
        if isinstance(node.op, ast.Not):
            if isinstance(value, Lanes):
                return Lanes(value.data == 0)
            return not truth(self.counted(value))
        if not isinstance(value, int | float | Lanes | np.ndarray | np.generic):
            raise Refusal("only numbers have a sign; write one", node)
        return unary(node.op, value)

    def counted(self, value: Any) -> Any:
        """Return what `bool` looks at: objects of the program count as true."""
        return value if isinstance(value, _PLAIN) else True

    def _bool_op(self, node: ast.BoolOp, scope: Scope) -> Any:
        stops = isinstance(node.op, ast.Or)
        value: Any = None
        for each in node.values:
            value = self.value(each, scope)
            if isinstance(value, Unknown):
                return self.mixed(node, value)
            if each is not node.values[-1] and truth(self.counted(value)) == stops:
                return value
        return value

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
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
            return unknown
        self.look_at(left, right)
        if not (isinstance(left, _PLAIN) and isinstance(right, _PLAIN)):
            if isinstance(op, ast.Eq | ast.NotEq):
                return self.identical(left, right) == isinstance(op, ast.Eq)
            raise Raised("TypeError", "such values have no order", node)
        return binary(OPERATORS[type(op)], left, right)

    def identical(self, left: Any, right: Any) -> bool:
        if isinstance(left, Outside) and isinstance(right, Outside):
            return left.path == right.path
        if isinstance(left, bool | str | int) and isinstance(right, bool | str | int):
            return type(left) is type(right) and left == right
        return left is right

    def look_at(self, left: Any, right: Any) -> None:
        """Remember the numbers that a number of every step is compared with."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Lanes) and len(self.marks) < 10_000:
                for mark in other if isinstance(other, list | tuple | set) else (other,):
                    if isinstance(mark, int | float) and 0 <= mark < 2**53:
                        self.marks.add(int(mark))

    def contains(self, member: Any, values: Any, node: ast.AST) -> Any:
        """Return whether a value is among others."""
        if isinstance(values, dict):
            self.reads(values, None)
        if isinstance(member, Lanes):
            self.look_at(member, values)
            found = within(member, values)
            if found is not None:
                return found
            member = alone(member)
        if isinstance(values, list | tuple):
            for each in values:
                same = self.compared(ast.Eq(), member, each, node)
                if isinstance(same, Unknown) or truth(same):
                    return same
            return False
        if not isinstance(values, range | str | dict | set | frozenset | np.ndarray):
            raise Refusal("what is in this is not known; write a list", node)
        try:
            return bool(member in values)
        except TypeError as error:
            raise Raised("TypeError", str(error), node) from None

    def _if_exp(self, node: ast.IfExp, scope: Scope) -> Any:
        test = self.value(node.test, scope)
        if isinstance(test, Unknown):
            # What both sides lack is asked for at once.
            sides = [self.value(side, scope) for side in (node.body, node.orelse)]
            return self.mixed(node, test, *sides)
        return self.value(node.body if truth(self.counted(test)) else node.orelse, scope)

    # Places

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        of = self.value(node.value, scope)
        if isinstance(node.slice, ast.Slice):
            return self.sliced(node, of, node.slice, scope)
        place = self.value(node.slice, scope)
        if isinstance(of, Unknown):
            return self.part_of(of, node, place)
        if isinstance(of, Outside):
            return Outside(of.path, of.imported)  # such as list[int]
        unknown = self.mixed(node, place)
        return unknown if unknown is not None else self.member(of, place, node)

    def part_of(self, of: Unknown, node: ast.AST, place: Any) -> Any:
        """Return a member of what is unknown, which may be given."""
        if of.path and isinstance(place, str | int):
            return self.unknown(f"{of.text}[{place!r}]", node)
        return self.mixed(node, of, place)

    def member(self, of: Any, place: Any, node: ast.AST) -> Any:
        """Return what stands at a place of a list, a dict or an array."""
        if isinstance(place, Lanes):
            found = item(of, place)
            if found is not None:
                return found
            place = alone(place)
        if isinstance(of, dict):
            self.reads(of, place)
            if place.__class__ is list or place not in of:
                raise Raised("KeyError", f"{place!r} is not in the dict", node)
            return of[place]
        if isinstance(of, Lanes):
            return of
        if isinstance(of, _SEQUENCES):
            self.reads(of, None)
            if isinstance(place, bool | int | np.integer):
                try:
                    found = of[int(place)]
                except IndexError:
                    raise Raised("IndexError", "there is no such place in the list", node) from None
                return found
            if isinstance(of, np.ndarray) and isinstance(place, np.ndarray):
                try:
                    return of[place]
                except IndexError as error:
                    raise Raised("IndexError", str(error), node) from None
            raise Raised("TypeError", "places in a list are whole numbers", node)
        if isinstance(of, Class):
            return of  # such as Generic[T]
        call = self.special(of, "__getitem__")
        if call is not None:
            return self.called(call, [place], {}, node)
        raise Refusal("this has no places; write a list or a dict", node)

    def sliced(self, node: ast.Subscript, of: Any, place: ast.Slice, scope: Scope) -> Any:
        """Return a part of a list or an array."""
        parts = [None if p is None else alone(self.value(p, scope)) for p in (place.lower, place.upper, place.step)]
        unknown = self.mixed(node, of, *parts)
        if unknown is not None:
            return unknown
        if not isinstance(of, _SEQUENCES):
            raise Refusal("this has no parts; write a list", node)
        try:
            return of[slice(*parts)]
        except (TypeError, ValueError) as error:
            raise Raised(type(error).__name__, str(error), node) from None

    # Functions, texts and comprehensions

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Function:
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

    def _joined(self, node: ast.JoinedStr, scope: Scope) -> Any:
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

    def _formatted(self, node: ast.FormattedValue, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        if node.format_spec is not None or isinstance(value, Lanes):
            return Unknown("", why="the text of a number is not read", node=node)
        return value

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        while scope.own == _COMPREHENDED and scope.around is not None:
            scope = scope.around
        self.assign(node.target, value, scope)
        return value

    def _comprehension(self, node: Any, scope: Scope) -> Any:
        inner = Scope(scope, _COMPREHENDED)
        found: list[Any] = []
        try:
            for here in self.turns(node.generators, inner, node):
                if isinstance(here, Unknown):
                    return here
                if isinstance(node, ast.DictComp):
                    key = alone(self.value(node.key, inner))
                    self.hashed(hash, key, node)
                    found.append((key, self.value(node.value, inner)))
                else:
                    found.append(self.value(node.elt, inner))
                if len(found) > LONGEST_LIST:
                    raise Refusal("this is too long a list; make it shorter", node)
        finally:
            inner.own = frozenset()
        if isinstance(node, ast.DictComp):
            return dict(found)
        if isinstance(node, ast.SetComp):
            return self.mixed(node, *found) or self.hashed(set, alone(found), node)
        return found

    def turns(self, loops: list[ast.comprehension], scope: Scope, node: ast.AST) -> Iterator[Any]:
        """Yield once for each turn of the loops of a comprehension; an Unknown if it is unknown."""
        first, *rest = loops
        # Its first list is read outside of it, so that names of a class are seen.
        outer = scope.around if scope.around is not None and len(scope.names) == 0 else scope
        values = self.value(first.iter, outer)
        if isinstance(values, Unknown):
            if not self.makes_schedule(node):
                yield self.mixed(node, values)
                return
            values = [Unknown(ast.unparse(first.target), path=True, node=first.target)]
        for member in self.iterated(values, first.iter):
            self.assign(first.target, member, scope)
            for test in first.ifs:
                passed = self.value(test, scope)
                if isinstance(passed, Unknown):
                    yield self.mixed(node, passed)
                    return
                if not truth(self.counted(passed)):
                    break
            else:
                if rest:
                    yield from self.turns(rest, scope, node)
                else:
                    yield None

    def iterated(self, values: Any, node: ast.AST) -> Any:
        """Return what a loop goes through."""
        if isinstance(values, Lanes):
            values = alone(values)
        if isinstance(values, dict | set | frozenset):
            self.reads(values, None)
            return list(values)
        if isinstance(values, np.ndarray):
            self.budget.take(values.size, node)
            return values.tolist()
        if isinstance(values, list | tuple | range | str):
            self.reads(values, None)
            return values
        raise Raised("TypeError", "this cannot be gone through", node)

    def _starred(self, node: ast.Starred, scope: Scope) -> Any:
        raise Refusal("a star is not read here; write the values out", node)


_NOTHING = object()
_COMPREHENDED = frozenset({"<comprehension>"})
_PLAIN = int | float | str | list | tuple | dict | set | frozenset | range | Lanes | np.ndarray | np.generic | None
_KINDS: dict[type[ast.expr], str] = {
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
}

_EVALUATE: dict[type[ast.expr], Callable[..., Any]] = {
    ast.Constant: Expressions._constant,
    ast.Name: Expressions._name,
    ast.List: Expressions._list,
    ast.Tuple: Expressions._tuple,
    ast.Set: Expressions._set,
    ast.Dict: Expressions._dict,
    ast.BinOp: Expressions._binary,
    ast.UnaryOp: Expressions._unary,
    ast.BoolOp: Expressions._bool_op,
    ast.Compare: Expressions._compare,
    ast.IfExp: Expressions._if_exp,
    ast.Subscript: Expressions._subscript,
    ast.Lambda: Expressions._lambda,
    ast.JoinedStr: Expressions._joined,
    ast.FormattedValue: Expressions._formatted,
    ast.NamedExpr: Expressions._walrus,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.DictComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.Starred: Expressions._starred,
    ast.Attribute: Expressions.attribute,
    ast.Call: lambda run, node, scope: run.call(node, scope),
}
