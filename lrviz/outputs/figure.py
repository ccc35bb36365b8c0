"""Figures, drawn by matplotlib.

The same curves give the same bytes: no dates and no versions in the file, fixed ids, the font that
comes with matplotlib, and our own style whatever the user's matplotlibrc says. matplotlib is
imported when a figure is drawn and not before, and never its pyplot, which looks for a display.
"""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .library import matplotlib_undisturbed
from .panel import Panel, PanelArtist
from .paper import Paper
from .text_layout import TextLayout
from .themes import THEMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["THEMES", "Panel", "Paper", "draw", "own_style", "saved"]


def saved(
    panels: Sequence[Panel],
    paper: Paper,
    form: str,
    metadata: Mapping[str, Any],
    *,
    title: str = "",
    columns: int = 1,
) -> tuple[bytes, Sequence[str]]:
    """Return the figure as a file in a format of matplotlib, and the notes of `draw`."""
    file = io.BytesIO()
    with own_style():
        figure, notes = draw(panels, paper, title=title, columns=columns)
        figure.savefig(file, format=form, facecolor="auto", metadata=metadata)
    return file.getvalue(), notes


def draw(
    panels: Sequence[Panel], paper: Paper, *, title: str = "", columns: int = 1
) -> "tuple[Figure, Sequence[str]]":
    """Return the figure, to be drawn and saved within `own_style`, and notes on what it lacks.

    So many `columns` of panels stand side by side. The title of the only panel is that of the
    figure, if that has none.
    """
    sheet = _Sheet(panels, paper, title, min(columns, len(panels)))
    sheet.draw()
    return sheet.figure, sheet.texts.notes


@contextmanager
def own_style() -> Iterator[None]:
    """Set matplotlib to its defaults, and to files that do not change by themselves."""
    matplotlib = matplotlib_undisturbed()
    with matplotlib.rc_context(), warnings.catch_warnings():
        for key, value in matplotlib.rcParamsDefault.items():
            if not key.startswith("backend"):
                matplotlib.rcParams[key] = value
        matplotlib.rcParams["svg.hashsalt"] = "lrviz"
        # The notes of `draw` say it once, and name the cure.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


class _Sheet:
    """A figure in the making: a title, and panels in a grid. Lengths are in points, 1/72 inch."""

    title_size = 13.0
    gap = 6.0  # between the rows of the grid

    def __init__(self, panels: Sequence[Panel], paper: Paper, title: str, columns: int) -> None:
        from matplotlib.figure import Figure

        self.theme = THEMES[paper.theme]
        self.width, self.height = 72 * paper.width, 72 * paper.height
        self.figure = Figure((paper.width, paper.height), paper.dpi, facecolor=self.theme.paper)
        self.texts = TextLayout(self.figure)
        self.columns, self.rows = columns, -(-len(panels) // columns)
        alone = panels[0].look.title if len(panels) == 1 and not title else ""
        self.title, self.titled_panels = title or alone, not alone
        self.top = 12.0 + (1.6 * self.title_size if self.title else 0.0)
        # An axis is named unless the panel below, or to the left, writes the same name.
        steps = [panel.look.xlabel for panel in panels]
        rates = [panel.look.name_of(panel.curves) for panel in panels]
        self.artists = [
            PanelArtist(
                panel,
                self.figure,
                paper,
                self.texts,
                name_steps=steps[i : i + columns + 1 : columns] != [steps[i]] * 2,
                name_rates=i % columns == 0 or rates[i - 1] != rates[i],
            )
            for i, panel in enumerate(panels)
        ]

    def draw(self) -> None:
        """Draw the title and the panels, their legends last, which need to know where all is.

        All is placed anew as long as a legend needs room that was not left for it.
        """
        self._add_title()
        room = self.width / self.columns, (self.height - self.top) / self.rows
        for artist in self.artists:
            artist.draw(*room, title=self.titled_panels)
        self._lay_out()
        while sum(artist.add_legend(self.axes_width) for artist in self.artists):
            self._lay_out()

    def _add_title(self) -> None:
        """Write the title in the upper left corner."""
        if not self.title:
            return
        x, y = 14 / self.width, 1 - 12 / self.height
        text = self.figure.text(x, y, "", color=self.theme.ink, va="top")
        self.texts.write(text, self.title, self.title_size, room=self.width - 28)

    def _lay_out(self) -> None:
        """Give all axes the same size, and to each column and row the margins that it needs."""
        across = self.columns
        of_rows = [self.artists[i * across : (i + 1) * across] for i in range(self.rows)]
        of_columns = [self.artists[i::across] for i in range(across)]
        lefts = [max(artist.left for artist in column) for column in of_columns]
        rights = [max(artist.right for artist in column) for column in of_columns]
        rows_tops = [max(artist.top for artist in row) for row in of_rows]
        tops = [rows_tops[0], *(top + self.gap for top in rows_tops[1:])]
        bottoms = [max(artist.bottom for artist in row) for row in of_rows]
        width = (self.width - sum(lefts) - sum(rights)) / across
        height = (self.height - self.top - sum(tops) - sum(bottoms)) / self.rows
        self.axes_width = width
        for column_of_artists in of_columns:
            self.figure.align_ylabels([axes for one in column_of_artists for axes in one.all_axes])
        for i, artist in enumerate(self.artists):
            row, column = divmod(i, across)
            left = sum(lefts[: column + 1]) + sum(rights[:column]) + column * width
            above = self.top + sum(tops[: row + 1]) + sum(bottoms[:row]) + (row + 1) * height
            artist.place(left, self.height - above, width, height, rows_tops[row])
