"""The settings of a run, from its configs and from what else is known, read one by one."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn, overload

from ..errors import (
    LrvizError,
    Sentence,
    UnknownLengthError,
    did_you_mean,
    listing,
    option,
    quoted,
    sentence,
    shown,
)
from ..schedules.numeric import LAST_STEP
from ..schedules.run import Run
from .commands import unknown_in
from .documents import Exponent, Tree, Unsaid
from .facts import known
from .unread import some_of, unread

_NEEDED: Any = object()
"""Stands for the default of what must be given."""

_IS_TRUE = {"true": True, "yes": True, "on": True, "1": True, "y": True}
_IS_FALSE = {"false": False, "no": False, "off": False, "0": False, "n": False}

_VALUES = {"lr": "RATE", "horizon": "STEPS", "steps_per_epoch": "STEPS"}
"""What stands for the value of an option where that is not N."""

_REFERENCE = re.compile(r"\$\{([^${}]*)\}")

_DEEPEST = 20
"""How many references may lead to one another."""

_MOST_NAMED = 12
"""How many settings that were not read are named."""

_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?")


class Settings:
    """The settings of a run by their names, `a.b` inside of `a`; it is remembered which were read.

    `title` is what errors call the config; `words` are the bare words of a command line, `program`
    what it starts; `root` is the whole tree if only a part is meant. A reader may say `steps` and
    `per_epoch`, the lengths of the run and of an epoch in updates, `sums`, how those come about,
    and that its stack itself `reads_exponents` such as 1e-4 as numbers.
    """

    def __init__(
        self,
        tree: Tree,
        title: str,
        run: Run | None = None,
        devices: int | None = None,
        program: Sequence[str] = (),
        words: Sequence[str] = (),
        version: tuple[int, ...] = (),
        root: Tree | None = None,
    ) -> None:
        self.tree, self.title = tree, title
        self.root = tree if root is None else root
        self.program, self.words, self.version = tuple(program), tuple(words), version
        self.known = known(run or Run(), devices)
        self.steps: int | None = None
        self.per_epoch: int | None = None
        self.assumes_a_device = False
        self.reads_exponents = False
        self.sums: list[str] = []
        self.notes: list[str] = []
        self.exponents: dict[str, float] = {}
        self._read: set[str] = set()
        self._at_most_0: list[str] = []

    # What is there

    def __contains__(self, path: str) -> bool:
        """Return whether a setting is given, with another value than none."""
        return self._raw(path) is not None

    def get(self, *paths: str) -> Any:
        """Return the first of some settings that is given, as it is written; None if none is."""
        return self._found(paths)[1]

    def _found(self, paths: Sequence[str]) -> tuple[str, Any]:
        """Return the first of some settings that is given, its name and its value.

        One that is "auto" gives way to a later one.
        """
        self._read.update(paths)
        given = [path for path in paths if self._raw(path) is not None]
        said = [path for path in given if self._raw(path) != "auto"]
        path = next(iter((*said, *given, *paths)), "")
        return path, self.resolved(self._raw(path), path) if given else None

    def _raw(self, path: str, root: Tree | None = None) -> Any:
        value: Any = self.tree if root is None else root
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def resolved(self, value: Any, path: str, depth: int = 0) -> Any:
        """Return a value with what its references `${a.b}` stand for."""
        if isinstance(value, Mapping):
            return {key: self.resolved(one, f"{path}.{key}", depth) for key, one in value.items()}
        if isinstance(value, list):
            return [self.resolved(one, path, depth) for one in value]
        if not isinstance(value, str):
            return value
        if isinstance(value, Unsaid):
            self.refuse(path, f"is {quoted(value)}, which is not known here; write its value")
        if value == "???":
            self.refuse(path, "is still to be given there (???)")
        if depth > _DEEPEST:
            self.refuse(path, "refers to itself; write its value")
        whole = _REFERENCE.fullmatch(value)
        if whole:
            return self.resolved(self._referred(whole[1], path), path, depth + 1)
        if _REFERENCE.search(value):
            text = _REFERENCE.sub(lambda match: str(self._referred(match[1], path)), value)
            return self.resolved(text, path, depth + 1)
        return value

    def _referred(self, name: str, path: str) -> Any:
        """Return what a reference stands for: a place in the tree, or relative to `path`."""
        place = name.replace(":", ".") if re.fullmatch(r"[\w.:@-]+", name) else name
        if place.startswith("."):
            up = len(place) - len(place.lstrip("."))
            outer = path.split(".")[:-up]
            place = ".".join((*outer, place.lstrip(".")))
        self._read.add(place)
        found = self._raw(place, self.root)
        if found is None:
            self.refuse(path, f"is {quoted('${' + name + '}')}, which is not known here")
        return found

    # Values of a kind

    @overload
    def number(self, *paths: str, option: str = ...) -> float: ...
    @overload
    def number(self, *paths: str, default: float, option: str = ...) -> float: ...
    @overload
    def number(self, *paths: str, default: None, option: str = ...) -> float | None: ...
    def number(
        self, *paths: str, default: float | None = _NEEDED, option: str = ""
    ) -> float | None:
        """Return a number: of the option if that is given, else of the first setting that is.

        LrvizError if it is none, or if neither is given and there is no default.
        """
        if option in self.known:
            self._read.update(paths)
            return float(self.known[option])
        path, value = self._found(paths)
        if value is None or value == "auto":  # to be filled in by what else is known
            self.assumes_a_device |= option == "devices"
            fallback: float | None = self._default(paths, default, option)
            return fallback
        self._note_exponent(path, value)
        return float(self._number(path, value, "a number"))

    @overload
    def whole(self, *paths: str, option: str = ...) -> int: ...
    @overload
    def whole(self, *paths: str, default: int, option: str = ...) -> int: ...
    @overload
    def whole(self, *paths: str, default: None, option: str = ...) -> int | None: ...
    def whole(self, *paths: str, default: int | None = _NEEDED, option: str = "") -> int | None:
        """Return a whole number, found as `number` finds one."""
        value = self.number(*paths, default=default, option=option)
        if value is not None and value != int(value):
            self.refuse(self._found(paths)[0], f"is a whole number, not {value!r}")
        return None if value is None else int(value)

    def text(self, *paths: str, default: str = _NEEDED) -> str:
        """Return a text; LrvizError if it is none, or not given and without a default."""
        path, value = self._found(paths)
        if value is None:
            fallback: str = self._default(paths, default, "")
            return fallback
        if not isinstance(value, str):
            self.refuse(path, f"is a word, not {shown(value)}")
        self._known_whole(path, value)
        return value

    def flag(self, *paths: str, default: bool = False, option: str = "") -> bool:
        """Return whether something is on."""
        if option in self.known:
            return bool(self.known[option])
        path, value = self._found(paths)
        if value is None:
            return default
        if not isinstance(value, bool):
            words = _IS_TRUE | _IS_FALSE
            if str(value).lower() not in words:
                self.refuse(path, f"is true or false, not {shown(value)}")
            return words[str(value).lower()]
        return value

    def choice(self, *paths: str, choices: Sequence[str], default: str = _NEEDED) -> str:
        """Return one of some words; LrvizError with the nearest if it is none of them."""
        word = self.text(*paths, default=default)
        if word not in choices:
            near = did_you_mean(word, choices)
            self.refuse(
                self._found(paths)[0], f"is {listing(choices, 'or')}, not {quoted(word)}{near}"
            )
        return word

    def mapping(self, *paths: str) -> dict[str, Any]:
        """Return a mapping, also from JSON in a text or from words K=V; empty if there is none."""
        path, value = self._found(paths)
        if value is None:
            return {}
        found = value
        if isinstance(value, str):
            self._known_whole(path, value)
            try:
                found = json.loads(value)
            except ValueError:
                found = [value]
        if isinstance(found, list):
            found = pairs(found) or found
        if not isinstance(found, Mapping):
            self.refuse(path, f"has names and values, and {shown(value)} has none")
        for key, one in found.items():
            self._read.add(f"{path}.{key}")
            self._note_exponent(f"{path}.{key}", one)
        return {str(key): as_number(one) for key, one in found.items()}

    def numbers(self, *paths: str) -> list[float]:
        """Return a list of numbers, also from a text `(1, 2)` or `1 2`; empty if there is none."""
        path, value = self._found(paths)
        if isinstance(value, str):
            value = [one for one in re.split(r"[\s,()\[\]]+", value) if one]
        many = value if isinstance(value, list | tuple) else [] if value is None else [value]
        return [self._number(path, one, "a number") for one in many]

    def _number(self, path: str, value: Any, what: str) -> float:
        if isinstance(value, str):
            self._known_whole(path, value)
            value = as_number(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(path, f"is {what}, not {shown(value)}")
        if not abs(value) <= LAST_STEP:
            self.refuse(path, f"is out of bounds: {shown(value)}")
        if value <= 0:
            self._at_most_0.append(path)
        return value

    def _note_exponent(self, path: str, value: Any) -> None:
        """Remember a number that YAML 1.1 takes for text."""
        if isinstance(value, Exponent):
            self.exponents[path] = float(value)

    def _known_whole(self, path: str, value: str) -> None:
        """Refuse a text with a variable of the shell in it."""
        name = unknown_in(value)
        if name:
            self.refuse(path, f"needs the value of {name}; write it in")

    def _default(self, paths: Sequence[str], default: Any, option_name: str) -> Any:
        if default is not _NEEDED:
            return default
        return self.lack(paths[0] if paths else "", option_name)

    # What is wrong

    def refuse(self, path: str, rule: str | Sentence) -> NoReturn:
        """Raise the error that says what is wrong with a setting."""
        raise LrvizError(f"{self.title}: {path} " + sentence(rule))

    def fail(self, rule: str | Sentence) -> NoReturn:
        """Raise the error that says what is wrong with the whole."""
        raise LrvizError(f"{self.title}: " + sentence(rule))

    def lack(self, path: str, option_name: str = "", why: str = "") -> NoReturn:
        """Raise the error that says what is still to be given, in the config or as an option."""
        reason = f"{why}; " if why else ""
        if not option_name:
            self.fail(f"{reason}{path} is not given; write it in")
        add = option(option_name, _VALUES.get(option_name, "N"))
        rule = f"{reason}add " + add
        if path:
            rule = f"{reason}{path} is not given; write it in, or add " + add
        raise (UnknownLengthError if option_name == "horizon" else LrvizError)(
            f"{self.title}: " + rule
        )

    def apart(self, given: Mapping[str, Any], path: str, *taken: str) -> None:
        """Refuse a mapping at `path` that has a name which is given from elsewhere."""
        for name in sorted({*taken} & given.keys()):
            self.refuse(f"{path}.{name}", "is given from elsewhere; take it out")

    def need_length(self, said: str, *, of_epoch: bool = False) -> NoReturn:
        """Raise the error that says that the steps of an epoch, or of the run, are to be given."""
        what, name = ("epoch", "steps_per_epoch") if of_epoch else ("run", "horizon")
        raise (LrvizError if of_epoch else UnknownLengthError)(
            f"{self.title}: how long {said} is needs the number of examples; add "
            + option("dataset", "N")
            + f", or the length of the {what} with "
            + option(name, "STEPS")
        )

    def uncountable(self) -> NoReturn:
        """Raise the error that says that the numbers that are given make no run."""
        zero = [path for path in dict.fromkeys(self._at_most_0) if path]
        why = f"{listing(zero)} must be above 0" if zero else "an epoch has too few examples"
        self.fail(f"these settings make no run: {why}")

    # What is to be said

    def remarks(self) -> Iterator[str]:
        """Yield what is to be said of the settings that were read, and of those that were not."""
        yield from dict.fromkeys(self.notes)
        if self.exponents and not self.reads_exponents:
            numbers = listing(f"{path} {value!r}" for path, value in self.exponents.items())
            yield (
                f"YAML 1.1 takes a number without a point for text: {numbers}; read as the number "
                "that is meant"
            )
        names = self.unread()
        if names:
            verb = "speaks of rates and is" if len(names) == 1 else "speak of rates and are"
            yield f"{some_of(names, _MOST_NAMED)} {verb} not read"

    def unread(self) -> list[str]:
        """Return the names that speak of rates and were not read."""
        return unread(self.tree, self._read)

    def take(self, *paths: str) -> None:
        """Remember that settings have no influence on the rates, with all that is in them."""
        self._read.update(paths)


def as_number(value: Any) -> Any:
    """Return the number that a text says, in lists and mappings too; other values as they are."""
    if isinstance(value, Mapping):
        return {key: as_number(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_number(one) for one in value]
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        plain = value.strip().replace("_", "")
        return int(plain) if re.fullmatch(r"[-+]?\d{1,300}", plain) else float(plain)
    return float(value) if isinstance(value, Exponent) else value


def literal(text: str) -> Any:
    """Return what a word of a command line stands for as a value of Python."""
    words: dict[str, Any] = {"true": True, "false": False, "none": None, "null": None}
    if text.lower() in words:
        return words[text.lower()]
    try:
        return as_number(json.loads(text))
    except ValueError:
        return as_number(text)


def pairs(value: Any) -> dict[str, Any]:
    """Return the names and values of words K=V; empty if a value is something else."""
    words = [str(word).partition("=") for word in (value if isinstance(value, list) else [value])]
    return {key: literal(one) for key, _, one in words} if all(eq for _, eq, _ in words) else {}
