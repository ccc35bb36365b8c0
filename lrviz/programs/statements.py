"""What statements do."""

# ruff: noqa: ARG002 (what is called by a table is called with the same)

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .faults import RaisedError, RefusalError, TooLongError, UndecidedError
from .limits import LONGEST_LIST
from .operations import alone, truth
from .undecided import Returned, Undecided
from .values import (
    Scope,
    Unknown,
    names_of,
)

BREAK, CONTINUE = object(), object()

_EXCEPTIONS = {
    "ZeroDivisionError": ("ArithmeticError",),
    "OverflowError": ("ArithmeticError",),
    "KeyError": ("LookupError",),
    "IndexError": ("LookupError",),
    "UnboundLocalError": ("NameError",),
}


class Statements(Undecided):
    """Runs statements in a scope."""

    def run_body(self, body: list[ast.stmt], scope: Scope) -> Any:
        """Return what a function returns."""
        end = self.run(body, scope)
        return end.value if isinstance(end, Returned) else None

    def run(self, body: list[ast.stmt], scope: Scope) -> Any:
        """Run statements; return what ends them early, None if nothing does."""
        for statement in body:
            self.budget.left -= 1
            if self.budget.left < 0:
                self.budget.check(statement)
            do = _DO.get(type(statement))
            if do is None:
                kind = type(statement).__name__
                raise RefusalError(
                    f"the statement {kind} is not read; write it another way", statement
                )
            try:
                end = do(self, statement, scope)
            except (RefusalError, RaisedError) as fault:
                if fault.node is None or not hasattr(fault.node, "lineno"):
                    fault.node = statement
                raise
            if end is not None:
                return end
        return None

    # Assignments

    def do_assign(self, node: ast.Assign, scope: Scope) -> None:
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Give a target a value."""
        match target:
            case ast.Name(id=name):
                self.set_name(name, value, scope)
            case ast.Attribute(value=of, attr=name):
                self.set_attribute(self.value(of, scope), name, value, target)
            case ast.Subscript(value=of, slice=ast.Slice() as part):
                held = self.value(of, scope)
                ends = [
                    None if p is None else alone(self.value(p, scope))
                    for p in (part.lower, part.upper, part.step)
                ]
                if not isinstance(held, list | np.ndarray) or names_of(*ends):
                    raise RefusalError("a part of this is not set; write the list anew", target)
                self.touch(held)
                try:
                    held[slice(*ends)] = alone(value)
                except (TypeError, ValueError) as error:
                    raise RaisedError(type(error).__name__, str(error), target) from None
                if len(held) > LONGEST_LIST and isinstance(held, list):
                    raise RefusalError("this is too long a list; make it shorter", target)
            case ast.Subscript(value=of, slice=place):
                held, where = self.value(of, scope), self.value(place, scope)
                if isinstance(where, Unknown):
                    raise RefusalError(
                        f"where this is set is not known; it needs {where.text}", target
                    )
                self.set_member(held, where, value, target)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self.unpack(targets, value, scope, target)
            case ast.Starred(value=inner):
                self.assign(inner, value, scope)
            case _:
                raise RefusalError("this is not a name that can be set", target)

    def set_name(self, name: str, value: Any, scope: Scope) -> None:
        """Give a name a value, where it is declared."""
        where = scope.outer.get(name, scope)
        if isinstance(value, Unknown):
            if name in self.given and where is scope.top:
                value = self.given[name]
            elif (
                self.reading
                and value.path
                and "(" in value.text
                and not value.text.startswith("len(")
            ):
                value = Unknown(name, (name,), value.why, path=True, node=value.node)
        self.touch(where, name)
        where.names[name] = value
        if where is scope.top and self.saved is None:
            self.set_on_top.append((name, value))

    def unpack(self, targets: list[ast.expr], value: Any, scope: Scope, node: ast.AST) -> None:
        """Give several targets the members of a value."""
        if isinstance(value, Unknown):
            for target in targets:
                text = ast.unparse(target)
                self.assign(
                    target,
                    Unknown(text, (text,) if value.path else value.names, value.why, value.path),
                    scope,
                )
            return
        members = list(self.iterated(value, node))
        star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
        if star is not None and len(members) >= len(targets) - 1:
            after = len(targets) - star - 1
            middle = members[star : len(members) - after]
            members = [*members[:star], middle, *members[len(members) - after :]]
        if len(members) != len(targets):
            raise RaisedError(
                "ValueError", f"{len(members)} values are given to {len(targets)} names", node
            )
        for target, member in zip(targets, members, strict=True):
            self.assign(target, member, scope)

    def do_annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def do_augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        target: Any = node.target
        old = self.value(ast.copy_location(_loaded(target), target), scope)
        value = self.value(node.value, scope)
        if (
            isinstance(old, list)
            and isinstance(node.op, ast.Add)
            and isinstance(value, list | tuple)
        ):
            self.touch(old)
            old.extend(value)
            self.limited(old, node)
            return
        self.assign(target, self.combined(node.op, old, value, node), scope)

    def do_delete(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            match target:
                case ast.Name(id=name) if name in scope.names:
                    self.touch(scope, name)
                    del scope.names[name]
                case ast.Subscript(value=of, slice=place):
                    held, where = self.value(of, scope), alone(self.value(place, scope))
                    if isinstance(held, dict) and not isinstance(where, Unknown) and where in held:
                        self.touch(held, where)
                        del held[where]
                    elif not isinstance(held, Unknown):
                        raise RefusalError("this is not deleted here; leave it out", target)

    def do_expression(self, node: ast.Expr, scope: Scope) -> None:
        if not isinstance(node.value, ast.Constant):
            value = self.value(node.value, scope)
            if scope is scope.top and self.saved is None:
                self.set_on_top.append((None, value))

    # Control

    def do_if(self, node: ast.If, scope: Scope) -> Any:
        test = self.value(node.test, scope)
        if isinstance(test, Unknown):
            return self.undecided(node, [*node.body, *node.orelse], test, scope)
        taken = truth(self.counted(test))
        return self.run(node.body if taken else node.orelse, scope)

    def do_for(self, node: ast.For, scope: Scope) -> Any:
        if self.is_training(node, scope):
            return self.train(node, scope)
        with self.looping(node):
            return self.run_for(node, scope)

    @contextmanager
    def looping(self, node: ast.stmt) -> Iterator[None]:
        """Point at the loop where it is its turns that are too many."""
        try:
            yield
        except TooLongError as fault:
            fault.node = node
            raise

    def run_for(self, node: ast.For, scope: Scope) -> Any:
        """Run a for."""
        values = self.value(node.iter, scope)
        if isinstance(values, Unknown):
            return self.undecided(node, [*_target(node), *node.body, *node.orelse], values, scope)
        for member in self.iterated(values, node.iter):
            self.budget.check(node) if self.budget.left < 0 else None
            self.assign(node.target, member, scope)
            try:
                end = self.run(node.body, scope)
            except UndecidedError as fault:
                return self.undecided(node, [*_target(node), *node.body], fault.unknown, scope)
            if end is BREAK:
                return None
            if isinstance(end, Returned):
                return end
        return self.run(node.orelse, scope)

    def do_while(self, node: ast.While, scope: Scope) -> Any:
        if self.is_training(node, scope):
            return self.train(node, scope)
        with self.looping(node):
            return self.run_while(node, scope)

    def run_while(self, node: ast.While, scope: Scope) -> Any:
        """Run a while."""
        while True:
            self.budget.left -= 1
            self.budget.check(node)
            test = self.value(node.test, scope)
            if isinstance(test, Unknown):
                return self.undecided(node, [*node.body, *node.orelse], test, scope)
            if not truth(self.counted(test)):
                return self.run(node.orelse, scope)
            try:
                end = self.run(node.body, scope)
            except UndecidedError as fault:
                return self.undecided(node, node.body, fault.unknown, scope)
            if end is BREAK:
                return None
            if isinstance(end, Returned):
                return end

    def is_training(self, node: ast.stmt, scope: Scope) -> bool:
        raise NotImplementedError

    def train(self, node: ast.stmt, scope: Scope) -> Any:
        raise NotImplementedError

    def do_return(self, node: ast.Return, scope: Scope) -> Returned:
        return Returned(None if node.value is None else self.value(node.value, scope))

    def do_with(self, node: ast.With, scope: Scope) -> Any:
        for each in node.items:
            value = self.value(each.context_expr, scope)
            if each.optional_vars is not None:
                self.assign(
                    each.optional_vars,
                    value
                    if isinstance(value, Unknown)
                    else Unknown(ast.unparse(each.optional_vars), path=True),
                    scope,
                )
        return self.run(node.body, scope)

    def do_try(self, node: ast.Try, scope: Scope) -> Any:
        try:
            end = self.run(node.body, scope)
            if end is None:
                end = self.run(node.orelse, scope)
        except RaisedError as raised:
            kinds = {raised.kind, "Exception", *_EXCEPTIONS.get(raised.kind, ())}
            for handler in node.handlers:
                named = _names(handler.type)
                if handler.type is None or named & kinds:
                    if handler.name:
                        self.set_name(
                            handler.name,
                            Unknown(handler.name, why="an exception has no value"),
                            scope,
                        )
                    end = self.run(handler.body, scope)
                    break
            else:
                raise
        last = self.run(node.finalbody, scope)
        return end if last is None else last

    def do_assert(self, node: ast.Assert, scope: Scope) -> None:
        test = self.value(node.test, scope)
        if not isinstance(test, Unknown) and not truth(self.counted(test)):
            raise RaisedError(
                "AssertionError", f"{ast.unparse(node.test)[:60]!r} is not true", node
            )

    def do_raise(self, node: ast.Raise, scope: Scope) -> None:
        kind = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = ast.unparse(kind) if kind is not None else "exception"
        raise RaisedError(name, f"the text raises {name}", node)

    def do_nothing(self, node: ast.stmt, scope: Scope) -> None:
        """Do nothing."""

    def do_break(self, node: ast.Break, scope: Scope) -> Any:
        return BREAK

    def do_continue(self, node: ast.Continue, scope: Scope) -> Any:
        return CONTINUE

    def do_declared(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        for name in node.names:
            where: Scope | None = scope.top
            if isinstance(node, ast.Nonlocal):
                where = scope.around
                while where is not None and (name not in where.own or where.of_class):
                    where = where.around
            if where is None:
                raise RefusalError(f"there is no {name} around this function", node)
            scope.outer[name] = where


def _target(node: ast.For) -> Iterator[ast.stmt]:
    yield ast.copy_location(ast.Assign([node.target], ast.Constant(None)), node)


def _loaded(target: ast.expr) -> ast.expr:
    """Return a target as an expression."""
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=of, attr=name):
            return ast.Attribute(of, name, ast.Load())
        case ast.Subscript(value=of, slice=place):
            return ast.Subscript(of, place, ast.Load())
    return target


def _names(kinds: ast.expr | None) -> set[str]:
    """Return the names of the exceptions that a handler takes."""
    if isinstance(kinds, ast.Tuple):
        return {ast.unparse(kind) for kind in kinds.elts}
    return {ast.unparse(kinds)} if kinds is not None else set()


_DO: dict[type[ast.stmt], Callable[..., Any]] = {
    ast.Assign: Statements.do_assign,
    ast.AnnAssign: Statements.do_annotated,
    ast.AugAssign: Statements.do_augmented,
    ast.Delete: Statements.do_delete,
    ast.Expr: Statements.do_expression,
    ast.If: Statements.do_if,
    ast.For: Statements.do_for,
    ast.While: Statements.do_while,
    ast.Return: Statements.do_return,
    ast.With: Statements.do_with,
    ast.Try: Statements.do_try,
    ast.Assert: Statements.do_assert,
    ast.Raise: Statements.do_raise,
    ast.Pass: Statements.do_nothing,
    ast.Break: Statements.do_break,
    ast.Continue: Statements.do_continue,
    ast.Global: Statements.do_declared,
    ast.Nonlocal: Statements.do_declared,
    ast.Import: Statements.do_import,
    ast.ImportFrom: Statements.do_import,
    ast.FunctionDef: Statements.do_def,
    ast.ClassDef: Statements.do_class,
}
