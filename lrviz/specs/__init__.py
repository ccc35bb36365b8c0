"""From text to schedules: `parse` for one, `read` for the labelled curves of a command line."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import LrvizError, SpecError, listing
from ..schedules.base import Schedule
from .grammar import LONGEST, Piece, Reader
from .quantities import Run
from .slips import check_label

if TYPE_CHECKING:
    from ..configs import Config
    from .pasted import Read

MOST_CURVES = 100
"""How many curves may be asked for at once."""


class Named(NamedTuple):
    """A schedule and the label of its curve; if it was pasted, its call, and notes on it.

    `config` is the config or the command line that it was read from.
    """

    label: str
    schedule: Schedule
    read: "Read | None" = None
    config: "Config | None" = None
    notes: tuple[str, ...] = ()
    written: Sequence[str] = ()
    """The names in its text, if some were given values."""
    text: str = ""
    """What was typed for it without a label, with which its label begins."""


def parse(
    text: str,
    *,
    lr: float | None = None,
    horizon: int | None = None,
    steps_per_epoch: float | None = None,
    names: Mapping[str, Any] | None = None,
) -> Schedule:
    """Return the schedule that a spec, a framework's call or a program in Python describes.

    `lr` is the rate of the optimizer, which many calls take from there; `horizon` the length of the
    run in steps, of which `10%` is a part; `steps_per_epoch` says what `5ep` means; `names` gives
    values to names that a program lacks, `{"args.lr": 0.1}`. SpecError if the text is none of them,
    or describes several schedules.
    """
    found = read([text], Run(horizon, steps_per_epoch, lr, names=names))
    if names:
        from .mentions import check_mentioned

        check_mentioned(found[0].written, names)
    if len(found) == 1:
        return found[0].schedule
    if _is_program(text):
        labels = listing(one.label for one in found)
        raise SpecError(
            f"this makes {len(found)} schedules, {labels}, and one is asked for; keep one of them",
            text,
            0,
            0,
        )
    raise SpecError(
        f"braces make {len(found)} schedules of this spec, and one is asked for; take them away",
        text,
        text.find("{"),
        text.rfind("}") + 1,
    )


def read(texts: Iterable[str], run: Run, folder: str = "") -> list[Named]:
    """Return the schedules that specs describe, `LABEL=SPEC` or SPEC, braces expanded.

    The configs that a command line names are looked for from `folder` on. No two labels are the
    same. SpecError for the first text that cannot be read.
    """
    found: list[Named] = []
    for text in texts:
        found += _read_text(text, run, folder)
        check_count(len(found))
    labels = unique([named.label for named in found])
    return [named._replace(label=label) for named, label in zip(found, labels, strict=True)]


def read_config(config: "Config", run: Run, label: str = "") -> Named:
    """Return the schedule of the call that a config makes; LrvizError if that is refused."""
    try:
        (named,) = _reader_of(config.text)(config.text, run._replace(names=None), "")
    except SpecError as error:
        raise LrvizError(f"{config.label}: " + error.sentence) from None
    notes = (*config.notes, *named.notes)
    return named._replace(label=label or config.label, config=config, notes=notes)


def _is_command(text: str) -> bool:
    """Return whether a text is a command line: it has words, and the first is of no call."""
    words = text.split(None, 1)
    if len(words) < 2 or "(" in words[0] or len(text) > LONGEST:
        return False
    from ..configs import is_command

    return is_command(text)


def check_count(curves: int) -> None:
    """Raise LrvizError if these are more curves than may be asked for at once."""
    if curves > MOST_CURVES:
        raise LrvizError(
            f"these specs make {curves} curves, and at most {MOST_CURVES} are drawn at "
            "once; take some away"
        )


_OF_PYTHON = ("(", "\n", "[", "lambda ")
"""What no spec has, and nearly every text of Python."""


def _is_program(text: str) -> bool:
    """Return whether a text is Python, and not a spec."""
    if not any(mark in text for mark in _OF_PYTHON):  # as nearly all specs
        return False
    from .pasted import is_pasted

    return is_pasted(text)


def _reader_of(text: str) -> Callable[[str, Run, str], Iterator[Named]]:
    """Return what reads a text that is no command line."""
    return _read_program if _is_program(text) else _read_spec


def _read_text(text: str, run: Run, folder: str) -> Iterator[Named]:
    """Yield what a text describes; names with several values make several of each."""
    if _is_command(text):
        from ..configs import read_command

        yield read_config(read_command(text, run, folder), run)
        return
    reader = _reader_of(text)
    if not run.names or ("(" not in text and "\n" not in text):
        yield from reader(text, run, folder)
        return
    from .mentions import check_open, mentioned, written_in

    written = written_in(text)
    for names, chosen in _choices(mentioned(written, run.names)):
        for named in reader(text, run._replace(names=names), folder):
            label = " ".join([named.label, *chosen])
            yield named._replace(label=label, written=written)
        check_open(text, names)


def _read_program(text: str, run: Run, folder: str) -> Iterator[Named]:
    """Yield the schedules of a program, or of the config that a text of Python is."""
    from ..programs.named import may_name

    if may_name(text):
        from ..configs import read_pasted as read_configs

        configs = read_configs(text, run, folder)
        if configs:
            yield from (read_config(one, run) for one in configs)
            return
    from .pasted import last_statement, read_pasted

    for label, schedule, read, notes in read_pasted(text, run):
        own = "" if label else last_statement(text)
        yield Named(label or own, schedule, read, notes=notes, text=own)


def _choices(names: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield names with one value each, and what was chosen of those that have several."""
    from .names import Several

    values = [value if isinstance(value, Several) else (value,) for value in names.values()]
    several = [name for name, value in names.items() if isinstance(value, Several)]
    for each in itertools.product(*values):
        one = dict(zip(names, each, strict=True))
        yield one, [f"{name}={one[name]}" for name in several]


def _read_spec(text: str, run: Run, _: str) -> Iterator[Named]:
    """Yield the schedules of a spec, braces expanded."""
    if len(text) > LONGEST:
        raise SpecError(
            f"a spec has at most {LONGEST} characters, and this has {len(text)}; shorten it",
            text,
            LONGEST,
            len(text),
        )
    expanded = _expanded(text)
    for one, chosen in expanded:
        named = _read_one(one, run)
        if len(expanded) > 1 and named.label != one and named.label == text.partition("=")[0]:
            named = named._replace(label=f"{named.label} {' '.join(chosen)}")
        yield named


def _expanded(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what `text` stands for; in a call, braces are Python's."""
    if "(" in text or ("{" not in text and "}" not in text):
        return [(text, ())]
    from .braces import expand

    return expand(text)


def _read_one(text: str, run: Run) -> Named:
    """Return the schedule of a spec without braces."""
    label, equals, _ = text.partition("=")
    within_a_call = label.count("(") > label.count(")")
    if not equals or ":" in label or within_a_call:
        reader = Reader(text, Piece(text, 0).cut(0), run)
        own = " ".join(text.split())
        schedule = reader.read()
        return Named(own, schedule, reader.call, notes=reader.notes, text=own)
    if not label.strip():
        raise SpecError(
            "the label before '=' is empty; write LABEL=SPEC, or SPEC alone", text, 0, 1
        )
    check_label(text, label.strip(), text[len(label) + 1 :])
    reader = Reader(text, Piece(text, 0).cut(len(label) + 1), run)
    schedule = reader.read()
    return Named(label.strip(), schedule, reader.call, notes=reader.notes)


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
