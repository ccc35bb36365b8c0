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
from ..errors import LrvizError, cut, did_you_mean, listing, printable, quoted
from ..frameworks import calls_named
from ..schedules.run import Run
from .commands import Command, is_command, label_of, parse, put
from .documents import ENDINGS, Tree, Unsaid, weigh
from .includes import Around, built_on, folder_of, followed, merge, opened, read
from .keys import at, fits, is_table
from .settings import Settings, pairs
from .unread import some_of

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

    `steps` is the length of the run and `per_epoch` that of an epoch, if they are known; `notes`
    are what is to be said.
    """

    label: str
    stack: str
    text: str
    sums: tuple[str, ...]
    notes: tuple[str, ...]
    steps: int | None
    per_epoch: int | None = None


Reader = Callable[[Settings], str]


class Stack(NamedTuple):
    """A stack: its name and title, the keys and programs that it is known by, and its reader.

    The names that it is `over` are of stacks whose keys it has too.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    programs: tuple[str, ...]
    over: tuple[str, ...]
    in_python: bool
    read: Reader


_stacks: dict[str, Stack] = {}


def stack(
    title: str,
    keys: Iterable[str] = (),
    programs: Iterable[str] = (),
    over: Iterable[str] = (),
    *,
    in_python: bool = False,
) -> Callable[[Reader], Reader]:
    """Register a function, called as its stack, that gives the text of the call of a config.

    Each of `keys` names settings that all must be there: `a.b c` or `a=X|Y`; `**.a` stands anywhere
    in the tree. `programs` are patterns of the words that start a run, or of the class that is made
    of its settings. Where one `over` which this stack stands fits too, this one is meant. Of its
    stack a text of Python can only be taken for a config if that is written `in_python`.
    """

    def register(function: Reader) -> Reader:
        name = function.__name__
        patterns = tuple(keys), tuple(programs), tuple(over)
        _stacks[name] = Stack(name, title, *patterns, in_python, function)
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
    """Return what configs say, later ones over earlier ones; None if they are logs or programs.

    LrvizError if they cannot be read, if no stack or more than one has their keys, or if they lack
    something.
    """
    tree: Tree = {}
    notes: list[str] = []
    for name in named.files:
        path = Path(folder, name)
        several = len(named.files) > 1
        around = Around(folder_of(path), notes)
        found = read(path, around) if several or path.exists() else None
        if found is None or any(key in found for key in _OF_LOGS) or is_table(found):
            if several:
                raise LrvizError(f"{printable(path.name)}: this is no config; name another file")
            return None
        merge(tree, found)
    title = "+".join(Path(name).name for name in named.files)
    asked, version, place = _detail(named.detail)
    part = at(tree, place) if place else tree
    may_be_program = title.lower().endswith(".py") and not asked and not notes
    if may_be_program and not (isinstance(part, dict) and _stacks_in_python(part)):
        return None
    if not isinstance(part, dict):
        near = did_you_mean(place, (*all_stacks(), *tree))
        raise LrvizError(
            f"{printable(title)}: no stack is called {quoted(place)}, and no settings stand there"
            f"{near}"
        )
    settings = Settings(part, printable(title), run, version=version, root=tree)
    settings.notes += notes
    if title.lower().endswith(".py"):
        settings.take(*_variables(part))
    try:
        return _config(settings, title, asked)
    except LrvizError as error:
        if not notes:
            raise
        raise LrvizError(error.sentence + f"; {notes[0]}") from None


def read_pasted(text: str, run: Run, folder: str = "") -> list[Config]:
    """Return what a text of Python says that is a config or makes arguments; none if it is neither.

    The configs that it is built on are looked for from `folder` on.
    """
    from ..programs.named import names_of

    notes: list[str] = []
    path = Path(folder, "text.py")
    around = Around(folder_of(path), notes, run.names or {})
    named = names_of(text, lambda one: built_on(one, path, around), Unsaid, around.given)
    if named is None:
        return []
    found = []
    for one in named.arguments:
        if any(fnmatchcase(one.function, form) for kind in _all() for form in kind.programs):
            label = one.name or one.function
            command = Command((one.function,), (), one.given, (), None)
            settings = Settings(one.given, label, run, program=command.program)
            found.append(_config(settings, label, None, command))
    if found:
        return found
    tree = followed(named.values, path, around)
    weigh(tree, "the text")
    if _are_schedulers(named.last):
        tree.setdefault(_UNNAMED, named.last)
    fitting = _stacks_in_python(tree)
    if not fitting:
        return []
    label = next(form for one in fitting for form in one.keys if fits(tree, form)).split()[0]
    settings = Settings(tree, label, run)
    settings.notes += notes
    settings.take(*_variables(tree))
    return [_config(settings, label, None)]


def _variables(tree: Tree) -> list[str]:
    """Return the names in a text of Python that are there for its own sums."""
    return [name for name, value in tree.items() if not isinstance(value, dict | list)]


_UNNAMED = "param_scheduler"
"""What dicts that name MMEngine's schedulers are without that name."""


def _are_schedulers(value: Any) -> bool:
    """Return whether a value is a dict that names a scheduler of MMEngine, or a list of such."""
    return bool(value) and all(
        isinstance(one, dict) and calls_named(f"mmengine.optim.{one.get('type')}")
        for one in (value if isinstance(value, list) else [value])
    )


def _stacks_in_python(tree: Tree) -> list[Stack]:
    """Return the stacks whose keys are in a tree that a text of Python may be."""
    return [one for one in _all() if one.in_python and any(fits(tree, key) for key in one.keys)]


def _all() -> Iterable[Stack]:
    return all_stacks().values()


def read_command(text: str, run: Run, folder: str = "") -> Config:
    """Return what a command line and the configs that it names say; LrvizError as for files."""
    command = parse(text)
    tree: Tree = {}
    notes: list[str] = []
    around = Around(Path(folder), notes)
    for option, name in command.files:
        if option.rpartition(".")[2] in _NAMES_A_CONFIG:
            merge(tree, opened(name, Path(folder), around))
    variables = _variables(tree) if any(name.endswith(".py") for _, name in command.files) else []
    given: Tree = {}
    for key, value in command.tree.items():
        put(given, key, pairs(value) or value if isinstance(tree.get(key), dict) else value)
    merge(tree, given)
    devices = command.devices
    if devices is None and command.launcher.endswith(ENDINGS):
        own = opened(command.launcher, Path(folder), around).get("num_processes")
        devices = own if isinstance(own, int) else None
    program = " ".join(command.program)
    title = cut(program.rpartition("/")[2] or "the command line")
    settings = Settings(
        tree,
        title,
        run,
        devices,
        command.program,
        command.words,
    )
    settings.notes += notes
    settings.take(*variables)
    asked, settings.version = _installed(text)
    found = _config(settings, label_of(text)[0] or title, asked, command)
    if not (command.takes_all and settings.assumes_a_device):
        return found
    note = (
        f"{title}: {command.takes_all} starts a process on each device that it sees; 1 is counted "
        "with, so say how many devices there are"
    )
    return found._replace(notes=(*found.notes, note))


def _installed(text: str) -> tuple[Stack | None, tuple[int, ...]]:
    """Return the stack whose version a command line installs, and the version."""
    match = re.search(r"(?<![\w.-])(\w+)==(\d+(?:\.\d+)*)(?![\w.])", text)
    known = all_stacks() if match else {}
    if match is None or match[1] not in known:
        return None, ()
    return known[match[1]], tuple(map(int, match[2].split(".")[:3]))


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
        fitting = [one for one in heirs if any(fits(settings.tree, form) for form in one.keys)]
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
    return Config(label, chosen.title, text, sums, tuple(notes), settings.steps, settings.per_epoch)


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
    started = [
        one
        for one in known.values()
        if program and any(fnmatchcase(name, form) for form in one.programs for name in names)
    ]
    fitting = [one for one in known.values() if any(fits(settings.tree, key) for key in one.keys)]
    if started:
        bases = {one.name for one in started}
        fitting = [*started, *(one for one in fitting if bases & {*one.over})]
        fitting = list(dict.fromkeys(fitting))
    below = {name for one in fitting for name in one.over}
    fitting = [one for one in fitting if one.name not in below]
    if len(fitting) == 1:
        return fitting[0]
    write = "write the call that makes the schedule"
    which = f"say whose it is with @{settings.title}:STACK"
    if fitting:
        either = listing((f"{one.title} ({one.name})" for one in fitting), "or")
        settings.fail(f"this may be of {either}; {write if command else which}")
    if not settings.tree:
        settings.fail("there are no settings in it; name another file")
    unread = settings.unread()
    like = "looks like a rate" if len(unread) == 1 else "look like rates"
    though = f", though {some_of(unread, 4)} {like}" if unread else ""
    if command:
        settings.fail(
            f"no known stack has these options{though}; {write} (lrviz list stacks names all)"
        )
    return settings.fail(
        f"this is neither a log nor a config of a known stack{though}; {write}, or {which} (lrviz "
        "list stacks names all)"
    )


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
