"""Configs that name others: which of them are opened, and how they are laid over one another."""

from collections.abc import Sequence
from pathlib import Path

from ..errors import LrvizError, printable, quoted
from .commands import put
from .documents import ENDINGS, Tree, document

_LONGEST_NAME = 250
_MOST_INCLUDES = 8
"""How deep configs may name others."""


def merge(tree: Tree, over: Tree) -> None:
    """Put the settings of a tree over those of another; "auto" leaves what is there."""
    for key, value in over.items():
        inner = tree.get(key)
        if isinstance(inner, dict) and isinstance(value, dict):
            merge(inner, value)
        elif not (value == "auto" and inner is not None):
            tree[key] = value


def followed(
    tree: Tree, path: Path, folder: Path, notes: list[str], within: tuple[Path, ...]
) -> Tree:
    """Return a tree with those below it that it names; only files inside of `folder` are opened."""
    here = (*within, path.resolve())
    found: Tree = {}
    for key in ("_base_", "_BASE_", "base_config"):
        names = tree.get(key)
        for name in names if isinstance(names, list) else [names]:
            if isinstance(name, str):
                merge(found, opened(name, path.parent, folder, notes, here))
    defaults = tree.get("defaults")
    for one in defaults if isinstance(defaults, list) else ():
        merge(found, _default_of(one, path, folder, notes, here))
    merge(found, tree)
    engine = tree.get("deepspeed")
    if isinstance(engine, str) and engine.endswith(ENDINGS):
        merge(found, opened(engine, path.parent, folder, notes, here))
    elif isinstance(engine, dict):
        merge(found, engine)
    return found


def _default_of(
    one: object, path: Path, folder: Path, notes: list[str], within: tuple[Path, ...]
) -> Tree:
    """Return the settings of an entry of Hydra's list of defaults: a config, or GROUP: CONFIG."""
    if isinstance(one, str) and one != "_self_":
        return opened(f"{one}.yaml", path.parent, folder, notes, within)
    if not isinstance(one, dict) or len(one) != 1:
        return {}
    ((group, name),) = one.items()
    group = str(group).rpartition(" ")[2]
    if not isinstance(name, str) or group.startswith("hydra/"):
        return {}
    group, _, package = group.partition("@")
    inner = opened(f"{group}/{name}.yaml", path.parent, folder, notes, within)
    tree: Tree = {}
    if inner:
        put(tree, (package or group).replace("/", "."), inner)
    return tree


def opened(name: str, beside: Path, folder: Path, notes: list[str], within: Sequence[Path]) -> Tree:
    """Return the settings of a config that another names; none, and a note, if it is not read."""
    if "\0" in name or len(name) > _LONGEST_NAME:
        notes.append(f"{quoted(name)} is no file's name and is not read")
        return {}
    places = [(place / name).resolve() for place in (beside, folder)]
    path = next((place for place in places if place.is_file()), places[0])
    inside = folder.resolve() in path.parents
    if path in within:
        raise LrvizError(
            f"{printable(path.name)}: this config includes itself by way of "
            f"{printable(within[-1].name)}; take one of the two out"
        )
    if len(within) > _MOST_INCLUDES:
        raise LrvizError(
            f"{printable(path.name)}: configs name one another more than {_MOST_INCLUDES} deep; "
            "write them as one"
        )
    if not inside or not path.is_file():
        why = "lies outside of its folder" if not inside else "is not there"
        notes.append(f"{quoted(name)} {why} and is not read")
        return {}
    found = document(path, path.name, notes)
    return {} if found is None else followed(found, path, folder, notes, tuple(within))
