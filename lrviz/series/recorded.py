"""Recorded runs as series."""

import os
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from ..curves import Curve
from ..errors import LrvizError, quoted
from ..sampling import thinned
from ..schedules.numeric import Array, Dtype, Steps


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recorded curve, which has rates at some steps.

    `log` is the file that it was recorded in, `step_column` that of its steps, if it was said.
    """

    label: str
    curve: Curve
    log: str = ""
    step_column: str | None = None

    plan = None
    read = None
    config = None
    notes: ClassVar[tuple[str, ...]] = ()
    written: ClassVar[tuple[str, ...]] = ()
    text = ""

    @classmethod
    def of(cls, curve: Curve) -> Self:
        """Return a curve that Python has; LrvizError if it is none over rising steps."""
        label = curve.label or "curve"
        steps, values = np.asarray(curve.steps), np.asarray(curve.values)
        if steps.shape != values.shape or steps.ndim != 1 or not steps.size:
            raise LrvizError(
                f"{quoted(label)} has steps of shape {steps.shape} and values of shape "
                f"{values.shape}; give each step a value"
            )
        if steps.dtype.kind not in "iu" or steps[0] < 0 or not (steps[1:] > steps[:-1]).all():
            raise LrvizError(
                f"the steps of {quoted(label)} are not whole numbers from 0 on that rise; sort them"
            )
        numbers = values.astype(np.result_type(values, np.float32), copy=False)
        return cls(label, replace(curve, label=label, steps=steps.astype(np.int64), values=numbers))

    @property
    def spec(self) -> str:
        """The file, whatever was typed."""
        return f"@{self.log}"

    @property
    def length(self) -> int:
        """How many steps it has, with those that were not recorded."""
        return int(self.curve.steps[-1]) + 1

    @cached_property
    def known_steps(self) -> Steps:
        """The only steps that have a rate, shape (n,), rising."""
        known: Steps = self.curve.steps[np.isfinite(self.curve.values)]
        return known

    def at(self, steps: Steps, dtype: Dtype = "float64") -> Array:
        """Return the rates at `steps`, both of shape (n,); NaN where there is none."""
        if self.curve.whole is not None:
            return self.curve.whole.at(steps).astype(dtype)
        place = np.searchsorted(self.curve.steps, steps).clip(max=len(self.curve.steps) - 1)
        there = self.curve.steps[place] == steps
        return np.where(there, self.curve.values[place], np.nan).astype(dtype)

    def outline(
        self, horizon: int, columns: int, dtype: Dtype = "float64", first: int = 0
    ) -> Curve:
        """Return what is to be drawn from step `first` on over so many columns of pixels.

        LrvizError if there is nothing.
        """
        del dtype  # nothing is computed
        drawn = thinned(self.curve, horizon, columns, first)
        if self.curve.whole is not None:
            parts = [
                thinned(replace(self.curve, steps=steps, values=values), horizon, columns, first)
                for steps, values in self.curve.whole.blocks()
            ]
            drawn = thinned(
                replace(
                    self.curve,
                    steps=np.concatenate([one.steps for one in parts]),
                    values=np.concatenate([one.values for one in parts]),
                ),
                horizon,
                columns,
                first,
            )
        if not len(drawn.steps):
            raise LrvizError(
                f"{quoted(self.label)} has no rates from step {first} to {horizon - 1}; its steps "
                f"are {self.curve.steps[0]} to {self.curve.steps[-1]}"
            )
        return replace(drawn, label=self.label)

    def seen_from(self, folder: str) -> Self:
        """Return the same series, its log named as it is found from another folder on."""
        return self if self.log in ("", "-") else replace(self, log=path_from(folder, self.log))

    def labelled(self, label: str) -> Self:
        """Return the same series under another label."""
        return replace(self, label=label)


def path_from(folder: str, path: str, was_from: str = "") -> str:
    """Return the path of a file as it is found from `folder` on, also where links lead elsewhere.

    It was found from `was_from` on.
    """
    if Path(path).is_absolute():
        return path
    found = Path(was_from, path)
    real = Path(os.path.realpath(found.parent), found.name)
    return Path(os.path.relpath(real, os.path.realpath(folder))).as_posix()


_TAIL = 1 << 16
"""How many of the last bytes of a log are looked at for the length of its run."""


def planned_length(path: str) -> int | None:
    """Return how many steps a run was to have that a Trainer logged; None if it does not say."""
    try:
        with Path(path).open("rb") as file:
            if file.read(1) != b"{":
                return None
            file.seek(0, os.SEEK_END)
            file.seek(max(file.tell() - _TAIL, 0))
            end = file.read().rpartition(b"]")[2]
    except OSError:
        return None
    found = re.search(rb'"max_steps"\s*:\s*([1-9]\d{0,14})\s*[,}]', end)
    return found and int(found[1])
