"""TorchTitan 0.3: torchtitan.components.lr_scheduler.

The parameters are the fields of LRSchedulersContainer.Config.
"""

from typing import Annotated, Literal

from ...errors import say_of_run
from ...schedules.fields import Param
from .. import kinds
from ..composing import build, in_turn, refusal, warmed_up

TITLE = "TorchTitan 0.3"
MODULES = (
    "torchtitan.components.lr_scheduler",
    "torchtitan.components.optimizer.lr_scheduler",
    "torchtitan.components.optimizer",
)

_FAMILIES = {"linear": "linear", "sqrt": "power", "cosine": "cosine"}

KINDS = {
    kinds.Steps: "warmup_steps",
    kinds.Horizon: "total_steps training_steps",
    Annotated[float, Param("a part of the run", at_least=0)]: "decay_ratio",
    Annotated[Literal["linear", "sqrt", "cosine"], Param("the shape of the decay")]: "decay_type",
    kinds.Factor: "min_lr_factor",
}

EXAMPLES = {
    "LRSchedulersContainer": "optimizer, warmup_steps=10, total_steps=100, lr=0.1",
}


def LRSchedulersContainer(
    optimizer, warmup_steps=200, total_steps=None, decay_ratio=None, decay_type="linear",
    min_lr_factor=0.0, *, training_steps=None, horizon=None, lr,
):  # fmt: skip
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
