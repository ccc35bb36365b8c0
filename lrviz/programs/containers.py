"""Lists, dicts and arrays: how they are written, what stands in them, and loops through them."""

# ruff: noqa: ARG002 (what is called by a table is called with the same)

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from .arrays import item, within
from .attributes import Attributes
from .faults import RaisedError, RefusalError
from .limits import LONGEST_LIST, counted
from .operations import alone, truth
from .values import SEQUENCES, Class, Lanes, Outside, Scope, Unknown

COMPREHENDED = frozenset({"<comprehension>"})
"""The own names of the scope of a comprehension, which has none."""


class Containers(Attributes):
    """Makes lists and the like, and looks into them."""

    def on_list(self, node: ast.List, scope: Scope) -> Any:
        return counted(self.members(node.elts, scope), node)

    def members(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        """Return the values of several expressions; one with a star gives several."""
        found: list[Any] = []
        for each in nodes:
            if isinstance(each, ast.Starred):
                value = self.value(each.value, scope)
                if isinstance(value, Unknown):
                    found.append(value)
                else:
                    found.extend(self.iterated(value, each))
            else:
                found.append(self.value(each, scope))
        return found

    def on_tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        return counted(tuple(self.members(node.elts, scope)), node)

    def on_set(self, node: ast.Set, scope: Scope) -> Any:
        members = self.members(node.elts, scope)
        return self.mixed(node, *members) or self.hashed(set, alone(members), node)

    def hashed(self, kind: Callable[[Any], Any], members: Any, node: ast.AST) -> Any:
        """Return a set or a dict of members, which must be hashable."""
        try:
            return kind(members)
        except TypeError as error:
            raise RaisedError("TypeError", str(error), node) from None

    def on_dict(self, node: ast.Dict, scope: Scope) -> Any:
        found: dict[Any, Any] = {}
        for key, each in zip(node.keys, node.values, strict=True):
            value = self.value(each, scope)
            if key is None:
                if isinstance(value, Unknown):
                    return value
                if not isinstance(value, Mapping):
                    raise RaisedError("TypeError", "what follows ** is no dict", each)
                found |= value
                continue
            name = alone(self.value(key, scope))
            if isinstance(name, Unknown):
                return self.mixed(node, name)
            self.hashed(hash, name, key)
            found[name] = value
        return counted(found, node)

    def on_subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        of = self.value(node.value, scope)
        if isinstance(node.slice, ast.Slice):
            return self.sliced(node, of, node.slice, scope)
        place = self.value(node.slice, scope)
        if isinstance(of, Unknown):
            return self.part_of(of, node, place)
        if isinstance(of, Outside):
            return Outside(of.path, of.imported)  # such as list[int]
        unknown = self.mixed(node, place)
        return unknown if unknown is not None else self.member(of, place, node)

    def part_of(self, of: Unknown, node: ast.AST, place: Any) -> Any:
        """Return a member of what is unknown, which may be given."""
        if of.path and isinstance(place, str | int):
            return self.unknown(f"{of.text}[{place!r}]", node)
        return self.mixed(node, of, place)

    def member(self, of: Any, place: Any, node: ast.AST) -> Any:
        """Return what stands at a place of a list, a dict or an array."""
        if isinstance(place, Lanes):
            found = item(of, place)
            if found is not None:
                return found
            place = alone(place)
        if isinstance(of, dict):
            self.reads(of, place)
            if place.__class__ is list or place not in of:
                raise RaisedError("KeyError", f"{place!r} is not in the dict", node)
            return of[place]
        if isinstance(of, Lanes):
            return of
        if isinstance(of, SEQUENCES):
            self.reads(of, None)
            if isinstance(place, bool | int | np.integer):
                try:
                    found = of[int(place)]
                except IndexError:
                    raise RaisedError(
                        "IndexError", "there is no such place in the list", node
                    ) from None
                return found
            if isinstance(of, np.ndarray) and isinstance(place, np.ndarray):
                try:
                    return of[place]
                except IndexError as error:
                    raise RaisedError("IndexError", str(error), node) from None
            raise RaisedError("TypeError", "places in a list are whole numbers", node)
        if isinstance(of, Class):
            return of  # such as Generic[T]
        call = self.special(of, "__getitem__")
        if call is not None:
            return self.called(call, [place], {}, node)
        raise RefusalError("this has no places; write a list or a dict", node)

    def sliced(self, node: ast.Subscript, of: Any, place: ast.Slice, scope: Scope) -> Any:
        """Return a part of a list or an array."""
        parts = [
            None if p is None else alone(self.value(p, scope))
            for p in (place.lower, place.upper, place.step)
        ]
        unknown = self.mixed(node, of, *parts)
        if unknown is not None:
            return unknown
        if not isinstance(of, SEQUENCES):
            raise RefusalError("this has no parts; write a list", node)
        try:
            return of[slice(*parts)]
        except (TypeError, ValueError) as error:
            raise RaisedError(type(error).__name__, str(error), node) from None

    def contains(self, member: Any, values: Any, node: ast.AST) -> Any:
        """Return whether a value is among others."""
        if isinstance(values, dict):
            self.reads(values, None)
        if isinstance(member, Lanes):
            self.look_at(member, values)
            found = within(member, values)
            if found is not None:
                return found
            member = alone(member)
        if isinstance(values, list | tuple):
            for each in values:
                same = self.compared(ast.Eq(), member, each, node)
                if isinstance(same, Unknown) or truth(same):
                    return same
            return False
        if not isinstance(values, range | str | dict | set | frozenset | np.ndarray):
            raise RefusalError("what is in this is not known; write a list", node)
        try:
            return bool(member in values)
        except TypeError as error:
            raise RaisedError("TypeError", str(error), node) from None

    def look_at(self, left: Any, right: Any) -> None:
        """Remember the numbers that a number of every step is compared with."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Lanes) and len(self.marks) < 10_000:
                for mark in other if isinstance(other, list | tuple | set) else (other,):
                    if isinstance(mark, int | float) and 0 <= mark < 2**53:
                        self.marks.add(int(mark))

    def on_comprehension(self, node: Any, scope: Scope) -> Any:
        inner = Scope(scope, COMPREHENDED)
        found: list[Any] = []
        try:
            for here in self.turns(node.generators, inner, node):
                if isinstance(here, Unknown):
                    return here
                if isinstance(node, ast.DictComp):
                    key = alone(self.value(node.key, inner))
                    self.hashed(hash, key, node)
                    found.append((key, self.value(node.value, inner)))
                else:
                    found.append(self.value(node.elt, inner))
                if len(found) > LONGEST_LIST:
                    raise RefusalError("this is too long a list; make it shorter", node)
        finally:
            inner.own = frozenset()
        if isinstance(node, ast.DictComp):
            return dict(found)
        if isinstance(node, ast.SetComp):
            return self.mixed(node, *found) or self.hashed(set, alone(found), node)
        return found

    def turns(self, loops: list[ast.comprehension], scope: Scope, node: ast.AST) -> Iterator[Any]:
        """Yield once for each turn of the loops of a comprehension; an Unknown if it is unknown."""
        first, *rest = loops
        # Its first list is read outside of it, so that names of a class are seen.
        outer = scope.around if scope.around is not None and len(scope.names) == 0 else scope
        values = self.value(first.iter, outer)
        if isinstance(values, Unknown):
            if not self.makes_schedule(node):
                yield self.mixed(node, values)
                return
            values = [Unknown(ast.unparse(first.target), path=True, node=first.target)]
        for member in self.iterated(values, first.iter):
            self.assign(first.target, member, scope)
            for test in first.ifs:
                passed = self.value(test, scope)
                if isinstance(passed, Unknown):
                    yield self.mixed(node, passed)
                    return
                if not truth(self.counted(passed)):
                    break
            else:
                if rest:
                    yield from self.turns(rest, scope, node)
                else:
                    yield None

    def iterated(self, values: Any, node: ast.AST) -> Any:
        """Return what a loop goes through."""
        if isinstance(values, Lanes):
            values = alone(values)
        if isinstance(values, dict | set | frozenset):
            self.reads(values, None)
            return list(values)
        if isinstance(values, np.ndarray):
            self.budget.take(values.size, node)
            return values.tolist()
        if isinstance(values, list | tuple | range | str):
            self.reads(values, None)
            return values
        raise RaisedError("TypeError", "this cannot be gone through", node)

    def limited(self, value: Any, node: ast.AST) -> Any:
        if len(value) > LONGEST_LIST:
            raise RefusalError("this is too long a list; make it shorter", node)
        return value

    def on_starred(self, node: ast.Starred, scope: Scope) -> Any:
        raise RefusalError("a star is not read here; write the values out", node)
