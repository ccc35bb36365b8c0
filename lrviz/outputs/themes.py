"""Colours and dashes of figures on light and on dark paper, and in print."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

Dash = tuple[float, ...]
"""Lengths of dashes and of the gaps after them, in widths of the line; empty for a solid line."""


@dataclass(frozen=True)
class Theme:
    """Colours of a figure. Those of the curves are told apart by colour-blind eyes too.

    More curves than colours have dashes too, or, where these come first, another tone; more that
    differ in one number take their colours from `ramp`, a part of matplotlib's viridis.
    """

    paper: str
    ink: str
    pale: str
    faint: str
    curves: tuple[str, ...]
    ramp: tuple[float, float] | None
    dark: bool = False
    dashes_first: bool = False

    def usual(self, curve: int) -> tuple[str, Dash]:
        """Return colour and dashes of a curve by its number."""
        if self.dashes_first:
            tone, dash = divmod(curve, _DASHES_OF_A_TONE)
            again, tone = divmod(tone, len(self.curves))
            return self.curves[tone], dashes(dash + again * _DASHES_OF_A_TONE)
        dash, colour = divmod(curve, len(self.curves))
        return self.curves[colour], dashes(dash)

    def readable(self, colour: tuple[float, ...]) -> tuple[float, ...]:
        """Return a colour for text: the same, or as much nearer to the ink as it takes."""
        ink, paper = _rgb(self.ink), _rgb(self.paper)
        mixed = colour
        for part in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
            mixed = blended(colour, ink, part)
            if contrast(mixed, paper) >= _CONTRAST_OF_TEXT:
                break
        return mixed

    def paled(self, colour: tuple[float, ...]) -> tuple[float, ...]:
        """Return a colour for what lies behind, half as strong."""
        return blended(colour, _rgb(self.paper), 0.5)


_CONTRAST_OF_TEXT = 4.5
"""What the Web Content Accessibility Guidelines ask of text."""

_DASHES_OF_A_TONE = 6

_DASHES: tuple[Dash, ...] = (
    *((), (4.5, 2), (1, 1.5), (6, 1.8, 1, 1.8)),
    *((10, 2.5), (5, 1.6, 1, 1.6, 1, 1.6), (2.2, 1.4)),
)


def dashes(number: int) -> Dash:
    """Return the dashes of that number; the first are those that are told apart best."""
    if number < len(_DASHES):
        return _DASHES[number]
    return (8.0, 2.0) + (1.0, 1.5) * (number - len(_DASHES) + 3)


def blended(one: tuple[float, ...], other: tuple[float, ...], part: float) -> tuple[float, ...]:
    """Return a colour so much nearer to another."""
    return tuple((1 - part) * a + part * b for a, b in zip(one[:3], other[:3], strict=True))


def lightness(colour: tuple[float, ...]) -> float:
    """Return the relative luminance of a colour, from 0 to 1."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    low, high = sorted([lightness(one), lightness(other)])
    return (high + 0.05) / (low + 0.05)


def grey(colour: tuple[float, ...]) -> tuple[float, ...]:
    """Return the grey that is as light as a colour."""
    light = lightness(colour[:3])
    shade = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return (shade,) * 3


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(part / 255 for part in bytes.fromhex(colour[1:]))


THEMES = {
    # Okabe and Ito 2008, without the yellow that is lost on white paper.
    "light": Theme(
        paper="#ffffff",
        ink="#333333",
        pale="#8a8a8a",
        faint="#e4e4e4",
        curves=("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"),
        ramp=(0.0, 0.85),
    ),
    "dark": Theme(
        paper="#16191d",
        ink="#c9ced6",
        pale="#7b828c",
        faint="#2f343b",
        curves=("#ff8748", "#5cb8f0", "#2fc596", "#e59ac6", "#f2c14e", "#a5d8ff", "#ffffff"),
        ramp=(0.2, 1.0),
        dark=True,
    ),
    "print": Theme(
        paper="#ffffff",
        ink="#000000",
        pale="#777777",
        faint="#dddddd",
        curves=("#000000", "#808080"),
        ramp=None,
        dashes_first=True,
    ),
}

PAIR = ("light", "dark")
"""The themes of a pair of pictures, of which the reader's own theme picks one."""
BOTH = "both"
"""What stands for that pair."""


def file_of(path: PurePath, theme: str, themes: Sequence[str]) -> PurePath:
    """Return the file of a picture in one of some themes; `NAME-dark.png` beside `NAME.png`."""
    return path if theme == themes[0] else path.with_stem(f"{path.stem}-{theme}")
