"""The text of a program reduced to what its rates need."""

# ruff: noqa: ARG002, N815 (what is called by a table is called with the same)

import ast
import copy
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from .entries import Entry, the_optimizer
from .interpreter import Interpreter
from .scopes import assigned, locals_of, names_read
from .values import Callback, Function, Optimizer

_LONGEST = 40
"""How many members a list has at most that is written in the place of its name."""


class NotInlinedError(Exception):
    """That the value of a name cannot be written in its place."""


def texts_of(
    run: Interpreter,
    body: list[ast.stmt],
    given: Mapping[str, Any],
    entry: Entry,
    name: str | None,
    expression: bool = False,
) -> Iterator[str]:
    """Yield texts that give an entry's rates, the shortest first; each is to be tried.

    Where an `expression` is wanted, a lambda comes first.
    """
    bodies: list[str] = []
    if isinstance(entry.node, ast.FunctionDef | ast.Lambda):
        function = function_at(run, entry)
        if function is not None:
            if expression:
                with suppress(NotInlinedError):
                    bodies.append(Inliner(run).expression(function))
            with suppress(NotInlinedError):
                bodies.append(Inliner(run).program(function))
    callback = next((v for _, v in run.set_on_top if isinstance(v, Callback)), None)
    if (
        callback is not None
        and entry.node is callback.node
        and isinstance(callback.function, Function)
    ):
        try:
            inlined = Inliner(run).program(callback.function)
            if isinstance(callback.function.node, ast.Lambda):
                bodies.append(f"LearningRateScheduler({inlined})")
            else:
                bodies.append(f"{inlined}\nLearningRateScheduler({callback.function.name})")
        except NotInlinedError:
            pass
    bodies.append("\n".join(sliced(body, given, entry, name)))
    bodies.append("\n".join([*given_lines(given), *(ast.unparse(_plain(s, given)) for s in body)]))
    rate = rate_line(run)
    for text in bodies:
        if not text:
            continue
        yield text
        if rate:
            yield f"{rate}\n{text}"


def rate_line(run: Interpreter) -> str:
    """Return a line that gives the optimizer its rate; "" if it has none."""
    rate = run.lr
    if rate is None:
        made = [v for _, v in run.set_on_top if isinstance(v, Optimizer)]
        first = made[-1].groups[0]["lr"] if made else the_optimizer(run).groups[0]["lr"]
        rate = first if isinstance(first, int | float) else None
    return "" if rate is None else f"optimizer = SGD(params, lr={rate!r})"


def given_lines(given: Mapping[str, Any]) -> list[str]:
    """Return lines that give the same names their values."""
    return [f"{name} = {value!r}" for name, value in given.items() if not name.endswith(")")]


def function_at(run: Interpreter, entry: Entry) -> Function | None:
    """Return the function of an entry."""
    value = getattr(entry, "value", None)
    if isinstance(value, Function):
        return value
    found = [v for _, v in run.set_on_top if isinstance(v, Function) and v.node is entry.node]
    return found[-1] if found else None


def sliced(
    body: list[ast.stmt], given: Mapping[str, Any], entry: Entry, name: str | None
) -> list[str]:
    """Return the statements that an entry needs, in their order, and lines for what is given."""
    needed = set() if name is None else {name}
    needed |= entry.names
    kept: set[int] = set()
    if entry.node is not None:
        for i, statement in enumerate(body):
            if any(inner is entry.node for inner in ast.walk(statement)):
                kept.add(i)
                needed |= names_read([statement])
    grown = True
    while grown:
        grown = False
        for i, statement in enumerate(body):
            if i in kept or _is_text(statement):
                continue
            if changes(statement) & needed:
                kept.add(i)
                needed |= names_read([statement])
                grown = True
    lines = [line for line in given_lines(given) if _root(line) in needed]
    return lines + [ast.unparse(_plain(body[i], given)) for i in sorted(kept)]


def changes(statement: ast.stmt) -> set[str]:
    """Return the names that a statement changes, or changes something of."""
    found = assigned([statement])
    return found.names | {_root(ast.unparse(place)) for place in found.places}


def _root(text: str) -> str:
    """Return the name that a piece of text begins from."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and node.id != "len":
            return node.id
    return text


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _plain(statement: ast.stmt, given: Mapping[str, Any]) -> ast.AST:
    """Return a statement without docstrings and annotations, and with what calls were given."""
    bare: ast.AST = _Bare().visit(copy.deepcopy(statement))
    with suppress(NotInlinedError):
        bare = _Given(given).visit(bare)
    return bare


class _Given(ast.NodeTransformer):
    """Puts the values in the place of calls that were given them, such as len(loader)."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def visit_Call(self, node: ast.Call) -> ast.AST:
        text = ast.unparse(node)
        return literal(self.given[text]) if text in self.given else self.generic_visit(node)


class _Bare(ast.NodeTransformer):
    """Takes docstrings, annotations and what is printed away."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        node.body = node.body or [ast.Pass()]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_print = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "print"
        if isinstance(node.value, ast.Constant) or is_print:
            return ast.copy_location(ast.Pass(), node)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            lines = getattr(node, name, None)
            if isinstance(lines, list) and len(lines) > 1:
                rest = [line for line in lines if not isinstance(line, ast.Pass)]
                setattr(node, name, rest or lines[:1])
        return node


class Inliner:
    """Writes functions with the values of the names that they take from around them."""

    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.texts: dict[str, str] = {}
        self.named: dict[int, str] = {}
        self.nodes: dict[str, ast.FunctionDef | ast.Lambda] = {}

    def program(self, function: Function) -> str:
        """Return a function after those that it calls; NotInlinedError if that cannot be."""
        name = self.add(function)
        if isinstance(function.node, ast.Lambda):
            last = self.texts.pop(name)
            return "\n".join([*self.texts.values(), last])
        return "\n".join(self.texts.values())

    def add(self, function: Function) -> str:
        """Write a function, and return what it is called in the text."""
        if id(function) in self.named:
            raise NotInlinedError  # it calls itself
        name = function.name
        if name in self.texts or function.node.args.vararg or function.node.args.kwarg:
            raise NotInlinedError
        if isinstance(function.node, ast.FunctionDef) and function.node.decorator_list:
            raise NotInlinedError
        self.named[id(function)] = name
        node = copy.deepcopy(function.node)
        node = _Bare().visit(node)
        inner = _Names(self, function)
        own, _ = locals_of(function.node)
        inner.own = [own]
        if isinstance(node, ast.Lambda):
            node.body = inner.visit(node.body)
        else:
            node.body = [inner.visit(line) for line in node.body]
        self.defaults(node, function)
        self.texts[name] = ast.unparse(ast.fix_missing_locations(node))
        self.nodes[name] = node
        return name

    def expression(self, function: Function) -> str:
        """Return a function as a lambda; NotInlinedError if it is more than tests and returns."""
        name = self.add(function)
        node = self.nodes[name]
        if len(self.texts) > 1:
            raise NotInlinedError
        if isinstance(node, ast.FunctionDef):
            result = returned(node.body)
            if result is None:
                raise NotInlinedError
            node = ast.Lambda(node.args, result)
        return ast.unparse(ast.fix_missing_locations(node))

    def defaults(self, node: ast.FunctionDef | ast.Lambda, function: Function) -> None:
        """Write the values of a function's defaults."""
        given = node.args
        named = [*given.posonlyargs, *given.args]
        count = len(given.defaults)
        given.defaults = [literal(function.defaults[a.arg]) for a in named[len(named) - count :]]
        given.kw_defaults = [
            literal(function.defaults[a.arg]) if a.arg in function.defaults else None
            for a in given.kwonlyargs
        ]


def returned(lines: list[ast.stmt]) -> ast.expr | None:
    """Return what statements return, as one expression; None if they are more than ifs."""
    match lines:
        case [ast.Pass(), *rest]:
            return returned(rest)
        case [ast.Return(value=ast.expr() as value), *_]:
            return value
        case [ast.If(test=test, body=body, orelse=orelse), *rest]:
            yes, no = returned(body), returned([*orelse, *rest])
            return None if yes is None or no is None else ast.IfExp(test, yes, no)
    return None


class _Names(ast.NodeTransformer):
    """Puts values in the place of names."""

    def __init__(self, inliner: Inliner, function: Function) -> None:
        self.inliner, self.function = inliner, function
        self.own: list[frozenset[str]] = []

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if any(node.id in own for own in self.own):
            return node
        if not isinstance(node.ctx, ast.Load):
            raise NotInlinedError
        run = self.inliner.run
        found = run.looked_up(node.id, self.function.scope)
        if found.__class__ is object:
            if node.id in run.given:
                return literal(run.given[node.id])
            return node
        if isinstance(found, Function):
            return ast.Name(
                self.inliner.add(found)
                if id(found) not in self.inliner.named
                else self.inliner.named[id(found)],
                ast.Load(),
            )
        from .values import Native, Outside

        if isinstance(found, Outside) and not found.imported and found.path == node.id:
            return node
        if isinstance(found, Outside | Native):
            return _imported(run, node.id)
        return literal(found)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        text = ast.unparse(node)
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and text in self.inliner.run.given:
            where = self.inliner.run.looked_up(root.id, self.function.scope)
            if where.__class__ is object and not any(root.id in own for own in self.own):
                return literal(self.inliner.run.given[text])
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        text = ast.unparse(node)
        given = self.inliner.run.given
        return literal(given[text]) if text in given else self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._inner(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._inner(node)

    def _inner(self, node: Any) -> ast.AST:
        self.own.append(locals_of(node)[0])
        self.generic_visit(node)
        self.own.pop()
        return node  # type: ignore[no-any-return]

    def visit_Global(self, node: ast.Global) -> ast.AST:
        raise NotInlinedError

    visit_ClassDef = visit_Nonlocal = visit_Global  # type: ignore[assignment]
    visit_Import = visit_ImportFrom = visit_Global  # type: ignore[assignment]

    def _comprehension(self, node: Any) -> ast.AST:
        names = frozenset(
            n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)
        )
        self.own.append(names)
        self.generic_visit(node)
        self.own.pop()
        return node  # type: ignore[no-any-return]

    visit_ListComp = visit_SetComp = _comprehension
    visit_DictComp = visit_GeneratorExp = _comprehension


_WELL_KNOWN = {
    "math": "math",
    "np": "numpy",
    "numpy": "numpy",
    "jnp": "jax.numpy",
    "tf": "tensorflow",
    "torch": "torch",
    "jax": "jax",
}


def _imported(run: Interpreter, name: str) -> ast.expr:
    """Return a name that a module gives, if it means the same without the import."""
    from .values import Native, Outside

    value = run.top.names.get(name)
    if isinstance(value, Outside) and _WELL_KNOWN.get(name) == value.path:
        return ast.Name(name, ast.Load())
    if isinstance(value, Native) and value.name == name:
        from .functions import BISECT, MATH

        for module, table in (("math", MATH), ("bisect", BISECT)):
            if name in table:
                return ast.Attribute(ast.Name(module, ast.Load()), name, ast.Load())
    raise NotInlinedError


def literal(value: Any) -> ast.expr:
    """Return a value as an expression; NotInlinedError if it is too long or no plain value."""
    if isinstance(value, np.generic):
        raise NotInlinedError
    if isinstance(value, bool | int | str) or value is None:
        return ast.parse(repr(value), mode="eval").body
    if isinstance(value, float) and math.isfinite(value):
        return ast.parse(repr(value), mode="eval").body
    if isinstance(value, list | tuple) and len(value) <= _LONGEST:
        members = [literal(v) for v in value]
        return (
            ast.List(members, ast.Load())
            if isinstance(value, list)
            else ast.Tuple(members, ast.Load())
        )
    if isinstance(value, dict) and len(value) <= _LONGEST:
        return ast.Dict([literal(k) for k in value], [literal(v) for v in value.values()])
    raise NotInlinedError
