"""A schedule as a function of Python: what has no name in a framework, or is asked for as such."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from string import ascii_lowercase

_LEAST = 12
"""From how many characters on a piece that stands twice gets a name."""
_PLAIN = {"min": "minimum", "max": "maximum", "abs": "abs"}


def function(name: str, node: ast.expr, first: str = "") -> str:
    """Return a function of one step that decides by `if`; `first` stands before all."""
    lines = [f"def {name}(step):", *([f"    {first}"] if first else [])]
    lines += [f"    {line}" for line in _returns(node)]
    return "\n".join(lines)


def _returns(node: ast.expr) -> Iterator[str]:
    """Yield the lines that return the value of an expression."""
    while isinstance(node, ast.IfExp):
        yield f"if {ast.unparse(node.test)}:"
        for line in _returns(node.body):
            yield f"    {line}"
        node = node.orelse
    yield from _named(node)


def _named(node: ast.expr) -> Iterator[str]:
    """Yield the lines that return an expression, with names for pieces that stand in it twice."""
    node = deepcopy(node)
    for name in (letter for letter in ascii_lowercase if letter not in ("e", "l", "o")):
        counts = Counter(
            ast.unparse(one)
            for one in ast.walk(node)
            if isinstance(one, ast.BinOp | ast.Call | ast.IfExp)
        )
        twice = [text for text, count in counts.items() if count > 1 and len(text) >= _LEAST]
        if not twice:
            break
        shortest = min(twice, key=len)
        yield f"{name} = {shortest}"
        node = _Replaced(shortest, name).visit(node)
    yield f"return {ast.unparse(node)}"


class _Replaced(ast.NodeTransformer):
    """Puts a name in the place of a piece."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the name for the piece, and what is around it as it is."""
        if isinstance(node, ast.expr) and ast.unparse(node) == self.text:
            return ast.Name(self.name)
        visited: ast.AST = self.generic_visit(node)
        return visited


def array_function(name: str, node: ast.expr, module: str, first: str = "") -> str:
    """Return a function of an array of steps, which chooses by `where` of a module."""
    made = _Arrays(module).visit(deepcopy(node))
    body = [f"    {first}"] if first else []
    return "\n".join([f"def {name}(step):", *body, *(f"    {line}" for line in _named(made))])


class _Arrays(ast.NodeTransformer):
    """Puts the functions of a module of arrays in the place of those of numbers."""

    def __init__(self, module: str) -> None:
        self.module = module

    def _called(self, name: str, *args: ast.expr) -> ast.Call:
        return ast.Call(ast.Attribute(ast.Name(self.module), name), [*args], [])

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return the number pi as the module has it; Keras has none."""
        return node if self.module == "ops" else ast.Attribute(ast.Name(self.module), node.attr)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Return the choice of each element."""
        visited = [self.visit(one) for one in (node.test, node.body, node.orelse)]
        return self._called("where", *visited)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return the call of the function of arrays."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        return self._called(_PLAIN.get(name, name), *map(self.visit, node.args))


def modules(text: str) -> list[str]:
    """Return the imports that a text of Python needs beside those of a framework."""
    known: Mapping[str, str] = {"math.": "import math"}
    return [line for word, line in known.items() if word in text]
