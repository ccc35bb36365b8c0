"""Functions of the step: what schedules are, and what else is evaluated and drawn like them."""

from collections.abc import Iterator
from typing import Any, ClassVar, overload

import numpy as np

from ..errors import LrvizError
from .knots import Knots
from .numeric import LAST_STEP, Array, Bools, Dtype, Steps, StepsLike
from .quantity import Quantity

CHUNK = 8192
"""How many steps are evaluated at once.

Their arrays of 64 KiB stay in the caches, and below the size from which the C library gives memory
back to the system at once, only to fetch it anew for the next chunk: that costs more than an exp.
"""

_NEAR = 256
"""How many steps are evaluated at once where they are asked for one by one."""


class Signal:
    """A pure function of the step: its value never depends on which other steps are asked for.

    A subclass writes `at`, and `knots` where the default (smooth) is wrong.
    """

    quantity: ClassVar[Quantity]
    """What has these values."""
    opaque: ClassVar[bool] = False
    """Whether its values may jump, or be highest or lowest, where no `knots` say so."""

    def at(self, t: Array) -> Array:
        """Return the values at the steps `t`, both of shape (n,), in the dtype of `t`."""
        raise NotImplementedError

    @property
    def length(self) -> int | None:
        """The step at which it has run its course; None if it never has."""
        return None

    @property
    def knots(self) -> tuple[Knots, ...]:
        """Where it jumps or bends, or turns from rising to falling."""
        return ()

    def parts(self) -> Iterator["Signal"]:
        """Yield this function and all that it is made of."""
        yield self

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        """Return the values at `steps`, shape (n,), computed in `dtype`.

        What compares or moves steps overrides this in place of `at`: its steps are exact where a
        float32 would have rounded them.
        """
        return self.at(steps.astype(dtype))

    def finite(self, steps: Steps, values: Array) -> Array:
        """Return the values at some steps as they are; LrvizError if one of them is not finite."""
        good = np.isfinite(values)
        if not good.all():
            self.refuse(steps, values, good)
        return values

    def refuse(self, steps: Steps, values: Array, good: Bools) -> None:
        """Raise LrvizError with the first of the values that is not good, if there is one."""
        what = self.quantity
        for bad in np.flatnonzero(~good)[:1]:
            raise LrvizError(
                f"{self} gives the {what.word} {values[bad]} at its step {steps[bad]}, and a "
                f"{what.name} is {what.rule}; change its parameters or end it before that step"
            )

    @overload
    def __call__(self, steps: int, dtype: Dtype = ...) -> float: ...

    @overload
    def __call__(self, steps: StepsLike, dtype: Dtype = ...) -> Array: ...

    def __call__(self, steps: int | StepsLike, dtype: Dtype = np.float64) -> float | Array:
        """Return the values at `steps`, of a schedule those used for the updates that count from 0.

        One step gives a float, an array of steps an array of the same shape. float64 counts as
        Python and PyTorch do, float32 as TensorFlow and Keras do. LrvizError if a value is not
        finite, or none that its quantity allows.
        """
        if type(steps) is int and dtype is np.float64 and 0 <= steps <= LAST_STEP - _NEAR:
            return self._one(steps)
        asked = whole_steps(steps)
        values = self._checked(asked.reshape(-1), dtype)
        if asked.ndim:
            return values.reshape(asked.shape)
        # A float32 stays one, because as a float it would show digits that it does not have.
        one: float = values.item() if values.dtype == np.float64 else values[0]
        return one

    def _checked(self, steps: Steps, dtype: Dtype) -> Array:
        """Return the values at `steps`, shape (n,); LrvizError if one of them is not allowed."""
        values = np.empty(steps.shape, dtype)
        with np.errstate(all="ignore"):  # what comes of it is checked
            for start in range(0, steps.size, CHUNK):
                chunk = slice(start, start + CHUNK)
                values[chunk] = self.finite(steps[chunk], self.values(steps[chunk], dtype))
        return values

    def _one(self, step: int) -> float:
        """Return the value at a step.

        A loop of training asks for one step after the other: from the second of a block on, all of
        the block are known. They are what each of them would be alone, as every value is.
        """
        block, place = divmod(step, _NEAR)
        # PyTorch writes the attributes of one object into another, which may be of another class.
        key = block, type(self).__name__
        known, near = vars(self).get("_near", (None, None))
        if known != key:
            vars(self)["_near"] = key, None
        elif near is None:
            near = self._near_from(block * _NEAR)
            vars(self)["_near"] = key, near
        if near and known == key:
            value: float = near[place]
        else:
            alone = np.array([step])
            with np.errstate(all="ignore"):
                value = self.finite(alone, self.values(alone, np.float64)).item()
        return value

    def _near_from(self, start: int) -> list[float]:
        """Return the values at the steps from `start` on, none if one of them has no value."""
        try:
            near: list[float] = self._checked(np.arange(start, start + _NEAR), np.float64).tolist()
        except LrvizError:  # each is asked for by itself, to say which
            return []
        return near

    def __getstate__(self) -> dict[str, Any]:
        """Return what makes it what it is, without what was asked of it."""
        return {name: value for name, value in vars(self).items() if name != "_near"}


def whole_steps(steps: int | StepsLike) -> Steps:
    """Return `steps` as int64; LrvizError unless all are whole numbers from 0 to 2^53."""
    if isinstance(steps, range):
        steps = np.arange(steps.start, steps.stop, steps.step)
    given = np.asarray(steps)
    if given.dtype.kind not in "iuf":
        raise LrvizError(f"a step is a whole number from 0 on, not {steps!r}")
    if given.size and not (given.min() >= 0 and given.max() <= LAST_STEP):
        bad = given.min() if not given.min() >= 0 else given.max()
        raise LrvizError(f"a step is a whole number from 0 to 2^53, not {bad}")
    whole = given.astype(np.int64, copy=False)
    if given.dtype.kind == "f" and (whole != given).any():
        raise LrvizError(f"a step is a whole number from 0 on, not {given[whole != given][0]}")
    return whole
