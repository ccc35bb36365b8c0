"""All points of a log that has more of them than are held, on disk."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from weakref import finalize

import numpy as np

from ..schedules.numeric import Array, Steps

_BLOCK = 1 << 16
"""How many points are read at once."""

_SIZE = 8
"""How many bytes a step has, and a value."""


class Whole:
    """Points whose steps rise strictly, in two files without names, which end with the process."""

    def __init__(self) -> None:
        self.count = 0
        closing = ExitStack()
        self._steps = closing.enter_context(TemporaryFile())  # noqa: SIM115 (a false alarm)
        self._values = closing.enter_context(TemporaryFile())  # noqa: SIM115
        finalize(self, closing.close)

    @classmethod
    def of(cls, blocks: Iterable[tuple[Steps, Array]]) -> "Whole":
        """Return the points of blocks."""
        whole = cls()
        for steps, values in blocks:
            whole.add(steps, values)
        return whole

    def add(self, steps: Steps, values: Array) -> None:
        """Add points, of which the first takes the place of all that are not before it."""
        if not steps.size:
            return
        if self.count and self._mapped(self._steps, np.int64)[-1] >= steps[0]:
            self._cut(int(steps[0]))
        for file, array in ((self._steps, steps), (self._values, values)):
            file.seek(self.count * _SIZE)
            file.write(np.ascontiguousarray(array).data)
            file.flush()
        self.count += steps.size

    def _cut(self, step: int) -> None:
        self.count = int(np.searchsorted(self._mapped(self._steps, np.int64), step))

    def blocks(self) -> Iterator[tuple[Steps, Array]]:
        """Yield the steps and the values in blocks, of shape (n,)."""
        for start in range(0, self.count, _BLOCK):
            part = slice(start, start + _BLOCK)
            steps = np.array(self._mapped(self._steps, np.int64)[part])
            yield steps, np.array(self._mapped(self._values, np.float64)[part])

    def at(self, steps: Steps) -> Array:
        """Return the values at `steps`, both of shape (n,); NaN where there is none."""
        parts = [steps[start : start + _BLOCK] for start in range(0, len(steps), _BLOCK)]
        return np.concatenate([np.empty(0), *map(self._at, parts)])

    def _at(self, steps: Steps) -> Array:
        """Return the same for so few steps that, where they rise, they look at a part of all."""
        known = self._mapped(self._steps, np.int64)
        place = np.searchsorted(known, steps).clip(max=self.count - 1)
        values: Array = np.where(
            known[place] == steps, self._mapped(self._values, np.float64)[place], np.nan
        )
        return values

    def _mapped(self, file: object, kind: type) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
        """Return the numbers of a file, anew each time: what was looked at takes memory."""
        return np.memmap(file, kind, "r", shape=(self.count,))  # type: ignore[call-overload,no-any-return]
