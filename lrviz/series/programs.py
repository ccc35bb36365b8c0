"""Programs in files and from standard input: read, and never run."""

import ast
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import LrvizError, SpecError, did_you_mean, listing, quoted, reason
from ..programs.limits import LONGEST_TEXT
from ..specs import read
from ..specs.quantities import Run
from .planned import Planned

_DOES = (
    *(ast.Assign, ast.AugAssign, ast.FunctionDef, ast.ClassDef, ast.If, ast.For, ast.While),
    *(ast.With, ast.Import, ast.ImportFrom),
)
"""Statements that a log, which may be Python by chance, does not have."""


def is_program(text: str) -> bool:
    """Return whether a text is a program or a spec, and not a log."""
    if len(text.strip().splitlines()) <= 1:
        return True
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return "def " in text or "import " in text
    return any(
        isinstance(one, _DOES)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Call))
        or (isinstance(one, ast.AnnAssign) and one.value is not None)
        for one in body
    )


def standard_input() -> bytes:
    """Return what is piped in; LrvizError if nothing is, or if it is no text to be read."""
    if sys.stdin is None or sys.stdin.isatty():
        raise LrvizError("standard input is a terminal; pipe a program, a spec or a log into it")
    return sys.stdin.buffer.read()


def read_file(name: str, run: Run, label: str, folder: str) -> Sequence[Planned]:
    """Return the schedules of a file of Python, or of one name in it, FILE:NAME."""
    path, _, chosen = name.partition(".py:")
    path = f"{path}.py" if chosen or name.endswith(".py:") else name
    shown = quoted(path, most=1000)
    try:
        with Path(folder, path).open("rb") as file:
            data = file.read(4 * LONGEST_TEXT + 1)
    except OSError as error:
        raise LrvizError(f"{shown} cannot be read ({reason(error)}); name another file") from None
    own = str(Path(folder, path).parent)
    return read_text(decoded(data, shown), run, shown, label or chosen, chosen, own)


def decoded(data: bytes, shown: str) -> str:
    """Return the text of a program; LrvizError if it is none, or too long."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise LrvizError(f"{shown}, line {line}: this is not UTF-8; save it as that") from None
    if len(text) > LONGEST_TEXT:
        raise LrvizError(
            f"{shown} has more than {LONGEST_TEXT} characters; paste the lines that make the rate"
        )
    return text.replace("\r\n", "\n")


def read_text(
    text: str, run: Run, shown: str, label: str, chosen: str = "", folder: str = ""
) -> list[Planned]:
    """Return the schedules of a program, or of the one name in it that is `chosen`.

    Errors say `shown` and the line. What it is built on is looked for from `folder` on.
    """
    if chosen:
        _check_defined(text, chosen, shown)
    try:
        found = read([f"{text}\n{chosen}" if chosen else text], run, folder)
    except SpecError as error:
        line = text.count("\n", 0, error.start)
        start = text.rfind("\n", 0, error.start) + 1
        own = text[start:].partition("\n")[0]
        raise SpecError(
            f"{shown}, line {line + 1}: " + error.sentence,
            own,
            error.start - start,
            min(max(error.end, error.start + 1) - start, len(own)),
        ) from None
    labels = [label] if label and len(found) == 1 else [one.label for one in found]
    return [Planned(name, *one[1:]) for name, one in zip(labels, found, strict=True)]


def _check_defined(text: str, name: str, shown: str) -> None:
    """Raise LrvizError unless a program defines a name."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return  # which is said when it is read
    known: dict[str, None] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            known[node.name] = None
        elif isinstance(node, ast.Assign):
            known |= dict.fromkeys(ast.unparse(target) for target in node.targets)
    if name not in known:
        near = did_you_mean(name, known) or (
            f"; it defines {listing(known)}" if known else "; it defines nothing"
        )
        raise LrvizError(f"{shown} defines no {quoted(name)}{near}")
