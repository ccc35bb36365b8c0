"""Configs as trees: JSON, TOML, YAML, .cfg and Python to mappings, lists, texts and numbers.

Nothing in a file is run, and no file makes more of itself than it is: its size, its depth and what
its aliases stand for are bounded.
"""

import functools
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import LrvizError, printable, quoted, reason

if TYPE_CHECKING:
    from ..programs.named import Base

LARGEST = 1_000_000
"""How many bytes a config has at most; a file with more can only be a log."""

_LARGEST_BY_HAND = 250_000
"""How many one has that is no JSON: it is written by hand, and slow to read."""

_MOST_MARKS = 30_000
"""How many lines, commas and dashes a config in YAML has at most, each of which may be a value."""

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


def document(
    path: Path, title: str, notes: list[str], bases: Bases, given: Mapping[str, Any]
) -> Tree | None:
    """Return what a file says by names; None if it is no config, but may be a log or a program.

    What is to be said of it is added to `notes`; `given` are values of names that one in Python
    lacks. LrvizError if it cannot be read, or is larger or deeper than a config can be.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        return None
    may_be_other = read in (_json, _python)
    most = LARGEST if may_be_other else _LARGEST_BY_HAND
    data = _data(path, title, most)
    if len(data) > most:
        if may_be_other:
            return None
        raise LrvizError(
            f"{printable(title)}: a config has at most {most // 1000} kB, and this file has more; "
            "name another"
        )
    if read is _python:
        read = functools.partial(_python, bases=bases, given=given)
    try:
        found = read(_decoded(data), title, notes)
    except UnicodeDecodeError:
        if isinstance(read, functools.partial):  # what is wrong is said where programs are read
            return None
        raise LrvizError(f"{printable(title)}: this is no text; name another file") from None
    except RecursionError:
        raise _too_deep(title) from None
    if not isinstance(found, dict):
        if may_be_other:
            return None
        if found is None:  # it has comments alone
            return {}
        raise LrvizError(
            f"{printable(title)}: a config has names and values, and this has none; name another "
            "file"
        )
    weigh(found, title)
    return _unwrapped(found)


def _data(path: Path, title: str, most: int) -> bytes:
    """Return the bytes of a file, up to one more than `most`; LrvizError if it cannot be read."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # it may never end
            raise LrvizError(
                f"{printable(title)}: this is a pipe or a device; save what it says as a file"
            )
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise LrvizError(
            f"{printable(title)} cannot be read ({reason(error)}); name another file"
        ) from None


def _decoded(data: bytes) -> str:
    """Return bytes as text, by the mark that they begin with; UnicodeDecodeError if they are none.

    Only UTF-16 has zeros in a text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    zero = data.find(b"\0")
    if zero >= 0:
        raise UnicodeDecodeError("utf-8", data, zero, zero + 1, "a zero")
    return data.decode("utf-8-sig")


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
    first = printable(str(why).partition("\n")[0].partition(";")[0])
    return LrvizError(f"{printable(title)}: this is not {what}: {first}; mend it")


def note_repeated(names: Iterable[str], notes: list[str]) -> None:
    """Add a note for names that are given more than once in a mapping."""
    for name, times in Counter(names).items():
        if times > 1:
            notes.append(f"{quoted(name)} is given {times} times, and the last counts")


def _json(text: str, title: str, notes: list[str]) -> object:
    """Return what a text in JSON says; None if it is none: a log may have an object a line."""
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            note_repeated((name for name, _ in pairs), repeated)
        return found

    try:
        found = json.loads(text, object_pairs_hook=mapping)
    except json.JSONDecodeError:
        return None
    except ValueError as error:  # of a number with too many digits
        raise _broken(title, "JSON", error) from None
    notes += repeated
    return found


_MANY_DOTS = re.compile(rf"^[ \t]*\[{{0,2}}(?:[^=#\n.]*\.){{{_DEEPEST + 1}}}", re.MULTILINE)
"""A key that is deeper than any, for which tomllib takes very long."""


def _toml(text: str, title: str, notes: list[str]) -> object:
    del notes  # it refuses names that are given twice
    if _MANY_DOTS.search(text):
        raise _too_deep(title)
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise _broken(title, "TOML", error) from None


def _yaml(text: str, title: str, notes: list[str]) -> object:
    try:
        import yaml  # an extra, and slow to import
    except ModuleNotFoundError:
        raise LrvizError(
            f"{printable(title)}: reading YAML needs PyYAML; install it with "
            "pip install 'lrviz[yaml]'"
        ) from None
    from .yaml_loader import load

    if sum(map(text.count, ("\n", ",", "- "))) > _MOST_MARKS:
        raise LrvizError(
            f"{printable(title)}: it has more values than a config has; name another file"
        )
    try:
        found = load(text, _MOST_VALUES, notes)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" in line {mark.line + 1}" if mark else ""
        raise _broken(title, "YAML", f"{error.problem or error.context}{where}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise _broken(title, "YAML", error) from None
    if len(found) > 1:
        raise LrvizError(
            f"{printable(title)}: it has {len(found)} documents; keep the one that is meant"
        )
    return found[0] if found else None


_SECTION = re.compile(r"\[([^\[\]]+)\]\s*(?:[#;].*)?")


def _cfg(text: str, title: str, notes: list[str]) -> object:
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
            note_repeated([key] * (1 + (key in section)), notes)
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


def _python(
    text: str, title: str, notes: list[str], bases: Bases, given: Mapping[str, Any]
) -> object:
    """Return what a text of Python gives names, which is not run; None if it is a program."""
    from ..programs.named import may_name, names_of

    del title, notes
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
