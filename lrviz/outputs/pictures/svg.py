"""SVG: lines and text for the web."""

import html
import re

from ..stamp import LAST_LINE, Stamped
from . import picture


@picture("svg")
class Svg(Stamped):
    """Keeps its stamp in its description."""

    head = b"<"
    changing = ("Date", "Creator")
    key = "Description"
    stamp = re.compile(rb"<dc:description>(?P<about>[^<]*?)\r?\n%b</dc:description>" % LAST_LINE)

    def content(self, data: bytes) -> bytes:
        # git changes line ends on Windows, and editors strip spaces from the ends of lines.
        return b" ".join(data.split())

    def text(self, written: bytes) -> str:
        return html.unescape(super().text(written).replace("\r\n", "\n"))
