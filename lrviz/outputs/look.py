"""How panels look: what pictures and charts in the terminal have in common."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from ..curves import Curve
from ..errors import LrvizError, Sentence, listing, quoted, shown
from ..specs.quantities import Run, count, span
from ..theory.quadratic import Quadratic
from . import quadratic as noisy
from . import settings
from .settings import Setting, Value, Word
from .themes import PAIR, Theme
from .ticks import STEP

LINESTYLES = ("solid", "dashed", "dotted", "dashdot")


_HEX = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|C[0-9]{1,2}")


def _colours(subject: Sentence, value: Value) -> tuple[str, ...]:
    """Return the colours on light and on dark paper."""
    both = value if isinstance(value, dict) else dict.fromkeys(PAIR, value)
    if set(both) != set(PAIR):
        raise LrvizError(
            subject + f' is a colour, or {{ light = "black", dark = "white" }}, '
            f"not {settings.in_config(value)}"
        )
    return tuple(_colour(subject, settings.text(subject, both[on])) for on in PAIR)


def _colour(subject: Sentence, name: str) -> str:
    """Return a colour as matplotlib knows it; `C0` is the first of the theme's own."""
    if not _HEX.fullmatch(name):  # matplotlib takes a while to import
        from matplotlib.colors import is_color_like

        if not is_color_like(name):
            raise LrvizError(
                subject + f" is a colour such as '#d55e00', 'black' or 'C0', not {quoted(name)}"
            )
    return name


@dataclass(frozen=True)
class Style:
    """How one curve is drawn: what is None is left to the figure.

    A colour is one, or a pair for light and for dark paper. They are matplotlib's, but `C0`, `C1`
    and so on are those of the theme. Widths are in points.
    """

    color: Annotated[
        str | tuple[str, ...] | None,
        Setting(
            'colour, or `{ light = "black", dark = "white" }`; `C0` is the first usual one',
            _colours,
        ),
    ] = None
    linestyle: Annotated[str | None, Setting(listing(LINESTYLES, "or"), Word(LINESTYLES))] = None
    linewidth: Annotated[float | None, Setting("width in points", settings.between(0.1, 20))] = None

    def color_on(self, theme: Theme) -> str | None:
        """Return the colour on paper of a theme."""
        both = self.color
        return both[theme.dark] if isinstance(both, tuple) else both


LEGENDS = ("auto", "box", "none")
"""Where names are: beside the curves if there is room, else in a box; always there; nowhere."""


def _legend(subject: Sentence, value: Value) -> str:
    """Return where the names of the curves are; true and false are the first and the last."""
    if isinstance(value, bool):
        return LEGENDS[0] if value else LEGENDS[-1]
    return Word(LEGENDS)(subject, value)


def _notes(
    subject: Sentence, texts: tuple[tuple[str, str], ...], run: Run
) -> tuple[tuple[int, str], ...]:
    """Return steps and texts, in the order of the steps."""
    found: dict[int, str] = {}
    for text_of_step, note in texts:
        step = count(subject, text_of_step, run, least=0)
        if step in found:
            raise LrvizError(subject + f" has two texts at step {step}; make them one")
        found[step] = note
    return tuple(sorted(found.items()))


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a panel shows besides its curves. Each field but the styles is a setting.

    A `zoom` shows its steps alone; without one, those below `steps` are shown. Annotations are
    steps with a text; styles are those of the curves, in their order. LrvizError if the axis of
    rates cannot have such ends.
    """

    title: Annotated[str, settings.TITLE] = ""
    steps: Annotated[
        int, Setting('length of the run, such as `1000`, `"10k"` or `"90ep"`', settings.steps)
    ]
    zoom: Annotated[
        range | None,
        Setting(
            'steps to show, such as `"900:1100"`',
            settings.text,
            settled=span,
            written=lambda shown: f"{shown.start}:{shown.stop - 1}",
            option="FROM:TO",
        ),
    ] = None
    steps_per_epoch: Annotated[
        float | None,
        Setting(
            "steps in an epoch; adds an axis of epochs", settings.between(1e-9, 1e15), written=float
        ),
    ] = None
    dtype: Annotated[str, settings.DTYPE] = settings.DTYPES[0]
    step_column: Annotated[str | None, settings.STEP_COLUMN] = None
    log: Annotated[bool, settings.LOG] = False
    rates: Annotated[
        tuple[float, float] | None,
        Setting(
            "ends of the axis of rates, such as `[0, 0.01]`",
            settings.ends,
            option="LOW:HIGH",
            typed=settings.typed_ends,
            typed_meaning="ends of the axis of rates, such as 0:0.01",
        ),
    ] = None
    xlabel: Annotated[str, Setting("name of the axis of steps", settings.text, option="TEXT")] = (
        STEP
    )
    ylabel: Annotated[
        str | None, Setting("name of the axis of rates", settings.text, option="TEXT")
    ] = None
    annotations: Annotated[
        tuple[tuple[int, str], ...],
        Setting(
            'lines with a text at steps, such as `{ 500 = "warmup ends" }`',
            settings.texts_at,
            settled=_notes,
            written=lambda notes: {str(step): note for step, note in notes},
            option="STEP=TEXT",
            typed=settings.typed_texts_at,
            typed_several=True,
            typed_meaning="a line with a text at a step, such as 2k=warmup ends; several times",
        ),
    ] = ()
    legend: Annotated[
        str,
        Setting(
            "where names are: `auto` beside the curves if there is room, `box` in a legend, `none`",
            _legend,
            option="WHERE",
        ),
    ] = LEGENDS[0]
    differences: Annotated[
        bool, Setting("differences from the first curve, below the others", settings.flag)
    ] = False
    quadratic: Annotated[
        Quadratic | None,
        Setting(
            "expected loss of a noisy quadratic, above the rates: `true`, or what is assumed of "
            "it, such as `{ batch = 8 }`",
            noisy.read,
            written=noisy.written,
        ),
    ] = None
    styles: tuple[Style, ...] = ()

    def __post_init__(self) -> None:
        low, high = self.rates or (1.0, 2.0)
        if not (low < high and math.isfinite(high - low)):
            raise LrvizError(
                "rates are the lower and the upper end of the axis, such as [0, 0.01], "
                f"not {shown([low, high])}"
            )
        if self.log and low <= 0:
            raise LrvizError(
                f"rates of a logarithmic axis are above 0, and {low:g} is not; begin higher"
            )

    def name_of(self, curves: Sequence[Curve]) -> str:
        """Return what the axis of values is called: unless that is said, what the curves show."""
        return curves[0].quantity.name if self.ylabel is None else self.ylabel

    @property
    def shown(self) -> range:
        """The steps that are shown."""
        return self.zoom or range(self.steps)

    @property
    def first(self) -> int:
        """The first step that is shown."""
        return self.shown.start

    @property
    def horizon(self) -> int:
        """The step that comes after the last one that is shown."""
        return self.shown.stop
