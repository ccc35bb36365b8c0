"""What may be run or not: all that it may change is unknown after it."""

import ast
from typing import Any

from .definitions import Definitions
from .faults import RaisedError, RefusalError, UndecidedError
from .scopes import Assigned, assigned
from .values import Scope, Unknown


class Returned:
    """That a function returns, and what."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Undecided(Definitions):
    """Makes unknown what statements may change."""

    def undecided(self, node: ast.stmt, body: list[ast.stmt], test: Unknown, scope: Scope) -> Any:
        """Make unknown what statements may change that are run or not; return that they return."""
        unknown = Unknown(test.text, test.names, test.why, node=test.node or node)
        found = self.spoil_all(body, unknown, scope)
        if found.schedules or found.places:
            self.undecided_statements.append((node, unknown))
        if found.leaves and not isinstance(node, ast.For | ast.While):
            raise UndecidedError(unknown)
        return Returned(unknown) if found.returns else None

    def spoiled(self, node: ast.stmt, unknown: Unknown) -> None:
        """Make unknown what a statement of the text changes."""
        self.spoil_all([node], unknown, self.top)

    def spoil_all(self, body: list[ast.stmt], unknown: Unknown, scope: Scope) -> Assigned:
        """Make unknown what statements may change."""
        found = assigned(body)
        for name in sorted(found.names):
            where = scope.outer.get(name, scope)
            self.touch(where, name)
            where.names[name] = unknown
        for place in found.places:
            self.spoil(place, unknown, scope)
        return found

    def spoil(self, place: ast.expr, unknown: Unknown, scope: Scope) -> None:
        """Make what a place holds unknown."""
        try:
            if isinstance(place, ast.Attribute | ast.Subscript):
                self.assign(place, unknown, scope)
        except (RefusalError, RaisedError):
            root: ast.expr = place
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                self.set_name(root.id, unknown, scope)
