"""Colours of figures on light and on dark paper."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Colours of a figure. Those of the curves are told apart by colour-blind eyes too.

    More curves than that take their colours from `ramp`, a part of matplotlib's viridis.
    """

    paper: str
    ink: str
    pale: str
    faint: str
    curves: tuple[str, ...]
    ramp: tuple[float, float]


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
    ),
}
