"""Megatron-Core 0.16: megatron.core.optimizer_param_scheduler.

It counts samples: Megatron passes its iterations times the global batch size, and steps by that.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from ...errors import shown
from ...schedules.base import Schedule
from ...schedules.fields import Param, number_text
from .. import kinds
from ..composing import build, in_turn, refusal, warmed_up

TITLE = "Megatron-Core 0.16"
MODULES = ("megatron.core.optimizer_param_scheduler",)

_SHAPES = {"linear": "linear", "cosine": "cosine", "exponential": "exp", "minus_sqrt": "sqrt"}

_FINEST = 1_000_000
"""Into how many parts a step is split at most, where the warmup is no whole number."""

KINDS = {
    kinds.Rate: "init_lr max_lr min_lr",
    Annotated[float, Param("a number of steps", unit="steps", at_least=0)]: "lr_warmup_steps",
    kinds.Steps: "wsd_decay_steps",
    kinds.Period: "lr_decay_steps increment",
    kinds.Raw: "rampup",
    Annotated[
        Literal["constant", "linear", "cosine", "inverse-square-root", "WSD"],
        Param("the shape of the decay"),
    ]: "lr_decay_style",
    kinds.Ignored: (
        "start_wd end_wd wd_incr_steps wd_incr_style "
        "use_checkpoint_opt_param_scheduler override_opt_param_scheduler"
    ),
    Annotated[
        Literal["linear", "cosine", "exponential", "minus_sqrt"],
        Param("the shape of the decay at the end"),
    ]: "lr_wsd_decay_style",
}

EXAMPLES = {
    "OptimizerParamScheduler": (
        "optimizer, init_lr=0.0, max_lr=0.1, min_lr=0.01, lr_warmup_steps=10, "
        "lr_decay_steps=100, lr_decay_style='cosine'"
    ),
}


def OptimizerParamScheduler(
    optimizer, init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps, lr_decay_style,
    start_wd, end_wd, wd_incr_steps, wd_incr_style, use_checkpoint_opt_param_scheduler=True,
    override_opt_param_scheduler=False, wsd_decay_steps=None, lr_wsd_decay_style=None, *,
    increment=1, rampup=(), lr: kinds.UnusedRate = None,
):  # fmt: skip
    """Rise from `init_lr` to `max_lr`, then fall to `min_lr`, in the style that is given.

    lr_decay_steps counts from the beginning, warmup included, and the full rate is first in force
    at `lr_warmup_steps`, which need not be whole. After lr_decay_steps the rate is min_lr, to which
    inverse-square-root drops at once; only constant never falls. All steps here are Megatron's own,
    which are samples: with increment=256 an update moves on by 256 of them. The batches before that
    are rampup, each as its size and its updates: rampup=[(64, 10), (128, 5)].
    """
    call = "OptimizerParamScheduler"
    if max_lr < min_lr:
        raise refusal(
            call,
            "max_lr",
            f"must be at least min_lr, {number_text(min_lr)}, not {number_text(max_lr)}",
        )
    if init_lr > max_lr:
        raise refusal(
            call,
            "init_lr",
            f"must be at most max_lr, {number_text(max_lr)}, not {number_text(init_lr)}",
        )
    if lr_warmup_steps >= lr_decay_steps:
        given = number_text(lr_warmup_steps)
        rule = f"must be below lr_decay_steps, {lr_decay_steps}, not {given}"
        raise refusal(call, "lr_warmup_steps", rule)
    # A warmup that is no whole number is one in parts of a step, and so is then all else.
    parts = Fraction(lr_warmup_steps).limit_denominator(_FINEST).denominator
    warmup, length = round(lr_warmup_steps * parts), lr_decay_steps * parts
    length -= warmup
    match lr_decay_style:
        case "constant":
            rates = build("const", lr=max_lr)
        case "linear" | "cosine":
            rates = build(lr_decay_style, lr=max_lr, steps=length, end=min_lr)
        case "inverse-square-root":
            rates = _inverse_sqrt(max_lr, min_lr, warmup, length)
        case "WSD":
            if wsd_decay_steps is None:
                raise refusal(call, "wsd_decay_steps", "must be given for WSD")
            if lr_wsd_decay_style is None:
                raise refusal(call, "lr_wsd_decay_style", "must be given for WSD")
            rates = _stable_decay(
                max_lr,
                min_lr,
                warmup,
                length,
                wsd_decay_steps * parts,
                _SHAPES[lr_wsd_decay_style],
            )
    rates = warmed_up(warmup, init_lr, max_lr, rates)
    return _stepped(
        rates, [(size * parts, updates) for size, updates in _ramp(rampup)], increment * parts
    )


def _ramp(rampup: Any) -> list[tuple[int, int]]:
    """Return pairs of a size and its updates; ParameterError if they are something else."""
    pairs = list(rampup) if isinstance(rampup, list | tuple) else [rampup]
    for pair in pairs:
        numbers = pair if isinstance(pair, list | tuple) else ()
        if len(numbers) != 2 or not all(type(one) is int and one > 0 for one in numbers):
            rule = f"must be pairs of a size and its updates, both above 0, not {shown(pair)}"
            raise refusal("OptimizerParamScheduler", "rampup", rule)
    return [(size, updates) for size, updates in pairs]


def _stepped(rates: Schedule, ramp: Sequence[tuple[int, int]], last: int) -> Schedule:
    """Return a schedule that each update moves on by a size of the ramp, and then by the last."""
    stages, seen = [], 0
    for size, updates in [*ramp, (last, 0)]:
        begun = build("shift", of=rates, steps=-seen) if seen else rates
        stages.append((build("stepped", of=begun, by=size) if size > 1 else begun, updates))
        seen += size * updates
    return in_turn(*stages[:-1], then=stages[-1][0])


def _inverse_sqrt(top: float, low: float, warmup: int, length: int) -> Schedule:
    """Return the rates after the warmup: a decay with a floor, which drops to that at the end."""
    decay = build("inverse_sqrt", lr=top, steps=max(warmup, 1))
    if warmup == 0:
        decay = build("shift", of=decay, steps=1)
    if low > 0:
        decay = build("floor", of=decay, value=low)
    return in_turn((decay, length + 1), then=build("const", lr=low))


def _stable_decay(
    top: float, low: float, warmup: int, length: int, decay: int, shape: str
) -> Schedule:
    """Return the rates after the warmup: level, then a decay in the last `decay` steps."""
    if decay == 0:
        return in_turn((build("const", lr=top), length + 1), then=build("const", lr=low))
    steps, level = max(length, decay), build("const", lr=top)
    rates = build("wsd", lr=top, steps=steps, warmup=0, decay=decay, end=low, shape=shape)
    if decay <= length:
        return rates
    # It begins during the warmup, whose last step still has the full rate.
    begun = decay - length
    if warmup == 0:
        return build("shift", of=rates, steps=-begun)
    return in_turn((level, 1), then=build("shift", of=rates, steps=-begun - 1))
