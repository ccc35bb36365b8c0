"""What stands in a tree of settings: by their names, `a.b` inside of `a`, and as a whole."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from .documents import Tree


def fits(tree: Tree, form: str) -> bool:
    """Return whether all settings of a form are in a tree."""
    return all(_has(tree, *part.partition("=")[::2]) for part in form.split())


def _has(tree: Any, path: str, values: str) -> bool:
    """Return whether a tree has a setting, and one of the values if there are some."""
    if path.startswith("**."):
        return any(_has(one, path[3:], values) for one in _mappings(tree))
    value = tree.get(path) if isinstance(tree, Mapping) and path in tree else at(tree, path)
    if value is None:
        return False
    return not values or any(fnmatchcase(str(value), one) for one in values.split("|"))


def _mappings(tree: Any) -> Iterator[Tree]:
    """Yield all mappings in a tree."""
    left = [tree]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield one
        within = one.values() if isinstance(one, dict) else one
        left += [value for value in within if isinstance(value, dict | list)]


def at(tree: Any, path: str) -> Any:
    """Return what stands at `a.b`; None if nothing does."""
    for part in path.split("."):
        tree = tree.get(part) if isinstance(tree, Mapping) else None
    return tree


def is_table(tree: Tree) -> bool:
    """Return whether a tree is columns of numbers, as histories are saved."""
    columns = [*tree.values()]
    return bool(columns) and all(
        isinstance(one, list)
        and len(one) == len(columns[0]) > 0
        and all(isinstance(value, int | float | None) for value in one)
        for one in columns
    )
