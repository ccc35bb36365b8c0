"""The legend of a panel: inside of its axes where no curve and no text is, or else above them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .text_layout import LINE_HEIGHT, TICK_SIZE, TextLayout
from .themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

_PLACES = (
    *("upper right", "lower left", "upper left", "lower right"),
    *("center right", "center left", "upper center", "lower center"),
)
_MARK = 45.0  # of an entry, what is not its label

Entry = tuple["Line2D", str]


class LegendArtist:
    """Names lines that are drawn on axes; of its `room`, a part may have names. In points.

    `height` is what it needs above the axes: nothing as long as it fits inside.
    """

    def __init__(
        self,
        axes: "Axes",
        entries: Sequence[Entry],
        theme: Theme,
        texts: TextLayout,
        room: float,
    ) -> None:
        self.axes, self.entries, self.theme, self.texts = axes, entries, theme, texts
        self.room, self.height = room, 0.0
        self.legend: Legend | None = None

    def draw(self, width: float, notes: Sequence["Text"], epochs: float) -> bool:
        """Name the curves beside `notes`, or above the axes and an axis of `epochs` of that height.

        Return whether it needs room above that it did not have, so that all is to be placed anew.
        """
        if self.legend is not None:
            self.legend.remove()
            self.legend = None
        entries = self._fitted(width)
        if not self.height:
            for place in _PLACES:
                self.legend = self._new(entries, loc=place, borderaxespad=0.8)
                if self._is_free(self.legend, notes):
                    return False
                self.legend.remove()
        had = self.height
        columns = self._columns(entries, width)
        self.height = (-(-len(entries) // columns) * LINE_HEIGHT + 0.5) * TICK_SIZE
        box, figure = self.axes.get_position(), self.texts.figure
        above = (epochs + self.height) / (72 * figure.get_figheight())
        self.legend = self._new(
            entries,
            loc="upper left",
            bbox_to_anchor=(box.x0, box.y1 + above),
            bbox_transform=figure.transFigure,
            borderaxespad=0,
            borderpad=0,
            ncols=columns,
        )
        return not had

    def _fitted(self, width: float) -> list[Entry]:
        """Return lines and their labels; of too many for the panel, some that stand for all."""
        from matplotlib.lines import Line2D

        entries = [
            (line, self.texts.fitted(label, TICK_SIZE, width - _MARK))
            for line, label in self.entries
        ]
        rows = max(int(0.44 * self.room / (LINE_HEIGHT * TICK_SIZE)), 2)
        most = rows * self._columns(entries, width)
        if len(entries) <= most:
            return entries
        chosen = np.linspace(0, len(entries) - 1, most - 1).round().astype(int)
        nothing = Line2D([], [], linestyle="none")
        return [*(entries[i] for i in chosen), (nothing, f"and {len(entries) - len(chosen)} more")]

    def _columns(self, entries: Sequence[Entry], width: float) -> int:
        widest = self.texts.widest([label for _, label in entries], TICK_SIZE) + _MARK
        return max(int(width / widest), 1)

    def _new(self, entries: Sequence[Entry], **where: Any) -> "Legend":
        lines, labels = zip(*entries, strict=True)
        legend = self.axes.legend(
            lines,
            ["-"] * len(lines),  # labels that begin with "_" would be left out
            facecolor=self.theme.paper,
            edgecolor="none",
            framealpha=1,
            labelcolor=self.theme.ink,
            fontsize=TICK_SIZE,
            labelspacing=LINE_HEIGHT - 1,
            handlelength=1.8,
            **where,
        )
        for text, label in zip(legend.get_texts(), labels, strict=True):
            text.set_text(label)
            self.texts.set(text, TICK_SIZE)
        return legend

    def _is_free(self, legend: "Legend", notes: Sequence["Text"]) -> bool:
        """Return whether the legend is within the axes, and no curve and no text comes near it."""
        from matplotlib.path import Path

        renderer = self.texts.renderer
        box = legend.get_window_extent(renderer)
        inside = self.axes.get_window_extent(renderer)
        if box.width > inside.width or box.height > inside.height:
            return False
        near = box.padded(4 * self.texts.dpi / 72)
        if any(note.get_window_extent(renderer).overlaps(near) for note in notes):
            return False
        for line, _ in self.entries:
            xy = np.clip(self.axes.transData.transform(line.get_xydata()), -1e6, 1e6)
            if Path(xy).intersects_bbox(near, filled=False):
                return False
        return True
