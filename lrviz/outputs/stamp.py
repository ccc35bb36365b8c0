"""Figure files that carry a text about themselves, and tell whether they were changed.

The text is kept where each format keeps what a file says of itself, so that other programs show
it too. Its last line is the SHA-256 of the file, taken with zeros in its own place. It tells of
changes made by hand or by accident, not of forgery: anyone can compute another.
"""

import hashlib
import html
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from .content import Panel
from .paper import Paper
from .pictures import Format, Rendered, Stamp

LAST_LINE = rb'picture = "(?P<digest>[0-9a-f]{64})"'
_ZEROS = b"0" * 64


class Stamped(Format):
    """A format whose files hold a stamp, and where they keep it."""

    head: ClassVar[bytes]  # how the files begin
    stamp: ClassVar[re.Pattern[bytes]]  # the place of the stamp in the file

    def signed(self, about: str) -> str:
        """Return a text about a file, with zeros for its digest; of an empty text nothing.

        ValueError if it has characters other than printable ASCII, tabs and line feeds.
        """
        if strange := re.search(r"[^\t\n -~]", about):
            raise ValueError(f"the text about a figure has {strange[0]!a}; write it as an escape")
        return about and f'{about}\npicture = "{_ZEROS.decode()}"'

    def sealed(self, data: bytes) -> bytes:
        """Return the file with its digest put in, as long as before; without a stamp, as it is."""
        found = self.stamp.search(data)
        return self._sealed(data, found) if found else data

    def read(self, data: bytes) -> Stamp | None:
        if not data.startswith(self.head) or not (found := self.stamp.search(data)):
            return None
        return Stamp(self.name, self.text(found["about"]), self._sealed(data, found) == data)

    def _sealed(self, data: bytes, found: re.Match[bytes]) -> bytes:
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


class Drawn(Stamped):
    """A format that matplotlib writes, which keeps the stamp where its metadata are."""

    changing: ClassVar[tuple[str, ...]]  # what would change without the figure changing
    key: ClassVar[str]  # what matplotlib calls the place of the stamp

    def render(
        self,
        panels: Sequence[Panel],
        paper: Paper,
        *,
        title: str = "",
        columns: int = 1,
        about: str = "",
    ) -> Rendered:
        from .figure import saved

        metadata = self.metadata(about)
        data, notes = saved(panels, paper, self.name, metadata, title=title, columns=columns)
        return Rendered(self.sealed(self.told(data, panels, title)), notes)

    def told(self, data: bytes, panels: Sequence[Panel], title: str) -> bytes:  # noqa: ARG002
        """Return a file that says in words what it shows, if its format has a place for that."""
        return data

    def metadata(self, about: str) -> dict[str, Any]:
        """Return what to give to matplotlib's `savefig` as metadata, for a file about itself.

        matplotlib then writes no dates and no versions. An empty text leaves no stamp.
        """
        text = self.signed(about)
        return dict.fromkeys(self.changing) | ({self.key: text} if text else {})


class Markup(Stamped):
    """A format of text, whose lines may end otherwise without it being changed."""

    def content(self, data: bytes) -> bytes:
        # git changes line ends on Windows, and editors strip spaces from the ends of lines.
        return b" ".join(data.split())

    def text(self, written: bytes) -> str:
        return html.unescape(super().text(written).replace("\r\n", "\n"))
