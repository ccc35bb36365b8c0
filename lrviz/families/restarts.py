"""A decay that is run again and again."""

import math
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from ..errors import ParameterError
from ..schedules.base import Example, Schedule
from ..schedules.cycles import Cycles, CycleStarts
from ..schedules.decay import Decay
from ..schedules.fields import Param, number_text
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import LAST_STEP, Array, power, scalars
from ..schedules.placed import Placed

if TYPE_CHECKING:
    from ..schedules.code import Code

_MOST_CODED = 16


class Restarts(Schedule, name="restarts"):
    """Run a decay again and again, in cycles that may grow and sink.

    Every cycle lands on the `end` of the decay, which is the rate after the last one too.
    """

    t_mul: Annotated[
        float,
        Param("how many times as long the next cycle is", above=0, also=("cycle_mul", "T_mult")),
    ] = 1.0
    m_mul: Annotated[
        float,
        Param("how many times as high the next peak is", at_least=0, also=("cycle_decay",)),
    ] = 1.0
    times: Annotated[
        int | None,
        Param(
            "how many cycles there are; no end of them unless given",
            at_least=1,
            at_most=LAST_STEP,
            also=("cycle_limit",),
        ),
    ] = None
    of: Annotated[Schedule, Param("the decay that is repeated")]

    formula = (
        "(lr * m_mul ^ i - end) * f + end in cycle i, with lr and end of the decay, "
        "where f falls from 1 to 0 as the decay does, in steps * t_mul ^ i steps"
    )
    examples = (
        Example(
            "restarts:t_mul=2,m_mul=0.5,times=3/cosine:lr=10,steps=10,end=0.01",
            {0: 10.0, 9: 0.25447270110570813, 10: 5.0, 30: 2.5, 69: 0.013837919502255686, 70: 0.01},
            "timm 1.0.31 CosineLRScheduler(10, lr_min=0.01, cycle_mul=2.0, cycle_limit=3, "
            "cycle_decay=0.5), recorded",
        ),
        Example(
            "restarts:t_mul=2,m_mul=0.5,times=3/linear:lr=0.1,steps=10,end=0.0001",
            {0: 0.1, 10: 0.05, 29: 0.002595, 30: 0.025, 69: 0.0007225, 70: 0.0001},
            "timm 1.0.31 PolyLRScheduler(10, power=1.0, lr_min=0.0001, cycle_mul=2.0, "
            "cycle_limit=3, cycle_decay=0.5), recorded",
        ),
        Example(
            "restarts:t_mul=3/cosine:lr=1,steps=4,end=0.05",
            {3: 0.18912427893638994, 4: 1.0, 16: 1.0, 51: 0.051807518406420866, 52: 1.0, 160: 1.0},
            "PyTorch 2.13 CosineAnnealingWarmRestarts(4, T_mult=3, eta_min=0.05), recorded",
        ),
    )
    elsewhere = {
        "timm": "cycle_mul, cycle_decay, cycle_limit",
        "PyTorch": "CosineAnnealingWarmRestarts (eta_min is the end of the cosine)",
    }

    def check(self) -> None:
        if not isinstance(self.of, Decay):
            raise ParameterError(
                "restarts",
                "",
                "what is repeated must be one decay that lands on an end, such as "
                f"cosine:lr=0.1,steps=10, not {self.of.name}; close it with /end where another "
                "schedule follows",
                parameter="of",
            )
        if self.of.way.part:
            raise ParameterError(
                "restarts",
                "",
                f"every cycle lands on the same rate, which {self.of.way.part} does not name; "
                f"give {self.of.name} end=RATE in its place",
                parameter="of",
            )
        if self.t_mul < 1 and self.times is None:
            last = number_text(self.of.steps / (1 - self.t_mul))
            raise ParameterError(
                "restarts",
                "",
                f"with t_mul={number_text(self.t_mul)} all cycles, without end, lie "
                f"before step {last}; say how many there are, times=COUNT",
                parameter="t_mul",
            )

    @cached_property
    def decay(self) -> Decay:
        """What is repeated."""
        assert isinstance(self.of, Decay)  # as `check` has made sure
        return self.of

    @property
    def cycles(self) -> Cycles:
        return Cycles(self.decay.steps, self.t_mul)

    @cached_property
    def stop(self) -> float:
        """Where the last cycle ends."""
        if self.times is None:
            return np.inf
        return float(self.cycles.start(np.array([float(self.times)]))[0])

    def at(self, t: Array) -> Array:
        exact = t.astype(np.float64, copy=False)
        runs = exact < self.stop
        number, time = self.position(np.minimum(exact, self.stop))
        m_mul, last = scalars(t, self.m_mul, self.decay.end)
        peak = self.decay.lr * power(m_mul, number.astype(t.dtype, copy=False))
        rates = (peak - last) * self.decay.left(time.astype(t.dtype, copy=False)) + last
        return np.where(runs, rates, last)

    def code(self, t: "Code") -> "Code | float":
        """Return the rate at the step `t`; of a few cycles that grow, each by itself."""
        if self.t_mul == 1 or self.times is None or self.times > _MOST_CODED:
            return super().code(t)
        from ..schedules.code import choice

        cases: list[tuple[int, Any]] = []
        for i, start in enumerate(self.cycles.start(np.arange(self.times + 0.0)).tolist()):
            whole = int(start) if start.is_integer() else start
            peak, longer = self.decay.lr * self.m_mul**i, self.t_mul**i
            left = self.decay.left((t - whole) / longer)
            cases.append((math.ceil(start), (peak - self.decay.end) * left + self.decay.end))
        rate: Code = choice(t, [*cases, (self.length, self.decay.end)])
        return rate

    def position(self, t: Array) -> tuple[Array, Array]:
        """Return the number of the cycle at `t`, and the step of the decay that it is at."""
        number = self.cycles.number(t)
        if self.times is not None:
            number = np.minimum(number, self.times - 1)
        # Shrinking cycles may become shorter than any number.
        longer = np.maximum(power(np.float64(self.t_mul), number), np.finfo(np.float64).tiny)
        time = (t - self.cycles.start(number)) / longer
        return number, np.minimum(np.maximum(time, 0), self.decay.steps)

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Nothing: what is repeated has no one place."""
        return ()

    @property
    def ends(self) -> bool:
        return self.times is not None

    @property
    def cycle_length(self) -> float | None:
        return self.decay.steps if self.t_mul == 1 and self.times is None else None

    @property
    def length(self) -> int:
        """All cycles; four if they do not end."""
        return self.cycles.length(4 if self.times is None else self.times)

    @property
    def knots(self) -> tuple[Knots, ...]:
        if self.times is None:
            return (CycleStarts(self.cycles),)
        most, stop = self.times - 1, self.length
        if self.t_mul < 1:  # the later ones all begin between two steps
            most = min(most, int(self.cycles.number(np.array([stop - 1.0]))[0]) + 1)
        short = any(knots.jump for knots in self.decay.knots)  # of its end
        return (CycleStarts(self.cycles, most), Listed([stop], jump=short))
