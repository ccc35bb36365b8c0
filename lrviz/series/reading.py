"""From the texts of a command line to series, and the steps at which they are shown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..curves import Curve
from ..errors import LrvizError, UnknownLengthError, quoted
from ..sampling import default_horizon, key_steps
from ..schedules.base import Schedule
from ..specs import check_count, read, read_config, unique
from ..specs.differing import short_names
from ..specs.quantities import Run
from ..specs.slips import check_joined
from .planned import Planned
from .recorded import Recorded, path_from, planned_length

if TYPE_CHECKING:
    from ..configs import Config
    from ..logs.records import Progress
    from ..specs.pasted import Read

Series = Planned | Recorded
"""What is drawn, tabulated and compared: rates over the steps of a run, and their label."""

Input = str | Schedule | Curve | Series
Inputs = Input | Iterable[Input]
"""Texts of a command line, or what stands for itself; one or several."""

STANDARD_INPUT = "-"
"""What stands for it in place of a file's name."""

_COUNTED = re.compile(r" \(\d+\)$")
"""What tells labels apart that were typed twice."""

_ROWS = 11
"""How many steps are shown of recorded runs alone."""


def read_inputs(
    inputs: Inputs,
    run: Run,
    step_column: str | None = None,
    folder: str = "",
    progress: "Progress | None" = None,
) -> tuple[list[Series], list[str]]:
    """Return what texts stand for, and notes on what was assumed and mended to read them.

    Logs are looked for from `folder` on, and `progress` is told how far each is read. No two labels
    are the same. LrvizError for the first text that cannot be read, and for a value of a name that
    none of them has.
    """
    found, notes = read_some(inputs, run, step_column, folder, progress)
    check_names(found, run.names)
    return found, notes


def read_some(
    inputs: Inputs,
    run: Run,
    step_column: str | None = None,
    folder: str = "",
    progress: "Progress | None" = None,
    beside: Sequence[Series] = (),
) -> tuple[list[Series], list[str]]:
    """Return the same of some of the texts that the values of names are meant for.

    `beside` are others that are shown with them.
    """
    each: list[Sequence[Series]] = []
    notes: list[str] = []
    several = [inputs] if isinstance(inputs, Input) else [*inputs]
    check_joined(several)
    open_: dict[int, tuple[str, UnknownLengthError]] = {}
    for one in several:
        if isinstance(one, str):
            try:
                series, noted = _read(one, run, step_column, folder, progress)
            except UnknownLengthError as error:
                open_[len(each)] = one, error
                series, noted = (), ()
            each.append(series)
            notes += noted
        elif isinstance(one, Schedule):
            each.append([Planned(str(one), one)])
        else:
            each.append([Recorded.of(one) if isinstance(one, Curve) else one])
        check_count(sum(map(len, each)))
    for place, (text, lacks) in open_.items():
        told, note = _told_by_others(run, [*beside, *chain(*each)], folder, lacks)
        each[place], noted = _read(text, told, step_column, folder, progress)
        notes += (note, *noted)
    found = [*chain(*each)]
    if not found:
        raise LrvizError("nothing is given to show; name at least one schedule or recorded run")
    configs = [one for one in found if one.config]
    if not configs or any(one.plan and not one.config for one in found):
        # Configs have counted the steps of their runs themselves.
        if run.told.unsettled:
            raise LrvizError(run.told.unsettled)
        notes[:0] = [run.told.sums] if run.told.sums else []
    notes += dict.fromkeys(note for one in found for note in one.notes)
    notes += assumptions(one.read for one in found)
    labels = unique(one.label for one in found)
    return [one.labelled(label) for one, label in zip(found, labels, strict=True)], notes


def _told_by_others(
    run: Run, found: Sequence[Series], folder: str, error: UnknownLengthError
) -> tuple[Run, str]:
    """Return a run with what others say of its length, and a note; else raise the error.

    A log says how long the run was, and a config how long its epochs are.
    """
    logs = {one.log: planned_length(str(Path(folder, one.log))) for one in found if one.log}
    lengths = {length for length in logs.values() if length is not None}
    epochs = {one.config.per_epoch for one in found if one.config and one.config.per_epoch}
    if len(lengths) == 1:
        (length,) = lengths
        log = next(log for log in logs if logs[log])
        note = f"{Path(log).name} says max_steps {length}, and the run that is planned is as long"
        return run._replace(horizon=length, told=run.told._replace(horizon=length)), note
    if len(epochs) == 1 and run.steps_per_epoch is None:
        (per_epoch,) = epochs
        label = next(one.label for one in found if one.config and one.config.per_epoch)
        return run._replace(steps_per_epoch=per_epoch), f"epochs are as long as {label} counts them"
    raise error


def check_names(found: Iterable[Series], names: Mapping[str, Any] | None) -> None:
    """Raise LrvizError if a value was given to a name that no text has."""
    if names:
        from ..specs.mentions import check_mentioned

        check_mentioned(list(dict.fromkeys(name for one in found for name in one.written)), names)


def _read(
    text: str, run: Run, step_column: str | None, folder: str, progress: "Progress | None"
) -> tuple[Sequence[Series], Sequence[str]]:
    """Return what a text stands for, and notes on how a config or a log was read."""
    label, log = _log(text)
    if log is None:
        return [Planned(*one) for one in read([text], run, folder)], ()
    if _is_piped(log):
        return _piped(label, log, run, step_column, progress)
    is_python = log.endswith(".py") or ".py:" in log
    # Where names are given values, a text of Python is read as if it had been pasted.
    config = None if is_python and run.names else _config(log, run, folder)
    if config is not None:
        return [Planned(*read_config(config, run, label))], ()
    if is_python:
        from .programs import read_file

        return read_file(log, run, label, folder), ()
    from ..logs import read_all

    path = str(Path(folder, log)) if folder else log
    found = read_all(path, step_column, steps_per_epoch=run.steps_per_epoch, progress=progress)
    series = []
    for one in found:
        is_alone = len(found) == 1
        typed = log if is_alone else one.text.removeprefix(f"{Path(folder)}/" if folder else "")
        called = f"{label} {one.label}" if label and not is_alone else label
        place = path_from(folder or ".", typed, folder)
        series.append(Recorded(called or one.label, one.curve, place, step_column))
    return series, found[0].notes


def _is_piped(log: str) -> bool:
    """Return whether a log is standard input, `-`, or a column of it, `-:COLUMN`."""
    return log.partition(":")[0] == STANDARD_INPUT


def _piped(
    label: str, log: str, run: Run, step_column: str | None, progress: "Progress | None"
) -> tuple[Sequence[Series], Sequence[str]]:
    """Return what is piped in, a program, a spec or a log, and notes on a log."""
    from tempfile import NamedTemporaryFile

    from .programs import decoded, is_program, read_text, standard_input

    shown, data = "standard input", standard_input()
    try:
        text = decoded(data, shown)
    except LrvizError:
        text = None
    if text is not None and log == STANDARD_INPUT and is_program(text):
        return read_text(text.strip("\n"), run, shown, label), ()
    from ..logs import read_all

    with NamedTemporaryFile(prefix="standard-input-") as file:
        file.write(data)
        file.flush()
        path, name = file.name, Path(file.name).name
        try:
            found = read_all(
                path + log.removeprefix(STANDARD_INPUT),
                step_column,
                steps_per_epoch=run.steps_per_epoch,
                progress=progress,
            )
        except LrvizError as error:
            raise LrvizError(error.sentence.replaced({path: "-", name: shown})) from None
    notes = [note.replace(name, shown) for note in found[0].notes]
    if len(found) == 1:
        return [Recorded(label or shown, found[0].curve, log, step_column)], notes
    return [
        Recorded(
            f"{label} {one.label}".strip().replace(name, shown),
            one.curve,
            one.text.replace(path, STANDARD_INPUT),
            step_column,
        )
        for one in found
    ], notes


def _config(name: str, run: Run, folder: str) -> "Config | None":
    """Return what a config says; None if the file is a log or a program."""
    if name.rpartition(".")[2].lower() in ("csv", "tsv", "log", "txt", "jsonl"):
        return None  # these are logs, and configs need not be imported
    from ..configs import Named, read_files

    named = Named.of(name)
    return None if named is None else read_files(named, run, folder)


def from_folder(text: str, folder: str) -> str:
    """Return a text that stands for the same when logs are looked for from another folder on."""
    _, log = _log(text)
    if log is None or _is_piped(log):
        return text
    return text.removesuffix(log) + path_from(folder, log)


def names_of(series: Sequence[Series]) -> list[str]:
    """Return what to call series beside one another: their labels, or what their texts differ in.

    No two names are the same.
    """
    own = [one.text for one in series if _is_own(one)]
    short = dict(zip(own, short_names(own), strict=True))
    return unique(
        short[one.text] + _COUNTED.sub("", one.label.removeprefix(one.text))
        if _is_own(one)
        else one.label
        for one in series
    )


def _is_own(one: Series) -> bool:
    """Return whether the label of a series is its own text, and no one has given it another."""
    return one.text != "" and one.label.startswith(one.text)


def assumptions(reads: "Iterable[Read | None]") -> list[str]:
    """Return of pasted calls which framework's they were taken for, where they leave that open."""
    messages: dict[str, None] = {}
    for one in (one for one in reads if one and one.is_assumed):
        other = f"; for {one.others[0].title}'s write {one.others[0].path}" if one.others else ""
        messages[f"{one.written} is read as {one.call.title}'s{other}"] = None
    return list(messages)


def _log(text: str) -> tuple[str, str | None]:
    """Return the label and the file of a recorded run, `LABEL=@FILE`; None if it is not one."""
    if text in ("-", "@-"):
        return "", STANDARD_INPUT
    if text.startswith("@") and "\n" not in text:
        return "", text[1:]
    label, _, rest = text.partition("=")
    if rest.startswith("@") and ":" not in label and "(" not in label:
        return label.strip(), rest[1:]
    return "", None


def horizon_of(found: Iterable[Series], run: Run) -> int:
    """Return how many steps are shown: as many as are asked for, or as all of them have."""
    return default_horizon(found) if run.horizon is None else run.horizon


def key_steps_of(found: Sequence[Series], horizon: int) -> list[int]:
    """Return the steps that say most; if all are recorded runs, some of those they have.

    LrvizError if they have none below `horizon`.
    """
    plans = [one.plan for one in found if one.plan is not None]
    if plans:
        return key_steps(plans, horizon)
    known = [(one.known_steps, one.label) for one in found if one.known_steps is not None]
    recorded = np.unique(np.concatenate([steps for steps, _ in known]))
    recorded = recorded[recorded < horizon]
    if not recorded.size:
        first, label = min((steps[0], label) for steps, label in known)
        raise LrvizError(
            f"no step below {horizon} was recorded in {quoted(label)}, whose first is {first}; "
            "show more steps"
        )
    chosen = np.linspace(0, len(recorded) - 1, min(len(recorded), _ROWS)).astype(np.int64)
    steps: list[int] = recorded[chosen].tolist()
    return steps
