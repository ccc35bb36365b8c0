"""PyTorch 2.13: torch.optim.lr_scheduler.

Most of its schedulers make each rate from the one before. Their closed forms give the same rates to
rounding; where they do not, what PyTorch does is followed, not its closed form.
"""

import itertools
from typing import Annotated, Literal

from ...schedules.fields import Param
from .. import kinds
from ..composing import build, by_formula, check_held, in_turn, multiplied, refusal, triangles

TITLE = "PyTorch 2.13"
MODULES = ("torch.optim.lr_scheduler", "torch.optim.swa_utils")

Milestones = Annotated[tuple[int, ...], Param("steps", unit="steps", at_least=0)]

KINDS = {
    kinds.Formula: "lr_lambda scale_fn",
    kinds.Period: "step_size T_max T_0 total_steps",
    float: "gamma",
    Milestones: "milestones",
    kinds.Part: "factor end_factor pct_start",
    kinds.Steps: "total_iters anneal_epochs",
    Annotated[float, Param("a part", above=0, at_most=1)]: "start_factor",
    kinds.Rate: "eta_min base_lr max_lr min_lr eps swa_lr",
    Annotated[int, Param("a factor", at_least=1)]: "T_mult",
    kinds.Length: "step_size_up step_size_down",
    Annotated[Literal["cycle", "iterations"], Param("what scale_fn is of")]: "scale_mode",
    kinds.Ignored: "cycle_momentum base_momentum max_momentum",
    Annotated[int, Param("epochs", at_least=1)]: "epochs",
    kinds.Anneal: "anneal_strategy",
    kinds.Divisor: "div_factor final_div_factor",
    kinds.Count: "patience cooldown",
    kinds.Threshold: "threshold",
    kinds.Relative: "threshold_mode",
    tuple[kinds.Member, ...]: "schedulers",
}

EXAMPLES = {
    "ConstantLR": "optimizer, factor=0.5, total_iters=40, lr=0.1",
    "LinearLR": "optimizer, start_factor=0.1, total_iters=40, lr=0.1",
    "PolynomialLR": "optimizer, total_iters=100, power=2.0, lr=0.1",
    "CosineAnnealingWarmRestarts": "optimizer, T_0=30, T_mult=2, lr=0.1",
    "CyclicLR": "optimizer, base_lr=0.01, max_lr=0.1, step_size_up=20",
    "OneCycleLR": "optimizer, max_lr=0.1, total_steps=100",
    "SequentialLR": (
        "optimizer, [LinearLR(optimizer, 0.1, total_iters=10), CosineAnnealingLR(optimizer, "
        "90)], milestones=[10], lr=0.1"
    ),
    "ChainedScheduler": (
        "[ConstantLR(optimizer, 0.1, total_iters=10), ExponentialLR(optimizer, 0.95)], lr=0.1"
    ),
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
    mode: kinds.Waves = "triangular", gamma: kinds.Factor = 1.0, scale_fn=None, scale_mode="cycle",
    cycle_momentum=True, base_momentum=0.8, max_momentum=0.9, last_epoch=-1, *,
    lr: kinds.UnusedRate = None,
):  # fmt: skip
    """Go up and down between `base_lr` and `max_lr`.

    The optimizer's own rate is overwritten. In the mode triangular2 every peak is half as high
    above base_lr as the one before; in exp_range the height shrinks by `gamma` at every step, not
    at every cycle. A scale_fn overrides the mode.
    """
    given = {"lr": base_lr, "peak": max_lr, "up": step_size_up, "down": step_size_down}
    return triangles(mode, gamma, scale_fn, scale_mode, **given)


def OneCycleLR(
    optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3,
    anneal_strategy="cos", cycle_momentum=True, base_momentum=0.85, max_momentum=0.95,
    div_factor=25.0, final_div_factor=1e4, three_phase=False, last_epoch=-1, *,
    lr: kinds.UnusedRate = None,
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
    optimizer, mode: kinds.Better = "min", factor: kinds.Shrinking = 0.1, patience=10,
    threshold=1e-4, threshold_mode="rel", cooldown=0, min_lr=0, eps=1e-8, verbose=None, *, metrics,
    lr,
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


def SequentialLR(optimizer, schedulers, milestones, last_epoch=-1, *, lr):
    """Follow each of the schedulers up to its milestone, then the next from its own step 0.

    The milestone itself is the next one's step 0. That one begins at the optimizer's first rate,
    not at the rate where the one before has stopped, unless it is a MultiplicativeLR or a SWALR. A
    SequentialLR or a ChainedScheduler may only come first, and runs a step ahead.
    """
    _check("SequentialLR", schedulers, lr)
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
    first, *others = schedulers
    if not others and first.name not in _HOLD_OTHERS:
        return first.schedule
    if first.name in _BEGIN_FIRST and all(_begins_anew(other) for other in others):
        lengths = [end - begin for begin, end in itertools.pairwise((0, *milestones))]
        stages = [member.schedule for member in schedulers]
        return in_turn(*zip(stages, lengths, strict=False), then=stages[-1])
    from ..torch_in_turn import in_force

    given = {"schedulers": schedulers, "milestones": milestones, "lr": lr}
    return in_force("SequentialLR", given, lr)


def ChainedScheduler(schedulers, optimizer=None, *, lr):
    """Step all of the schedulers at every step, one after the other, on the same rate.

    Those that multiply the rate in force make a product. One that sets the rate (LambdaLR,
    CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR) undoes what those before it did. A
    CosineAnnealingLR that has got to 0 climbs from there, and what the others did is lost.
    """
    _check("ChainedScheduler", schedulers, lr)
    first, *others = schedulers
    if not others:
        return first.schedule
    if all(member.name in _MULTIPLY for member in schedulers):
        if lr == 0:
            return build("const", lr=0)
        relative = (build("scale", of=other.schedule, factor=1 / lr) for other in others)
        return build("product", factors=(first.schedule, *relative))
    from ..torch_in_turn import in_force

    return in_force("ChainedScheduler", {"schedulers": schedulers, "lr": lr}, lr)


_HOLD_OTHERS = ("SequentialLR", "ChainedScheduler")

_MULTIPLY = (
    *("ConstantLR", "ExponentialLR", "LinearLR", "MultiplicativeLR", "MultiStepLR"),
    *("PolynomialLR", "StepLR"),
)
"""The schedulers that multiply the rate in force by the same factors, whatever it is."""

_BEGIN_FIRST = (*_MULTIPLY, "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "LambdaLR")
"""Those that leave the rate that later ones begin at to the optimizer."""


def _begins_anew(member: kinds.Member) -> bool:
    """Return whether a scheduler does in a sequence what it does alone, from the first rate on."""
    if member.arguments.get("total_iters") == 0 or member.name == "MultiplicativeLR":
        return False
    return member.name in (*_BEGIN_FIRST, "CyclicLR")


def _check(call: str, schedulers: tuple[kinds.Member, ...], lr: float) -> None:
    """Refuse schedulers that PyTorch does not hold in others."""
    check_held(call, schedulers, lr)
    if any(member.name == "ReduceLROnPlateau" for member in schedulers):
        rule = "hold ReduceLROnPlateau, which follows a metric, and none reaches it in a "
        raise refusal(call, "schedulers", f"{rule}{call}; take it out")
