"""Schedules that follow one another."""

import itertools
from functools import cached_property
from typing import Annotated

from ..errors import ParameterError
from ..schedules.base import Example, Schedule, joined
from ..schedules.fields import Param
from ..schedules.numeric import LAST_STEP
from ..schedules.placed import Placed


def _flat(stages: tuple[Schedule, ...]) -> tuple[Schedule, ...]:
    """Return the stages of which some schedules, which may be chains themselves, consist."""
    return tuple(
        stage for one in stages for stage in (one.stages if isinstance(one, Chain) else (one,))
    )


class Chain(Schedule, name="chain"):
    """Follow each of `stages` for its own length, from its own step 0; the last one for good."""

    stages: Annotated[tuple[Schedule, ...], Param("the schedules, written A/B/C", canonical=_flat)]

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

    unnamed = True

    def check(self) -> None:
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
    def placed(self) -> tuple[Placed, ...]:
        starts = (0, *itertools.accumulate(stage.length or 0 for stage in self.stages[:-1]))
        ends = (*starts[1:], LAST_STEP)
        placed = zip(self.stages, starts, ends, strict=True)
        return tuple(Placed(stage, start, start, end) for stage, start, end in placed)

    @property
    def length(self) -> int:
        """The lengths of the stages; a last one without end counts as long as all before it."""
        last = self.placed[-1]
        return 2 * last.start if last.end is None else last.end

    def spelled(self) -> tuple[str, int]:
        return joined(self.stages)

    def spelled_whole(self) -> tuple[str, int]:
        text, still_open = self.spelled()
        return f"chain/{text}", still_open + 1
