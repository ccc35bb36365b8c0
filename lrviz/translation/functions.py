"""A schedule as a function of Python: what has no name in a framework, or is asked for as such."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Any

_WIDEST = 88
_LEAST = 12
"""From how many characters on a piece that stands twice gets a name."""
_PLAIN = {"min": "minimum", "max": "maximum", "abs": "abs"}


def function(name: str, node: ast.expr, first: str = "") -> str:
    """Return a function of one step that decides by `if`; `first` stands before all."""
    lines = [f"def {name}(step):", *([f"    {first}"] if first else [])]
    lines += [f"    {line}" for line in _returns(node)]
    return "\n".join(lines)


def _own(node: ast.expr) -> ast.expr:
    """Return an expression in which no piece stands twice as the same object, to be changed."""
    return ast.parse(ast.unparse(node), mode="eval").body


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
    left: ast.AST = _own(node)
    for name in (letter for letter in ascii_lowercase if letter not in ("e", "l", "o")):
        counts = Counter(
            ast.unparse(one)
            for one in ast.walk(left)
            if isinstance(one, ast.BinOp | ast.Call | ast.IfExp)
        )
        twice = [text for text, count in counts.items() if count > 1 and len(text) >= _LEAST]
        if not twice:
            break
        shortest = min(twice, key=len)
        yield f"{name} = {shortest}"
        left = _Replaced(shortest, name).visit(left)
    yield f"return {ast.unparse(left)}"


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


def array_functions(name: str, node: ast.expr, module: str, first: str = "") -> list[str]:
    """Return functions of an array of steps, which choose by `where` of a module.

    All choices are computed at all steps; one function does so with the steps of a stage that has
    not come yet, below 0, and one does not. What has roots or powers of them is first the latter.
    """
    plain = array_function(name, node, module, first)
    within = array_function(name, _Begun().visit(_own(node)), module, first)
    if plain == within:
        return [plain]
    return [within, plain] if re.search(r"sqrt|log|\*\* ?[(0.]", plain) else [plain, within]


class _Begun(ast.NodeTransformer):
    """Holds a later stage at its own step 0 until it begins."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Return the step of a stage, or 0."""
        match node:
            case ast.BinOp(ast.Name("step"), ast.Sub(), ast.Constant(int())):
                return ast.Call(ast.Name("max"), [node, ast.Constant(0)], [])
        visited: ast.AST = self.generic_visit(node)
        return visited


def array_function(name: str, node: ast.expr, module: str, first: str = "") -> str:
    """Return a function of an array of steps, which chooses by `where` of a module."""
    made = _Arrays(module).visit(_own(node))
    body = [f"    {first}"] if first else []
    return "\n".join([f"def {name}(step):", *body, *(f"    {line}" for line in _named(made))])


class _Arrays(ast.NodeTransformer):
    """Puts the functions of a module of arrays in the place of those of numbers."""

    def __init__(self, module: str) -> None:
        self.module = module

    def _called(self, name: str, *args: Any) -> ast.Call:
        return ast.Call(ast.Attribute(ast.Name(self.module), name), [*args], [])

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return the number pi as the module has it; Keras has none."""
        return node if self.module == "ops" else ast.Attribute(ast.Name(self.module), node.attr)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Return what holds of each element."""
        name = "logical_and" if isinstance(node.op, ast.And) else "logical_or"
        first: ast.AST
        first, *others = map(self.visit, node.values)
        for other in others:
            first = self._called(name, first, other)
        return first

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Return one comparison after the other, a < b < c."""
        sides = [*map(self.visit, (node.left, *node.comparators))]
        first: ast.AST
        first, *others = (
            ast.Compare(left, [operator], [right])
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False)
        )
        for other in others:
            first = self._called("logical_and", first, other)
        return first

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Return the contrary of each element."""
        operand = self.visit(node.operand)
        is_not = isinstance(node.op, ast.Not)
        return self._called("logical_not", operand) if is_not else ast.UnaryOp(node.op, operand)

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
    uses_it = re.search(r"\bmath\.", text) and not re.search(r"^import math$", text, re.MULTILINE)
    return ["import math"] if uses_it else []


def folded(text: str) -> str:
    """Return the same with calls and lists that are too long written over several lines."""
    return "\n".join(_folded(line) for line in text.split("\n"))


def _folded(line: str) -> str:
    """Return a line, or the lines of what it gives or returns."""
    indent = line[: len(line) - len(line.lstrip())]
    head = re.match(r"(return |[a-z]\w* = )", line.strip())
    if len(line) <= _WIDEST or head is None:
        return line
    node = ast.parse(line.strip().removeprefix("return ").partition(" = ")[2] or line.strip()[7:])
    (statement,) = node.body
    assert isinstance(statement, ast.Expr)
    return f"{indent}{head[0]}{_spread(statement.value, indent, len(head[0]))}"


def _spread(node: ast.expr, indent: str, before: int) -> str:
    """Return an expression, its members each in a line of its own if it is too long for one."""
    text = ast.unparse(node)
    if len(indent) + before + len(text) < _WIDEST:
        return text
    deeper = indent + "    "
    match node:
        case ast.Call(func=function, args=args, keywords=keywords):
            members = [_spread(one, deeper, 0) for one in args]
            members += [
                f"{one.arg}={_spread(one.value, deeper, len(one.arg or '') + 1)}"
                for one in keywords
            ]
            opened, closed = f"{ast.unparse(function)}(", ")"
        case ast.List(elts=parts):
            members = [_spread(one, deeper, 0) for one in parts]
            opened, closed = "[", "]"
        case _:
            return text
    inside = "".join(f"{deeper}{member},\n" for member in members)
    return f"{opened}\n{inside}{indent}{closed}"
