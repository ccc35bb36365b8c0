"""Make the font that the tests write Chinese with: one box for each character.

    python tests/machine/make_font.py

No two characters have boxes of one size, so that other text makes another picture.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

FONT = Path(__file__).parent / "fonts" / "boxes.ttf"
CHINESE = "三个中习两文曲条标率签线学"
CHARACTERS = sorted({*map(chr, range(0x20, 0x7F)), "…", *CHINESE})


def box(height: int) -> Glyph:
    """Return a glyph of a wide character."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, height), (900, height), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def main() -> None:
    """Write the font."""
    names = {ord(c): f"uni{ord(c):04X}" for c in CHARACTERS}
    glyphs = {
        ".notdef": box(50),
        **{name: box(100 + 7 * i) for i, name in enumerate(names.values())},
    }
    font = FontBuilder(1000)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap(names)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "psName": "Boxes-Regular"})
    font.setupOS2(sTypoAscender=900, sTypoDescender=-100, usWinAscent=900, usWinDescent=100)
    font.setupPost(keepGlyphNames=False)
    font.font["head"].created = font.font["head"].modified = 0  # the same bytes at any time
    font.font.recalcTimestamp = False
    FONT.parent.mkdir(exist_ok=True)
    font.save(FONT)


if __name__ == "__main__":
    main()
