"""TorchTitan 0.3: torchtitan.components.lr_scheduler.

The parameters are the fields of LRSchedulersContainer.Config.
"""

from typing import Annotated, Literal

from ...errors import say_of_run
from ...schedules.base import Schedule
from ...schedules.fields import Param
from ..base import BaseRate, Factor, Optimizer, Steps, build, in_turn, refusal, warmed_up

TITLE = "TorchTitan 0.3"
MODULES = (
    "torchtitan.components.lr_scheduler",
    "torchtitan.components.optimizer.lr_scheduler",
    "torchtitan.components.optimizer",
)

Total = Annotated[int | None, Param("the length of the run", unit="steps", at_least=1)]
Ratio = Annotated[float | None, Param("a part of the run", at_least=0)]
Shape = Annotated[Literal["linear", "sqrt", "cosine"], Param("the shape of the decay")]

_FAMILIES = {"linear": "linear", "sqrt": "power", "cosine": "cosine"}


def LRSchedulersContainer(
    optimizer: Optimizer,
    warmup_steps: Steps = 200,
    total_steps: Total = None,
    decay_ratio: Ratio = None,
    decay_type: Shape = "linear",
    min_lr_factor: Factor = 0.0,
    *,
    training_steps: Total = None,
    horizon: Total = None,
    lr: BaseRate,
) -> Schedule:
    """Rise to the optimizer's rate, stay there, and fall at the end of the run.

    The first update already has a part of the rate, and the full rate comes a step early, at
    warmup_steps - 1. The decay lasts decay_ratio of the run, or all after the warmup. It ends one
    step after the last update, which so has more than the minimum, and it goes on past that: linear
    and sqrt fall below 0, which is an error here.
    """
    total = total_steps or training_steps or horizon
    if total is None:
        rule = "is the length of the run; " + say_of_run("horizon", 1000, inside="total_steps")
        raise refusal("LRSchedulersContainer", "total_steps", rule)
    warmup = min(warmup_steps, total)
    decay = total - warmup
    if decay_ratio is not None:
        decay = min(decay, round(total * decay_ratio))
    rates = build("const", lr=lr)
    if decay > 0:
        family, end = _FAMILIES[decay_type], lr * min_lr_factor
        fall = build(family, lr=lr, end=end, steps=decay, unclamped=True)
        rates = in_turn((rates, total + 1 - warmup - decay), then=fall)
    return build("shift", of=warmed_up(warmup, 0, lr, rates), steps=-1)
