"""Schedules that follow one another."""

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np

from ..errors import LrvizError, ParameterError
from ..schedules.base import Example, Phase, Schedule, joined
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed, Moved
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps


@dataclass(frozen=True, kw_only=True)
class Chain(Schedule, name="chain"):
    """Follow each of `stages` for its own length, from its own step 0; the last one for good."""

    stages: Annotated[tuple[Schedule, ...], Param("the schedules, written A/B/C")]

    formula = "A(t) while t < length of A, then B(t - length of A), and so on"
    examples = (
        Example(
            "const:lr=0.1,for=100/exp:lr=0.1,rate=0.9,steps=100",
            {0: 0.1, 99: 0.1, 100: 0.1, 200: 0.09, 300: 0.081},
            "Optax 0.2.8 join_schedules",
        ),
    )
    elsewhere = {
        "Optax": "join_schedules",
        "PyTorch": "SequentialLR",
    }

    def check(self) -> None:
        flat = itertools.chain.from_iterable(
            stage.stages if isinstance(stage, Chain) else (stage,) for stage in self.stages
        )
        object.__setattr__(self, "stages", tuple(flat))
        if len(self.stages) < 2:
            raise ParameterError("chain", "stages", "must be at least two schedules, written A/B")
        for i, stage in enumerate(self.stages[:-1]):
            if stage.length is None:
                raise ParameterError(
                    "",
                    "",
                    f"{stage} has no end of its own, so nothing can follow it; "
                    "say how many steps it lasts, for=STEPS",
                    parameter="stages",
                    member=i,
                )

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The step at which each stage begins."""
        lengths = (stage.length or 0 for stage in self.stages[:-1])
        return tuple(itertools.accumulate(lengths, initial=0))

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        rates = np.empty(steps.shape, dtype)
        number = np.searchsorted(self.starts, steps, side="right") - 1
        for i in np.flatnonzero(np.bincount(number)):
            here = number == i
            rates[here] = self.stages[i].values(steps[here] - self.starts[i], dtype)
        return rates

    @property
    def length(self) -> int:
        """The lengths of the stages; a last one without end counts as long as all before it."""
        last, begin = self.stages[-1].length, self.starts[-1]
        return begin + (begin if last is None else last)

    @property
    def knots(self) -> tuple[Knots, ...]:
        found: list[Knots] = []
        for i, (stage, start) in enumerate(zip(self.stages, self.starts, strict=True)):
            is_last = i == len(self.stages) - 1
            stop = LAST_STEP if is_last else self.starts[i + 1] - start
            found += [Moved(knots, start, 0, stop) for knots in stage.knots]
            if not is_last:
                found.append(Listed([start + stop], jump=self._jumps(i, stop)))
        return tuple(found)

    def _jumps(self, i: int, end: int) -> bool:
        """Return whether stage `i` at its `end` is elsewhere than the next stage begins."""
        try:
            return not math.isclose(self.stages[i](end), self.stages[i + 1](0))
        except LrvizError:  # the stage goes on to where no rate is, but the chain does not
            return True

    @property
    def phases(self) -> tuple[Phase, ...]:
        pairs = zip(self.stages, self.starts, strict=True)
        return tuple(phase.moved(start) for stage, start in pairs for phase in stage.phases)

    def spelled(self) -> tuple[str, int]:
        return joined(self.stages)

    def spelled_whole(self) -> tuple[str, int]:
        text, still_open = self.spelled()
        return f"chain/{text}", still_open + 1
