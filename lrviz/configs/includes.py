"""Configs that name others: which of them are opened, and how they are laid over one another."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import LrvizError, listing, printable, quoted
from .commands import put
from .documents import ENDINGS, Tree, document

if TYPE_CHECKING:
    from ..programs.named import Base

_LONGEST_NAME = 250
_MOST_INCLUDES = 8
"""How deep configs may name others."""


class Around(NamedTuple):
    """Where configs may be opened, the notes on those that are not, and values of their names."""

    folder: Path
    notes: list[str]
    given: Mapping[str, Any] = {}
    within: tuple[Path, ...] = ()


def folder_of(path: Path) -> Path:
    """Return the folder inside of which a config's others are: its own, or the `configs` above."""
    if path.suffix.lower() != ".py":
        return path.parent
    return next((one for one in path.resolve().parents[::-1] if one.name == "configs"), path.parent)


def merge(tree: Tree, over: Tree) -> None:
    """Put the settings of a tree over those of another; "auto" leaves what is there.

    A flag in place of settings turns them on. Settings with `_delete_` stand in place of those
    below, and those of `{"0": ...}` are put over the members of a list.
    """
    for key, value in over.items():
        inner = tree.get(key)
        if isinstance(value, dict) and value.get("_delete_"):
            tree[key] = {name: one for name, one in value.items() if name != "_delete_"}
        elif isinstance(inner, dict) and isinstance(value, dict):
            merge(inner, value)
        elif isinstance(inner, list) and isinstance(value, dict) and _are_places(value, inner):
            members = {str(place): one for place, one in enumerate(inner)}
            merge(members, value)
            tree[key] = [*members.values()]
        elif isinstance(inner, dict) and value is True:
            inner["enable"] = True
        elif not (value == "auto" and inner is not None):
            tree[key] = value


def _are_places(settings: Tree, members: Sequence[Any]) -> bool:
    """Return whether all names of settings are places in a list."""
    return all(name.isdecimal() and int(name) < len(members) for name in settings)


def read(path: Path, around: Around) -> Tree | None:
    """Return what a config and those below it say; None if it is no config."""
    inner = around._replace(within=(*around.within, path.resolve()))
    bases = partial(built_on, path=path, around=inner)
    found = document(path, path.name, inner.notes, bases, inner.given)
    return None if found is None else followed(found, path, inner)


def built_on(bases: "Sequence[Base]", path: Path, around: Around) -> Tree:
    """Return what the configs say that one in Python is built on."""
    found: Tree = {}
    for base in bases:
        tree = opened(base.path, path.parent, around, must_be=True)
        names = dict.fromkeys(tree) if base.names is None else base.names
        both = found.keys() & tree.keys()
        if base.below and both:
            raise LrvizError(
                f"{printable(path.name)}: {listing(sorted(both))} stands in several of the configs "
                "that this is built on; keep it in one"
            )
        merge(found, {names[name] or name: one for name, one in tree.items() if name in names})
    return found


def followed(tree: Tree, path: Path, around: Around) -> Tree:
    """Return a tree with those below it that it names; only those around it are opened."""
    found: Tree = {}
    for key in ("_base_", "_BASE_", "base_config"):
        names = tree.get(key)
        for name in names if isinstance(names, list) else [names]:
            if isinstance(name, str):
                merge(found, opened(name, path.parent, around))
            elif isinstance(name, dict) and path.suffix.lower() == ".py":
                merge(found, name)
    defaults = tree.get("defaults")
    for one in defaults if isinstance(defaults, list) else ():
        merge(found, _default_of(one, path, around))
    merge(found, {key: one for key, one in tree.items() if key != "_base_"})
    engine = tree.get("deepspeed")
    if isinstance(engine, str) and engine.endswith(ENDINGS):
        merge(found, opened(engine, path.parent, around))
    elif isinstance(engine, dict):
        merge(found, engine)
    return found


def _default_of(one: object, path: Path, around: Around) -> Tree:
    """Return the settings of an entry of Hydra's list of defaults: a config, or GROUP: CONFIG."""
    if isinstance(one, str) and one != "_self_":
        return opened(f"{one}.yaml", path.parent, around)
    if not isinstance(one, dict) or len(one) != 1:
        return {}
    ((group, name),) = one.items()
    group = str(group).rpartition(" ")[2]
    if not isinstance(name, str) or group.startswith("hydra/"):
        return {}
    group, _, package = group.partition("@")
    inner = opened(f"{group}/{name}.yaml", path.parent, around)
    tree: Tree = {}
    if inner:
        put(tree, (package or group).replace("/", "."), inner)
    return tree


def opened(name: str, beside: Path, around: Around, *, must_be: bool = False) -> Tree:
    """Return the settings of a config that another names; none, and a note, if it is not read."""
    if "\0" in name or len(name) > _LONGEST_NAME:
        around.notes.append(f"{quoted(name)} is no file's name and is not read")
        return {}
    folder, within = around.folder, around.within
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
        around.notes.append(f"{quoted(name)} {why} and is not read")
        return {}
    found = read(path, around)
    if found is None and must_be:
        raise LrvizError(
            f"{printable(path.name)}: a config is built on this, and it cannot be read as one; "
            "write names and their values"
        )
    return found or {}
