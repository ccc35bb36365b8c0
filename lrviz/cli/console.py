"""What the commands print, and where: data to standard output, messages to standard error."""

import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, TypeVar

from ..errors import LrvizError, Option, SpecError, did_you_mean, listing, printable, quoted, reason
from ..outputs.palette import styled

if TYPE_CHECKING:
    from rich.progress import Progress

COLOUR_CHOICES = ("auto", "always", "never")

First = TypeVar("First", bound=Sized)
Rest = TypeVar("Rest")

_TYPED = {"horizon": "-n", "output": "-o", "names": "--set", "annotations": "--mark"}
"""Options that are called otherwise than in Python."""

_WIDEST = 2000
"""As how many columns and rows a larger terminal is taken."""

_PLAIN_MARKS = str.maketrans(
    {"│": "|", "┤": "+", "└": "+", "┬": "+", "─": "-", "…": "~", "↑": "^"}
    | {chr(0x2800 + dots): "*" for dots in range(1, 256)}
)
"""What stands for lines and braille dots where they cannot be written."""


def show(text: str) -> None:
    """Print text for people."""
    out = _stdout()
    with reader_may_leave():
        out.write(_writable(text, out))
        out.flush()


def give(data: Iterable[str] | bytes) -> None:
    """Print data for programs: bytes as they are, text as UTF-8, each piece when it is there."""
    out = _stdout()
    with reader_may_leave():
        out.flush()
        for piece in [data] if isinstance(data, bytes) else data:
            out.buffer.write(piece if isinstance(piece, bytes) else piece.encode())
        out.flush()


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Go on quietly, and print no more, if who reads our output has enough, as `head` has.

    What is found after that still makes the exit status. LrvizError if what we print cannot be
    written for another reason.
    """
    try:
        yield
    except OSError as error:
        # What is still to be flushed goes nowhere, so that Python does not complain at its end.
        _drop(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise LrvizError(
                f"standard output cannot be written ({reason(error)}); send it elsewhere"
            ) from None


def say(message: str) -> None:
    """Print a message to the user."""
    _tell(_wrapped(f"lrviz: {message}"))


def _wrapped(message: str) -> str:
    """Return a message in lines that fit the terminal, if one shows it, broken between words."""
    width = size()[0]
    if not is_terminal(sys.stderr) or len(message) <= width:
        return message
    return textwrap.fill(
        message, width - 1, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def warn(notes: Iterable[str]) -> None:
    """Print notes on what could not be done as it should be."""
    for note in notes:
        say(f"warning: {note}")


def complain(error: LrvizError) -> None:
    """Print what is wrong and, if that is known, where in the text."""
    message = printable(str(error.sentence.spelled(_as_option)))
    say(f"{styled('error:', '1;31', wants_colour(sys.stderr))} {message}")
    pointer = error.pointer() if isinstance(error, SpecError) else ""
    if pointer:
        _tell(pointer)


def _tell(text: str) -> None:
    """Print to standard error; nothing else can be done if nobody can be told."""
    if sys.stderr is None:
        return
    try:
        print(_writable(text, sys.stderr), file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """Send what a stream still holds, and all that follows, nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _as_option(option: Option) -> str:
    """Return an option as it is typed, `--lr 0.1` or `-n 1000`."""
    name = typed(option.name)
    if isinstance(option.value, tuple):
        import shlex  # for commands to paste alone

        return " ".join(f"{name} {shlex.quote(f'{one}=VALUE')}" for one in option.value)
    return name if option.value is None else f"{name} {option.value}"


def typed(name: str) -> str:
    """Return what an option is called where it is typed."""
    return _TYPED.get(name, f"--{name.replace('_', '-')}")


def wants_colour(stream: TextIO | None, choice: str = "auto") -> bool:
    """Return whether to print colours: as chosen, else as the environment and the stream say."""
    if choice not in COLOUR_CHOICES:
        near = did_you_mean(choice, COLOUR_CHOICES)
        raise LrvizError(f"--color is {listing(COLOUR_CHOICES, 'or')}, not {quoted(choice)}{near}")
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether people look at what is printed."""
    return stream is not None and stream.isatty()


def size() -> tuple[int, int]:
    """Return the width and the height of the terminal; 80 by 24 where there is none."""
    width, height = shutil.get_terminal_size((80, 24))
    return min(max(width, 40), _WIDEST), min(max(height, 12), _WIDEST)


def tell(messages: Iterable[str], quiet: bool) -> None:
    """Print messages to the user, unless he wants none."""
    for message in () if quiet else messages:
        say(message)


@contextmanager
def bar(total: int, hidden: bool, of: str = "steps") -> Iterator[Callable[[int], None]]:
    """Give a function that is told how much of `total` is done, and shows a bar if that takes long.

    There is none if it is to be `hidden`, or where nobody sees it.
    """
    if hidden or not is_terminal(sys.stderr):
        yield lambda _: None
        return
    begin = time.monotonic()
    shown: list[Progress] = []

    def show(done: int) -> None:
        if not shown and time.monotonic() > begin + 1:
            from rich.console import Console
            from rich.progress import Progress

            shown.append(Progress(console=Console(stderr=True), transient=True))
            shown[0].start()
            shown[0].add_task(of, total=total)
        for each in shown:
            each.update(each.tasks[0].id, completed=done)

    try:
        yield show
    finally:
        for each in shown:
            each.stop()


def progress(
    blocks: Iterable[tuple[First, Rest]], total: int, quiet: bool
) -> Iterator[tuple[First, Rest]]:
    """Yield blocks of so many rows in all, under a bar on the terminal if that takes long."""
    done = 0
    with bar(total, hidden=quiet or is_terminal(sys.stdout)) as tell:
        for firsts, rest in blocks:
            yield firsts, rest
            done += len(firsts)
            tell(done)


def _stdout() -> TextIO:
    if sys.stdout is None:
        raise LrvizError("standard output is closed, and the answer goes there; open it")
    return sys.stdout


def _writable(text: str, stream: TextIO) -> str:
    """Return `text` with what the stream cannot write replaced."""
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAIN_MARKS).encode(encoding, "backslashreplace").decode(encoding)
    return text
