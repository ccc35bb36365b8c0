"""Which names a text mentions that were given values, and whether it gives them its own."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..errors import LrvizError, SpecError, did_you_mean, option, quoted
from ..programs.reading import normal
from ..programs.source import Source

_NAMED = ast.Name | ast.Attribute | ast.Subscript | ast.Call
"""What can be given a value from outside."""

_WORD = re.compile(r"[^\W\d][\w.]*")


def written_in(text: str) -> list[str]:
    """Return the names that a program, or a spec with a call in it, has."""
    tree = _tree(text)
    if tree is None:
        return _WORD.findall(text)
    written = (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, _NAMED))
    parameters = (node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    return list(dict.fromkeys((*written, *parameters)))


def mentioned(written: Collection[str], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the names that are written, with their values."""
    return {name: value for name, value in names.items() if normal(name) in written}


def check_mentioned(written: Collection[str], names: Mapping[str, Any]) -> None:
    """Raise LrvizError if one of the names stands nowhere."""
    for name in names:
        if normal(name) not in written:
            near = did_you_mean(name, written) or "; take it away"
            raise LrvizError(
                option("names")
                + f" gives {quoted(name)} a value, and nothing that is read has that name{near}"
            )


def check_open(text: str, names: Mapping[str, Any]) -> None:
    """Raise SpecError if a program gives one of the names a value of its own before it is read."""
    tree = _tree(text) if names else None
    for name in names if tree is not None else ():
        assert tree is not None
        word = normal(name)
        for node, since, within in _definitions(tree, word):
            inside = {id(one) for one in ast.walk(within)}
            reads = [one for one in ast.walk(tree) if _reads(one, word)]
            if all(id(one) in inside and _place(one) > since for one in reads):
                says = f" gives {quoted(name)} a value, and the text gives it its own; change that"
                raise SpecError(option("names") + says, text, *Source.of(text).span(node))


def _tree(text: str) -> ast.Module | None:
    """Return a text as Python; None if it is not."""
    try:
        return Source.of(text).tree()
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _reads(node: ast.AST, name: str) -> bool:
    """Return whether a piece of a program asks for the value of a name."""
    if isinstance(node, ast.AugAssign):
        return ast.unparse(node.target) == name
    is_read = isinstance(node, ast.Call) or isinstance(getattr(node, "ctx", None), ast.Load)
    return is_read and isinstance(node, _NAMED) and ast.unparse(node) == name


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _definitions(within: ast.AST, name: str) -> Iterator[tuple[ast.AST, tuple[int, int], ast.AST]]:
    """Yield what gives a name its value, from where on, and the function, or text, around it."""
    if isinstance(within, ast.FunctionDef | ast.Lambda):
        own = within.args
        usual = [*own.posonlyargs, *own.args]
        pairs = [*zip(usual[len(usual) - len(own.defaults) :], own.defaults, strict=True)]
        pairs += [(a, d) for a, d in zip(own.kwonlyargs, own.kw_defaults, strict=True) if d]
        yield from ((arg, _place(arg), within) for arg, _ in pairs if arg.arg == name)
    pending = [*ast.iter_child_nodes(within)]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            yield from _definitions(node, name)
            continue
        pending += ast.iter_child_nodes(node)
        if isinstance(node, ast.Assign):
            since = node.value.end_lineno or 0, node.value.end_col_offset or 0
            targets = (t for target in node.targets for t in ast.walk(target))
            named = (t for t in targets if isinstance(t, _NAMED))
            yield from ((t, since, within) for t in named if ast.unparse(t) == name)
