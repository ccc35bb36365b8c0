"""The paper of figures: size, dots and theme, and how they are written."""

from dataclasses import dataclass

from ..errors import LrvizError, Sentence, one_of, option, quoted
from ..schedules.fields import number_text
from ..specs.quantities import number
from .themes import THEMES

MOST_PIXELS = 100_000_000
"""How large a figure may be."""


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

    @property
    def unit(self) -> float:
        """How many points a length of 1 is: type and lines are smaller on narrower paper."""
        return min(max(1 + 0.3 * (self.width - 8) / 4.7, 0.6), 1.2)

    @property
    def size(self) -> str:
        """The size as it is written, WIDTHxHEIGHT."""
        return f"{number_text(self.width)}x{number_text(self.height)}"


WITH_DIFFERENCES = Paper(height=6.0)
"""The paper of figures that have a panel of differences, unless they say another."""


def paper(size: str, dpi: str, theme: str = "light") -> Paper:
    """Return the paper of these settings."""
    one_of(option("theme"), theme, tuple(THEMES))
    width, height = inches(option("size"), size)
    dots = int(number(option("dpi"), dpi, least=20, most=2400))
    check_pixels(width, height, dots, size)
    return Paper(width, height, dots, theme)


def check_pixels(width: float, height: float, dots: int, size: str) -> None:
    """Raise LrvizError if that is more than a figure may have."""
    if width * height * dots * dots > MOST_PIXELS:
        raise LrvizError(
            option("size")
            + f" {size} at "
            + option("dpi")
            + f" {dots} is more than {MOST_PIXELS // 10**6} million pixels; "
            "make one of them smaller"
        )


def inches(subject: Sentence, size: str) -> tuple[float, float]:
    """Return width and height of WIDTHxHEIGHT."""
    width, _, height = size.partition("x")
    if not width or not height:
        raise LrvizError(subject + f" is WIDTHxHEIGHT in inches, such as 8x4.5, not {quoted(size)}")
    return (
        number(subject, width, least=1.5, most=60),
        number(subject, height, least=1.5, most=60),
    )
