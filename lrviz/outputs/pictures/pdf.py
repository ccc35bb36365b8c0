"""PDF: lines and text for print."""

import re

from ..stamp import LAST_LINE, Drawn
from . import picture


@picture("pdf")
class Pdf(Drawn):
    """Keeps its stamp among its keywords."""

    in_documents = False
    head = b"%PDF-"
    changing = ("CreationDate", "Creator", "Producer")
    key = "Keywords"
    stamp = re.compile(rb"/Keywords \((?P<about>(?:[^\\()]++|\\.){0,200000}?)\\n%b\)" % LAST_LINE)

    def text(self, written: bytes) -> str:
        return re.sub(
            r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], super().text(written)
        )
