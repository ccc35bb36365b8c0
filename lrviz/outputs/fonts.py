"""Fonts for figures: the one that comes with matplotlib, and another for what it cannot write."""

import functools
from pathlib import Path

from matplotlib import font_manager, get_data_path
from matplotlib.ft2font import FT2Font

DEFAULT = f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"
"""The font of every text that it has the characters for, whatever else is installed."""

MISSING = (
    "the labels have characters that no installed font can write, and the figure shows boxes for "
    "them; for Chinese, Japanese and Korean install Noto Sans CJK (Debian: fonts-noto-cjk)"
)
"""What is said where the default font writes what it has no characters for."""

_PREFERRED = (
    *("NotoSansCJK", "NotoSansSC", "SourceHanSans", "PingFang", "HiraginoSans", "msyh", "YuGoth"),
    *("wqy-microhei", "wqy-zenhei", "DroidSansFallback", "simhei", "malgun", "ArialUnicode"),
)
"""How the files of good fonts for Chinese, Japanese and Korean begin."""


@functools.cache
def path_for(text: str) -> str | None:
    """Return the file of a font that has all characters of `text`, None if none is installed."""
    wanted = {ord(c) for c in text}
    if wanted <= _characters(DEFAULT):
        return DEFAULT
    return next((path for path in _installed() if wanted <= _characters(path)), None)


@functools.cache
def _characters(path: str) -> frozenset[int]:
    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):  # a broken file is a font that can write nothing
        return frozenset()


@functools.cache
def is_truetype(path: str) -> bool:
    """Return whether the outlines of a font are TrueType's, and not PostScript's."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return "glyf" in font


@functools.cache
def _installed() -> tuple[str, ...]:
    """Return the files of the fonts that are installed now, good ones for East Asian text first.

    matplotlib's own list is older: it is written once, and does not see fonts installed later.
    """

    def rank(path: str) -> tuple[int, bool, str]:
        name = Path(path).name.replace(" ", "")
        place = next((i for i, begin in enumerate(_PREFERRED) if name.startswith(begin)), 99)
        return place, "Regular" not in name, path

    return tuple(sorted(font_manager.findSystemFonts(), key=rank))
