"""Texts on figures: their fonts, how wide they are, and what of them fits."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..errors import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text


TITLE_SIZE, LABEL_SIZE, TICK_SIZE = 11.0, 10.0, 9.0
"""In units, as all lengths on a figure: points where it is 8 inches wide, less on narrower ones."""

LINE_HEIGHT = 1.45
"""Of texts that stand above one another, in multiples of their size."""


class TextLayout:
    """Sets and measures texts as the figure will show them, in units of so many points.

    `notes` say what could not be written.
    """

    def __init__(self, figure: "Figure", unit: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure, self.unit = figure, unit
        self.pixels = unit * figure.dpi / 72  # of a unit
        self.notes: list[str] = []
        self.renderer: Any = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]

    def set(self, text: "Text", size: float) -> None:
        """Set font and size, and take the text as it is, a `$` as a dollar."""
        text.set_fontproperties(self._font(text.get_text(), size))
        text.set_parse_math(False)

    def write(self, text: "Text", words: str, size: float, room: float) -> None:
        """Set words as a text, cut if they do not fit."""
        text.set_text(self.fitted(words, size, room))
        self.set(text, size)

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is."""
        width, _, _ = self.renderer.get_text_width_height_descent(
            text, self._font(text, size), ismath=False
        )
        return float(width) / self.pixels

    def across(self, units: float) -> float:
        """Return a length as a part of the width of the figure."""
        return units * self.unit / (72 * self.figure.get_figwidth())

    def up(self, units: float) -> float:
        """Return a length as a part of the height of the figure."""
        return units * self.unit / (72 * self.figure.get_figheight())

    def widest(self, texts: Iterable[str], size: float) -> float:
        """Return how wide the widest of some texts is."""
        return max(self.width(text, size) for text in texts)

    def fitted(self, text: str, size: float, room: float) -> str:
        """Return `text` in one visible line, cut in the middle if it is wider than `room`."""
        text = printable(text)
        if len(text) > 400:
            text = f"{text[:200]}…{text[-199:]}"
        width, kept = self.width(text, size), len(text)
        while width > room and kept > 3:
            kept = max(min(int(kept * room / width), kept - 1), 2)
            short = f"{text[: kept // 2]}…{text[-(kept // 2) :]}"
            width = self.width(short, size)
        return text if kept == len(text) else short

    def _font(self, text: str, size: float) -> "FontProperties":
        from matplotlib.font_manager import FontProperties

        from . import fonts

        path = fonts.path_for(text)
        if path is None and fonts.MISSING not in self.notes:
            self.notes.append(fonts.MISSING)
        return FontProperties(fname=path or fonts.DEFAULT, size=size * self.unit)
