"""Figures as PNG, SVG and PDF, drawn by matplotlib.

The same curves give the same bytes: no dates and no versions in the file, fixed ids, the font that
comes with matplotlib, and our own style whatever the user's matplotlibrc says. matplotlib is
imported when a figure is drawn and not before, and never its pyplot, which looks for a display.
"""

import importlib
import io
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..curves import Curve
from ..errors import printable
from . import ticks
from .look import Look, rate_range

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

FORMATS = ("png", "svg", "pdf")

_METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""What matplotlib would write into a file that changes without the figure changing."""


@dataclass(frozen=True)
class Theme:
    """Colours of a figure. Those of the curves are told apart by colour-blind eyes too.

    More curves than that take their colours from `ramp`, a part of matplotlib's viridis.
    """

    paper: str
    ink: str
    faint: str
    curves: tuple[str, ...]
    ramp: tuple[float, float]


THEMES = {
    # Okabe and Ito 2008, without the yellow that is lost on white paper.
    "light": Theme(
        paper="#ffffff",
        ink="#333333",
        faint="#e4e4e4",
        curves=("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"),
        ramp=(0.0, 0.85),
    ),
    "dark": Theme(
        paper="#16191d",
        ink="#c9ced6",
        faint="#2f343b",
        curves=("#ff8748", "#5cb8f0", "#2fc596", "#e59ac6", "#f2c14e", "#a5d8ff", "#ffffff"),
        ramp=(0.2, 1.0),
    ),
}


@dataclass(frozen=True)
class Paper:
    """Size in inches, dots per inch (of PNG) and theme of a figure."""

    width: float = 8.0
    height: float = 4.5
    dpi: int = 150
    theme: str = "light"

    @property
    def columns(self) -> int:
        """How many columns of pixels there are; the curves fill somewhat fewer."""
        return max(round(self.width * self.dpi), 100)


def render(
    curves: Sequence[Curve],
    look: Look,
    paper: Paper,
    form: str,
    differences: Sequence[Curve] = (),
) -> bytes:
    """Return the figure as a file in one of the `FORMATS`."""
    file = io.BytesIO()
    with own_style():
        figure = draw(curves, look, paper, differences)
        figure.savefig(file, format=form, facecolor="auto", metadata=_METADATA[form])
    return file.getvalue()


def draw(
    curves: Sequence[Curve], look: Look, paper: Paper, differences: Sequence[Curve] = ()
) -> "Figure":
    """Return the figure; to be drawn and saved within `own_style`.

    Below the curves are the `differences` of the last of them from the first.
    """
    sheet = _Sheet(look, paper, two=bool(differences))
    sheet.add_title()
    sheet.add_curves(curves)
    sheet.add_axes(*rate_range(curves, look.log))
    sheet.add_differences(differences)
    sheet.add_legend([curve.label for curve in curves])
    return sheet.figure


@contextmanager
def own_style() -> Iterator[None]:
    """Set matplotlib to its defaults, and to files that do not change by themselves."""
    matplotlib = _matplotlib()
    with matplotlib.rc_context(), warnings.catch_warnings():
        for key, value in matplotlib.rcParamsDefault.items():
            if not key.startswith("backend"):
                matplotlib.rcParams[key] = value
        matplotlib.rcParams["svg.hashsalt"] = "lrviz"
        # `fonts` says it once, and names the cure.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _matplotlib() -> ModuleType:
    """Import matplotlib, undisturbed by what the user has set for other programs."""
    # It speaks of its cache and of the user's matplotlibrc, which is none of our affair.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    backend = os.environ.pop("MPLBACKEND", None)  # one that it does not know stops the import
    try:
        return importlib.import_module("matplotlib")
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend


class _Sheet:
    """A figure in the making. Lengths are in points, 1/72 inch."""

    title_size, label_size, tick_size = 13.0, 10.0, 9.0
    gap = 12.0  # between the two axes, where there are two
    line_height = 1.45  # of a legend, in multiples of its size
    legend_places = (
        *("upper right", "lower left", "upper left", "lower right"),
        *("center right", "center left", "upper center", "lower center"),
    )

    def __init__(self, look: Look, paper: Paper, *, two: bool) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.look, self.theme, self.dpi = look, THEMES[paper.theme], paper.dpi
        self.width, self.height = 72 * paper.width, 72 * paper.height
        self.figure = Figure((paper.width, paper.height), paper.dpi, facecolor=self.theme.paper)
        self.renderer: Any = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self.axes = self.figure.add_subplot(facecolor=self.theme.paper)
        self.lower = self.figure.add_subplot(facecolor=self.theme.paper) if two else None
        self.colours: Sequence[Any] = ()
        self.lines: list[Line2D] = []
        self.left, self.bottom, self.right, self.top = 34.0, 40.0, 20.0, 12.0
        self.epochs = 32.0 if look.steps_per_epoch else 0.0

    def add_title(self) -> None:
        """Write the title in the upper left corner."""
        if not self.look.title:
            return
        title = self._fitted(self.look.title, self.title_size, self.width - 28)
        x, y = 14 / self.width, 1 - self.top / self.height
        text = self.figure.text(x, y, title, color=self.theme.ink, va="top")
        self._set_font(text, self.title_size)
        self.top += 1.6 * self.title_size

    def add_curves(self, curves: Sequence[Curve]) -> None:
        """Draw the lines. Of those that lie on one another, the lower ones are seen as an edge."""
        self.colours = self._colours(len(curves))
        for i, (curve, colour) in enumerate(zip(curves, self.colours, strict=True)):
            self.lines += self.axes.plot(
                curve.steps,
                curve.values,
                color=colour,
                linestyle="none" if curve.recorded else "-",
                linewidth=max(2.4 - 0.5 * i, 1.4),
                marker="o" if curve.recorded or len(curve.steps) == 1 else "",
                markersize=2.5 if curve.recorded else 6,
                zorder=3,
                clip_on=self.look.log,  # a line at 0 is seen whole
            )

    def add_axes(self, low: float, high: float) -> None:
        """Set scales, ticks and names of the axes, which show the rates from `low` to `high`."""
        axes, last = self.axes, max(self.look.horizon - 1, 1)
        if self.look.log:
            axes.set_yscale("log", nonpositive="clip")
        axes.set_ylim(low, high)
        self._style_axes(axes)

        rates = self._rate_ticks(low, high, most=max(int(self._upper_height() / 30), 3))
        labels = ticks.rate_labels(rates, together=not self.look.log)
        self.left += max(self._width(label, self.tick_size) for label in labels)
        axes.set_yticks(rates, labels)
        axes.set_yticks([], minor=True)
        steps = ticks.whole(last, self._most_step_ticks())
        lowest = self.lower or axes
        lowest.set_xticks(steps, ticks.step_labels(steps))
        self._style_axis(lowest.xaxis, ticks.STEP)
        self._style_axis(axes.yaxis, ticks.RATE)
        if self.look.steps_per_epoch:
            self._add_epochs(self.look.steps_per_epoch, last)
        self._place_axes()

    def add_differences(self, curves: Sequence[Curve]) -> None:
        """Draw how far the other curves lie above or below the first, on axes of their own."""
        axes = self.lower
        if axes is None:
            return
        self._style_axes(axes)
        self.axes.tick_params(axis="x", length=0, labelbottom=False)
        for curve, colour in zip(curves, self.colours[1:], strict=True):
            axes.plot(
                curve.steps,
                curve.values,
                color=colour,
                linestyle="none" if curve.recorded else "-",
                linewidth=1.4,
                marker="o" if curve.recorded or len(curve.steps) == 1 else "",
                markersize=2.5,
                zorder=3,
            )
        low = min(0.0, *(float(curve.values.min()) for curve in curves))
        high = max(0.0, *(float(curve.values.max()) for curve in curves))
        margin = 0.1 * ((high - low) or 1.0)
        axes.set_ylim(low - margin, high + margin)
        axes.axhline(0, color=self.theme.ink, linewidth=0.8, zorder=2)
        gaps = ticks.linear(low, high, 4) if high > low else [0.0]
        axes.set_yticks(gaps, ticks.rate_labels(gaps))
        self._style_axis(axes.yaxis, ticks.DIFFERENCE)
        # One below the other, both axes begin at the wider of their labels.
        widest = max(self._width(t.get_text(), self.tick_size) for t in axes.get_yticklabels())
        self.left = max(self.left, 34.0 + widest)
        self.figure.align_ylabels()
        self._place_axes()

    def _style_axes(self, axes: "Axes") -> None:
        last = max(self.look.horizon - 1, 1)
        axes.set_xlim(-0.015 * last, 1.015 * last)
        axes.set_axisbelow(True)
        axes.grid(axis="y", color=self.theme.faint, linewidth=0.8)
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.spines["bottom"].set_color(self.theme.ink)
        axes.tick_params(axis="y", which="both", length=0, pad=5)
        axes.tick_params(axis="x", color=self.theme.ink, length=4)

    def add_legend(self, labels: Sequence[str]) -> None:
        """Name the curves: inside the axes where no curve passes, or else above them."""
        entries = self._entries(labels)
        for place in self.legend_places:
            legend = self._legend(entries, loc=place, borderaxespad=0.8)
            if self._is_free(legend):
                return
            legend.remove()
        corner = self.left / self.width, 1 - self.top / self.height
        columns = self._legend_columns(entries)
        self.top += (-(-len(entries) // columns) * self.line_height + 0.5) * self.tick_size
        self._place_axes()
        self._legend(
            entries,
            loc="upper left",
            bbox_to_anchor=corner,
            bbox_transform=self.figure.transFigure,
            borderaxespad=0,
            borderpad=0,
            ncols=columns,
        )

    def _add_epochs(self, steps_per_epoch: float, last: int) -> None:
        """Add an axis above that counts epochs."""

        def to_epochs(steps: Any) -> Any:
            return np.asarray(steps) / steps_per_epoch

        def to_steps(epochs: Any) -> Any:
            return np.asarray(epochs) * steps_per_epoch

        above = self.axes.secondary_xaxis("top", functions=(to_epochs, to_steps))
        epochs = ticks.linear(0, 1.01 * last / steps_per_epoch, self._most_step_ticks())
        above.set_xticks(epochs, ticks.step_labels(epochs))
        above.spines["top"].set_color(self.theme.faint)
        above.tick_params(axis="x", color=self.theme.faint, length=4)
        self._style_axis(above.xaxis, ticks.EPOCH)

    def _style_axis(self, axis: "Axis", name: str) -> None:
        axis.set_label_text(name)
        axis.labelpad = 6
        axis.label.set_color(self.theme.ink)
        self._set_font(axis.label, self.label_size)
        for label in axis.get_ticklabels():
            label.set_color(self.theme.ink)
            self._set_font(label, self.tick_size)

    def _place_axes(self) -> None:
        """Put the axes between the margins, those of differences below the others."""
        upper = self._upper_height()
        top = self.height - self.top - self.epochs
        self._place(self.axes, top - upper, upper)
        if self.lower is not None:
            self._place(self.lower, self.bottom, top - upper - self.bottom - self.gap)

    def _upper_height(self) -> float:
        """Return how high the axes of the curves are."""
        room = self.height - self.top - self.epochs - self.bottom
        return room if self.lower is None else 0.68 * (room - self.gap)

    def _place(self, axes: "Axes", bottom: float, height: float) -> None:
        axes.set_position(
            (
                self.left / self.width,
                bottom / self.height,
                (self.width - self.left - self.right) / self.width,
                max(height, 1.0) / self.height,
            )
        )

    def _rate_ticks(self, low: float, high: float, most: int) -> list[float]:
        return (
            ticks.logarithmic(low, high, most) if self.look.log else ticks.linear(low, high, most)
        )

    def _most_step_ticks(self) -> int:
        return max(int((self.width - self.left - self.right) / 52), 2)

    def _entries(self, labels: Sequence[str]) -> list[tuple["Line2D", str]]:
        """Return lines and their labels; of too many for the figure, some that stand for all."""
        from matplotlib.lines import Line2D

        room = self.width - self.left - self.right - 45
        entries = [
            (line, self._fitted(label, self.tick_size, room))
            for line, label in zip(self.lines, labels, strict=True)
        ]
        rows = max(int(0.4 * self.height / (self.line_height * self.tick_size)), 2)
        most = rows * self._legend_columns(entries)
        if len(entries) <= most:
            return entries
        chosen = np.linspace(0, len(entries) - 1, most - 1).round().astype(int)
        nothing = Line2D([], [], linestyle="none")
        return [*(entries[i] for i in chosen), (nothing, f"and {len(entries) - len(chosen)} more")]

    def _legend_columns(self, entries: Sequence[tuple["Line2D", str]]) -> int:
        widest = max(self._width(label, self.tick_size) for _, label in entries) + 45
        return max(int((self.width - self.left - self.right) / widest), 1)

    def _legend(self, entries: Sequence[tuple["Line2D", str]], **where: Any) -> "Legend":
        lines, labels = zip(*entries, strict=True)
        legend = self.axes.legend(
            lines,
            ["-"] * len(lines),  # labels that begin with "_" would be left out
            facecolor=self.theme.paper,
            edgecolor="none",
            framealpha=1,
            labelcolor=self.theme.ink,
            fontsize=self.tick_size,
            labelspacing=self.line_height - 1,
            handlelength=1.8,
            **where,
        )
        for text, label in zip(legend.get_texts(), labels, strict=True):
            text.set_text(label)
            self._set_font(text, self.tick_size)
        return legend

    def _is_free(self, legend: "Legend") -> bool:
        """Return whether the legend lies within the axes and no curve comes near it."""
        from matplotlib.path import Path

        box = legend.get_window_extent(self.renderer)
        inside = self.axes.get_window_extent(self.renderer)
        if box.width > inside.width or box.height > inside.height:
            return False
        near = box.padded(4 * self.dpi / 72)
        for line in self.lines:
            xy = np.clip(self.axes.transData.transform(line.get_xydata()), -1e6, 1e6)
            if Path(xy).intersects_bbox(near, filled=False):
                return False
        return True

    def _colours(self, count: int) -> Sequence[Any]:
        if count <= len(self.theme.curves):
            return self.theme.curves[:count]
        from matplotlib import colormaps

        return list(colormaps["viridis"](np.linspace(*self.theme.ramp, count)))

    def _set_font(self, text: "Text", size: float) -> None:
        """Set font and size, and take the text as it is, a `$` as a dollar."""
        text.set_fontproperties(self._font(text.get_text(), size))
        text.set_parse_math(False)

    def _font(self, text: str, size: float) -> "FontProperties":
        from matplotlib.font_manager import FontProperties

        from . import fonts

        return FontProperties(fname=fonts.path_for(text), size=size)

    def _width(self, text: str, size: float) -> float:
        width, _, _ = self.renderer.get_text_width_height_descent(
            text, self._font(text, size), ismath=False
        )
        return float(width) * 72 / self.dpi

    def _fitted(self, text: str, size: float, room: float) -> str:
        """Return `text` in one visible line, cut in the middle if it is wider than `room`."""
        text = printable(text)
        if len(text) > 400:
            text = f"{text[:200]}…{text[-199:]}"
        width, kept = self._width(text, size), len(text)
        while width > room and kept > 3:
            kept = min(int(kept * room / width), kept - 1)
            short = f"{text[: kept // 2]}…{text[-(kept // 2) :]}"
            width = self._width(short, size)
        return text if kept == len(text) else short
