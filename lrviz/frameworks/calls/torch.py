"""PyTorch 2.13: torch.optim.lr_scheduler.

Most of its schedulers make each rate from the one before. Their closed forms give the same rates to
rounding; where they do not, what PyTorch does is followed, not its closed form.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from ...schedules.base import Schedule
from ...schedules.fields import Param
from ..composing import build, by_formula, in_turn, multiplied, refusal
from ..kinds import (
    Anneal,
    BaseRate,
    Better,
    Count,
    Divisor,
    Factor,
    Ignored,
    Kinds,
    Length,
    Member,
    NotResumed,
    Optimizer,
    Part,
    Period,
    Rate,
    Relative,
    Shrinking,
    Steps,
    Threshold,
    UnusedRate,
    Waves,
)
from ..values import Function

TITLE = "PyTorch 2.13"
MODULES = ("torch.optim.lr_scheduler", "torch.optim.swa_utils")

Milestones = Annotated[tuple[int, ...], Param("steps", unit="steps", at_least=0)]
KINDS: Kinds = {
    Function: "lr_lambda scale_fn",
    Period: "step_size T_max T_0 total_steps",
    float: "gamma",
    Milestones: "milestones",
    Part: "factor end_factor pct_start",
    Steps: "total_iters anneal_epochs",
    Annotated[float, Param("a part", above=0, at_most=1)]: "start_factor",
    Rate: "eta_min base_lr max_lr min_lr eps swa_lr",
    Annotated[int, Param("a factor", at_least=1)]: "T_mult",
    Length: "step_size_up step_size_down",
    Annotated[Literal["cycle", "iterations"], Param("what scale_fn is of")]: "scale_mode",
    Ignored: "cycle_momentum base_momentum max_momentum",
    Annotated[int, Param("epochs", at_least=1)]: "epochs",
    Anneal: "anneal_strategy",
    Divisor: "div_factor final_div_factor",
    Count: "patience cooldown",
    Threshold: "threshold",
    Relative: "threshold_mode",
}


def LambdaLR(optimizer, lr_lambda, last_epoch=-1, *, lr):
    """Multiply the optimizer's rate by a function of the step.

    The function's value is the factor at that step; factors do not add up from step to step.
    """
    return by_formula(lr, lr_lambda)


def MultiplicativeLR(optimizer, lr_lambda, last_epoch=-1, *, lr):
    """Multiply the rate in force by a function of the step, at every step but the first.

    The function is never called for step 0.
    """
    return multiplied(lr, lr_lambda)


def StepLR(optimizer, step_size, gamma=0.1, last_epoch=-1, *, lr):
    """Multiply the rate by `gamma` every `step_size` steps.

    The drop is in force at the step `step_size` itself.
    """
    return build("step", lr=lr, rate=gamma, steps=step_size)


def MultiStepLR(optimizer, milestones, gamma=0.1, last_epoch=-1, *, lr):
    """Multiply the rate by `gamma` at each milestone.

    The drop is in force at the milestone itself. One that is given twice counts twice, and their
    order does not matter.
    """
    if not milestones:
        return build("const", lr=lr)
    return build("multistep", lr=lr, rate=gamma, drops=milestones)


def ConstantLR(optimizer, factor=1 / 3, total_iters=5, last_epoch=-1, *, lr):
    """Multiply the rate by `factor` until step `total_iters`, then no more.

    The full rate is in force at the step `total_iters` itself. With total_iters=0 the factor stays
    for ever.
    """
    if total_iters == 0:
        return build("const", lr=lr * factor)
    if factor == 0:
        raise refusal("ConstantLR", "factor", "must be above 0, not 0, by which PyTorch divides")
    return build("piecewise", points=((0, lr * factor), (total_iters, lr)))


def LinearLR(optimizer, start_factor=1 / 3, end_factor=1.0, total_iters=5, last_epoch=-1, *, lr):
    """Go in a straight line from `start_factor` to `end_factor` times the rate.

    It cannot start at 0 and cannot rise above the rate. `end_factor` is in force from the step
    `total_iters` on.
    """
    if total_iters == 0:
        return build("const", lr=lr * start_factor)
    return build("linear", lr=lr * start_factor, end=lr * end_factor, steps=total_iters)


def ExponentialLR(optimizer, gamma, last_epoch=-1, *, lr):
    """Multiply the rate by `gamma` at every step.

    It never stops. It is meant to be stepped once an epoch: once an update is as many times too
    fast as an epoch has updates.
    """
    return build("exp", lr=lr, rate=gamma, steps=1)


def PolynomialLR(optimizer, total_iters=5, power=1.0, last_epoch=-1, *, lr):
    """Fall to 0 in `total_iters` steps, along a power of the part that is left.

    The end is always 0, from the step `total_iters` on.
    """
    if total_iters == 0:
        return build("const", lr=lr)
    return build("poly", lr=lr, steps=total_iters, power=power)


def CosineAnnealingLR(optimizer, T_max, eta_min=0.0, last_epoch=-1, *, lr):
    """Fall to `eta_min` in `T_max` steps, along half a wave of a cosine.

    It is not held there: past T_max the rate climbs again, back to the full rate at 2 * T_max, and
    so on.
    """
    return build("cosine", lr=lr, steps=T_max, end=eta_min, unclamped=True)


def CosineAnnealingWarmRestarts(optimizer, T_0, T_mult=1, eta_min=0.0, last_epoch=-1, *, lr):
    """Fall along a cosine and jump back up, in cycles that are `T_mult` times as long each.

    A restart step is already the new peak, so that `eta_min` itself is never reached. All cycles
    are equally long unless T_mult is given.
    """
    return build("cosine_restarts", lr=lr, steps=T_0, t_mul=T_mult, end=eta_min or None)


def CyclicLR(
    optimizer, base_lr, max_lr, step_size_up=2000, step_size_down=None,
    mode: Waves = "triangular", gamma: Factor = 1.0, scale_fn=None, scale_mode="cycle",
    cycle_momentum=True, base_momentum=0.8, max_momentum=0.9, last_epoch=-1, *,
    lr: UnusedRate = None,
):  # fmt: skip
    """Go up and down between `base_lr` and `max_lr`.

    The optimizer's own rate is overwritten. In the mode triangular2 every peak is half as high
    above base_lr as the one before; in exp_range the height shrinks by `gamma` at every step, not
    at every cycle. A scale_fn overrides the mode.
    """
    if scale_fn is not None:
        from ..formulas import ScaledCyclic

        return ScaledCyclic(
            lr=base_lr,
            peak=max_lr,
            up=step_size_up,
            down=step_size_down,
            f=scale_fn,
            by_cycle=scale_mode == "cycle",
        )
    return build(
        "cyclic",
        lr=base_lr,
        peak=max_lr,
        up=step_size_up,
        down=step_size_down,
        shrink=0.5 if mode == "triangular2" else 1,
        rate=gamma if mode == "exp_range" else 1,
    )


def OneCycleLR(
    optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3,
    anneal_strategy="cos", cycle_momentum=True, base_momentum=0.85, max_momentum=0.95,
    div_factor=25.0, final_div_factor=1e4, three_phase=False, last_epoch=-1, *,
    lr: UnusedRate = None,
):  # fmt: skip
    """Rise to `max_lr`, then fall far below where it began (the 1cycle policy).

    The optimizer's own rate is overwritten. It begins at max_lr / div_factor, and final_div_factor
    divides that again. The peak comes at step pct_start * total_steps - 1, which is seldom a whole
    step, and the end at total_steps - 1. One step more is still given, on the same curve; the next
    is an error.
    """
    if total_steps is None:
        if epochs is None or steps_per_epoch is None:
            raise refusal(
                "OneCycleLR", "total_steps", "must be given, or both epochs and steps_per_epoch"
            )
        total_steps = epochs * steps_per_epoch
    start = max_lr / div_factor
    return build(
        "one_cycle",
        lr=max_lr,
        steps=total_steps,
        pct=pct_start,
        start=start,
        end=start / final_div_factor,
        three=three_phase,
        linear=anneal_strategy == "linear",
        unclamped=True,
    )


def ReduceLROnPlateau(
    optimizer, mode: Better = "min", factor: Shrinking = 0.1, patience=10, threshold=1e-4,
    threshold_mode="rel", cooldown=0, min_lr=0, eps=1e-8, verbose=None, *, metrics, lr,
):  # fmt: skip
    """Cut the rate when a metric has not got better for a while.

    The cut comes after patience + 1 metrics in a row that are not better. A cut of less than eps is
    not made. A step here is a metric: usually an epoch.
    """
    return build(
        "plateau",
        lr=lr,
        rate=factor,
        patience=patience,
        threshold=threshold,
        cooldown=cooldown,
        min=min_lr,
        eps=eps,
        max=mode == "max",
        absolute=threshold_mode == "abs",
        metrics=metrics,
    )


def SWALR(optimizer, swa_lr, anneal_epochs=10, anneal_strategy="cos", last_epoch=-1, *, lr):
    """Go from the optimizer's rate to `swa_lr` in `anneal_epochs` steps, and stay there."""
    if anneal_epochs == 0:
        return build("const", lr=swa_lr)
    shape = "cosine" if anneal_strategy == "cos" else "linear"
    return build(shape, lr=lr, end=swa_lr, steps=anneal_epochs)


def SequentialLR(
    optimizer: Optimizer,
    schedulers: tuple[Member, ...],
    milestones: Milestones,
    last_epoch: NotResumed = -1,
    *,
    lr: BaseRate,
) -> Schedule:
    """Follow each of the schedulers up to its milestone, then the next from its own step 0.

    The milestone itself is the next one's step 0. That one begins at the optimizer's first rate,
    not at the rate where the one before has stopped, unless it is a MultiplicativeLR.
    """
    if not schedulers:
        raise refusal("SequentialLR", "schedulers", "must hold at least one call")
    if len(milestones) != len(schedulers) - 1:
        raise refusal(
            "SequentialLR",
            "milestones",
            f"must be one fewer than schedulers: {len(schedulers) - 1}, not {len(milestones)}",
        )
    for earlier, later in itertools.pairwise(milestones):
        if later < earlier:
            rule = f"must be sorted, not have {later} after {earlier}; sort their schedulers too"
            raise refusal("SequentialLR", "milestones", rule)
    for i, member in enumerate(schedulers):
        _check_in_sequence(member, i, len(schedulers))
    first = schedulers[0]
    nested = first.name in ("SequentialLR", "ChainedScheduler") and len(schedulers) > 1
    begin = _begun_twice(first) if nested else first.schedule
    return _followed(begin, schedulers, milestones, lr)


def _followed(
    first: Schedule, schedulers: tuple[Member, ...], milestones: Sequence[int], lr: float
) -> Schedule:
    """Return `first`, which stands for the first of the schedulers, then the others in turn."""
    lengths = [end - begin for begin, end in itertools.pairwise((0, *milestones))]
    parts = [first]
    for length, member in zip(lengths, schedulers[1:], strict=True):
        if member.name == "MultiplicativeLR" and length > 0:
            # It has no closed form to begin with, and so goes on from the rate in force.
            f = member.arguments["lr_lambda"]
            parts.append(multiplied(parts[-1](length - 1) * _value(f, 0), f))
        elif member.arguments.get("total_iters") == 0:
            parts.append(_without_length(member, lr))
        else:
            parts.append(member.schedule)
    return in_turn(*zip(parts, lengths, strict=False), then=parts[-1])


def _without_length(member: Member, lr: float) -> Schedule:
    """Return a scheduler of no steps as PyTorch begins it within a sequence: by its closed form."""
    if member.name != "ConstantLR":
        raise refusal(
            "SequentialLR",
            "schedulers",
            f"hold {member.name} with total_iters=0, by which PyTorch divides; take it away",
        )
    return build("const", lr=lr)


def _check_in_sequence(member: Member, place: int, count: int) -> None:
    """Refuse what PyTorch refuses in a sequence, and what changes the others' rates."""
    reasons = {
        "ReduceLROnPlateau": "follows a metric, and none reaches it in a SequentialLR; take it out",
        "OneCycleLR": "overwrites the rate that the others start from; give the stages as a spec",
        "SWALR": "goes on from the rate in force; give the stages as a spec",
    }
    reason = reasons.get(member.name) if count > 1 else None
    if member.name == "CyclicLR" and place == 0 and count > 1:
        reason = reasons["OneCycleLR"]
    if member.name in ("SequentialLR", "ChainedScheduler") and place > 0:
        reason = "must come first: elsewhere PyTorch stops with an error at its milestone"
    if reason is not None:
        raise refusal("SequentialLR", "schedulers", f"hold {member.name}, which {reason}")


def _begun_twice(member: Member) -> Schedule:
    """Return a nested scheduler as PyTorch runs it when it comes first in a SequentialLR.

    It is begun once more than others, after the rate was set back: the milestones of a SequentialLR
    come a step early, and what multiplies the rate at every step has done so once too often.
    """
    inner: tuple[Member, ...] = member.arguments["schedulers"]
    if member.name == "ChainedScheduler":
        for one in inner[:-1]:
            if one.name in _OVERWRITE:
                raise refusal(
                    "SequentialLR",
                    "schedulers",
                    f"hold a ChainedScheduler in which {one.name} is not the last, which is not "
                    "followed; give the stages as a spec",
                )
        return _scaled(member.schedule, math.prod(_beginning(one) for one in inner))
    milestones = [milestone - 1 for milestone in member.arguments["milestones"]]
    if min(milestones, default=1) < 1:
        raise refusal(
            "SequentialLR",
            "schedulers",
            "hold a SequentialLR with a milestone below 2; raise it, or give the stages as a spec",
        )
    first = _scaled(inner[0].schedule, _beginning(inner[0]))
    return _followed(first, inner, milestones, member.arguments["lr"])


def _scaled(schedule: Schedule, factor: float) -> Schedule:
    return schedule if factor == 1 else build("scale", of=schedule, factor=factor)


def _beginning(member: Member) -> float:
    """Return what a scheduler multiplies the rate by when it is begun for the second time."""
    given = member.arguments
    match member.name:
        case "ExponentialLR":
            return float(given["gamma"])
        case "MultiplicativeLR":
            return _value(given["lr_lambda"], 0)
        case "PolynomialLR" if given["total_iters"] > 0:
            return float((1 + 1 / given["total_iters"]) ** -given["power"])
        case "CosineAnnealingLR" if not given["eta_min"] and given["T_max"] > 1:
            return 2 / (1 + math.cos(math.pi / given["T_max"]))
        case "CosineAnnealingLR" | "SequentialLR" | "ChainedScheduler":
            raise refusal(
                "SequentialLR",
                "schedulers",
                f"hold {member.name} inside of its first, which is not followed; "
                "give the stages as a spec",
            )
    return 1.0


_MULTIPLY = (
    *("StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR", "PolynomialLR"),
    *("CosineAnnealingLR", "MultiplicativeLR", "SequentialLR"),
)
"""The schedulers that multiply the rate in force."""

_COME_TO_REST = ("LinearLR", "ConstantLR", "PolynomialLR")
"""Those of them that multiply no more after their own length."""

_OVERWRITE = ("LambdaLR", "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR")
"""The schedulers that set the rate, whatever it was."""


def ChainedScheduler(
    schedulers: tuple[Member, ...], optimizer: Optimizer = None, *, lr: BaseRate
) -> Schedule:
    """Step all of the schedulers at every step, one after the other, on the same rate.

    Those that multiply the rate in force make a product. One that sets the rate (LambdaLR,
    CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR) undoes what those before it did.
    """
    if not schedulers:
        raise refusal("ChainedScheduler", "schedulers", "must hold at least one call")
    for member in schedulers:
        if member.name not in (*_MULTIPLY, *_OVERWRITE):
            raise refusal(
                "ChainedScheduler",
                "schedulers",
                f"hold {member.name}, which is not followed in a chain; take it out",
            )
    setting = [i for i, member in enumerate(schedulers) if member.name in _OVERWRITE]
    if setting:
        last = setting[-1]
        after = schedulers[last + 1 :]
        return _product([schedulers[last].schedule, *(_at_each_step(one) for one in after)])
    additive = [m for m in schedulers if m.name == "CosineAnnealingLR" and m.arguments["eta_min"]]
    if additive and len(schedulers) > 1:
        return _annealed(schedulers, lr)
    if lr == 0:
        return build("const", lr=0)
    first, *others = (member.schedule for member in schedulers)
    _check_resets(schedulers, lr)
    whole = _product([first, *(_relative(other, lr) for other in others)])
    cosines = [i for i, member in enumerate(schedulers) if member.name == "CosineAnnealingLR"]
    if len(cosines) > 1:
        raise refusal(
            "ChainedScheduler",
            "schedulers",
            "hold CosineAnnealingLR twice, of which each undoes at its end what the other did; "
            "keep one of them",
        )
    if not cosines or not others:
        return whole
    again = schedulers[cosines[0]].arguments["T_max"] + 1
    climb = _climbing(schedulers, cosines[0], again, lr)
    return whole if climb is None else in_turn((whole, again), then=climb)


def _climbing(
    schedulers: tuple[Member, ...], cosine: int, again: int, lr: float
) -> Schedule | None:
    """Return a product from the step `again` on, at which its cosine begins to climb.

    The cosine got to 0, and what the others have done until then is lost with the rate: they count
    from there on. None if they were at rest, so that nothing is lost.
    """
    parts, lost = [build("shift", of=schedulers[cosine].schedule, steps=-again)], False
    for i, member in enumerate(schedulers):
        if i == cosine:
            continue
        begin = member.schedule(again if i < cosine else again - 1)
        at_rest = (member.schedule.length or again) < again and member.name in _COME_TO_REST
        lost = lost or begin != lr or not at_rest
        if begin > 0:  # one that has got to 0 multiplies no more
            later = build("shift", of=member.schedule, steps=-again)
            parts.append(build("scale", of=later, factor=1 / begin))
    return _product(parts) if lost else None


def _product(factors: list[Schedule]) -> Schedule:
    return build("product", factors=tuple(factors)) if len(factors) > 1 else factors[0]


def _relative(schedule: Schedule, lr: float) -> Schedule:
    """Return a schedule as factors of the optimizer's rate."""
    return build("scale", of=schedule, factor=1 / lr)


def _at_each_step(member: Member) -> Schedule:
    """Return what a scheduler multiplies the rate by at each step alone."""
    if member.name == "ExponentialLR":
        return build("piecewise", points=((0, 1), (1, member.arguments["gamma"])))
    raise refusal(
        "ChainedScheduler",
        "schedulers",
        f"hold {member.name} after one that sets the rate anew at every step; put it first",
    )


def _check_resets(schedulers: tuple[Member, ...], lr: float) -> None:
    """Refuse a SequentialLR that sets the rate anew after another scheduler has changed it."""
    for place, member in enumerate(schedulers):
        for milestone in member.arguments.get("milestones", ()) * (member.name == "SequentialLR"):
            for other, one in enumerate(schedulers):
                before = one.schedule(milestone - 1 if other > place and milestone else milestone)
                if one is not member and not math.isclose(before, lr):
                    raise refusal(
                        "ChainedScheduler",
                        "schedulers",
                        f"hold a SequentialLR whose milestone {milestone} undoes what {one.name} "
                        "did; give the stages as a spec",
                    )


def _annealed(schedulers: tuple[Member, ...], lr: float) -> Schedule:
    """Return a cosine with an end above 0 among schedulers that have come to rest before it has.

    The cosine's rule, r -> end + (r - end) * (its fall), does not commute with the other factors;
    so the steps at which those still change are followed one by one.
    """
    cosines = [m for m in schedulers if m.name == "CosineAnnealingLR"]
    others = [m for m in schedulers if m.name != "CosineAnnealingLR"]
    settled = max((m.schedule.length or 0) for m in others) if others else 0
    steady = {"LinearLR", "ConstantLR", "PolynomialLR"}
    cosine = cosines[0]
    period, end = cosine.arguments["T_max"], cosine.arguments["eta_min"]
    if len(cosines) > 1 or {m.name for m in others} - steady or not settled < min(period, 5000):
        raise refusal(
            "ChainedScheduler",
            "schedulers",
            "hold a CosineAnnealingLR with eta_min above 0 among others that go on changing; "
            "give the product as a spec",
        )
    falls = [(1 + math.cos(math.pi * t / period)) / 2 for t in range(settled + 1)]
    rate = lr * math.prod(m.schedule(0) / lr for m in others)
    points = [(0, rate)]
    for t in range(1, settled + 1):
        for member in schedulers:
            if member is cosine:
                rate = end + (rate - end) * falls[t] / falls[t - 1]
            else:
                before = member.schedule(t - 1)
                rate *= member.schedule(t) / before if before else 1  # at 0 it has ended
        points.append((t, rate))
    top = end + (rate - end) / falls[-1]
    if top < 0:
        raise refusal(
            "ChainedScheduler",
            "schedulers",
            "hold a CosineAnnealingLR that climbs to its eta_min; give the product as a spec",
        )
    fall = build("cosine", lr=top, end=end, steps=period, unclamped=True)
    climb = build("cosine", lr=lr, end=end, steps=period, unclamped=True)
    return in_turn(
        (build("piecewise", points=tuple(points)), settled),
        (build("shift", of=fall, steps=-settled), period - settled),
        then=build("shift", of=climb, steps=-period),
    )


def _value(f: Function, step: int) -> float:
    """Return a formula's value at one step."""
    return float(f(np.array([float(step)]))[0])
