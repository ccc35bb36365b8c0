"""Training configs and command lines: which stack they are of, and the call that they make.

Each stack is one file in `stacks`. It knows the keys, the defaults and the roundings of its stack,
and gives the text of a call or a spec that is read as if it had been pasted: no stack owns a curve.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from ..discover import import_all
from ..errors import LrvizError, did_you_mean, listing, printable, quoted
from ..schedules.run import Run
from .commands import Command, is_command, label_of, parse, put
from .documents import ENDINGS, Tree, document
from .includes import followed, merge, opened
from .settings import Settings, pairs

__all__ = [
    "Config",
    "Named",
    "Stack",
    "all_stacks",
    "is_command",
    "read_command",
    "read_files",
    "stack",
]


class Config(NamedTuple):
    """What a config says of the schedule: the text of a call or spec, and how it came about.

    `steps` is the length of the run, if it is known; `notes` are what is to be said.
    """

    label: str
    stack: str
    text: str
    sums: tuple[str, ...]
    notes: tuple[str, ...]
    steps: int | None


Reader = Callable[[Settings], str]


class Stack(NamedTuple):
    """A stack: its name and title, the keys and programs that it is known by, and its reader."""

    name: str
    title: str
    keys: tuple[str, ...]
    programs: tuple[str, ...]
    over: tuple[str, ...]
    read: Reader


_stacks: dict[str, Stack] = {}


def stack(
    title: str,
    keys: Iterable[str] = (),
    programs: Iterable[str] = (),
    over: Iterable[str] = (),
) -> Callable[[Reader], Reader]:
    """Register a function, called as its stack, that gives the text of the call of a config.

    Each of `keys` names settings that all must be there: `a.b c` or `a=X|Y`; `**.a` stands anywhere
    in the tree. `programs` are patterns of the words that start a run. Where one `over` which this
    stack stands fits too, this one is meant.
    """

    def register(function: Reader) -> Reader:
        name = function.__name__
        _stacks[name] = Stack(name, title, tuple(keys), tuple(programs), tuple(over), function)
        return function

    return register


def all_stacks() -> Mapping[str, Stack]:
    """Return all stacks by their names."""
    import_all(f"{__name__}.stacks")
    return dict(sorted(_stacks.items()))


class Named(NamedTuple):
    """Files of one run as a text names them, and after the colon a stack or a place in the tree."""

    files: tuple[str, ...]
    detail: str = ""

    @classmethod
    def of(cls, text: str) -> "Named | None":
        """Return what `a.yaml+b.json:DETAIL` names; None if it cannot be a config."""
        ending = "|".join(map(re.escape, ENDINGS))
        match = re.fullmatch(rf"(.+?(?:{ending}))(?::([^/\\]+))?", text, re.IGNORECASE)
        if match is None:
            return None
        files = re.split(rf"(?<=\w)(?:(?<={')|(?<='.join(map(re.escape, ENDINGS))}))\+", match[1])
        return cls(tuple(files), match[2] or "")


def read_files(named: Named, run: Run, folder: str = "") -> Config | None:
    """Return what configs say, later ones over earlier ones; None if they are logs.

    LrvizError if they cannot be read, if no stack or more than one has their keys, or if they lack
    something.
    """
    tree: Tree = {}
    notes: list[str] = []
    for name in named.files:
        path = Path(folder, name)
        found = document(path, path.name) if len(named.files) > 1 or path.exists() else None
        if found is None or any(key in found for key in _OF_LOGS) or _is_table(found):
            if len(named.files) > 1:
                raise LrvizError(f"{printable(path.name)}: this is no config; name another file")
            return None
        merge(tree, followed(found, path, path.parent, notes, ()))
    title = "+".join(Path(name).name for name in named.files)
    asked, version, place = _detail(named.detail)
    if place and not isinstance(_at(tree, place), dict):
        near = did_you_mean(place, (*all_stacks(), *tree))
        raise LrvizError(
            f"{printable(title)}: no stack is called {quoted(place)}, and no settings stand there"
            f"{near}"
        )
    part = _at(tree, place) if place else tree
    settings = Settings(part, printable(title), run, version=version, root=tree)
    settings.notes += notes
    return _config(settings, title, asked)


def _is_table(tree: Tree) -> bool:
    """Return whether a tree is columns of numbers, as histories are saved."""
    columns = [*tree.values()]
    return bool(columns) and all(
        isinstance(one, list)
        and len(one) == len(columns[0]) > 0
        and all(isinstance(value, int | float | None) for value in one)
        for one in columns
    )


def read_command(text: str, run: Run, folder: str = "") -> Config:
    """Return what a command line and the configs that it names say; LrvizError as for files."""
    command = parse(text)
    tree: Tree = {}
    notes: list[str] = []
    for option, name in command.files:
        if option.rpartition(".")[2] in _NAMES_A_CONFIG:
            merge(tree, opened(name, Path(folder), Path(folder), notes, ()))
    given: Tree = {}
    for key, value in command.tree.items():
        put(given, key, pairs(value) or value if isinstance(tree.get(key), dict) else value)
    merge(tree, given)
    devices = command.devices
    if devices is None and command.launcher.endswith(ENDINGS):
        own = opened(command.launcher, Path(folder), Path(folder), notes, ()).get("num_processes")
        devices = own if isinstance(own, int) else None
    program = " ".join(command.program)
    title = printable(program.rpartition("/")[2] or "the command line")
    settings = Settings(
        tree,
        title,
        run,
        devices,
        command.program,
        command.words,
    )
    settings.notes += notes
    return _config(settings, label_of(text)[0] or title, None, command)


_OF_LOGS = ("log_history", "step", "global_step")
"""What a log in JSON says, of its entries or in the only one; "step" is of an entry."""

_NAMES_A_CONFIG = ("", "c", "config", "config_file", "cfg", "deepspeed", "deepspeed_config")
"""Options that name a config of the run."""


def _config(
    settings: Settings, label: str, asked: Stack | None, command: Command | None = None
) -> Config:
    """Return what settings say as a stack reads them: the one asked for, or that has their keys."""
    chosen = asked or _stack_of(settings, command)
    if asked and settings.version:  # it may be of a stack that is built on what the version is of
        heirs = [one for one in all_stacks().values() if asked.name in one.over]
        fitting = [one for one in heirs if any(_fits(settings.tree, form) for form in one.keys)]
        chosen = fitting[0] if len(fitting) == 1 else asked
    try:
        text = chosen.read(settings)
    except ArithmeticError:  # a number that counts something is 0
        settings.uncountable()
    if settings.steps is not None and settings.steps < 1:
        settings.uncountable()
    sums = tuple(dict.fromkeys(settings.sums))
    said = f"{settings.title} is read as {_titled(chosen, asked, settings.version)}"
    notes = [f"{said}: {', '.join(sums)}" if sums else said]
    notes += [f"{settings.title}: {remark}" for remark in settings.remarks()]
    return Config(label, chosen.title, text, sums, tuple(notes), settings.steps)


def _titled(chosen: Stack, asked: Stack | None, version: tuple[int, ...]) -> str:
    """Return whose a config is, with the version that is asked for."""
    if not asked or not version:
        return f"{chosen.title}'s"
    base = f"{asked.title.partition(' ')[0]} {'.'.join(map(str, version))}"
    return f"{base}'s" if chosen is asked else f"{chosen.title}'s on {base}"


def _stack_of(settings: Settings, command: Command | None) -> Stack:
    """Return the stack that a command starts or that has the keys of a tree."""
    known = all_stacks()
    program = " ".join(command.program) if command else ""
    names = (program, program.rpartition("/")[2])
    fitting = [
        one
        for one in known.values()
        if program and any(fnmatchcase(name, form) for form in one.programs for name in names)
    ] or [one for one in known.values() if any(_fits(settings.tree, form) for form in one.keys)]
    below = {name for one in fitting for name in one.over}
    fitting = [one for one in fitting if one.name not in below]
    if len(fitting) == 1:
        return fitting[0]
    if command:
        how = "write the call that makes the schedule"
    else:
        how = f"say which with @{settings.title}:STACK"
    if fitting:
        either = listing((f"{one.title} ({one.name})" for one in fitting), "or")
        settings.fail(f"this may be of {either}; {how}")
    if command:
        settings.fail(f"no stack is known that has these options ({listing(known, 'or')}); {how}")
    return settings.fail(
        "this is neither a log nor a config of a stack that is known "
        f"({listing(known, 'or')}); {how}, or write the call that makes the schedule"
    )


def _fits(tree: Tree, form: str) -> bool:
    """Return whether all settings of a form are in a tree."""
    return all(_has(tree, *part.partition("=")[::2]) for part in form.split())


def _has(tree: Any, path: str, values: str) -> bool:
    """Return whether a tree has a setting, and one of the values if there are some."""
    if path.startswith("**."):
        if isinstance(tree, list):
            return any(_has(one, path, values) for one in tree)
        if not isinstance(tree, Mapping):
            return False
        return _has(tree, path[3:], values) or any(_has(one, path, values) for one in tree.values())
    value = tree.get(path) if isinstance(tree, Mapping) and path in tree else _at(tree, path)
    if value is None:
        return False
    return not values or any(fnmatchcase(str(value), one) for one in values.split("|"))


def _at(tree: Any, path: str) -> Any:
    """Return what stands at `a.b`; None if nothing does."""
    for part in path.split("."):
        tree = tree.get(part) if isinstance(tree, Mapping) else None
    return tree


def _detail(text: str) -> tuple[Stack | None, tuple[int, ...], str]:
    """Return what is asked for after the colon: a stack, its version, or a place in the tree."""
    if not text:
        return None, (), ""
    name, equals, version = text.partition("==")
    known = all_stacks()
    if name in known:
        digits = re.findall(r"\d+", version)[:3]
        if equals and not re.fullmatch(r"\d+(\.\w+)*", version):
            raise LrvizError(f"{quoted(version)} is no version; write one such as {name}==4.57.1")
        return known[name], tuple(map(int, digits)), ""
    if equals:
        near = did_you_mean(name, known) or f"; it is {listing(known, 'or')}"
        raise LrvizError(f"unknown stack {quoted(name)}{near}")
    return None, (), text
