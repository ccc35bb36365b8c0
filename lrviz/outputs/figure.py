"""Figures, drawn by matplotlib.

The same curves give the same bytes: no dates and no versions in the file, fixed ids, the font that
comes with matplotlib, and our own style whatever the user's matplotlibrc says. matplotlib is
imported when a figure is drawn and not before, and never its pyplot, which looks for a display.
"""

import importlib
import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .content import Panel
from .panel import PanelArtist
from .paper import Paper, check_pixels
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
        if form == "pdf":
            _outline_what_cannot_be_embedded(figure)
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


def _outline_what_cannot_be_embedded(figure: "Figure") -> None:
    """Have texts drawn as shapes if their font has no outlines that a PDF with Type 42 can hold.

    Noto Sans CJK is such a font; matplotlib would write it, and no reader would show it.
    """
    from matplotlib.patheffects import Normal
    from matplotlib.text import Text

    from . import fonts

    for text in figure.findobj(Text):
        path = text.get_fontproperties().get_file()
        if path and path != fonts.DEFAULT and not fonts.is_truetype(path):
            text.set_path_effects([Normal()])


@contextmanager
def own_style() -> Iterator[None]:
    """Set matplotlib to its defaults, and to files that do not change by themselves."""
    matplotlib = _matplotlib()
    with matplotlib.rc_context(), warnings.catch_warnings():
        for key, value in matplotlib.rcParamsDefault.items():
            if not key.startswith("backend"):
                matplotlib.rcParams[key] = value
        matplotlib.rcParams["svg.hashsalt"] = "lrviz"
        matplotlib.rcParams["pdf.fonttype"] = 42  # TrueType; many publishers refuse Type 3
        # The notes of `draw` say it once, and name the cure.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _matplotlib() -> ModuleType:
    """Import matplotlib, undisturbed by what the user has set for other programs."""
    # It speaks of its cache and of the user's matplotlibrc, which is none of our affair.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    if "matplotlib" in sys.modules:
        return sys.modules["matplotlib"]
    backend = os.environ.pop("MPLBACKEND", None)  # one that it does not know stops the import
    try:
        matplotlib = importlib.import_module("matplotlib")
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend is not None:
        with suppress(ValueError):  # a notebook's pyplot is to find the one that shows in it
            matplotlib.rcParams["backend"] = backend
    return matplotlib


class _Sheet:
    """A figure in the making: a title, and panels in a grid. Lengths are in units of `Paper`."""

    title_size = 13.0
    gap = 6.0  # between the rows of the grid
    least_part = 0.6  # of the height, which the names of curves leave to these

    def __init__(self, panels: Sequence[Panel], paper: Paper, title: str, columns: int) -> None:
        from .house_figure import HouseFigure

        self.theme = THEMES[paper.theme]
        unit = min(paper.unit, 1.0) if columns > 1 else paper.unit
        self.paper, self.inch = paper, 72 / unit
        self.width, self.height = paper.width * self.inch, paper.height * self.inch
        size = paper.width, paper.height
        self.figure = HouseFigure(size, paper.dpi, facecolor=self.theme.paper)
        self.texts = TextLayout(self.figure, unit)
        self.columns, self.rows = columns, -(-len(panels) // columns)
        alone = panels[0].look.title if len(panels) == 1 and not title else ""
        self.title, self.titled_panels = title or alone, not alone
        self.top = 12.0 + (1.6 * self.title_size if self.title else 0.0)
        # An axis is named unless the panel below, or to the left, writes the same name.
        steps = [panel.look.xlabel for panel in panels]
        rates = [panel.name for panel in panels]
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
        if self.title:
            self.text = self.figure.text(0, 0, "", color=self.theme.ink, va="top")
            self.texts.write(self.text, self.title, self.title_size, room=self.width - 28)
        room = self.width / self.columns, (self.height - self.top) / self.rows
        for artist in self.artists:
            artist.draw(*room, title=self.titled_panels)
        self._lay_out()
        least = min(self.least_part * self.height, self.axes_height)
        while sum(artist.add_legend(self.axes_width) for artist in self.artists):
            self._lay_out()
            self._grow(least)
        if self.height > self.paper.height * self.inch:
            self.texts.notes.append(
                f"the names of the curves need {self.height / self.inch:.3g} inches of height, and "
                f"the figure has them; for {self.paper.size} shorten them, with LABEL=SPEC"
            )

    def _grow(self, least: float) -> None:
        """Make the figure higher if the curves are left less of it than they should have.

        A very long legend takes more than that, and leaves the curves the height that they had.
        """
        asked = self.paper.height * self.inch
        part = least / asked
        lack = part * self.height - self.axes_height
        if lack <= 0:
            return
        for_part, for_height = lack / (1 - part), least - self.axes_height
        most = 3 * asked - self.height
        self.height += min(for_part, max(for_height, most))
        inches = self.height / self.inch
        check_pixels(self.paper.width, inches, self.paper.dpi, self.paper.size)
        self.figure.set_figheight(inches)
        self._lay_out()

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
        self.axes_width, self.axes_height = width, height * self.rows
        if self.title:
            self.text.set_position((self.texts.across(14), 1 - self.texts.up(12)))
        for column_of_artists in of_columns:
            self.figure.align_ylabels([axes for one in column_of_artists for axes in one.all_axes])
        for i, artist in enumerate(self.artists):
            row, column = divmod(i, across)
            left = sum(lefts[: column + 1]) + sum(rights[:column]) + column * width
            above = self.top + sum(tops[: row + 1]) + sum(bottoms[:row]) + (row + 1) * height
            artist.place(left, self.height - above, width, height, rows_tops[row])
