"""Annotations of a panel: lines at steps, and beside each a text at the top of the axes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .text_layout import LINE_HEIGHT, TICK_SIZE, TextLayout
from .themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text


class AnnotationArtist:
    """Marks steps by lines through all axes, the first of which have the texts. In units."""

    def __init__(
        self,
        all_axes: Sequence["Axes"],
        annotations: Sequence[tuple[int, str]],
        theme: Theme,
        texts: TextLayout,
    ) -> None:
        self.axes, self.texts = all_axes[0], texts
        self.notes: list[tuple[Text, str]] = []
        for step, words in annotations:
            for axes in all_axes:
                axes.axvline(
                    step,
                    color=theme.pale,
                    linewidth=0.9 * texts.unit,
                    linestyle=(0, (4, 3)),
                    zorder=2,
                )
            note = self.axes.text(step, 0, words, color=theme.ink, va="top", zorder=2.5)
            note.set_bbox({"facecolor": theme.paper, "edgecolor": "none", "pad": 1.5 * texts.unit})
            self.notes.append((note, words))

    def place(self, width: float) -> float:
        """Put each text beside its line, in a row where it meets no other.

        Return how high they are together.
        """
        from matplotlib.transforms import ScaledTranslation, blended_transform_factory

        axes, points = self.axes, self.texts.figure.dpi_scale_trans
        low, high = axes.get_xlim()
        ends: list[float] = []  # of each row, where the last text in it ends
        for note, words in sorted(self.notes, key=lambda pair: pair[0].get_position()[0]):
            at = (note.get_position()[0] - low) / (high - low) * width
            self.texts.write(note, words, TICK_SIZE, room=max(at, width - at) - 8)
            size = self.texts.width(note.get_text(), TICK_SIZE)
            start = at + 5 if at + 5 + size <= width else at - 5 - size
            row = next((i for i, end in enumerate(ends) if end + 6 <= start), len(ends))
            ends[row:] = [start + size, *ends[row + 1 :]]
            down = 3 + row * LINE_HEIGHT * TICK_SIZE
            inches = self.texts.unit / 72
            moved = ScaledTranslation((start - at) * inches, -down * inches, points)
            note.set_transform(blended_transform_factory(axes.transData, axes.transAxes) + moved)
            note.set_y(1)
        return 5 + len(ends) * LINE_HEIGHT * TICK_SIZE if ends else 0.0
