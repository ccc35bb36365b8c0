"""The names of the curves of a panel.

Where there is room each stands beside its curve; else all stand in a box, inside of the axes where
no curve and no text is, or else above them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import names
from .text_layout import LINE_HEIGHT, TICK_SIZE, TextLayout
from .themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

MOST_BESIDE = 16
"""How many curves can have their names beside them."""

_PLACES = (
    *("upper right", "lower left", "upper left", "lower right"),
    *("center right", "center left", "upper center", "lower center"),
)
_HANDLE, _PAD, _BETWEEN = 1.9, 0.7, 2.0
"""Of an entry the line, the gap after it, and the gap to the next column, in sizes of the text."""
_MARK = (_HANDLE + _PAD) * TICK_SIZE
_LINE = 1.1 * TICK_SIZE
_DESCENT = 0.26 * TICK_SIZE

Entry = tuple["Line2D", str]


class LegendArtist:
    """Names lines that are drawn on axes. In units.

    `height` is what it needs above the axes: nothing as long as it fits inside.
    """

    def __init__(
        self,
        axes: "Axes",
        entries: Sequence[Entry],
        theme: Theme,
        texts: TextLayout,
        beside: bool,
    ) -> None:
        self.axes, self.entries, self.theme, self.texts = axes, entries, theme, texts
        self.beside = beside and len(entries) <= MOST_BESIDE
        self.height = 0.0
        self.legend: Legend | None = None
        self.names: list[Text] = []

    def draw(
        self, width: float, notes: Sequence["Text"], steps: Sequence[float], epochs: float
    ) -> bool:
        """Name the curves beside `notes` at `steps`, or above the axes and an axis of `epochs`.

        Return whether it needs room above that it did not have, so that all is to be placed anew.
        """
        self._clear()
        if self.beside and self._stands_beside(notes, steps, epochs):
            return False
        self.beside = False
        if not self.height:
            inside = self._fitted(width - _MARK - 2 * TICK_SIZE)
            for place in _PLACES:
                self.legend = self._new(inside, loc=place, borderaxespad=0.8)
                if self._is_free(self.legend, notes):
                    return False
                self.legend.remove()
        had = self.height
        entries = self._fitted(width - _MARK)
        columns = self._columns(entries, width)
        rows = -(-len(entries) // columns)
        self.height = (rows * LINE_HEIGHT + 0.6) * TICK_SIZE
        box = self.axes.get_position()
        self.legend = self._new(
            entries,
            loc="upper left",
            bbox_to_anchor=(box.x0, box.y1 + self.texts.up(epochs + self.height)),
            bbox_transform=self.texts.figure.transFigure,
            borderaxespad=0,
            borderpad=0,
            ncols=columns,
        )
        return self.height != had

    def _clear(self) -> None:
        for text in self.names:
            text.remove()
        self.names = []
        if self.legend is not None:
            self.legend.remove()
            self.legend = None

    def _stands_beside(
        self, notes: Sequence["Text"], steps: Sequence[float], epochs: float
    ) -> bool:
        """Write each name beside its curve; return False if one has no room there."""
        from matplotlib.colors import to_rgb

        axes, pixels = self.axes, self.texts.pixels
        inside = axes.get_window_extent()
        size = np.array([inside.width, inside.height]) / pixels
        origin = np.array([inside.x0, inside.y0])

        def placed(points: np.ndarray) -> np.ndarray:
            moved: np.ndarray = (axes.transData.transform(points) - origin) / pixels
            return moved

        extents = [
            names.extent(placed(np.array(line.get_xydata())), size[0]) for line, _ in self.entries
        ]
        labels = self._fitted(float(size[0]))
        widths = [self.texts.width(label, TICK_SIZE) for _, label in labels]
        boxes = [note.get_window_extent(self.texts.renderer) for note in notes]
        blocked = [tuple((np.array(box.extents) - [*origin] * 2) / pixels) for box in boxes]
        low = axes.get_ylim()[0]
        at = placed(np.array([(step, low) for step in steps]).reshape(-1, 2))[:, 0]
        blocked += [(x, 0.0, x, size[1]) for x in at.tolist()]
        rules = placed(np.array([(0, tick) for tick in axes.get_yticks()]).reshape(-1, 2))[:, 1]
        over = 0.0 if epochs or notes else 5.0
        room = names.Room(
            float(size[0]), float(size[1]), float(size[1]) + over, blocked, rules.tolist()
        )
        found = names.places(extents, widths, _LINE, room)
        for (line, label), (left, base, _, _) in zip(labels, found, strict=False):
            text = axes.text(
                left / size[0],
                (base + _DESCENT) / size[1],
                label,
                color=self.theme.readable(to_rgb(line.get_color())),
                transform=axes.transAxes,
                zorder=4,
            )
            self.texts.set(text, TICK_SIZE)
            self.names.append(text)
        return bool(found)

    def _fitted(self, room: float) -> list[Entry]:
        """Return lines and their labels, cut where one by itself is wider than the room."""
        return [(line, self.texts.fitted(label, TICK_SIZE, room)) for line, label in self.entries]

    def _columns(self, entries: Sequence[Entry], width: float) -> int:
        """Return in how many columns, as even as can be, the entries take the fewest rows."""
        widths = [_MARK + self.texts.width(label, TICK_SIZE) for _, label in entries]
        for columns in range(len(entries), 1, -1):
            parts = np.array_split(widths, columns)  # as matplotlib shares them out
            if sum(max(part) for part in parts) + (columns - 1) * _BETWEEN * TICK_SIZE <= width:
                rows = -(-len(entries) // columns)
                return -(-len(entries) // rows)
        return 1

    def _new(self, entries: Sequence[Entry], **where: Any) -> "Legend":
        lines, labels = zip(*entries, strict=True)
        legend = self.axes.legend(
            lines,
            ["-"] * len(lines),  # labels that begin with "_" would be left out
            frameon=False,  # the grid is seen through it
            labelcolor=self.theme.ink,
            fontsize=TICK_SIZE * self.texts.unit,
            labelspacing=LINE_HEIGHT - 1,
            handlelength=_HANDLE,
            handletextpad=_PAD,
            columnspacing=_BETWEEN,
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
        near = box.padded(4 * self.texts.pixels)
        if any(note.get_window_extent(renderer).overlaps(near) for note in notes):
            return False
        for line, _ in self.entries:
            xy = np.clip(self.axes.transData.transform(line.get_xydata()), -1e6, 1e6)
            if Path(xy).intersects_bbox(near, filled=False):
                return False
        return True
