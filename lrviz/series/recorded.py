"""Recorded runs as series."""

import os
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
