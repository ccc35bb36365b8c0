"""From the texts of a command line to series, and the steps at which they are shown."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import LrvizError, quoted
from ..sampling import default_horizon, key_steps
from ..schedules.base import Schedule
from ..specs import check_count, read, unique
from ..specs.quantities import Run
from .base import Series
from .planned import Planned

if TYPE_CHECKING:
    from ..logs.records import Progress
    from ..specs.calls import Read

Input = str | Schedule | Series
Inputs = Input | Iterable[Input]
"""Texts of a command line, or what stands for itself; one or several."""

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

    Logs are looked for from `folder` on, and `progress` is told how far each is read. No two
    labels are the same. LrvizError for the first text that cannot be read.
    """
    found: list[Series] = []
    notes: list[str] = []
    for one in [inputs] if isinstance(inputs, str | Schedule | Series) else inputs:
        if isinstance(one, str):
            series, noted = _read(one, run, step_column, folder, progress)
            found += series
            notes += noted
        else:
            found.append(Planned(str(one), one) if isinstance(one, Schedule) else one)
        check_count(len(found))
    if not found:
        raise LrvizError("nothing is given to show; name at least one schedule or recorded run")
    notes += assumptions(one.read for one in found)
    labels = unique(one.label for one in found)
    return [one.labelled(label) for one, label in zip(found, labels, strict=True)], notes


def _read(
    text: str, run: Run, step_column: str | None, folder: str, progress: "Progress | None"
) -> tuple[Sequence[Series], Sequence[str]]:
    """Return what a text stands for, and notes on what was mended to read a log."""
    label, log = _log(text)
    if log is None:
        return [Planned(*one) for one in read([text], run)], ()
    from ..logs import read_all
    from .recorded import Recorded, path_from

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


def from_folder(text: str, folder: str) -> str:
    """Return a text that stands for the same when logs are looked for from another folder on."""
    from .recorded import path_from

    _, log = _log(text)
    return text if log is None else text.removesuffix(log) + path_from(folder, log)


def assumptions(reads: "Iterable[Read | None]") -> list[str]:
    """Return of pasted calls which framework's they were taken for, where they leave that open."""
    messages: dict[str, None] = {}
    for one in (one for one in reads if one and one.is_assumed):
        other = f"; for {one.others[0].title}'s write {one.others[0].path}" if one.others else ""
        messages[f"{one.written} is read as {one.call.title}'s{other}"] = None
    return list(messages)


def _log(text: str) -> tuple[str, str | None]:
    """Return the label and the file of a recorded run, `LABEL=@FILE`; None if it is not one."""
    if text.startswith("@"):
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
