"""The shapes that the columns of a run have in JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .columns import is_step

Columns = dict[str, Sequence[object]]

_DEEPEST = 4
"""How many objects deep columns are looked for."""


def columns_of(found: object) -> Columns | None:
    """Return the columns of equal length that an object or a list is made of; None if it has none.

    These are lists by name, objects by the number of the row, rows of numbers with or without
    names, numbers by step, or what TensorBoard exports, `[wall time, step, value]`.
    """
    if isinstance(found, list):
        return _of_list(found)
    if not isinstance(found, dict) or not found:
        return None
    if _is_table(found):
        rows = [row if isinstance(row, list) else [] for row in found["data"]]
        names = [*map(str, found["columns"])]
        return {
            name: [row[i] if i < len(row) else None for row in rows] for i, name in enumerate(names)
        }
    if len(found) > 1 and all(map(_is_count, found)) and _plain(found.values()):
        return {"step": [int(key) for key in found], "lr": [*found.values()]}
    columns = _usual_length(dict(_named(found)))
    return columns or None


def entries_in(found: object, name: str = "", deep: int = 0) -> list[tuple[str, list[object]]]:
    """Return the lists of objects inside of an object, and what they are called.

    Where the objects of one count steps, those inside of them are none of their own.
    """
    if isinstance(found, dict) and deep < _DEEPEST:
        inside = [(f"{name}/{key}" if name else str(key), value) for key, value in found.items()]
    elif isinstance(found, list) and deep < _DEEPEST:
        inside = [(f"{name}/{i}", value) for i, value in enumerate(found[:_MOST_INSIDE])]
    else:
        return []
    if isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
        inner = [] if _count_steps(found) else [*_inside(inside, deep)]
        return [(name, found), *inner]
    return [*_inside(inside, deep)]


_MOST_INSIDE = 64
"""In how many of the entries of a list more lists are looked for."""


def _inside(inside: Iterable[tuple[str, object]], deep: int) -> Iterable[tuple[str, list[object]]]:
    return (found for name, value in inside for found in entries_in(value, name, deep + 1))


def _count_steps(found: Sequence[dict[str, object]]) -> bool:
    return any(is_step(str(name)) for one in found[:_MOST_INSIDE] for name in one)


def _is_table(found: Mapping[str, object]) -> bool:
    """Return whether an object is a table as pandas splits it."""
    return isinstance(found.get("columns"), list) and isinstance(found.get("data"), list)


def _of_list(found: Sequence[object]) -> Columns | None:
    """Return the columns of a list of numbers, or of rows of them."""
    if not found:
        return {}
    if _plain(found):
        return {"lr": found}
    rows = [row for row in found if isinstance(row, list)]
    if len(rows) != len(found):
        return None
    width = len(rows[0])
    if not width or any(len(row) != width for row in rows):
        return None
    names = {1: ["lr"], 2: ["step", "lr"], 3: ["wall_time", "step", "value"]}
    first = rows[0]
    if all(isinstance(cell, str) for cell in first) and len(rows) > 1:
        called, rows = [*map(str, first)], rows[1:]
    else:
        called = names.get(width, [str(i + 1) for i in range(width)])
    return {name: [row[i] for row in rows] for i, name in enumerate(called)}


def _named(
    found: Mapping[str, object], name: str = "", deep: int = 0
) -> list[tuple[str, Sequence[object]]]:
    """Return the lists in an object and in those in it, by their names."""
    columns: list[tuple[str, Sequence[object]]] = []
    for key, value in found.items():
        full = f"{name}/{key}" if name else str(key)
        if isinstance(value, list) and len(value) > 1 and _plain(value):
            columns.append((full, value))
        elif isinstance(value, list) and (inner := _of_list(value)) and "value" in inner:
            columns += [("step", inner["step"]), (full, inner["value"])]
        elif isinstance(value, dict) and value and deep < _DEEPEST:
            if all(map(_is_count, value)) and _plain(value.values()):
                columns.append((full, [*value.values()]))
            else:
                columns += _named(value, full, deep + 1)
    return columns


def _usual_length(columns: Columns) -> Columns:
    """Return the columns that have as many values as most have."""
    lengths = Counter(map(len, columns.values()))
    if not lengths:
        return {}
    usual = max(lengths, key=lambda length: lengths[length])
    return {name: values for name, values in columns.items() if len(values) == usual}


def _is_count(key: str) -> bool:
    return key.isdecimal() and len(key) < _LONGEST


_LONGEST = 17
"""No step and no number of a row has so many digits."""


def _plain(values: Iterable[object]) -> bool:
    """Return whether there are only numbers, and texts or nothing in place of some."""
    kinds = {*map(type, values)}
    return bool(kinds & {int, float}) and kinds <= {int, float, str, type(None)}
