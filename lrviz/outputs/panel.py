"""One panel of a figure: axes with curves, what marks steps on them, and a legend."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..curves import Curve
from ..schedules.quantity import DIFFERENCE
from . import ticks
from .annotations import AnnotationArtist
from .content import Panel
from .legend import LegendArtist
from .look import Style
from .paper import Paper
from .strokes import Stroke, strokes
from .text_layout import LABEL_SIZE, TICK_SIZE, TITLE_SIZE, TextLayout
from .themes import THEMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axes._base import _AxesBase
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

_GAP = 12.0  # between the upper axes and the lower ones
_MOST_EXITS = 12  # of a curve from a logarithmic axis, that are marked


class PanelArtist:
    """A panel in the making: its margins are known first, its place later. Lengths are in units.

    The names of the axes are written where the panel is told to `name_steps` and `name_rates`.
    """

    right = 20.0

    def __init__(
        self,
        panel: Panel,
        figure: "Figure",
        paper: Paper,
        texts: TextLayout,
        *,
        name_steps: bool = True,
        name_rates: bool = True,
    ) -> None:
        self.panel, self.look, self.texts = panel, panel.look, texts
        self.theme = theme = THEMES[paper.theme]
        self.styles = self.look.styles or (Style(),) * len(panel.curves)
        self.strokes = strokes(panel.curves, self.styles, theme)
        self.planned = not all(curve.recorded for curve in panel.curves)
        self.figure, self.name_steps, self.name_rates = figure, name_steps, name_rates
        self.axes = figure.add_subplot(facecolor=theme.paper)
        self.lower = figure.add_subplot(facecolor=theme.paper) if panel.below else None
        self.left = 34.0 if name_rates else 16.0
        self.bottom = 40.0 if name_steps else 26.0
        self.epochs = 32.0 if self.look.steps_per_epoch else 0.0
        self.low, self.high = panel.ends
        self.lines: list[Line2D] = []
        self.title: Text | None = None
        self.legend: LegendArtist | None = None

    @property
    def all_axes(self) -> list["Axes"]:
        """The axes of curves, and those below."""
        return [self.axes, *([self.lower] if self.lower is not None else [])]

    @property
    def top(self) -> float:
        """The margin above: for the title, a legend that does not fit inside, and epochs."""
        title = 1.75 * TITLE_SIZE if self.title else 0.0
        return title + (self.legend.height if self.legend else 0.0) + self.epochs

    def draw(self, width: float, height: float, *, title: bool) -> None:
        """Draw all but the legend into about so much room; the left margin is known then."""
        if title and self.look.title:
            self.title = self.figure.text(0, 0, "", color=self.theme.ink, va="top")
        self._add_curves()
        self._add_axes(width, height - self.top - self.bottom)
        if self.lower is not None:
            self._add_below(self.lower, height - self.top - self.bottom)
        notes = [note for note in self.look.annotations if note[0] in self.look.shown]
        self.annotations = AnnotationArtist(self.all_axes, notes, self.theme, self.texts)
        if self.look.legend != "none":
            labels = (curve.label for curve in self.panel.curves)
            entries = [*zip(self.lines, labels, strict=True)]
            # Names would lie in what curves spread over.
            beside = self.look.legend == "auto" and not self.panel.spreads
            self.legend = LegendArtist(self.axes, entries, self.theme, self.texts, beside)

    def place(self, left: float, bottom: float, width: float, height: float, top: float) -> None:
        """Put the axes where they belong, and the title above them, below a margin at the `top`."""
        upper = self._upper_height(height)
        self._set_box(self.axes, left, bottom + height - upper, width, upper)
        if self.name_rates:
            beyond = 0.0 if self.lower is not None else 40.0  # it may reach beyond its axis
            self._write_name(self.axes.yaxis, self.panel.name, room=upper + beyond)
        if self.lower is not None:
            lower = height - upper - _GAP
            self._set_box(self.lower, left, bottom, width, lower)
            if self.name_rates:
                name = self.panel.name_below
                if self.texts.width(name, LABEL_SIZE) > lower + _GAP:
                    quantity = self.panel.below[0].quantity if self.panel.spreads else DIFFERENCE
                    name = quantity.symbol
                self._write_name(self.lower.yaxis, name, room=math.inf)
        if self.name_steps:
            self._write_name((self.lower or self.axes).xaxis, self.look.xlabel, room=width)
        if self.title:
            above = bottom + height + top
            self.title.set_position((self.texts.across(left), self.texts.up(above)))
            self.texts.write(self.title, self.look.title, TITLE_SIZE, room=width + self.right)
        notes = self.annotations.place(width)
        if notes and (self.panel.spreads or not self.look.rates):
            self._make_headroom(notes / upper)

    def add_legend(self, width: float) -> bool:
        """Name the curves; return whether that needs room that it did not have."""
        if self.legend is None:
            return False
        notes = [note for note, _ in self.annotations.notes]
        steps = [step for step, _ in self.look.annotations if step in self.look.shown]
        return self.legend.draw(width, notes, steps, self.epochs)

    def _add_curves(self) -> None:
        """Draw the lines. Of those that lie on one another, the lower ones are seen as an edge."""
        curves, look = self.panel.curves, self.look
        for i, (curve, style) in enumerate(zip(curves, self.styles, strict=True)):
            line = self._line(self.axes, curve, self.strokes[i])
            line.set_linewidth(style.linewidth or self.strokes[i].width * self.texts.unit)
            # A line at 0 is seen whole.
            line.set_clip_on(self.panel.log or look.rates is not None)
            if self.panel.log:
                self._mark_exits(curve, self.strokes[i])
            self.lines.append(line)
        for curve, line, spread in zip(curves, self.lines, self.panel.spreads, strict=False):
            colour = line.get_color()
            self.axes.fill_between(
                curve.steps, spread.low, spread.high, color=colour, alpha=0.2, linewidth=0, zorder=2
            )
            self.axes.plot(
                curve.steps,
                spread.sample,
                color=colour,
                alpha=0.55,
                linewidth=0.6 * self.texts.unit,
                zorder=2.5,
            )

    def _line(self, axes: "Axes", curve: Curve, stroke: Stroke) -> "Line2D":
        """Draw a curve; a recorded one as points, which are all it knows.

        Beside a plan these lie behind it, wide and pale, so that both are seen where they agree.
        """
        behind = curve.recorded and self.planned
        colour = stroke.colour
        if behind:
            from matplotlib.colors import to_rgb

            colour = self.theme.paled(to_rgb(colour))
        size = 2.5 if axes is self.lower else 6.0
        if curve.recorded:
            size = min(max(400 / len(curve.steps), 5.0), 7.0) if behind else 2.5
        (line,) = axes.plot(
            curve.steps,
            curve.values,
            color=colour,
            linestyle=stroke.linestyle,
            linewidth=1.4 * self.texts.unit,
            marker="o" if curve.recorded or len(curve.steps) == 1 else "",
            markersize=size * self.texts.unit,
            markeredgewidth=0,
            zorder=2.7 if behind or stroke.noisy else 3,
        )
        return line

    def _mark_exits(self, curve: Curve, stroke: Stroke) -> None:
        """Mark where a curve leaves a logarithmic axis through its lower end."""
        below = curve.values < self.low
        exits = np.flatnonzero(below[1:] & ~below[:-1]) + 1
        entries = np.flatnonzero(below[:-1] & ~below[1:])
        at = curve.steps[np.union1d(exits, entries)]
        if not 0 < len(at) <= _MOST_EXITS:
            return
        from matplotlib.transforms import blended_transform_factory

        self.axes.scatter(
            at,
            np.full(len(at), 0.012),
            s=(4.0 * self.texts.unit) ** 2,
            marker="v",
            color=[stroke.colour],
            linewidths=0,
            transform=blended_transform_factory(self.axes.transData, self.axes.transAxes),
            clip_on=False,
            zorder=4,
        )

    def _add_axes(self, width: float, height: float) -> None:
        """Set scales, ticks and names of the axes."""
        axes, first, last, log = self.axes, self.look.first, self._last, self.panel.log
        if log:
            axes.set_yscale("log", nonpositive="clip")
        axes.set_ylim(self.low, self.high)
        self._style_axes(axes)

        find = ticks.logarithmic if log else ticks.linear
        upper = self._upper_height(height)
        rates = find(self.low, self.high, min(max(int(upper / 36), 3), 6))
        labels = ticks.rate_labels(rates, together=not log)
        if not self.panel.spreads:
            rates, labels = self._with_peak(rates, labels, upper)
        self.left += self.texts.widest(labels, TICK_SIZE)
        axes.set_yticks(rates, labels)
        axes.set_yticks([], minor=True)
        most = max(int((width - self.left - self.right) / 52), 2)
        scale = (width - self.left - self.right) / (last - first)
        steps, step_labels = self._fitting(lambda most: ticks.whole(first, last, most), most, scale)
        self.right = max(self.right, 6 + self.texts.width(step_labels[-1], TICK_SIZE) / 2)
        lowest = self.lower or axes
        lowest.set_xticks(steps, step_labels)
        self._style_axis(lowest.xaxis)
        self._style_axis(axes.yaxis)
        if self.look.steps_per_epoch:
            self._add_epochs(self.look.steps_per_epoch, most, scale)

    def _with_peak(
        self, rates: list[float], labels: list[str], height: float
    ) -> tuple[list[float], list[str]]:
        """Return ticks and labels with one at the highest rate, in place of those too near it."""
        peak = max(float(curve.values.max()) for curve in self.panel.curves)
        if not self.low < peak <= self.high:
            return rates, labels
        place = np.log if self.look.log else np.asarray
        scale = height / (place(self.high) - place(self.low))
        label = ticks.peak_label(peak, labels)
        kept = [
            (rate, text)
            for rate, text in zip(rates, labels, strict=True)
            if abs(place(rate) - place(peak)) * scale >= 1.3 * TICK_SIZE and text != label
        ]
        both = sorted([*kept, (peak, label)])
        return [rate for rate, _ in both], [text for _, text in both]

    def _add_epochs(self, steps_per_epoch: float, most: int, scale: float) -> None:
        """Add an axis above that counts epochs."""
        both_ways = (lambda step: step / steps_per_epoch, lambda epoch: epoch * steps_per_epoch)
        above = self.axes.secondary_xaxis("top", functions=both_ways)
        first, last = self.look.first / steps_per_epoch, self._last / steps_per_epoch
        end = last + 0.01 * (last - first)
        scale *= steps_per_epoch
        above.set_xticks(*self._fitting(lambda most: ticks.linear(first, end, most), most, scale))
        above.spines["top"].set(color=self.theme.faint, linewidth=0.8 * self.texts.unit)
        self._style_ticks(above, self.theme.faint)
        self._style_axis(above.xaxis)
        self._write_name(above.xaxis, ticks.EPOCH, room=math.inf)

    def _add_below(self, axes: "Axes", height: float) -> None:
        """Draw the curves below: rates, or how far the others lie above or below the first."""
        curves = self.panel.below
        self._style_axes(axes)
        self.axes.tick_params(axis="x", length=0, labelbottom=False)
        strokes = self.strokes[-len(curves) :]
        for curve, stroke in zip(curves, strokes, strict=True):
            self._line(axes, curve, stroke)
        low, high, margin = self._ends_below()
        most = min(max(int((height - self._upper_height(height)) / 16), 2), 4)
        if self.panel.spreads and self.look.log:
            axes.set_yscale("log", nonpositive="clip")
            places: Sequence[float] = ticks.logarithmic(low, high, most)
        else:
            axes.axhline(0, color=self.theme.ink, linewidth=0.8 * self.texts.unit, zorder=2)
            places = ticks.linear(low, high, most) if high > low else [0.0]
        axes.set_ylim(low - margin, high + margin)
        labels = ticks.rate_labels(places)
        axes.set_yticks(places, labels)
        axes.set_yticks([], minor=True)
        self._style_axis(axes.yaxis)
        # One below the other, both axes begin at the wider of their labels.
        self.left = max(
            self.left, (34.0 if self.name_rates else 16.0) + self.texts.widest(labels, TICK_SIZE)
        )

    def _ends_below(self) -> tuple[float, float, float]:
        """Return the lowest and the highest of what is below, and the margin beyond."""
        curves, look = self.panel.below, self.look
        if self.panel.spreads:
            return *(look.rates or ticks.rate_range(curves, look.log)), 0.0
        low = min(0.0, *(float(curve.values.min()) for curve in curves))
        high = max(0.0, *(float(curve.values.max()) for curve in curves))
        return low, high, 0.1 * ((high - low) or 1.0)

    def _make_headroom(self, part: float) -> None:
        """Let the axis of rates go on, so that a `part` of its height is above the curves."""
        more = 1 / (1 - min(part, 0.6))
        if self.panel.log:
            self.axes.set_ylim(self.low, self.low * math.exp(math.log(self.high / self.low) * more))
        else:
            self.axes.set_ylim(self.low, self.low + (self.high - self.low) * more)

    def _style_axes(self, axes: "Axes") -> None:
        first, last = self.look.first, self._last
        margin = 0.015 * (last - first)
        axes.set_xlim(first - margin, last + margin)
        axes.set_axisbelow(True)
        unit = self.texts.unit
        axes.grid(axis="y", color=self.theme.faint, linewidth=0.8 * unit)
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.spines["bottom"].set(color=self.theme.ink, linewidth=0.8 * unit)
        axes.tick_params(axis="y", which="both", length=0, pad=5 * unit)
        self._style_ticks(axes, self.theme.ink)

    def _style_ticks(self, axes: "_AxesBase", colour: str) -> None:
        """Draw the ticks of an axis of steps or epochs."""
        unit = self.texts.unit
        axes.tick_params(axis="x", color=colour, length=4 * unit, width=0.8 * unit, pad=3.5 * unit)

    def _style_axis(self, axis: "Axis") -> None:
        for label in axis.get_ticklabels():
            label.set_color(self.theme.ink)
            self.texts.set(label, TICK_SIZE)

    def _write_name(self, axis: "Axis", name: str, room: float) -> None:
        axis.labelpad = 6 * self.texts.unit
        axis.label.set_color(self.theme.ink)
        self.texts.write(axis.label, name, LABEL_SIZE, room)

    @property
    def _last(self) -> int:
        """The last step of the axis, which has two at least."""
        return max(self.look.horizon - 1, self.look.first + 1)

    def _fitting(
        self, find: Callable[[int], Sequence[float]], most: int, scale: float
    ) -> tuple[Sequence[float], list[str]]:
        """Return at most so many places, and their labels, which have room beside one another.

        The axis has `scale` points for each unit.
        """
        while True:
            places = find(most)
            labels = ticks.step_labels(places)
            if len(places) <= 1:
                return places, labels
            # Far out, floats are too far apart for all places to be drawn where they are.
            apart = places[1] - places[0] - 2 * math.ulp(places[-1])
            if self.texts.widest(labels, TICK_SIZE) + 10 <= scale * apart:
                return places, labels
            most = len(places) - 1

    def _upper_height(self, height: float) -> float:
        """Return how much of the height of both axes those of the curves have."""
        return height if self.lower is None else 0.68 * (height - _GAP)

    def _set_box(
        self, axes: "Axes", left: float, bottom: float, width: float, height: float
    ) -> None:
        size = self.texts.across(max(width, 1.0)), self.texts.up(max(height, 1.0))
        axes.set_position((self.texts.across(left), self.texts.up(bottom), *size))
