"""Figure files that carry a text about themselves, and tell whether they were changed.

The text is kept where each format keeps what a file says of itself, so that other programs show
it too. Its last line is the SHA-256 of the file, taken with zeros in its own place. It tells of
changes made by hand or by accident, not of forgery: anyone can compute another.
"""

import hashlib
import html
import re
import zlib
from typing import Any, ClassVar, NamedTuple

_ZEROS = b"0" * 64
_LAST_LINE = rb'picture = "(?P<digest>[0-9a-f]{64})"'


class Stamp(NamedTuple):
    """The format of a file, what it says of itself, and whether it is as it was drawn."""

    form: str
    about: str
    whole: bool


def metadata(form: str, about: str) -> dict[str, Any]:
    """Return what to give to matplotlib's `savefig` as metadata, for a file that holds `about`.

    matplotlib then writes no dates and no versions. An empty text leaves no stamp. ValueError if
    the text has characters other than printable ASCII, tabs and line feeds.
    """
    if strange := re.search(r"[^\t\n -~]", about):
        raise ValueError(f"the text about a figure has {strange[0]!a}; write it as an escape")
    kind = _KINDS[form]
    text = f'{about}\npicture = "{_ZEROS.decode()}"'
    return dict.fromkeys(kind.changing) | ({kind.key: text} if about else {})


def sealed(data: bytes, form: str) -> bytes:
    """Return the file with its digest put in, as long as before; without a stamp, as it is."""
    kind = _KINDS[form]
    found = kind.stamp.search(data)
    return kind.sealed(data, found) if found else data


def read(data: bytes) -> Stamp | None:
    """Return what a file in any of the formats says of itself; None if that is nothing."""
    for form, kind in _KINDS.items():
        if data.startswith(kind.head) and (found := kind.stamp.search(data)):
            about, whole = kind.text(found["about"]), kind.sealed(data, found) == data
            return Stamp(form, about, whole)
    return None


class _Kind:
    """A format: where matplotlib keeps the stamp in its files, and how it writes it there."""

    head: ClassVar[bytes]  # how the files begin
    changing: ClassVar[tuple[str, ...]]  # what would change without the figure changing
    key: ClassVar[str]  # what matplotlib calls the place of the stamp
    stamp: ClassVar[re.Pattern[bytes]]  # the place as it is in the file

    def sealed(self, data: bytes, found: re.Match[bytes]) -> bytes:
        """Return the file with its own digest in place of the one that is there."""
        content = self.content(self.put(_ZEROS, data, found))
        return self.put(hashlib.sha256(content).hexdigest().encode(), data, found)

    def put(self, digest: bytes, data: bytes, found: re.Match[bytes]) -> bytes:
        """Return the file with another digest."""
        start, end = found.span("digest")
        return data[:start] + digest + data[end:]

    def content(self, data: bytes) -> bytes:
        """Return what must not change for the file to be whole."""
        return data

    def text(self, written: bytes) -> str:
        """Return a text as it was before it was written to the file."""
        return written.decode(errors="replace")


class _Png(_Kind):
    head = b"\x89PNG\r\n\x1a\n"
    changing = ("Software",)
    key = "lrviz"
    # A chunk: its type, keyword and text, and the CRC of these; before them stands its length.
    stamp = re.compile(rb"(?s)tEXtlrviz\0(?P<about>[^\0]*)\n%b(?P<crc>.{4})" % _LAST_LINE)

    def put(self, digest: bytes, data: bytes, found: re.Match[bytes]) -> bytes:
        data = super().put(digest, data, found)
        start, end = found.start(), found.start("crc")
        return data[:end] + zlib.crc32(data[start:end]).to_bytes(4, "big") + data[end + 4 :]


class _Svg(_Kind):
    head = b"<"
    changing = ("Date", "Creator")
    key = "Description"
    stamp = re.compile(rb"<dc:description>(?P<about>[^<]*?)\r?\n%b</dc:description>" % _LAST_LINE)

    def content(self, data: bytes) -> bytes:
        # git changes line ends on Windows, and editors strip spaces from the ends of lines.
        return b" ".join(data.split())

    def text(self, written: bytes) -> str:
        return html.unescape(super().text(written).replace("\r\n", "\n"))


class _Pdf(_Kind):
    head = b"%PDF-"
    changing = ("CreationDate", "Creator", "Producer")
    key = "Keywords"
    stamp = re.compile(rb"/Keywords \((?P<about>(?:[^\\()]|\\.)*)\\n%b\)" % _LAST_LINE)

    def text(self, written: bytes) -> str:
        return re.sub(
            r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], super().text(written)
        )


_KINDS: dict[str, _Kind] = {"png": _Png(), "svg": _Svg(), "pdf": _Pdf()}
