"""MMEngine 0.10: mmengine.optim.scheduler, and lists of its schedulers as a config holds them.

A scheduler acts only from step `begin` up to `end`, which is exclusive, on a clock of its own that
starts at `begin`; before and after that it leaves the rate alone.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from ...errors import say_of_run
from ...schedules.base import Schedule
from ...schedules.fields import Param
from .. import kinds
from ..composing import build, check_held, in_turn, refusal, signed_as
from ..in_force import Cut, InForce, call_text
from ..mmengine_clock import (
    NEVER,
    counts_epochs,
    in_steps,
    placed,
    stepped_by_epoch,
    unreadable,
    updates_in_an_epoch,
    window_of,
)
from ..mmengine_in_turn import Held, overlap, plan, sequence

TITLE = "MMEngine 0.10"
MODULES = ("mmengine.optim", "mmengine.optim.scheduler")

Begin = Annotated[float, Param("the first step at which it acts", unit="steps", at_least=0)]
End = Annotated[float, Param("the step from which on it acts no more", unit="steps", at_least=1)]
SomeSteps = Annotated[float, Param("a number of steps", unit="steps", at_least=0)]
Lengths = Annotated[tuple[float, ...], Param("steps", unit="steps", at_least=0)]

KINDS = {
    kinds.Length: "step_size",
    kinds.Factor: "gamma eta_min_ratio",
    Begin: "begin",
    End: "end",
    kinds.NotResumed: "last_step",
    kinds.EpochLength: "epoch_length",
    Lengths: "milestones periods",
    kinds.Part: "factor start_factor end_factor pct_start",
    SomeSteps: "T_max total_steps",
    kinds.Rate: "eta_min eta_max min_value eps",
    kinds.Exponent: "power",
    kinds.Anneal: "anneal_strategy",
    kinds.Divisor: "div_factor final_div_factor",
    Annotated[tuple[float, ...], Param("factors", at_least=0)]: "restart_weights",
    kinds.Ignored: "monitor",
    Annotated[Literal["less", "greater"], Param("which metric is better")]: "rule",
    kinds.Count: "patience cooldown",
    kinds.Threshold: "threshold",
    kinds.Relative: "threshold_rule",
    tuple[kinds.Member, ...]: "schedulers",
}

EXAMPLES = {
    "ConstantLR": "optimizer, factor=0.5, end=40, lr=0.1",
    "LinearLR": "optimizer, start_factor=0.1, end=40, lr=0.1",
    "CosineAnnealingLR": "optimizer, T_max=100, lr=0.1",
    "PolyLR": "optimizer, power=2.0, end=100, lr=0.1",
    "OneCycleLR": "optimizer, eta_max=0.1, total_steps=100",
    "CosineRestartLR": (
        "optimizer, periods=[30, 60], restart_weights=[1, 0.5], eta_min=0.01, lr=0.1"
    ),
    "param_scheduler_list": (
        "optimizer, [LinearLR(optimizer, start_factor=0.1, end=10), "
        "CosineAnnealingLR(optimizer, T_max=90, begin=10, end=100)], lr=0.1"
    ),
}

_CURVES: dict[str, Callable[..., Schedule]] = {}
"""The rates of each scheduler on its own clock, from its arguments in its own steps."""


def _scheduler(curve: Callable[..., Schedule]) -> Callable[..., Schedule]:
    """Return the call of a scheduler, of which `curve` gives the rates on its own clock."""
    _CURVES[curve.__name__] = curve

    def call(**given: Any) -> Schedule:
        arguments = in_steps(curve.__name__, given)
        window, lr = window_of(arguments), arguments["lr"]
        return stepped_by_epoch(placed(curve(**arguments), window, lr), arguments)

    own = {"convert_to_iter_based": False, "epoch_length": None, "steps_per_epoch": None}
    return signed_as(curve, call, hides="clock", **own)


@_scheduler
def StepLR(
    optimizer, step_size, gamma=0.1, begin=0, end=NEVER, last_step=-1, by_epoch=True,
    verbose=False, *, lr, **clock
):  # fmt: skip
    """Multiply the rate by `gamma` every `step_size` steps, counted from `begin`.

    The drop is in force at the step begin + step_size itself. From `end` on nothing changes. A step
    is an epoch unless steps_per_epoch is known or by_epoch=False.
    """
    return build("step", lr=lr, rate=gamma, steps=step_size)


@_scheduler
def MultiStepLR(
    optimizer, milestones, gamma=0.1, last_step=-1, begin=0, end=NEVER, by_epoch=True,
    verbose=False, *, lr, **clock
):  # fmt: skip
    """Multiply the rate by `gamma` at each of the milestones, which count from `begin`.

    The drop is in force at the milestone itself. One that is given twice counts twice; those from
    `end` on do not count. A step is an epoch unless steps_per_epoch is known or by_epoch=False.
    """
    if not milestones:
        return build("const", lr=lr)
    return build("multistep", lr=lr, rate=gamma, drops=milestones)


@_scheduler
def ConstantLR(
    optimizer, factor=1 / 3, begin=0, end=NEVER, last_step=-1, by_epoch=True, verbose=False, *,
    lr, **clock
):  # fmt: skip
    """Multiply the rate by `factor` from step `begin` on, and undo that at step end - 1.

    That is one step earlier than `end` says. Without an end, or if begin + 1 is the end, the factor
    stays for ever. A step is an epoch unless steps_per_epoch is known or by_epoch=False.
    """
    last = end - begin - 1
    if last == 0 or end == NEVER:
        return build("const", lr=lr * factor)
    if factor == 0:
        raise refusal("ConstantLR", "factor", "must be above 0, not 0, by which MMEngine divides")
    return build("piecewise", points=((0, lr * factor), (last, lr)))


@_scheduler
def LinearLR(
    optimizer, start_factor=1 / 3, end_factor=1.0, begin=0, end=NEVER, last_step=-1,
    by_epoch=True, verbose=False, *, lr, **clock
):  # fmt: skip
    """Go in a straight line from `start_factor` to `end_factor` times the rate.

    It gets there at step end - 1, not at `end`: a scheduler that begins at `end` has the same rate
    for a second step. Without an end the way is a billion steps long. A step is an epoch unless
    steps_per_epoch is known or by_epoch=False.
    """
    last = end - begin - 1
    if last == 0:
        return build("const", lr=lr * start_factor)
    if start_factor == 0:
        rule = "must be above 0, not 0, by which MMEngine divides"
        raise refusal("LinearLR", "start_factor", rule)
    return build("linear", lr=lr * start_factor, end=lr * end_factor, steps=last)


@_scheduler
def ExponentialLR(
    optimizer, gamma, begin=0, end=NEVER, last_step=-1, by_epoch=True, verbose=False, *, lr,
    **clock
):  # fmt: skip
    """Multiply the rate by `gamma` at every step after `begin`.

    The last time is at step end - 1. A step is an epoch unless steps_per_epoch is known or
    by_epoch=False. An epoch_length leaves gamma as it is, so that the rate falls far faster.
    """
    return build("exp", lr=lr, rate=gamma, steps=1)


@_scheduler
def CosineAnnealingLR(
    optimizer, T_max=None, eta_min=None, begin=0, end=NEVER, last_step=-1, by_epoch=True,
    verbose=False, eta_min_ratio=None, *, lr, **clock
):  # fmt: skip
    """Fall to `eta_min` in `T_max` steps, along half a wave of a cosine.

    T_max is end - begin unless given, and then eta_min is not quite reached: the last change is at
    step end - 1. Where `end` comes after T_max, the rate climbs again. eta_min_ratio is a fraction
    of the rate. A step is an epoch unless steps_per_epoch is known or by_epoch=False.
    """
    if eta_min is not None and eta_min_ratio is not None:
        rule = "must not be given beside eta_min; keep one of them"
        raise refusal("CosineAnnealingLR", "eta_min_ratio", rule)
    low = lr * eta_min_ratio if eta_min_ratio is not None else eta_min or 0.0
    length = T_max or end - begin
    climbs = end == NEVER or end - begin - 1 > length
    return build("cosine", lr=lr, steps=length, end=low, unclamped=climbs)


@_scheduler
def PolyLR(
    optimizer, eta_min=0, power=1.0, begin=0, end=NEVER, last_step=-1, by_epoch=True,
    verbose=False, *, lr, **clock
):  # fmt: skip
    """Fall to `eta_min` along a power of the part that is left.

    It gets there at step end - 1, not at `end`. Without an end the way is a billion steps long. A
    step is an epoch unless steps_per_epoch is known or by_epoch=False.
    """
    last = end - begin - 1
    if last == 0:
        return build("const", lr=lr)
    return build("poly", lr=lr, steps=last, end=eta_min, power=power)


@_scheduler
def OneCycleLR(
    optimizer, eta_max=0, total_steps=None, pct_start=0.3, anneal_strategy="cos",
    div_factor=25.0, final_div_factor=1e4, three_phase=False, begin=0, end=NEVER, last_step=-1,
    by_epoch=True, verbose=False, *, lr: kinds.UnusedRate = None, **clock
):  # fmt: skip
    """Rise to `eta_max`, then fall far below where it began (the 1cycle policy).

    The optimizer's own rate counts only before `begin`. The cycle begins at eta_max / div_factor,
    and final_div_factor divides that again. Its length is end - begin unless total_steps is given;
    with that and no end, one step more is still given, on the same curve, and the next is an error.
    A step is an epoch unless steps_per_epoch is known or by_epoch=False.
    """
    if begin and lr is None:
        rule = "leaves the optimizer's rate before it; " + say_of_run("lr", 0.1)
        raise refusal("OneCycleLR", "begin", rule)
    if total_steps == 0:
        raise refusal("OneCycleLR", "total_steps", "must be at least 1, not 0")
    start = eta_max / div_factor
    return build(
        "one_cycle",
        lr=eta_max,
        steps=end - begin if total_steps is None else total_steps,
        pct=pct_start,
        start=start,
        end=start / final_div_factor,
        three=three_phase,
        linear=anneal_strategy == "linear",
        unclamped=total_steps is not None and end - begin > total_steps,
    )


@_scheduler
def CosineRestartLR(
    optimizer, periods, restart_weights=(1,), eta_min=None, eta_min_ratio=None, begin=0,
    end=NEVER, last_step=-1, by_epoch=True, verbose=False, *, lr, **clock
):  # fmt: skip
    """Fall along a cosine in each of the periods, from the rate times the period's weight.

    The first weight is in force from `begin` on. The last period stops a step before it has got to
    eta_min, and that rate is held. eta_min_ratio is a fraction of the rate. A step is an epoch
    unless steps_per_epoch is known or by_epoch=False.
    """
    if (eta_min is None) == (eta_min_ratio is None):
        raise refusal("CosineRestartLR", "eta_min", "must be given, or eta_min_ratio, but not both")
    if len(periods) != len(restart_weights):
        rule = f"must be as many as periods: {len(periods)}, not {len(restart_weights)}"
        raise refusal("CosineRestartLR", "restart_weights", rule)
    low = eta_min if eta_min is not None else lr * (eta_min_ratio or 0)
    falls = [
        (build("cosine", lr=lr * weight, steps=period, end=low), int(period))
        for period, weight in zip(periods, restart_weights, strict=True)
        if period
    ]
    if not falls:
        return build("const", lr=lr)
    last, length = falls.pop()
    return in_turn(*falls, then=build("hold", of=last, steps=length - 1))


def ReduceOnPlateauLR(
    optimizer, monitor="loss", rule="less", factor: kinds.Shrinking = 0.1, patience=10,
    threshold=1e-4, threshold_rule="rel", cooldown=0, min_value=0.0, eps=1e-8,
    begin: Annotated[int, Param("epochs", unit="steps", at_least=0)] = 0,
    end: Annotated[int, Param("epochs", unit="steps", at_least=1)] = NEVER, last_step=-1,
    by_epoch=True, verbose=False, *, metrics, steps_per_epoch=None, lr,
):  # fmt: skip
    """Cut the rate when a metric has not got better for a while.

    The cut comes after patience + 1 metrics in a row that are not better; one of less than eps is
    not made. The metric of the first epoch counts as number 1; those below `begin` and from `end`
    on are not looked at. A step is an epoch unless steps_per_epoch is known.
    """
    if end <= begin:
        raise refusal("ReduceOnPlateauLR", "end", f"must be above begin, {begin}, not {end}")
    if not by_epoch:
        raise refusal("ReduceOnPlateauLR", "by_epoch", "must be True: metrics come after an epoch")
    skipped = max(begin - 1, 0)
    # MMEngine begins with a billion as the best metric, not with infinity.
    margin = threshold * NEVER if threshold_rule == "rel" else threshold
    bar = NEVER + margin if (rule, threshold_rule) == ("greater", "rel") else NEVER - margin
    looked_at = tuple(
        metric if (metric if rule == "less" else -metric) < bar else math.nan
        for metric in metrics[skipped : end - 1]
    )
    schedule = build("const", lr=lr)
    if looked_at:
        from .torch import ReduceLROnPlateau

        schedule = ReduceLROnPlateau(
            optimizer, "max" if rule == "greater" else "min", factor, patience, threshold,
            threshold_rule, cooldown, min_value, eps, lr=lr, metrics=looked_at,
        )  # fmt: skip
    if skipped and looked_at:
        schedule = build("shift", of=schedule, steps=skipped)
    return stepped_by_epoch(schedule, {"by_epoch": True, "steps_per_epoch": steps_per_epoch})


def param_scheduler_list(optimizer, schedulers, *, steps_per_epoch=None, lr):
    """Let all schedulers of a config's list act on the same rate, each within its own window.

    At every step each changes the rate that the one before it has left; the rate in force where a
    window begins is what its scheduler goes on from. Metrics come after an epoch's other changes.
    Where a list has schedulers that count epochs and others with by_epoch=False, steps_per_epoch is
    needed, and a step is an update.
    """
    check_held("param_scheduler_list", schedulers, lr)
    if len(schedulers) == 1:
        return schedulers[0].schedule
    if any(member.name == "param_scheduler_list" for member in schedulers):
        raise unreadable("hold param_scheduler_list, which is only read alone; take it out")
    every = updates_in_an_epoch(schedulers, steps_per_epoch)
    metered = [member for member in schedulers if member.name == "ReduceOnPlateauLR"]
    others = [member for member in schedulers if member not in metered]
    held = _held(others, every, lr)
    found = None
    if not metered:
        found = _product(held, lr) if overlap(held) else sequence(held, lr)
    if found is not None:
        all_epochs = all(one.by_epoch for one in held)
        return stepped_by_epoch(found, {"by_epoch": all_epochs, "steps_per_epoch": steps_per_epoch})
    given = {"schedulers": schedulers, "steps_per_epoch": steps_per_epoch, "lr": lr}
    of_epoch = steps_per_epoch or 1
    followed = plan(_held(others, of_epoch, lr), _cuts(metered, of_epoch), lr)
    if metered:
        length = max(len(member.arguments["metrics"]) + 1 for member in metered) * of_epoch
        followed = followed._replace(length=length)
    return InForce(call=call_text("param_scheduler_list", given), plan=followed)


def _held(schedulers: Sequence[kinds.Member], every: int, lr: float) -> list[Held]:
    """Return the schedulers of a list, whose clock steps those that count epochs `every` steps."""
    found, base = [], lr
    for member in schedulers:
        given, by_epoch = in_steps(member.name, member.arguments), counts_epochs(member)
        if member.name == "OneCycleLR":  # those after it take its start for the optimizer's rate
            base = given["eta_max"] / given["div_factor"]
        ratio = given.get("eta_min_ratio")
        low = given.get("eta_min") or 0.0 if ratio is None else base * ratio
        name, clock = member.name, every if by_epoch else 1
        found.append(Held(name, _CURVES[name], given, window_of(given), clock, by_epoch, base, low))
    return found


def _product(held: Sequence[Held], lr: float) -> Schedule | None:
    """Return a product, if all multiply the rate by the same factors, whatever is in force."""
    if any(one.low or one.climbs or one.sets for one in held):
        return None
    first, *others = held
    factors = [placed(first.curve(lr), first.window, lr)]
    factors += [placed(other.curve(1.0), other.window, 1.0) for other in others]
    return build("product", factors=tuple(factors))


def _cuts(metered: Sequence[kinds.Member], every: int) -> dict[int, tuple[Cut, ...]]:
    """Return the cuts that metrics call for, by their steps; they do not depend on the rate."""
    found: dict[int, tuple[Cut, ...]] = {}
    for member in metered:
        given = member.arguments
        cut = Cut(given["factor"], given["min_value"], given["eps"])
        every_cut_is_made = {"factor": 0.5, "min_value": 0, "eps": 0, "lr": 1}
        alone = ReduceOnPlateauLR(**{**given, **every_cut_is_made, "steps_per_epoch": None})
        rates = alone(range(len(given["metrics"]) + 1)).tolist()
        for epoch, (before, after) in enumerate(itertools.pairwise(rates), 1):
            if after != before:
                found[epoch * every] = (*found.get(epoch * every, ()), cut)
    return found
