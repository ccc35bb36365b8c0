"""A program that computes a rate from the step, as one expression of Python."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from ..schedules.code import Code, UncodedError, joined

_MOST = 4000
"""How many pieces of a program are gone through."""
_ARRAYS = ("np", "numpy", "jnp", "jax.numpy", "ops", "keras.ops", "tf", "tf.math", "torch", "math")
_RENAMED = {
    "min": "min",
    "minimum": "min",
    "fmin": "min",
    "max": "max",
    "maximum": "max",
    "fmax": "max",
    "abs": "abs",
    "absolute": "abs",
    "fabs": "abs",
}
_SAME = ("floor", "ceil", "sqrt", "exp", "expm1", "log", "log1p", "sin", "cos", "tan", "tanh")
_AS_IT_IS = ("float", "cast", "asarray", "array", "float32", "float64", "tensor")

_COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

Values = dict[str, Any]


@dataclass
class Closure:
    """A function of the program, and the names that it sees."""

    node: ast.FunctionDef | ast.Lambda
    names: Values


@dataclass
class Thing:
    """An object of a class of the program, with its attributes."""

    node: ast.ClassDef
    names: Values
    attributes: Values = field(default_factory=dict)

    def method(self, name: str) -> ast.FunctionDef | None:
        """Return the definition of a method."""
        methods = (one for one in self.node.body if isinstance(one, ast.FunctionDef))
        return next((one for one in methods if one.name == name), None)


def coded(text: str, t: Code) -> Code:
    """Return what a program's last statement makes of a step that has no value yet.

    UncodedError if it does more than to compute, or does so in ways that one expression has not.
    """
    body = ast.parse(text).body
    reader, names = _Reader(), Values()
    *before, last = body
    for statement in before:
        reader.top(statement, names)
    match last:
        case ast.FunctionDef() | ast.Expr(ast.Lambda()):
            node = last if isinstance(last, ast.FunctionDef) else last.value
            assert isinstance(node, ast.FunctionDef | ast.Lambda)
            made = reader.call(Closure(node, names), [t.node], {})
        case ast.For(target=ast.Name(id=name)):
            made = reader.block(last.body, {**names, name: t.node})
        case _:
            reader.top(last, names)
            made = reader.called(reader.last, [t.node])
    return Code(reader.number(made))


class _Reader:
    """Goes through a program with expressions in the place of values."""

    def __init__(self) -> None:
        self.left = _MOST
        self.last: Any = None

    def top(self, statement: ast.stmt, names: Values) -> None:
        """Take a definition of the program."""
        match statement:
            case ast.FunctionDef():
                self.last = names[statement.name] = Closure(statement, names)
            case ast.ClassDef():
                names[statement.name] = statement
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                try:
                    self.last = names[name] = self.value(value, names)
                except UncodedError as error:  # which may not be needed
                    names[name] = error
            case _:
                pass

    def called(self, what: Any, args: Sequence[Any]) -> Any:
        """Return what a function or an object gives."""
        if isinstance(what, Closure):
            return self.call(what, args, {})
        if isinstance(what, Thing) and (method := what.method("__call__")) is not None:
            return self.call(Closure(method, what.names), [what, *args], {})
        raise UncodedError("the program does not end in a function of the step")

    def call(self, closure: Closure, args: Sequence[Any], given: Mapping[str, Any]) -> Any:
        """Return what a function makes of arguments."""
        node = closure.node
        if node.args.vararg or node.args.kwarg:
            raise UncodedError("a function takes any number of values")
        parameters = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        names = dict(closure.names)
        defaults = node.args.defaults
        for name, default in zip(
            parameters[len(parameters) - len(defaults) :], defaults, strict=True
        ):
            names[name] = self.value(default, closure.names)
        for one, default_of in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if default_of is not None:
                names[one.arg] = self.value(default_of, closure.names)
        names |= dict(zip(parameters, args, strict=False)) | dict(given)
        if any(name not in names for name in parameters):
            raise UncodedError("a function is given too few values")
        if isinstance(node, ast.Lambda):
            return self.value(node.body, names)
        return self.block(node.body, names)

    def block(self, body: Sequence[ast.stmt], names: Values) -> Any:
        """Return what statements return, or give to an optimizer as its rate."""
        self.left -= len(body) + 1
        if self.left < 0:
            raise UncodedError("the program is too long for one expression")
        for i, statement in enumerate(body):
            rest = [*body[i + 1 :]]
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return self.value(value, names)
                case ast.Assign(targets=[target], value=value):
                    if _is_rate(target):
                        return self.value(value, names)
                    self.assign(target, self.value(value, names), names)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    names[name] = self.value(value, names)
                case ast.AugAssign(target=ast.Name(id=name), op=kind, value=value):
                    names[name] = self.value(ast.BinOp(ast.Name(name), kind, value), names)
                case ast.If(test=test, body=then, orelse=other):
                    asked = self.value(test, names)
                    if isinstance(asked, ast.Constant):
                        return self.block([*(then if asked.value else other), *rest], dict(names))
                    first = self.number(self.block([*then, *rest], dict(names)))
                    second = self.number(self.block([*other, *rest], dict(names)))
                    return ast.IfExp(asked, first, second)
                case ast.For(iter=ast.Attribute(attr="param_groups"), body=inner):
                    return self.block([*inner, *rest], names)
                case ast.FunctionDef():
                    names[statement.name] = Closure(statement, names)
                case ast.Expr(ast.Constant()) | ast.Pass() | ast.Import() | ast.ImportFrom():
                    pass
                case _:
                    line = ast.unparse(statement).partition("\n")[0]
                    raise UncodedError(f"'{line}' is none of an expression")
        raise UncodedError("a function returns nothing")

    def assign(self, target: ast.expr, value: Any, names: Values) -> None:
        """Give a value to a name, or values to several."""
        match target, value:
            case ast.Name(id=name), _:
                names[name] = value
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                for one, its in zip(targets, values, strict=True):
                    self.assign(one, its, names)
            case ast.Attribute(value=ast.Name(id=owner), attr=name), _ if isinstance(
                names.get(owner), Thing
            ):
                names[owner].attributes[name] = value
            case _:
                raise UncodedError(f"'{ast.unparse(target)}' is no plain name")

    def number(self, value: Any) -> ast.expr:
        """Return a value as an expression."""
        if isinstance(value, ast.expr):
            return value
        raise UncodedError("the program computes with more than numbers")

    def value(self, node: ast.expr, names: Values) -> Any:
        """Return an expression with values in the place of names."""
        self.left -= 1
        if self.left < 0:
            raise UncodedError("the program is too long for one expression")
        match node:
            case ast.Constant():
                return node
            case ast.Name(id=name):
                return self.looked_up(name, names)
            case ast.Lambda():
                return Closure(node, names)
            case ast.Call():
                return self.invoked(node, names)
            case ast.Attribute(attr="pi", value=ast.expr()):
                return ast.Attribute(ast.Name("math"), "pi")
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if isinstance(
                names.get(owner), Thing
            ):
                return self.looked_up(name, names[owner].attributes)
            case ast.BinOp(left, kind, right):
                return joined(kind, *(self.number(self.value(one, names)) for one in (left, right)))
            case ast.UnaryOp(kind, operand):
                return ast.UnaryOp(kind, self.number(self.value(operand, names)))
            case ast.Compare(left, kinds, others):
                left, *others = (self.number(self.value(one, names)) for one in (left, *others))
                return _compared(ast.Compare(left, kinds, others))
            case ast.BoolOp(kind, parts):
                return _any_or_all(kind, [self.number(self.value(x, names)) for x in parts])
            case ast.IfExp(test, body, orelse):
                return ast.IfExp(*(self.number(self.value(x, names)) for x in (test, body, orelse)))
            case ast.Tuple(elts=parts):
                return ast.Tuple([self.value(one, names) for one in parts])
        raise UncodedError(f"'{ast.unparse(node)}' is no arithmetic")

    def looked_up(self, name: str, names: Values) -> Any:
        """Return the value of a name."""
        value = names.get(name)
        if isinstance(value, UncodedError):
            raise value
        if value is None:
            raise UncodedError(f"'{name}' is not known")
        return deepcopy(value) if isinstance(value, ast.expr) else value

    def invoked(self, node: ast.Call, names: Values) -> Any:
        """Return what a call gives: of the program's own, or of Python's and numpy's."""
        args = [self.value(one, names) for one in node.args]
        given = {one.arg: one.value for one in node.keywords if one.arg}
        path, own = ast.unparse(node.func), None
        if isinstance(node.func, ast.Name):
            own = names.get(node.func.id)
        match node.func:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if isinstance(
                thing := names.get(owner), Thing
            ):
                method = thing.method(name)
                if method is not None:
                    values = {key: self.value(one, names) for key, one in given.items()}
                    return self.call(Closure(method, thing.names), [thing, *args], values)
        if isinstance(own, Closure):
            return self.call(own, args, {key: self.value(v, names) for key, v in given.items()})
        if isinstance(own, ast.ClassDef):
            return self.made(own, args, {k: self.value(v, names) for k, v in given.items()}, names)
        module, _, name = path.rpartition(".")
        if module and module not in _ARRAYS:
            raise UncodedError(f"'{path}' is not known")
        if name in _AS_IT_IS and args:
            return args[0]
        numbers = [self.number(one) for one in args]
        if name == "int" and not module:
            name, module = "floor", "math"
        if name == "where" and len(numbers) == 3:
            return ast.IfExp(*numbers)
        if name == "clip" and len(numbers) == 3:
            return _paired("min", [_paired("max", numbers[:2]), numbers[2]])
        if name in ("pow", "power") and len(numbers) == 2:
            return ast.BinOp(numbers[0], ast.Pow(), numbers[1])
        if name in _RENAMED and not given and numbers:
            return _paired(_RENAMED[name], numbers)
        if name in _SAME and module and len(numbers) == 1:
            return ast.Call(ast.Attribute(ast.Name("math"), name), numbers, [])
        raise UncodedError(f"'{path}' is not known")

    def made(
        self, node: ast.ClassDef, args: Sequence[Any], given: Mapping[str, Any], names: Values
    ) -> Thing:
        """Return an object of a class."""
        thing = Thing(node, names)
        method = thing.method("__init__")
        if method is not None:
            with suppress(UncodedError):  # it returns nothing; what is not plain shows when used
                self.call(Closure(method, names), [thing, *args], given)
        return thing


def _paired(name: str, numbers: Sequence[ast.expr]) -> ast.expr:
    """Return the least or the greatest of some, two at a time; of one that is its amount."""
    first, *others = numbers
    if not others:
        return ast.Call(ast.Name(name), [first], [])
    for other in others:
        match first, other:
            case ast.Constant(int() | float() as one), ast.Constant(int() | float() as two):
                first = ast.Constant(min(one, two) if name == "min" else max(one, two))
            case _:
                first = ast.Call(ast.Name(name), [first, other], [])
    return first


def _compared(node: ast.Compare) -> ast.expr:
    """Return a comparison, or what it comes to among numbers alone."""
    sides = [node.left, *node.comparators]
    numbers = [one.value for one in sides if isinstance(one, ast.Constant)]
    kinds = [type(one) for one in node.ops]
    if len(numbers) < len(sides) or not all(kind in _COMPARED for kind in kinds):
        return node
    pairs = zip(kinds, numbers, numbers[1:], strict=False)
    return ast.Constant(all(_COMPARED[kind](one, other) for kind, one, other in pairs))


def _any_or_all(kind: ast.boolop, parts: Sequence[ast.expr]) -> ast.expr:
    """Return whether one of some holds, or all do, without what is known of them."""
    settles = isinstance(kind, ast.Or)
    left = [one for one in parts if not isinstance(one, ast.Constant) or one.value == settles]
    known = next((one for one in left if isinstance(one, ast.Constant)), None)
    if known is not None or not left:
        return ast.Constant(settles if left else not settles)
    return left[0] if len(left) == 1 else ast.BoolOp(kind, left)


def _is_rate(target: ast.expr) -> bool:
    """Return whether what is assigned to is the rate of an optimizer."""
    match target:
        case ast.Subscript(slice=ast.Constant("lr")):
            return True
        case ast.Attribute(attr="lr" | "learning_rate", value=value):
            return not isinstance(value, ast.Name) or value.id != "self"
    return False
