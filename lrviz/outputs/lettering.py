"""Texts on figures: their fonts, how wide they are, and what of them fits."""

from typing import TYPE_CHECKING, Any

from ..errors import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text


class Lettering:
    """Sets and measures texts as the figure will show them. Sizes and widths are in points."""

    def __init__(self, figure: "Figure") -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.dpi = figure.dpi
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
        return float(width) * 72 / self.dpi

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

        return FontProperties(fname=fonts.path_for(text), size=size)
