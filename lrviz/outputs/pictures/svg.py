"""SVG: lines and text for the web."""

import html
import re
from collections.abc import Sequence

from ...errors import printable
from ..content import Panel
from ..description import described
from ..stamp import LAST_LINE, Drawn, Markup
from . import picture


@picture("svg")
class Svg(Markup, Drawn):
    """Keeps its stamp in its metadata, and has a title and a description for readers of screens."""

    head = b"<"
    changing = ("Date", "Creator")
    key = "Description"
    stamp = re.compile(rb"<dc:description>(?P<about>[^<]*?)\r?\n%b</dc:description>" % LAST_LINE)

    def told(self, data: bytes, panels: Sequence[Panel], title: str) -> bytes:
        about = described(panels, title)
        name = printable(title or panels[0].look.title) or about.partition(";")[0]
        texts = f" <title>{html.escape(name)}</title>\n <desc>{html.escape(about)}</desc>\n"
        head, tag, rest = data.partition(b"<svg ")
        attributes, end, rest = rest.partition(b">\n")
        return b"".join([head, tag, b'role="img" ', attributes, end, texts.encode(), rest])
