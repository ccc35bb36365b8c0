"""PNG: pixels."""

import re
import zlib

from ..stamp import LAST_LINE, Stamped
from . import picture


@picture("png")
class Png(Stamped):
    """Keeps its stamp in a text chunk, whose CRC follows the digest."""

    head = b"\x89PNG\r\n\x1a\n"
    changing = ("Software",)
    key = "lrviz"
    # A chunk: its type, keyword and text, and the CRC of these; before them stands its length.
    stamp = re.compile(rb"(?s)tEXtlrviz\0(?P<about>[^\0]*)\n%b(?P<crc>.{4})" % LAST_LINE)

    def put(self, digest: bytes, data: bytes, found: re.Match[bytes]) -> bytes:
        data = super().put(digest, data, found)
        start, end = found.start(), found.start("crc")
        return data[:end] + zlib.crc32(data[start:end]).to_bytes(4, "big") + data[end + 4 :]
