"""From text to schedules: `parse` for one, `read` for the labelled curves of a command line."""

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..errors import LrvizError, SpecError
from ..schedules.base import Schedule
from .grammar import LONGEST, Piece, Reader
from .quantities import Run

if TYPE_CHECKING:
    from ..configs import Config
    from .calls import Read

MOST_CURVES = 100
"""How many curves may be asked for at once."""


class Named(NamedTuple):
    """A schedule and the label of its curve; the call that was pasted, or the config, for it."""

    label: str
    schedule: Schedule
    read: "Read | None" = None
    config: "Config | None" = None


def parse(
    text: str,
    *,
    lr: float | None = None,
    horizon: int | None = None,
    steps_per_epoch: float | None = None,
) -> Schedule:
    """Return the schedule that a spec or a framework's call describes.

    `lr` is the rate of the optimizer, which many calls take from there; `horizon` the length of the
    run in steps, of which `10%` is a part; `steps_per_epoch` says what `5ep` means. SpecError if
    the text is neither, or describes several schedules.
    """
    found = read([text], Run(horizon, steps_per_epoch, lr))
    if len(found) > 1:
        raise SpecError(
            f"braces make {len(found)} schedules of this spec, and one is asked for; "
            "take them away",
            text,
            text.find("{"),
            text.rfind("}") + 1,
        )
    return found[0].schedule


def read(texts: Iterable[str], run: Run, folder: str = "") -> list[Named]:
    """Return the schedules that specs describe, `LABEL=SPEC` or SPEC, braces expanded.

    The configs that a command line names are looked for from `folder` on. No two labels are the
    same. SpecError for the first text that cannot be read.
    """
    found: list[Named] = []
    for text in texts:
        if len(text) > LONGEST:
            raise SpecError(
                f"a spec has at most {LONGEST} characters, and this has {len(text)}; shorten it",
                text,
                LONGEST,
                len(text),
            )
        if text.strip() and _may_be_command(text):
            from ..configs import is_command, read_command

            if is_command(text):
                found.append(read_config(read_command(text, run, folder), run))
                continue
        expanded = _expanded(text)
        for one, chosen in expanded:
            named = _read_one(one, run)
            if len(expanded) > 1 and named.label != one and named.label == text.partition("=")[0]:
                named = named._replace(label=f"{named.label} {' '.join(chosen)}")
            found.append(named)
        check_count(len(found))
    labels = unique([named.label for named in found])
    return [named._replace(label=label) for named, label in zip(found, labels, strict=True)]


def read_config(config: "Config", run: Run, label: str = "") -> Named:
    """Return the schedule of the call that a config makes; LrvizError if that is refused."""
    try:
        named = _read_one(config.text, run)
    except SpecError as error:
        raise LrvizError(f"{config.label}: " + error.sentence) from None
    return Named(label or config.label, named.schedule, named.read, config)


def _may_be_command(text: str) -> bool:
    """Return whether a text can be a command line: it has words, and the first is of no call."""
    first, *others = text.split(None, 1)
    return bool(others) and "(" not in first


def check_count(curves: int) -> None:
    """Raise LrvizError if these are more curves than may be asked for at once."""
    if curves > MOST_CURVES:
        raise LrvizError(
            f"these specs make {curves} curves, and at most {MOST_CURVES} are drawn at "
            "once; take some away"
        )


def _expanded(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what `text` stands for; in a call, braces are Python's."""
    if "(" in text or ("{" not in text and "}" not in text):
        return [(text, ())]
    from .braces import expand

    return expand(text)


def _read_one(text: str, run: Run) -> Named:
    """Return the schedule of a text without braces."""
    if "(" in text:
        from .calls import read_pasted

        pasted = read_pasted(text, run)
        if pasted is not None:
            return Named(pasted.label or " ".join(text.split()), pasted.schedule, pasted.read)
    label, equals, _ = text.partition("=")
    within_a_call = label.count("(") > label.count(")")
    if not equals or ":" in label or within_a_call:
        reader = Reader(text, Piece(text, 0).cut(0), run)
        return Named(" ".join(text.split()), reader.read(), reader.call)
    if not label.strip():
        raise SpecError(
            "the label before '=' is empty; write LABEL=SPEC, or SPEC alone", text, 0, 1
        )
    reader = Reader(text, Piece(text, 0).cut(len(label) + 1), run)
    return Named(label.strip(), reader.read(), reader.call)


def unique(labels: Iterable[str]) -> list[str]:
    """Return labels with "(2)", "(3)" and so on after those that stand there already."""
    used = {"step"}  # what tables call their first column
    found = []
    for label in labels:
        numbered = (f"{label} ({number})" for number in itertools.count(2))
        free = next(text for text in itertools.chain([label], numbered) if text not in used)
        used.add(free)
        found.append(free)
    return found
