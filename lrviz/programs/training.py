"""Loops that train: what they do to the rate is followed, the rest is not run."""

import ast
from collections.abc import Callable
from typing import Any, NamedTuple

from .scopes import within
from .values import Function, Scope

_TRAINS = (
    "step",
    "backward",
    "zero_grad",
    "fit",
    "train_step",
    "train_one_epoch",
    "train_on_batch",
)


class Loop(NamedTuple):
    """A loop of training: the names of its turn, and whether it writes the rate itself."""

    node: ast.For | ast.While
    scope: Scope
    variable: str
    writes: bool

    @classmethod
    def of(cls, node: ast.For | ast.While, scope: Scope, run: Any) -> "Loop":
        """Return a loop as it stands."""
        variable = ""
        if isinstance(node, ast.For):
            match node.target:
                case ast.Name(id=name):
                    variable = name
                case ast.Tuple(elts=[ast.Name(id=name), *_]):
                    variable = name
        return cls(node, scope, variable, writes_rate(node.body, run))


def is_loop_of_training(node: ast.stmt, run: Any) -> bool:
    """Return whether a loop steps an optimizer or a scheduler, or sets the rate of one."""
    assert isinstance(node, ast.For | ast.While)
    if isinstance(node, ast.For) and "param_groups" in ast.unparse(node.iter):
        return False
    for each in within(node.body):
        match each:
            case ast.Call(func=ast.Attribute(attr=name)) if name in _TRAINS:
                return True
    return writes_rate(node.body, run)


def check_steps(node: ast.For | ast.While, look_up: Callable[[str], Any]) -> None:
    """Refuse a loop that steps a scheduler of the text not once a turn: under an if, or twice."""
    from .faults import DecidedError
    from .values import Instance, Scheduled

    def steps(body: list[ast.stmt], asked: bool) -> None:
        for statement in body:
            match statement:
                case ast.If(test=test, body=yes, orelse=no):
                    known = isinstance(test, ast.Constant)
                    steps(yes, asked or not known)
                    steps(no, asked or not known)
                case ast.For(body=inner) | ast.While(body=inner) | ast.With(body=inner):
                    steps(inner, asked)
                case ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name(id=name), attr="step"), args=args
                    )
                ):
                    of = look_up(name)
                    if not isinstance(of, Scheduled | Instance):
                        continue
                    if asked:
                        raise DecidedError(
                            f"{name} steps only in some turns here; give the curve of each part",
                            statement,
                        )
                    if args and isinstance(of, Scheduled) and "Plateau" not in of.call.name:
                        raise DecidedError(
                            f"{name}.step with a value is not read; take the value away", statement
                        )
                    if name in seen:
                        raise DecidedError(
                            f"{name} steps twice in a turn here; keep one of both", statement
                        )
                    seen.add(name)
                    if isinstance(of, Scheduled):
                        of.stepped += 1

    seen: set[str] = set()
    steps(node.body, asked=False)


def writes_rate(body: list[ast.stmt], run: Any, depth: int = 3) -> bool:
    """Return whether statements set the rate of an optimizer, or call a function that does."""
    for each in within(body):
        match each:
            case ast.Subscript(slice=ast.Constant(value="lr"), ctx=ast.Store()):
                return True
            case ast.Call(func=ast.Name(id=name)) if depth and isinstance(
                function := run.top.names.get(name), Function
            ):
                inner = function.node.body
                if isinstance(inner, list) and writes_rate(inner, run, depth - 1):
                    return True
    return False
