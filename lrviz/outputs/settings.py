"""Settings: fields whose annotations say what they mean and how their values are checked.

Configs, their errors, the command line, the text within pictures and the README take them from
there; what differs from a field's default is what was said.
"""

import functools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple, get_type_hints

from ..errors import LrvizError, Sentence, cut, did_you_mean, listing, one_of, quoted
from ..specs.quantities import Run

Value = Any
"""A value as TOML gives it."""

DTYPES = ("float64", "float32")

_LARGEST = 1e300
"""How large a number may be."""


class Setting(NamedTuple):
    """What a setting means, and its check: from its name and a value to the value that is kept.

    One that is its `own` is not taken over from the figure by its panels, nor by the figures of a
    file from what stands above them. What can be read only when the run is known is `settled` then;
    `written` gives what a config has in its place. On the command line it is an option that takes
    an `option`, such as TEXT; "" makes it a flag. `typed` makes of what was typed there what a
    config has in its place, which may be `typed_several` times; what that means is `typed_meaning`
    if it differs.
    """

    meaning: str
    check: Callable[[Sentence, Value], Any]
    own: bool = False
    settled: Callable[[Sentence, Any, Run], Any] | None = None
    written: Callable[[Any], Value] | None = None
    option: str | None = None
    typed: Callable[[Sentence, Any], Value] | None = None
    typed_several: bool = False
    typed_meaning: str = ""


@functools.cache
def settings_of(kind: type) -> Mapping[str, Setting]:
    """Return the settings in the fields of a class by their names.

    A field that is annotated with another class stands for the settings of that.
    """
    found: dict[str, Setting] = {}
    for name, note in _notes_of(kind).items():
        if isinstance(note, Setting):
            found[name] = note
        elif isinstance(note, type):
            found |= settings_of(note)
    return found


def parts_of(kind: type) -> Mapping[str, type]:
    """Return the fields of a class that stand for the settings of another, with that."""
    return {name: note for name, note in _notes_of(kind).items() if isinstance(note, type)}


def _notes_of(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {one.name: getattr(hints[one.name], "__metadata__", (None,))[0] for one in fields(kind)}


def changed(of: Any) -> dict[str, Value]:
    """Return the settings in the fields of a dataclass that differ from their default."""
    kind: type = type(of)
    known, found = settings_of(kind), {}
    for one in fields(of):
        value = getattr(of, one.name)
        if one.name in known and value != one.default:
            written = known[one.name].written
            found[one.name] = written(value) if written else value
    return found


def unknown(holder: str, name: str, known: Iterable[str]) -> LrvizError:
    """Return the error about a setting that there is not."""
    near = did_you_mean(name, known) or f"; its settings are {listing(known)}"
    return LrvizError(f"{holder} has no setting {quoted(name)}{near}")


class Word:
    """The check of a setting that is one of some words."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.choices = choices

    def __call__(self, subject: Sentence, value: Value) -> str:
        """Return the word; LrvizError if it is another."""
        return one_of(subject, text(subject, value), self.choices)


def in_config(value: Value) -> str:
    """Return a value as it stands in a config, for use inside a message."""
    from .toml import literal  # only needed once something is wrong

    return cut(literal(value))


def text(subject: Sentence, value: Value) -> str:
    """Check that this is a text."""
    if not isinstance(value, str):
        raise LrvizError(subject + f" is a text in quotes, not {in_config(value)}")
    return value


def flag(subject: Sentence, value: Value) -> bool:
    """Check that this is true or false."""
    if not isinstance(value, bool):
        raise LrvizError(subject + f" is true or false, not {in_config(value)}")
    return value


def finite(subject: Sentence, value: Value) -> float:
    """Check that this is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        raise LrvizError(subject + f" is a finite number, not {in_config(value)}")
    return float(value)


def between(least: float, most: float = _LARGEST) -> Callable[[Sentence, Value], float]:
    """Return the check of numbers in bounds."""

    def check(subject: Sentence, value: Value) -> float:
        number = finite(subject, value)
        if not least <= number <= most:
            raise LrvizError(subject + f" is a number from {least:g} to {most:g}, not {number:g}")
        return number

    return check


def whole(least: int, most: int) -> Callable[[Sentence, Value], int]:
    """Return the check of whole numbers in bounds."""

    def check(subject: Sentence, value: Value) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise LrvizError(
                subject + f" is a whole number from {least} to {most}, not {in_config(value)}"
            )
        return value

    return check


def steps(subject: Sentence, value: Value) -> str:
    """Check a count of steps: a number, or a text such as "10k" that is read later."""
    is_text = isinstance(value, str)
    if not is_text and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise LrvizError(
            subject + f' is a number of steps, such as 10_000 or "10k", not {in_config(value)}'
        )
    return value if is_text else repr(value if abs(value) <= _LARGEST else math.inf)


def ends(subject: Sentence, value: Value) -> tuple[float, float]:
    """Check that these are two numbers."""
    if not isinstance(value, list) or len(value) != 2:
        raise LrvizError(subject + f" are two numbers, such as [0, 0.01], not {in_config(value)}")
    low, high = (finite(subject, end) for end in value)
    return low, high


def typed_ends(subject: Sentence, typed: str) -> list[float]:
    """Return what LOW:HIGH says; LrvizError if it says none."""
    try:
        low, high = map(float, typed.split(":"))
    except ValueError:
        raise LrvizError(
            subject + f" takes LOW:HIGH, such as 0:0.01, not {quoted(typed)}"
        ) from None
    return [low, high]


def typed_texts_at(subject: Sentence, typed: Iterable[str]) -> dict[str, str]:
    """Return what several STEP=TEXT say; LrvizError for the first that says nothing."""
    found: dict[str, str] = {}
    for one in typed:
        step, equals, words = (part.strip() for part in one.partition("="))
        if not (step and equals and words):
            raise LrvizError(
                subject + f" takes STEP=TEXT, such as 2k=warmup ends, not {quoted(one)}"
            )
        if step in found:
            raise LrvizError(subject + f" has two texts at step {step}; make them one")
        found[step] = words
    return found


def names(subject: Sentence, value: Value) -> tuple[str, ...]:
    """Check that this is the name of a file, or a list of them."""
    found = tuple(text(subject, one) for one in (value if isinstance(value, list) else [value]))
    if not found:
        raise LrvizError(subject + ' is empty; name a file, such as "{name}.png"')
    for name in found:
        if not name.isprintable():
            raise LrvizError(
                subject + f" {quoted(name)} is no name of a file; take out what does not show"
            )
    return found


def texts_at(subject: Sentence, value: Value) -> tuple[tuple[str, str], ...]:
    """Check that these are steps, which are read later, each with a text."""
    if not isinstance(value, dict):
        raise LrvizError(
            subject + f' are steps and texts, such as {{ 500 = "warmup ends" }}, '
            f"not {in_config(value)}"
        )
    return tuple((step, text(subject + f".{step}", one)) for step, one in value.items())


TITLE = Setting("title", text, own=True, option="TEXT")
LOG = Setting("logarithmic axis of rates", flag, option="")
STEP_COLUMN = Setting("column of steps in recorded runs", text, option="NAME")
DTYPE = Setting(
    "`float64` counts as PyTorch and Python, `float32` as TensorFlow and Keras",
    Word(DTYPES),
    option="TYPE",
)
"""Settings that commands without a `Look`, which takes long to import, have too."""
