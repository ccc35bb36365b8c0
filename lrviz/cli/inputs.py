"""What a command draws, tabulates or compares: schedules, and recorded runs as @FILE."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..curves import Curve
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Dtype, Steps
from ..specs import check_count, read, unique
from ..specs.quantities import Run
from . import console

if TYPE_CHECKING:
    from ..specs.calls import Read


class Input(NamedTuple):
    """A schedule or a recorded curve, its label, and the call that was read if it was pasted."""

    label: str
    source: Schedule | Curve
    read: "Read | None" = None

    def at(self, steps: Steps, dtype: Dtype) -> Array:
        """Return the rates at `steps`, in a recorded run NaN where there is none."""
        if isinstance(self.source, Schedule):
            return self.source(steps, dtype)
        place = np.searchsorted(self.source.steps, steps).clip(max=len(self.source.steps) - 1)
        there = self.source.steps[place] == steps
        return np.where(there, self.source.values[place], np.nan).astype(dtype)

    def outline(self, horizon: int, columns: int, dtype: Dtype) -> Curve:
        """Return what is to be drawn over so many columns of pixels."""
        from ..sampling import outline, thinned

        if isinstance(self.source, Schedule):
            return outline(self.source, horizon, columns, self.label, dtype)
        drawn = thinned(self.source, horizon, columns)
        return Curve(self.label, drawn.steps, drawn.values, recorded=True)


def inputs_of(texts: Iterable[str], run: Run, step_column: str | None, quiet: bool) -> list[Input]:
    """Return what texts stand for, and say what was assumed and mended to read them."""
    found: list[Input] = []
    for text in texts:
        label, log = _log(text)
        if log is not None:
            from ..logs import read as read_log

            recorded = read_log(log, step_column)
            for note in () if quiet else recorded.notes:
                console.say(note)
            found.append(Input(label or recorded.label, recorded.curve))
        else:
            named = read([text], run)
            found += [Input(one.label, one.schedule, one.read) for one in named]
        check_count(len(found))
    console.say_assumptions((one.read for one in found), quiet)
    labels = unique(one.label for one in found)
    return [one._replace(label=label) for one, label in zip(found, labels, strict=True)]


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
    from ..sampling import default_horizon

    if run.horizon is not None:
        return run.horizon
    recorded = [int(one.source.steps[-1]) + 1 for one in found if isinstance(one.source, Curve)]
    schedules = [one.source for one in found if isinstance(one.source, Schedule)]
    lengths = [default_horizon(schedules)] if schedules else []
    return max(recorded + lengths)


def key_steps_of(found: Sequence[Input], horizon: int) -> list[int]:
    """Return the steps that say most; if all are recorded runs, some of those they have."""
    from ..sampling import key_steps

    schedules = [one.source for one in found if isinstance(one.source, Schedule)]
    if schedules:
        return key_steps(schedules, horizon)
    recorded = np.unique(np.concatenate([one.source.steps for one in found]))  # type: ignore[union-attr]
    recorded = recorded[recorded < horizon]
    chosen = np.linspace(0, len(recorded) - 1, min(len(recorded), 11)).astype(np.int64)
    steps: list[int] = recorded[chosen].tolist()
    return steps
