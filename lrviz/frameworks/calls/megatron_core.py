"""Megatron-Core 0.16: megatron.core.optimizer_param_scheduler.

It counts samples: Megatron passes its iterations times the global batch size, and steps by that.
"""

from typing import Annotated, Literal

from ...schedules.base import Schedule
from ...schedules.fields import Param, number_text
from .. import kinds
from ..composing import build, in_turn, refusal, warmed_up

TITLE = "Megatron-Core 0.16"
MODULES = ("megatron.core.optimizer_param_scheduler",)

_SHAPES = {"linear": "linear", "cosine": "cosine", "exponential": "exp", "minus_sqrt": "sqrt"}

KINDS = {
    kinds.Rate: "init_lr max_lr min_lr",
    kinds.Steps: "lr_warmup_steps wsd_decay_steps",
    kinds.Period: "lr_decay_steps increment",
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


def OptimizerParamScheduler(
    optimizer, init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps, lr_decay_style,
    start_wd, end_wd, wd_incr_steps, wd_incr_style, use_checkpoint_opt_param_scheduler=True,
    override_opt_param_scheduler=False, wsd_decay_steps=None, lr_wsd_decay_style=None, *,
    increment=1, lr: kinds.UnusedRate = None,
):  # fmt: skip
    """Rise from `init_lr` to `max_lr`, then fall to `min_lr`, in the style that is given.

    lr_decay_steps counts from the beginning, warmup included, and the full rate is first in force
    at `lr_warmup_steps`. After lr_decay_steps the rate is min_lr, to which inverse-square-root
    drops at once; only constant never falls. All steps here are Megatron's own, which are samples:
    with increment=256 an update moves on by 256 of them.
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
        rule = f"must be below lr_decay_steps, {lr_decay_steps}, not {lr_warmup_steps}"
        raise refusal(call, "lr_warmup_steps", rule)
    length = lr_decay_steps - lr_warmup_steps
    match lr_decay_style:
        case "constant":
            rates = build("const", lr=max_lr)
        case "linear" | "cosine":
            rates = build(lr_decay_style, lr=max_lr, steps=length, end=min_lr)
        case "inverse-square-root":
            rates = _inverse_sqrt(max_lr, min_lr, lr_warmup_steps, length)
        case "WSD":
            if wsd_decay_steps is None:
                raise refusal(call, "wsd_decay_steps", "must be given for WSD")
            if lr_wsd_decay_style is None:
                raise refusal(call, "lr_wsd_decay_style", "must be given for WSD")
            rates = _stable_decay(
                max_lr,
                min_lr,
                lr_warmup_steps,
                length,
                wsd_decay_steps,
                _SHAPES[lr_wsd_decay_style],
            )
    rates = warmed_up(lr_warmup_steps, init_lr, max_lr, rates)
    return rates if increment == 1 else build("stepped", of=rates, by=increment)


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
