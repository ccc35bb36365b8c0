"""Where a log is: from PATH or PATH:COLUMN to opened files."""

import io
import os
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import LrvizError, did_you_mean, listing, quoted, reason

HEAD = 1 << 16
"""How many bytes of a file are looked at to tell its format."""

_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\0": "lzma"}
"""What packed files begin with, and the modules that unpack them."""

EVENTS = "events.out.tfevents.*"
"""What TensorBoard calls its files."""


class Place(NamedTuple):
    """The path of a file or folder, and the column that is asked for, if one is."""

    path: Path
    column: str | None = None

    @classmethod
    def named(cls, text: str) -> "Place":
        """Return the place that a text names; LrvizError if nothing is there.

        A colon may as well belong to the path: what is there decides.
        """
        if not text:
            raise LrvizError("a log has no name; write its path, such as @run.csv")
        if os.path.exists(text):  # noqa: PTH110 (the one that takes any text for an answer)
            return cls(Path(text))
        colons = [i for i, mark in enumerate(text) if mark == ":"]
        for colon in reversed(colons):
            if os.path.exists(text[:colon]):  # noqa: PTH110
                if not text[colon + 1 :].strip():
                    raise LrvizError(
                        f"{_shown(text)} ends in a colon; name a column after it, or take it away"
                    )
                return cls(Path(text[:colon]), text[colon + 1 :])
        if os.path.islink(text):  # noqa: PTH114
            raise LrvizError(
                f"{_shown(text)} is a link to {_shown(os.readlink(text))}, "  # noqa: PTH115
                "which is not there; mend the link"
            )
        likely = next((text[:i] for i in colons if Path(text[:i]).suffix), text)
        raise LrvizError(f"there is no file {_shown(likely)}{_nearest(Path(likely))}")

    @property
    def title(self) -> str:
        """The name of the file or folder, without the folders that it is in."""
        return self.path.name or str(self.path.resolve())

    def files(self) -> Iterator[io.BufferedReader]:
        """Yield the files of the log, opened; of a folder, its event files in their order."""
        with self.faults_told():
            paths = _event_files(self.path) if self.path.is_dir() else [self.path]
            for path in paths:
                file = _opened(path)
                head = file.peek(8)
                module = next((m for mark, m in _PACKED.items() if head.startswith(mark)), None)
                if module is not None:
                    file = _unpacked(file, module)
                yield file

    @contextmanager
    def faults_told(self) -> Iterator[None]:
        """Turn what the system refuses into an LrvizError."""
        try:
            yield
        except OSError as error:
            raise LrvizError(
                f"{_shown(str(self.path))} cannot be read ({reason(error)}); name another file"
            ) from None


class _Unpacked(io.RawIOBase):
    """The bytes of a packed file, up to where it is cut off or broken."""

    def __init__(self, packed: io.BufferedReader, module: str) -> None:
        self.packed = packed
        self.unpacked: io.BufferedIOBase = import_module(module).open(packed)
        self.is_broken = False

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.packed.fileno()

    def close(self) -> None:
        self.unpacked.close()
        self.packed.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer and return with how many bytes."""
        from lzma import LZMAError
        from zlib import error as zlib_error

        try:
            data = b"" if self.is_broken else self.unpacked.read(len(buffer))
        except (EOFError, OSError, ValueError, LZMAError, zlib_error):
            self.is_broken, data = True, b""
        buffer[: len(data)] = data
        return len(data)


def _opened(path: Path) -> io.BufferedReader:
    """Return an opened file, of a named pipe once something writes into it.

    LrvizError if nothing does for long.
    """
    if not stat.S_ISFIFO(path.stat().st_mode):
        return io.BufferedReader(io.FileIO(path), HEAD)
    file = io.FileIO(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    if not select.select([file], [], [], _PATIENCE)[0]:
        file.close()
        raise LrvizError(
            f"{_shown(str(path))} is a pipe into which nothing is written; begin to write into it, "
            "or name a file"
        )
    os.set_blocking(file.fileno(), True)
    return io.BufferedReader(file, HEAD)


_PATIENCE = 10
"""How many seconds a pipe is waited for."""


def _unpacked(file: io.BufferedReader, module: str) -> io.BufferedReader:
    """Return the unpacked bytes of a file that a module unpacks, as a file."""
    raw: Any = _Unpacked(file, module)
    return io.BufferedReader(raw, HEAD)


def is_broken(file: io.BufferedReader) -> bool:
    """Return whether a file is packed, and could not be unpacked to its end."""
    return bool(getattr(file.raw, "is_broken", False))


_KINDS = {
    b"PK\x03\x04": "a zip file; unpack it, or if it is a spreadsheet, save it as CSV",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a SQLite database",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a numpy file",
    b"\x28\xb5\x2f\xfd": "a file packed by zstd; unpack it",
    b"\x89PNG": "a picture",
    b"%PDF": "a PDF",
    b":W&B": "a file of the Weights & Biases client; download the run's history as CSV",
    b"\x80": "a pickle, which is never loaded",
}
"""What files begin with that are no logs."""


def kind_of(head: bytes) -> str:
    """Return in words what a file is that is no log."""
    what = next((kind for mark, kind in _KINDS.items() if head.startswith(mark)), "")
    return f"this is {what}" if what else "this is no log that can be read"


def _event_files(folder: Path) -> list[Path]:
    """Return the event files of a folder, or of the only one in it that has some."""
    found = sorted(folder.glob(EVENTS)) or sorted(folder.glob(f"*/{EVENTS}"))
    folders = sorted({str(path.parent) for path in found})
    if len(folders) > 1:
        raise LrvizError(
            f"{_shown(str(folder))} holds several runs: {listing(map(_shown, folders[:8]))}; "
            "name one of them"
        )
    if not found:
        raise LrvizError(
            f"{_shown(str(folder))} is a folder without TensorBoard event files ({EVENTS}); "
            "name a file in it"
        )
    return found


def _nearest(path: Path) -> str:
    """Return "; did you mean 'x'?" for the file that has the nearest name, or what else to do."""
    try:
        names = os.listdir(path.parent)  # noqa: PTH208
    except (OSError, ValueError):
        return f"; nor is there a folder {_shown(str(path.parent))}"
    near = did_you_mean(path.name, names[:1000])
    return near or "; check its name and the folder that you are in"


def _shown(path: str) -> str:
    return quoted(path, most=1000)
