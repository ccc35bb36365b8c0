"""Files that are written whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import LrvizError, quoted


@contextmanager
def whole_file(name: str) -> Iterator[BinaryIO]:
    """Open a file to write; it appears, or replaces the one that was there, when all is written.

    Missing folders are made. LrvizError if the file cannot be written; then all is as it was.
    """
    shown = quoted(name, most=1000)
    try:
        path = Path(os.path.realpath(name))  # of a link, the file that it leads to
        if path.is_dir() or name.endswith("/"):
            raise LrvizError(f"{shown} is a folder; name a file in it with -o")
        if path.exists() and not path.is_file():
            with path.open("wb") as file:  # a device or a pipe has nothing that could be lost
                yield file
        elif path.exists() and not os.access(path, os.W_OK):
            raise LrvizError(f"{shown} is write-protected; name another file with -o")
        else:
            _make_folder(path.parent)
            with _moved_into_place(path) as file:
                yield file
    except OSError as error:
        why = str(error.strerror or error)
        why = why[:1].lower() + why[1:]
        raise LrvizError(f"{shown} cannot be written ({why}); name another file with -o") from None


def _make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, where they are missing."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(None, f"{nearest} is not a folder")
    folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def _moved_into_place(path: Path) -> Iterator[BinaryIO]:
    """Open a new file beside `path`, and move it there at the end."""
    draft = path.with_name(f".{path.name[:50]}.{os.urandom(4).hex()}")
    try:
        with draft.open("xb") as file:
            yield file
        if path.exists():
            draft.chmod(stat.S_IMODE(path.stat().st_mode))
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
