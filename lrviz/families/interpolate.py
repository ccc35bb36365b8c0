"""Lines or waves through points."""

import itertools
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from ..schedules.base import Example
from ..schedules.fields import Param, Points
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array, cos
from ..schedules.pointwise import Pointwise

if TYPE_CHECKING:
    from ..schedules.code import Code


class Interpolation(Pointwise, name="interpolate"):
    """Go through each of `points` in straight lines, and hold the rate of the last."""

    points: Annotated[
        Points,
        Param(
            "step=rate pairs; the rate at each step, and between them on the way to the next",
            unit="steps",
            at_least=0,
            also=("boundaries_and_scales", "milestones_values"),
        ),
    ]
    cosine: Annotated[bool, Param("go along half waves of a cosine instead of lines")] = False

    formula = (
        "a + (b - a) * q at q of the way from a point of rate a to the next of rate b; "
        "with cosine, b + (a - b) * (1 + cos(pi * q)) / 2"
    )
    examples = (
        Example(
            "interpolate:0=1,4=0.1,8=0.001",
            {0: 1.0, 1: 0.775, 4: 0.1, 5: 0.07525, 8: 0.001, 39: 0.001},
            "Optax 0.2.8 piecewise_interpolate_schedule('linear', 1.0, {4: 0.1, 8: 0.01}), "
            "recorded",
        ),
        Example(
            "interpolate:0=0.1,10=0.5,45=0.1,60=0.05,cosine",
            {0: 0.1, 1: 0.10978869674096925, 10: 0.5, 11: 0.4991948587990479, 50: 0.0875},
            "Optax 0.2.8 piecewise_interpolate_schedule('cosine', 0.1, "
            "{10: 5.0, 45: 0.2, 60: 0.5}), recorded",
        ),
    )
    elsewhere = {
        "Optax": "piecewise_interpolate_schedule (factors in place of rates)",
        "Ignite": "PiecewiseLinear",
    }

    ends = True
    milestone = "point"

    @property
    def milestones(self) -> tuple[int, ...]:
        return tuple(step for step, _ in self.points[1:])

    def at(self, t: Array) -> Array:
        steps, rates = (np.array(column, t.dtype) for column in zip(*self.points, strict=True))
        before = np.searchsorted(steps, t, side="right") - 1
        after = np.minimum(before + 1, steps.size - 1)
        first, last = rates[before], rates[after]
        # Past the last point, which is before and after there, any part of no way will do.
        part = (t - steps[before]) / np.maximum(steps[after] - steps[before], 1)
        if self.cosine:
            return last + (first - last) / 2 * (cos(np.pi * part) + 1)
        return (last - first) * part + first

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import choice

        cases: list[tuple[int, Any]] = []
        for (step, first), (after, last) in itertools.pairwise(self.points):
            part = (t - step) / (after - step)
            wave = last + (first - last) / 2 * (cos(np.pi * part) + 1)
            cases.append((step, wave if self.cosine else (last - first) * part + first))
        rate: Code | float = choice(t, [*cases, self.points[-1]])
        return rate

    @property
    def length(self) -> int | None:
        """The last point; None if there is but one."""
        return self.points[-1][0] or None

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed(self.milestones), Listed(self._jumps(), jump=True))

    def _jumps(self) -> list[int]:
        """Return the steps at which a level stretch goes over into another within one step."""
        (*_, (last, rate)) = self.points
        held = (*self.points, (last + 1, rate))
        fours = zip(held, held[1:], held[2:], held[3:], strict=False)
        return [
            step
            for (_, rate_0), (before, rate_1), (step, rate_2), (_, rate_3) in fours
            if step - before == 1 and rate_0 == rate_1 and rate_2 == rate_3
        ]
