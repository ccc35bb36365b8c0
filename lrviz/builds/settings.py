"""What a config file says of figures, their panels and their curves.

Each setting is a field, whose annotation says what it means and how its value is checked. The
reader of configs, their writer, errors and the README take it from there.
"""

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, NamedTuple, get_type_hints

from ..errors import LrvizError, cut, listing, one_of, quoted
from ..outputs.look import LINESTYLES
from . import values
from .lines import KeyPath
from .toml import literal

Value = Any
"""A value as TOML gives it."""

_LARGEST = 1e300
"""How large a number may be."""


class Setting(NamedTuple):
    """What a setting means, and its check: from its name and a value to the value that is kept.

    One that is its `own` is not taken over from the figure by its panels, nor by the figures of a
    file from what stands above them.
    """

    meaning: str
    check: Callable[[str, Value], Any]
    own: bool = False


def _shown(value: Value) -> str:
    return cut(literal(value))


def _text(subject: str, value: Value) -> str:
    if not isinstance(value, str):
        raise LrvizError(f"{subject} is a text in quotes, not {_shown(value)}")
    return value


def _word(*choices: str) -> Callable[[str, Value], str]:
    return lambda subject, value: one_of(subject, _text(subject, value), choices)


def _flag(subject: str, value: Value) -> bool:
    if not isinstance(value, bool):
        raise LrvizError(f"{subject} is true or false, not {_shown(value)}")
    return value


def _number(subject: str, value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        raise LrvizError(f"{subject} is a finite number, not {_shown(value)}")
    return float(value)


def _between(least: float, most: float) -> Callable[[str, Value], float]:
    def check(subject: str, value: Value) -> float:
        number = _number(subject, value)
        if not least <= number <= most:
            raise LrvizError(f"{subject} is a number from {least:g} to {most:g}, not {number:g}")
        return number

    return check


def _whole(least: int, most: int) -> Callable[[str, Value], int]:
    def check(subject: str, value: Value) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise LrvizError(
                f"{subject} is a whole number from {least} to {most}, not {_shown(value)}"
            )
        return value

    return check


def _steps(subject: str, value: Value) -> str:
    """Check a count of steps: a number, or a text such as "10k" that is read later."""
    text = isinstance(value, str)
    if not text and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise LrvizError(
            f'{subject} is a number of steps, such as 10_000 or "10k", not {_shown(value)}'
        )
    return value if text else repr(value if abs(value) <= _LARGEST else math.inf)


def _ends(subject: str, value: Value) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise LrvizError(f"{subject} are two numbers, such as [0, 0.01], not {_shown(value)}")
    low, high = (_number(subject, end) for end in value)
    return low, high


def _names(subject: str, value: Value) -> tuple[str, ...]:
    found = tuple(_text(subject, one) for one in (value if isinstance(value, list) else [value]))
    if not found:
        raise LrvizError(f'{subject} is empty; name a file, such as "{{name}}.png"')
    for name in found:
        if not name.isprintable():
            raise LrvizError(
                f"{subject} {quoted(name)} is no name of a file; take out what does not show"
            )
    return found


def _texts_at(subject: str, value: Value) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise LrvizError(
            f'{subject} are steps and texts, such as {{ 500 = "warmup ends" }}, not {_shown(value)}'
        )
    return tuple((step, _text(f"{subject}.{step}", text)) for step, text in value.items())


def _size(subject: str, value: Value) -> str:
    values.inches(subject, _text(subject, value))
    return str(value)


def _colour(subject: str, value: Value) -> tuple[str, str]:
    """Return the colours on light and on dark paper."""
    both = value if isinstance(value, dict) else {"light": value, "dark": value}
    if set(both) != {"light", "dark"}:
        raise LrvizError(
            f'{subject} is a colour, or {{ light = "black", dark = "white" }}, not {_shown(value)}'
        )
    light, dark = (values.colour(subject, _text(subject, both[on])) for on in ("light", "dark"))
    return light, dark


@dataclass(frozen=True, kw_only=True)
class CurveSettings:
    """A curve, or several if the spec has braces."""

    spec: Annotated[
        str, Setting("spec, framework's call or `@FILE`, with or without `LABEL=`", _text)
    ]
    label: Annotated[str | None, Setting("label", _text)] = None
    color: Annotated[
        tuple[str, str] | None,
        Setting(
            'colour, or `{ light = "black", dark = "white" }`; `C0` is the first usual one', _colour
        ),
    ] = None
    linestyle: Annotated[str | None, Setting(listing(LINESTYLES, "or"), _word(*LINESTYLES))] = None
    linewidth: Annotated[float | None, Setting("width in points", _between(0.1, 20))] = None
    place: KeyPath = field(default=(), compare=False)


def _curves(subject: str, value: Value) -> Value:
    """Check that this is a list; what is in it the reader of the file reads."""
    if not isinstance(value, list) or not value:
        raise LrvizError(
            f'{subject} is a list of curves, such as ["exp:lr=0.01,rate=0.9,steps=100"]'
        )
    return value


def _panels(subject: str, value: Value) -> Value:
    if not isinstance(value, list):
        raise LrvizError(f"{subject} is a list of tables; write [[figure.NAME.panel]] for each")
    return value


@dataclass(frozen=True, kw_only=True)
class PanelSettings:
    """Curves on one pair of axes."""

    title: Annotated[str, Setting("title", _text, own=True)] = ""
    curves: Annotated[
        tuple[CurveSettings, ...], Setting("list of specs, or of tables", _curves, own=True)
    ] = ()
    steps: Annotated[
        str | None, Setting('length of the run, such as `1000`, `"10k"` or `"90ep"`', _steps)
    ] = None
    steps_per_epoch: Annotated[
        float | None, Setting("steps in an epoch; adds an axis of epochs", _between(1e-9, 1e15))
    ] = None
    lr: Annotated[
        float | None, Setting("the optimizer's rate, for calls that take it", _between(0, _LARGEST))
    ] = None
    dtype: Annotated[str, Setting("`float64` or `float32`", _word("float64", "float32"))] = (
        "float64"
    )
    step_column: Annotated[str | None, Setting("column of steps in recorded runs", _text)] = None
    zoom: Annotated[str | None, Setting('steps to show, such as `"900:1100"`', _text)] = None
    rates: Annotated[
        tuple[float, float] | None, Setting("ends of the axis of rates, such as `[0, 0.01]`", _ends)
    ] = None
    log: Annotated[bool, Setting("logarithmic axis of rates", _flag)] = False
    xlabel: Annotated[str | None, Setting("name of the axis of steps", _text)] = None
    ylabel: Annotated[str | None, Setting("name of the axis of rates", _text)] = None
    annotations: Annotated[
        tuple[tuple[str, str], ...],
        Setting('lines with a text at steps, such as `{ 500 = "warmup ends" }`', _texts_at),
    ] = ()
    legend: Annotated[bool, Setting("whether there is a legend", _flag)] = True
    differences: Annotated[
        bool, Setting("differences from the first curve, below the others", _flag)
    ] = False
    place: KeyPath = field(default=(), compare=False)


@dataclass(frozen=True, kw_only=True)
class FigureSettings(PanelSettings):
    """A figure: one panel, or several with settings of their own, and how it is printed."""

    name: str = ""
    output: Annotated[
        tuple[str, ...],
        Setting(
            "file or list of files, `.png`, `.svg` or `.pdf`; `{name}` is the figure's", _names
        ),
    ] = ("{name}.png",)
    alt: Annotated[
        str, Setting("what the figure shows, for those who do not see it", _text, own=True)
    ] = ""
    size: Annotated[str | None, Setting('size in inches, such as `"8x4.5"`', _size)] = None
    dpi: Annotated[int, Setting("dots per inch of a PNG", _whole(20, 2400))] = 150
    theme: Annotated[
        str,
        Setting(
            "`light`, `dark`, or `both`: then `NAME-dark.png` stands beside `NAME.png`",
            _word("light", "dark", values.BOTH),
        ),
    ] = "light"
    columns: Annotated[int, Setting("how many panels stand side by side", _whole(1, 8))] = 1
    panel: Annotated[
        tuple[PanelSettings, ...],
        Setting("panels, each `[[figure.NAME.panel]]`", _panels, own=True),
    ] = ()

    @property
    def panels(self) -> tuple[PanelSettings, ...]:
        """The panels; a figure without is itself one."""
        return self.panel or (self,)


@functools.cache
def settings_of(kind: type) -> Mapping[str, Setting]:
    """Return the settings of figures, panels or curves by their names."""
    hints = get_type_hints(kind, include_extras=True)
    notes = {one.name: getattr(hints[one.name], "__metadata__", (None,))[0] for one in fields(kind)}
    return {name: note for name, note in notes.items() if isinstance(note, Setting)}
