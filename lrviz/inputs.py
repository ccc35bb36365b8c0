"""What is drawn, tabulated or compared: schedules, and recorded runs as @FILE."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .curves import Curve
from .errors import LrvizError, quoted
from .schedules.base import Schedule
from .schedules.numeric import Array, Dtype, Steps
from .specs import check_count, read, unique
from .specs.quantities import Run

if TYPE_CHECKING:
    from .specs.calls import Read


class Input(NamedTuple):
    """A schedule or a recorded curve, with its label.

    Of a schedule that was pasted, `read` is the call; of a recorded curve, `log` says where it is,
    and `step_column` which column has its steps if that was said.
    """

    label: str
    source: Schedule | Curve
    read: "Read | None" = None
    log: str = ""
    step_column: str | None = None

    @property
    def spec(self) -> str:
        """The text that stands for this input whatever was typed: a canonical spec, or @FILE."""
        return str(self.source) if isinstance(self.source, Schedule) else f"@{self.log}"

    def seen_from(self, folder: str) -> "Input":
        """Return the same input, its log named as it is found from another folder on."""
        return self._replace(log=_from(self.log, folder)) if self.log else self

    def at(self, steps: Steps, dtype: Dtype) -> Array:
        """Return the rates at `steps`, in a recorded run NaN where there is none."""
        if isinstance(self.source, Schedule):
            return self.source(steps, dtype)
        place = np.searchsorted(self.source.steps, steps).clip(max=len(self.source.steps) - 1)
        there = self.source.steps[place] == steps
        return np.where(there, self.source.values[place], np.nan).astype(dtype)

    def outline(self, horizon: int, columns: int, dtype: Dtype, first: int = 0) -> Curve:
        """Return what is to be drawn from step `first` on over so many columns of pixels.

        LrvizError for a recorded run that has nothing there.
        """
        from .sampling import outline, thinned

        if isinstance(self.source, Schedule):
            return outline(self.source, horizon, columns, self.label, dtype, first)
        drawn = thinned(self.source, horizon, columns, first)
        if not len(drawn.steps):
            raise LrvizError(
                f"{quoted(self.label)} has no rates from step {first} to {horizon - 1}; its steps "
                f"are {self.source.steps[0]} to {self.source.steps[-1]}"
            )
        return replace(drawn, label=self.label)


def read_inputs(
    texts: Iterable[str], run: Run, step_column: str | None = None, folder: str = ""
) -> tuple[list[Input], list[str]]:
    """Return what texts stand for, and notes on what was assumed and mended to read them.

    Logs are looked for from `folder` on. No two labels are the same. LrvizError for the first text
    that cannot be read.
    """
    found: list[Input] = []
    notes: list[str] = []
    for text in texts:
        label, log = _log(text)
        if log is not None:
            from .logs import read as read_log

            path = str(Path(folder, log)) if folder else log
            recorded = read_log(path, step_column)
            notes += recorded.notes
            place = _from(log, folder or ".", folder)
            found.append(
                Input(label or recorded.label, recorded.curve, log=place, step_column=step_column)
            )
        else:
            named = read([text], run)
            found += [Input(one.label, one.schedule, one.read) for one in named]
        check_count(len(found))
    notes += assumptions(one.read for one in found)
    labels = unique(one.label for one in found)
    return [one._replace(label=label) for one, label in zip(found, labels, strict=True)], notes


def from_folder(text: str, folder: str) -> str:
    """Return a text that stands for the same when logs are looked for from another folder on."""
    _, log = _log(text)
    return text if log is None else text.removesuffix(log) + _from(log, folder)


def _from(log: str, folder: str, was_from: str = "") -> str:
    """Return the path of a log from `folder` on, also where links lead elsewhere."""
    if Path(log).is_absolute():
        return log
    path = Path(was_from, log)
    real = Path(os.path.realpath(path.parent), path.name)
    return Path(os.path.relpath(real, os.path.realpath(folder))).as_posix()


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


def horizon_of(found: Sequence[Input], run: Run) -> int:
    """Return how many steps are shown: as many as are asked for, or as all of them have."""
    from .sampling import default_horizon

    if run.horizon is not None:
        return run.horizon
    recorded = [int(one.source.steps[-1]) + 1 for one in found if isinstance(one.source, Curve)]
    schedules = [one.source for one in found if isinstance(one.source, Schedule)]
    lengths = [default_horizon(schedules)] if schedules else []
    return max(recorded + lengths)


def key_steps_of(found: Sequence[Input], horizon: int) -> list[int]:
    """Return the steps that say most; if all are recorded runs, some of those they have."""
    from .sampling import key_steps

    schedules = [one.source for one in found if isinstance(one.source, Schedule)]
    if schedules:
        return key_steps(schedules, horizon)
    recorded = np.unique(np.concatenate([one.source.steps for one in found]))  # type: ignore[union-attr]
    recorded = recorded[recorded < horizon]
    chosen = np.linspace(0, len(recorded) - 1, min(len(recorded), 11)).astype(np.int64)
    steps: list[int] = recorded[chosen].tolist()
    return steps
