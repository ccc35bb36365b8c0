"""Imports, functions and classes, as they are defined."""

import ast
from typing import Any

from .attributes import Static
from .calls import Calls
from .scopes import locals_of
from .values import Class, Function, Outside, Scope, Unknown

_DECORATORS = (
    "function",
    "jit",
    "no_grad",
    "lru_cache",
    "cache",
    "wraps",
    "override",
    "abstractmethod",
    "inference_mode",
)


class Definitions(Calls):
    """Runs statements that define something."""

    def do_import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                name = alias.asname or path
            else:
                path = "." * node.level + (f"{node.module}." if node.module else "") + alias.name
                name = alias.asname or alias.name
            if name == "*":
                if not self.is_known_package(path):
                    self.notes.append(f"what {ast.unparse(node)} gives is not known")
                continue
            self.set_name(name, self.imported(path), scope)

    def do_def(self, node: ast.FunctionDef, scope: Scope) -> None:
        function: Any = self.function_of(node, scope, node.name)
        if scope.of_class:
            function.of = scope.of
        for decorator in reversed(node.decorator_list):
            function = self.decorate(decorator, function, scope)
        self.set_name(node.name, function, scope)

    def decorate(self, decorator: ast.expr, of: Any, scope: Scope) -> Any:
        """Return what a decorator makes of a function or a class."""
        text = ast.unparse(decorator)
        last = text.partition("(")[0].rpartition(".")[2]
        if isinstance(of, Function) and text in (
            "staticmethod",
            "classmethod",
            "property",
            "functools.cached_property",
            "cached_property",
        ):
            if text == "staticmethod":
                return Static(of)
            self.decorated[id(of)] = "class" if text == "classmethod" else "property"
            self.keep.append(of)
            return of
        if last == "dataclass" and isinstance(of, Class):
            self.fields[id(of)] = [
                s.target.id
                for s in of.node.body
                if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
            ]
            self.keep.append(of)
            return of
        value = self.value(decorator, scope)
        if isinstance(value, Function | Class):
            return self.called(value, [of], {}, decorator)
        if last not in _DECORATORS:
            self.notes.append(f"@{text} is taken to change nothing")
        return of

    def do_class(self, node: ast.ClassDef, scope: Scope) -> None:
        bases = [self.value(base, scope) for base in node.bases]
        inner = Scope(scope, frozenset(), of_class=True)
        of: Any = Class(
            node.name, [b for b in bases if isinstance(b, Class | Outside)], inner.names, node
        )
        for base in bases:
            if isinstance(base, Unknown):
                of.bases.append(Outside(base.text, True))
        inner.of = of
        self.run(node.body, inner)
        for decorator in reversed(node.decorator_list):
            of = self.decorate(decorator, of, scope)
        self.set_name(node.name, of, scope)

    def locals_of(self, node: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
        """Return the names that are a function's own."""
        found = self.known_locals.get(id(node))
        if found is None:
            found, generates = locals_of(node)
            self.known_locals[id(node)] = found
            if generates:
                self.generators.add(id(node))
        return found
