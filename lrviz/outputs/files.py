"""Files that are written whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import LrvizError, Sentence, option, quoted, reason

IN_ANOTHER = "with " + option("output")
"""Where another file can be named, unless the caller knows better."""

_OPENED = Path("/proc/self/fd")
"""Where Linux shows the files that this program has open, those without a name too."""


@contextmanager
def whole_file(name: str, where: Sentence = IN_ANOTHER) -> Iterator[BinaryIO]:
    """Open a file to write; it appears, or replaces the one that was there, when all is written.

    Missing folders are made. LrvizError if the file cannot be written; then all is as it was.
    `where` says in errors where another file can be named.
    """
    shown = quoted(name, most=1000)
    try:
        path = Path(os.path.realpath(name))  # of a link, the file that it leads to
        if path.is_symlink():
            raise LrvizError(f"{shown} is a link that leads to itself; name another file " + where)
        if path.is_dir() or name.endswith("/"):
            raise LrvizError(f"{shown} is a folder; name a file in it " + where)
        if path.exists() and not path.is_file():
            with path.open("wb") as file:  # a device or a pipe has nothing that could be lost
                yield file
        elif path.exists() and not os.access(path, os.W_OK):
            raise LrvizError(f"{shown} is write-protected; name another file " + where)
        else:
            _make_folder(path.parent)
            with _moved_into_place(path) as file:
                yield file
    except OSError as error:
        raise LrvizError(
            f"{shown} cannot be written ({reason(error)}); name another file " + where
        ) from None


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
        with _nameless(path.parent) or draft.open("xb") as file:
            yield file
            file.flush()
            if not draft.exists():
                # Python follows the link that stands for the file only where a folder is given.
                os.link(_OPENED / str(file.fileno()), draft, src_dir_fd=file.fileno())
        if path.exists():
            draft.chmod(stat.S_IMODE(path.stat().st_mode))
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _nameless(folder: Path) -> BinaryIO | None:
    """Open a file without a name, of which nothing is left if the program is killed.

    None where the system or the file system has no such files.
    """
    if not _OPENED.is_dir():
        return None
    try:
        number = os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except (AttributeError, OSError):
        return None
    return os.fdopen(number, "wb")
