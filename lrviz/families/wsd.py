"""Warmup, a plateau and a decay."""

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from ..errors import ParameterError
from ..schedules.base import Example, Schedule
from ..schedules.decay import EndRate
from ..schedules.fields import LearningRate, Param
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array, Dtype, Steps, cos, power, scalars
from ..schedules.placed import Phase

if TYPE_CHECKING:
    from ..schedules.code import Code


class WarmupStableDecay(Schedule, name="wsd"):
    """Rise to `lr` during the warmup, stay there, and fall to `end` at the very last."""

    lr: LearningRate
    steps: Annotated[
        int,
        Param(
            "length of all three phases",
            unit="steps",
            at_least=1,
            also=("num_training_steps", "total_steps", "lr_decay_steps"),
        ),
    ]
    warmup: Annotated[
        int,
        Param(
            "length of the warmup; 0 for none",
            unit="steps",
            at_least=0,
            also=("num_warmup_steps", "warmup_steps", "warmup_t"),
        ),
    ]
    decay: Annotated[
        int,
        Param(
            "length of the decay",
            unit="steps",
            at_least=1,
            also=("num_decay_steps", "decay_t", "wsd_decay_steps"),
        ),
    ]
    start: Annotated[
        float, Param("rate at step 0", unit="rate", at_least=0, also=("warmup_lr_init",))
    ] = 0.0
    end: EndRate = 0.0
    shape: Annotated[
        Literal["linear", "cosine", "sqrt", "exp"],
        Param("how it falls", also=("decay_type", "decay_fn", "lr_wsd_decay_style")),
    ] = "linear"

    formula = (
        "start + (lr - start) * t / warmup while t < warmup, then end + (lr - end) * f(q), with "
        "q = max(0, t - (steps - decay)) / decay, at most 1, and f by shape: linear 1 - q, "
        "cosine (1 + cos(pi * q)) / 2, sqrt 1 - sqrt(q), exp 2 * 0.5 ^ q - 1"
    )
    examples = (
        Example(
            "wsd:lr=0.0003,steps=100,warmup=10,decay=30",
            {0: 0.0, 1: 0.00003, 10: 0.0003, 70: 0.0003, 85: 0.00015, 100: 0.0},
            "Transformers 5.23 warmup_stable_decay(decay_type='linear'), recorded",
        ),
        Example(
            "wsd:lr=0.1,steps=50,warmup=0,decay=10,shape=sqrt",
            {0: 0.1, 40: 0.1, 41: 0.06837722340, 45: 0.02928932188, 50: 0.0},
            "timm 1.0.31 WSDLRScheduler(t_initial=50, decay_t=10); Haegele et al. 2024",
        ),
    )
    elsewhere = {
        "Transformers": "warmup_stable_decay (cosine unless given; min_lr_ratio lifts the warmup)",
        "timm": "WSDLRScheduler (t_initial leaves out the warmup; 1-sqrt unless given)",
        "Megatron-LM": "WSD",
        "torchtitan": "LRSchedulersContainer (warmup is one step early)",
        "MiniCPM": "the WSD schedule of Hu et al. 2024",
    }

    def check(self) -> None:
        if self.warmup + self.decay > self.steps:
            raise ParameterError(
                "wsd",
                "",
                f"warmup and decay take {self.warmup + self.decay} steps, more than "
                f"the {self.steps} that there are; raise steps",
                parameter="steps",
            )

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        lr, start, end = scalars(np.empty(0, dtype), self.lr, self.start, self.end)
        passed = np.clip(steps - self.stop, 0, self.decay).astype(dtype) / self.decay
        left = self.left(passed)
        # A sum of shares, in place of a difference from the end, has exactly lr where all is left.
        rates = lr * left + end * (1 - left)
        warm = steps < self.warmup
        if warm.any():
            share = steps[warm].astype(dtype) / self.warmup
            rates[warm] = lr * share + start * (1 - share)
        return rates

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import choice, least

        first = (self.lr - self.start) * t / self.warmup + self.start if self.warmup else self.lr
        left = self.left(least(t - self.stop, self.decay) / self.decay)
        stages = (
            (0, self.warmup, first),
            (self.warmup, self.stop, self.lr),
            (self.stop, None, (self.lr - self.end) * left + self.end),
        )
        rate: Code = choice(t, [(start, rate) for start, stop, rate in stages if start != stop])
        return rate

    def left(self, passed: Array) -> Array:
        """Return how much of the fall is left when some of the decay has passed."""
        if self.shape == "linear":
            return 1 - passed
        if self.shape == "cosine":
            return 0.5 * (1 + cos(np.pi * passed))
        if self.shape == "sqrt":
            root: Array = np.sqrt(passed)
            return 1 - root
        (half,) = scalars(passed, 0.5)
        return 2 * power(half, passed) - 1

    @property
    def stop(self) -> int:
        """The last step before the decay."""
        return self.steps - self.decay

    falls = True
    ends = True

    @property
    def warm_at(self) -> int:
        return self.warmup

    @property
    def length(self) -> int:
        return self.steps

    @property
    def knots(self) -> tuple[Knots, ...]:
        # A decay of a single step is a jump.
        return (Listed([self.warmup, self.stop]), Listed([self.steps], jump=self.decay == 1))

    @property
    def phases(self) -> tuple[Phase, ...]:
        found = (
            Phase("warmup", 0, self.warmup),
            Phase("stable", self.warmup, self.stop),
            Phase("decay", self.stop, self.steps),
        )
        return tuple(phase for phase in found if phase.start != phase.stop)
