"""What pieces of the tree assign, without running them."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_INNER = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


@dataclass
class Assigned:
    """What statements may change: names, places in lists and objects, and whether they return."""

    names: set[str] = field(default_factory=set)
    places: list[ast.expr] = field(default_factory=list)
    returns: bool = False
    leaves: bool = False
    """Whether they break off a loop around them, or its turn."""
    schedules: list[ast.Call] = field(default_factory=list)
    """Calls of methods, which may change what they are called on."""


def within(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield all nodes in several, but not those inside of inner functions and classes."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _INNER):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def assigned(body: Iterable[ast.stmt]) -> Assigned:
    """Return what statements may change."""
    body = list(body)
    found = Assigned(leaves=leaves(body))
    for node in within(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.names.add(name)
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                found.places.append(node)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.names.add(name)
            case ast.Import() | ast.ImportFrom():
                found.names.update((a.asname or a.name).partition(".")[0] for a in node.names)
            case ast.Return():
                found.returns = True
            case ast.Call():
                found.schedules.append(node)
                match node.func:
                    case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in _CHANGING:
                        found.names.add(name)
    return found


def leaves(body: list[ast.stmt]) -> bool:
    """Return whether statements break off a loop around them, or its turn."""
    for node in body:
        if isinstance(node, ast.Break | ast.Continue):
            return True
        if isinstance(node, ast.If | ast.With | ast.Try):
            blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
            blocks += [handler.body for handler in getattr(node, "handlers", [])]
            if any(map(leaves, blocks)):
                return True
    return False


_CHANGING = (
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "update",
    "setdefault",
    "sort",
    "reverse",
)
"""Methods that change what they are called on."""


def locals_of(node: ast.FunctionDef | ast.Lambda) -> tuple[frozenset[str], bool]:
    """Return the names that are a function's own, and whether it is a generator."""
    given = node.args
    names = {a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    names |= {a.arg for a in (given.vararg, given.kwarg) if a is not None}
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    outer: set[str] = set()
    generates = False
    stack = body
    while stack:
        inner = stack.pop()
        match inner:
            case ast.Global(names=declared) | ast.Nonlocal(names=declared):
                outer |= set(declared)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
                continue
            case ast.Import() | ast.ImportFrom():
                names |= {(a.asname or a.name).partition(".")[0] for a in inner.names}
            case ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.Yield() | ast.YieldFrom():
                generates = True
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                # Its own names are not the function's; what := names in it is.
                names |= {
                    n.target.id
                    for n in ast.walk(inner)
                    if isinstance(n, ast.NamedExpr) and isinstance(n.target, ast.Name)
                }
                continue
        stack.extend(ast.iter_child_nodes(inner))
    return frozenset(names - outer), generates


def names_read(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that several nodes read or declare, in inner functions too."""
    found = set()
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                found.add(inner.id)
            elif isinstance(inner, ast.Global | ast.Nonlocal):
                found.update(inner.names)
    return found
