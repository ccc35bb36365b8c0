"""PNG: pixels."""

import io
import re
import zlib

from ..stamp import LAST_LINE, Drawn
from . import picture


@picture("png")
class Png(Drawn):
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

    def difference(self, one: bytes, other: bytes) -> str:
        if one == other:
            return ""
        import numpy as np
        from PIL import Image

        first, second = (np.asarray(Image.open(io.BytesIO(data))) for data in (one, other))
        if first.shape != second.shape:
            return "it has another size"
        count = int((first != second).any(axis=-1).sum())
        return f"{count} of {first.shape[0] * first.shape[1]} pixels are others" if count else ""
