"""Configs as trees: JSON, TOML, YAML, .cfg and Python to mappings, lists, texts and numbers.

Nothing in a file is run, and no file makes more of itself than it is: its size, its depth and what
its aliases stand for are bounded.
"""

import functools
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import LrvizError, printable, reason

if TYPE_CHECKING:
    from ..programs.named import Base

LARGEST = 1_000_000
"""How many bytes a config has at most; a file with more can only be a log."""

_MOST_VALUES = 100_000
"""How many values a config holds at most, those that aliases repeat counted again."""

_DEEPEST = 60
"""How deep its values are nested at most."""

Tree = dict[str, Any]


class Unsaid(str):
    """The piece of a text of Python that stands where a value is not known."""

    __slots__ = ()


class Exponent(float):
    """A number that YAML 1.1 takes for text, such as 1e-4, where it wants 1.0e-4."""


Bases = Callable[[list["Base"]], Tree]
"""What the configs say that one in Python is built on."""


def document(path: Path, title: str, bases: Bases, given: Mapping[str, Any]) -> Tree | None:
    """Return what a file says by names; None if it is no config, but may be a log or a program.

    `given` are values of names that one in Python lacks. LrvizError if it cannot be read, or is
    larger or deeper than a config can be.
    """
    read = _READERS.get(path.suffix.lower())
    is_python = read is _python
    if is_python:
        read = functools.partial(_python, bases=bases, given=given)
    if read is None:
        return None
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise LrvizError(
            f"{printable(title)} cannot be read ({reason(error)}); name another file"
        ) from None
    if len(data) > LARGEST:
        if read is _json or is_python:
            return None
        raise LrvizError(
            f"{printable(title)}: a config has at most {LARGEST // 10**6} MB, and this file has "
            "more; name another"
        )
    if b"\0" in data and not is_python:
        raise LrvizError(f"{printable(title)}: this is no text; name another file")
    try:
        found = read(data.decode("utf-8-sig"), title)
    except UnicodeDecodeError:
        if is_python:  # what is wrong is said where it is read as a program
            return None
        raise LrvizError(f"{printable(title)}: this is no text; name another file") from None
    except RecursionError:
        raise _too_deep(title) from None
    if not isinstance(found, dict):
        return None
    weigh(found, title)
    return _unwrapped(found)


def _unwrapped(tree: Tree) -> Tree:
    """Return a tree without the `value:` that Weights & Biases puts around each setting."""
    own = {key: one for key, one in tree.items() if key not in ("_wandb", "wandb_version")}
    if own and all(isinstance(one, dict) and "value" in one for one in own.values()):
        return {key: one["value"] for key, one in own.items()}
    return tree


def _too_deep(title: str) -> LrvizError:
    return LrvizError(
        f"{printable(title)}: its values are nested more than {_DEEPEST} deep, which no config's "
        "are; name another file"
    )


def weigh(tree: object, title: str) -> None:
    """Refuse a tree that is too deep or, with all that its aliases stand for, too large."""
    weights: dict[int, int] = {}
    open_: set[int] = set()

    def weight(value: object, depth: int) -> int:
        if not isinstance(value, dict | list):
            return 1
        if depth > _DEEPEST or id(value) in open_:
            raise _too_deep(title)
        if id(value) not in weights:
            open_.add(id(value))
            members = value.values() if isinstance(value, dict) else value
            weights[id(value)] = 1 + sum(weight(member, depth + 1) for member in members)
            open_.remove(id(value))
        return weights[id(value)]

    if weight(tree, 0) > _MOST_VALUES:
        raise LrvizError(
            f"{printable(title)}: with what its aliases repeat it has more than {_MOST_VALUES:,} "
            "values, which no config has; name another file"
        )


def _broken(title: str, what: str, why: object) -> LrvizError:
    return LrvizError(f"{printable(title)}: this is not {what}: {printable(str(why))}; mend it")


def _json(text: str, title: str) -> object:
    """Return what a text in JSON says; None if it is none: a log may have an object a line."""
    del title
    try:
        return json.loads(text)
    except ValueError:
        return None


def _toml(text: str, title: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(title, "TOML", error) from None


def _yaml(text: str, title: str) -> object:
    try:
        import yaml  # an extra, and slow to import
    except ModuleNotFoundError:
        raise LrvizError(
            f"{printable(title)}: reading YAML needs PyYAML; install it with "
            "pip install 'lrviz[yaml]'"
        ) from None
    from .yaml_loader import load

    try:
        return load(text, _MOST_VALUES)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" in line {mark.line + 1}" if mark else ""
        raise _broken(title, "YAML", f"{error.problem or error.context}{where}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise _broken(title, "YAML", str(error).partition("\n")[0]) from None


_SECTION = re.compile(r"\[([^\[\]]+)\]\s*(?:[#;].*)?")


def _cfg(text: str, title: str) -> object:
    """Return the sections of a .cfg, `[a.b]` inside of `[a]`; values are JSON where they can be."""
    tree: Tree = {}
    section, key = tree, ""
    for number, line in enumerate(text.splitlines(), 1):
        head = _SECTION.fullmatch(line.strip())
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        if head:
            section = tree
            for part in head[1].strip().split("."):
                inner = section.setdefault(part, {})
                if not isinstance(inner, dict):
                    raise _broken(title, "a .cfg", f"line {number} makes a section of a value")
                section = inner
            key = ""
        elif line[0].isspace() and key:
            section[key] = f"{section[key]} {line.strip()}"
        else:
            key, mark, value = re.split(r"\s*([=:]|$)\s*", line.strip(), maxsplit=1)
            if not mark:
                raise _broken(title, "a .cfg", f"line {number} has no '='")
            section[key] = value
    return _as_json(tree)


def _as_json(value: object) -> object:
    """Return the texts of a .cfg as the values that they are in JSON, or as they are."""
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    try:
        return json.loads(str(value))
    except (ValueError, RecursionError):
        return value


def _python(text: str, title: str, bases: Bases, given: Mapping[str, Any]) -> object:
    """Return what a text of Python gives names, which is not run; None if it is a program."""
    from ..programs.named import may_name, names_of

    del title
    found = names_of(text, bases, Unsaid, given) if may_name(text) else None
    return None if found is None else found.values


_READERS: Mapping[str, Callable[..., object]] = {
    ".json": _json,
    ".toml": _toml,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".cfg": _cfg,
    ".ini": _cfg,
    ".py": _python,
}
"""By the ending of a file how it is read."""

ENDINGS = tuple(_READERS)
