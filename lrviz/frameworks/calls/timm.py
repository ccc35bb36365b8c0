"""timm 1.0: timm.scheduler.

Its schedules are functions of the number of epochs, or with t_in_epochs=False of updates. Step 0
has what the constructor sets, which is not always what the function gives for 0.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from ...errors import quoted, shown
from ...schedules.base import Schedule
from ...schedules.fields import Param, number_text
from ...schedules.run import Run
from .. import kinds
from ..binding import made
from ..composing import build, in_turn, refusal, signed_as
from ..timm_curves import Decay, in_cycles, period, risen, sinking

TITLE = "timm 1.0"
MODULES = (
    "timm.scheduler",
    "timm.scheduler.scheduler_factory",
    "timm.scheduler.cosine_lr",
    "timm.scheduler.tanh_lr",
    "timm.scheduler.poly_lr",
    "timm.scheduler.step_lr",
    "timm.scheduler.multistep_lr",
    "timm.scheduler.wsd_lr",
    "timm.scheduler.plateau_lr",
)

DecayShape = Literal["linear", "1-sqrt", "cosine", "power", "exp"]
SomeSteps = Annotated[float, Param("a number of steps", unit="steps")]
Curved = Annotated[float, Param("an exponent", above=0)]
Longer = Annotated[float, Param("how many times as long the next cycle is", above=0)]
Milestones = Annotated[tuple[float, ...], Param("steps", unit="steps", at_least=0)]

KINDS = {
    kinds.Length: "t_initial",
    kinds.Rate: "lr_min warmup_lr_init min_lr warmup_lr",
    Longer: "cycle_mul",
    kinds.Factor: "cycle_decay decay_rate",
    kinds.Count: "cycle_limit patience_t cooldown_t patience_epochs",
    kinds.Steps: "warmup_t warmup_epochs updates_per_epoch",
    kinds.Raw: "noise_range_t noise",
    kinds.Ignored: "noise_type noise_pct noise_std noise_seed initialize cooldown_epochs",
    Curved: "k_decay stable_power decay_power",
    kinds.Exponent: "power",
    Annotated[
        Literal["constant", "rsqrt", "power"], Param("the shape before the decay")
    ]: "stable_fn",
    SomeSteps: "stable_timescale decay_epochs",
    Annotated[DecayShape, Param("the shape of the decay")]: "decay_fn",
    Annotated[float, Param("a factor below 1", above=0, below=1)]: "decay_ratio",
    kinds.Threshold: "threshold",
    kinds.Better: "mode plateau_mode",
    Annotated[
        Literal[
            *("cosine", "tanh", "step", "multistep", "poly"),
            *("wsd", "rsqrt", "constant", "plateau", "none"),
        ],
        Param("the name of a schedule"),
    ]: "sched",
    kinds.Period: "num_epochs",
    Milestones: "decay_milestones",
}

EXAMPLES = {
    "StepLRScheduler": "optimizer, decay_t=30, decay_rate=0.1, lr=0.1",
    "MultiStepLRScheduler": "optimizer, decay_t=[30, 60], decay_rate=0.1, lr=0.1",
    "WSDLRScheduler": "optimizer, t_initial=100, warmup_t=10, decay_t=20, lr=0.1",
    "create_scheduler_v2": "optimizer, num_epochs=100, warmup_epochs=5, lr=0.1",
    "CosineLRScheduler": "optimizer, t_initial=100, warmup_t=10, lr=0.1",
}


def _scheduler(curve: Callable[..., Schedule]) -> Callable[..., Schedule]:
    """Return the call of a scheduler, of which `curve` gives the rates by its own time."""

    def call(*, noise_range_t: Any, steps_per_epoch: int | None, **given: Any) -> Schedule:
        _check_noise(curve.__name__, "noise_range_t", noise_range_t)
        rates = curve(noise_range_t=None, **given)
        if steps_per_epoch is None or not given.get("t_in_epochs", True):
            return rates
        return build("stepped", every=steps_per_epoch, of=rates)

    return signed_as(curve, call, steps_per_epoch=None)


def _warmed(curve: Callable[..., Schedule]) -> Callable[..., Schedule]:
    """Return the rates of `curve` after a line to the full rate."""

    def call(**given: Any) -> Schedule:
        prefix = given.get("warmup_prefix", True)
        warmup, start = given["warmup_t"], given["warmup_lr_init"]
        return risen(curve(**given), given["lr"], warmup, start, prefix)

    return signed_as(curve, call)


@_scheduler
@_warmed
def CosineLRScheduler(
    optimizer, t_initial, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1, warmup_t=0,
    warmup_lr_init=0.0, warmup_prefix=False, t_in_epochs=True, noise_range_t=None,
    noise_pct=0.67, noise_std=1.0, noise_seed=42, k_decay=1.0, initialize=True, *, lr,
):  # fmt: skip
    """Fall along a cosine to `lr_min`, once or in cycles, after a warmup in a straight line.

    With a warmup step 0 has warmup_lr_init. The cosine then runs from step 0 on and the warmup lies
    over it, so that the full rate is never reached: at step `warmup_t` the rate jumps to where the
    cosine is by then. With warmup_prefix the cosine begins at step `warmup_t`. After `cycle_limit`
    cycles, 1 unless given, the rate is lr_min. A step is an epoch unless steps_per_epoch is known.
    """
    fall = build("cosine", lr=lr, steps=t_initial, end=lr_min, k=k_decay)
    return in_cycles(fall, lr_min, cycle_mul, cycle_decay, cycle_limit)


@_scheduler
def TanhLRScheduler(
    optimizer, t_initial, lb=-7.0, ub=3.0, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0,
    cycle_limit=1, warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False, t_in_epochs=True,
    noise_range_t=None, noise_pct=0.67, noise_std=1.0, noise_seed=42, initialize=True, *, lr,
):  # fmt: skip
    """Fall along a hyperbolic tangent, once or in cycles, after a warmup in a straight line.

    The curve begins a little below the full rate, which only step 0 of a run without warmup has,
    and stops a little above `lr_min`, to which it then jumps. Without warmup_prefix it runs from
    step 0 on, and the warmup leads to where it is at step `warmup_t`; with it, the warmup leads to
    the full rate, and the curve begins then. A step is an epoch unless steps_per_epoch is known.
    """
    if lb >= ub:
        rule = f"must be below ub, {number_text(ub)}, not {number_text(lb)}"
        raise refusal("TanhLRScheduler", "lb", rule)
    fall = build("tanh", lr=lr, steps=t_initial, end=lr_min, lb=lb, ub=ub)
    cycles = in_cycles(fall, lr_min, cycle_mul, cycle_decay, cycle_limit)
    return risen(cycles, lr, warmup_t, warmup_lr_init, warmup_prefix, onto=not warmup_prefix)


@_scheduler
@_warmed
def PolyLRScheduler(
    optimizer, t_initial, power=0.5, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1,
    warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False, t_in_epochs=True, noise_range_t=None,
    noise_pct=0.67, noise_std=1.0, noise_seed=42, k_decay=1.0, initialize=True, *, lr,
):  # fmt: skip
    """Fall to `lr_min` along a power of the part that is left, once or in cycles, after a warmup.

    The power is 0.5 unless given, not 1. Warmup and cycles are as in CosineLRScheduler: without
    warmup_prefix the curve runs from step 0 on and the rate jumps at step `warmup_t`.
    """
    fall = build("poly", lr=lr, steps=t_initial, end=lr_min, power=power, k=k_decay)
    return in_cycles(fall, lr_min, cycle_mul, cycle_decay, cycle_limit)


@_scheduler
@_warmed
def StepLRScheduler(
    optimizer, decay_t: kinds.Length, decay_rate=1.0, warmup_t=0, warmup_lr_init=0.0,
    warmup_prefix=True, t_in_epochs=True, noise_range_t=None, noise_pct=0.67, noise_std=1.0,
    noise_seed=42, initialize=True, *, lr,
):  # fmt: skip
    """Multiply the rate by `decay_rate` every `decay_t` steps, after a warmup in a straight line.

    decay_rate is 1 unless given, so that nothing decays. Step `decay_t` has already the lower rate.
    Here warmup_prefix is True unless given: the drops are counted from the end of the warmup.
    """
    return build("step", lr=lr, rate=decay_rate, steps=period(decay_t))


@_scheduler
@_warmed
def MultiStepLRScheduler(
    optimizer, decay_t: Milestones, decay_rate=1.0, warmup_t=0, warmup_lr_init=0.0,
    warmup_prefix=True, t_in_epochs=True, noise_range_t=None, noise_pct=0.67, noise_std=1.0,
    noise_seed=42, initialize=True, *, lr,
):  # fmt: skip
    """Multiply the rate by `decay_rate` one step before each of the steps in `decay_t`.

    With decay_t=[30] step 29 has already the lower rate, where PyTorch drops at step 30. decay_rate
    is 1 unless given. Here warmup_prefix is True unless given: the steps are counted from the end
    of the warmup.
    """
    _check_sorted("MultiStepLRScheduler", "decay_t", decay_t)
    if not decay_t:
        return build("const", lr=lr)
    drops = [max(math.ceil(milestone) - 1, 0) for milestone in decay_t]
    return build("multistep", lr=lr, rate=decay_rate, drops=drops)


@_scheduler
def WSDLRScheduler(
    optimizer, t_initial: kinds.Period, decay_t: kinds.Period, lr_min=0.0, stable_fn="constant",
    stable_timescale=None, stable_power=0.5, decay_fn="1-sqrt", decay_power=0.5, decay_ratio=0.1,
    warmup_t=0, warmup_lr_init=0.0, t_in_epochs=True, noise_range_t=None, noise_pct=0.67,
    noise_std=1.0, noise_seed=42, initialize=True, *, lr,
):  # fmt: skip
    """Rise to the full rate, keep it or let it sink slowly, and fall in the last `decay_t` steps.

    `t_initial` counts the stable phase and the decay, not the warmup. `lr_min` is reached at step
    warmup_t + t_initial, one step after the last of the run. With stable_fn="rsqrt" or "power" the
    rate sinks from the end of the warmup on, in the decay too; their stable_timescale is warmup_t
    unless given.
    """
    call = "WSDLRScheduler"
    if decay_t > t_initial:
        raise refusal(call, "decay_t", f"must be at most t_initial, {t_initial}, not {decay_t}")
    scale = warmup_t if stable_timescale is None else stable_timescale
    if stable_fn != "constant" and scale <= 0:
        rule = f"must be above 0 with {quoted(stable_fn)}, not {number_text(scale)}"
        said = "; it is warmup_t unless given" if stable_timescale is None else ""
        raise refusal(call, "stable_timescale", rule + said)
    held = t_initial - decay_t
    if lr_min <= lr and stable_fn == "constant" and decay_fn in _WSD_SHAPES:
        start = {"start": warmup_lr_init} if warmup_t else {}
        return build(
            "wsd",
            lr=lr,
            steps=warmup_t + t_initial,
            warmup=warmup_t,
            decay=decay_t,
            end=lr_min,
            shape=_WSD_SHAPES[decay_fn],
            **start,
        )
    decay = Decay(decay_fn, decay_power if decay_fn == "power" else 0.5, decay_ratio)
    if lr_min > lr:
        rates = build("const", lr=lr_min)
    elif stable_fn == "constant":
        fall = decay.schedule(lr, decay_t, lr_min)
        rates = in_turn((build("const", lr=lr), held), then=fall)
    else:
        power = 0.5 if stable_fn == "rsqrt" else stable_power
        rates = sinking(lr, scale, power, held, decay, decay_t, lr_min)
    return risen(rates, lr, warmup_t, warmup_lr_init, warmup_prefix=True)


@_scheduler
@_warmed
def PlateauLRScheduler(
    optimizer, decay_rate: kinds.Shrinking = 0.1, patience_t=10, threshold=1e-4, cooldown_t=0,
    warmup_t=0, warmup_lr_init=0.0, lr_min=0.0, mode="max", noise_range_t=None, noise_type="normal",
    noise_pct=0.67, noise_std=1.0, noise_seed=None, initialize=True, *, lr, metrics,
):  # fmt: skip
    """Multiply the rate by `decay_rate` when a metric has not got better for a while.

    Higher metrics are better unless mode="min", against PyTorch's default. The cut comes after
    `patience_t` + 1 metrics in a row that are not better. During a warmup metrics are not looked
    at; step `warmup_t` has the full rate. A step is an epoch, and has one metric, unless
    steps_per_epoch is known.
    """
    if len(metrics) <= warmup_t:
        return build("const", lr=lr)
    from .torch import ReduceLROnPlateau

    return ReduceLROnPlateau(
        optimizer, mode, decay_rate, patience_t, threshold, cooldown=cooldown_t, min_lr=lr_min,
        lr=lr, metrics=metrics[warmup_t:],
    )  # fmt: skip


def create_scheduler_v2(
    optimizer, sched="cosine", num_epochs=300, decay_epochs=None,
    decay_milestones=(90, 180, 270), cooldown_epochs=0, patience_epochs=10, decay_rate=0.1,
    min_lr=0.0, warmup_lr=1e-5, warmup_epochs=0, warmup_prefix=False, noise=None, noise_pct=0.67,
    noise_std=1.0, noise_seed=42, cycle_mul=1.0, cycle_decay=0.1, cycle_limit=1, k_decay=1.0,
    decay_fn=None, stable_timescale=None, plateau_mode="max", step_on_epochs=True,
    updates_per_epoch=0, *, lr, metrics=None, steps_per_epoch=None,
):  # fmt: skip
    """Make the schedule of that name, as timm's train.py does.

    Its defaults differ from those of the classes: cycle_decay is 0.1, the warmup begins at 1e-5,
    and warmup_prefix is False for all. decay_rate is the power of "poly". decay_epochs is 90, or
    for "wsd" and "rsqrt" a fifth of the stable phase and the decay, which with the warmup take
    num_epochs. A step is an epoch unless step_on_epochs is False, where it is an update, or
    steps_per_epoch is known.
    """
    call, run = "create_scheduler_v2", Run(lr=lr, metrics=metrics, steps_per_epoch=steps_per_epoch)
    _check_noise(call, "noise", noise)
    if sched == "none":
        return build("const", lr=lr)
    if sched == "plateau":
        if metrics is None:
            rule = "must be given with 'plateau'; write metrics=[0.1, 0.2, ...] inside the call"
            raise refusal(call, "metrics", rule)
        if not step_on_epochs:
            raise refusal(call, "step_on_epochs", "must be True with 'plateau', not False")
        if decay_rate >= 1:
            rule = f"must be below 1 with 'plateau', not {number_text(decay_rate)}"
            raise refusal(call, "decay_rate", rule)
        given = {
            "decay_rate": decay_rate,
            "patience_t": patience_epochs,
            "warmup_t": warmup_epochs,
            "warmup_lr_init": warmup_lr,
            "lr_min": min_lr,
            "mode": plateau_mode,
        }
        return made(PlateauLRScheduler, run, **given)
    unit = 1 if step_on_epochs else updates_per_epoch
    if unit == 0:
        rule = "must be at least 1 with step_on_epochs=False, not 0"
        raise refusal(call, "updates_per_epoch", rule)
    length, warmup_t = num_epochs * unit, warmup_epochs * unit
    given = {"warmup_t": warmup_t, "warmup_lr_init": warmup_lr, "t_in_epochs": step_on_epochs}
    if sched in ("wsd", "rsqrt"):
        timescale = None if stable_timescale is None else stable_timescale * unit
        if sched == "rsqrt" and (warmup_t if timescale is None else timescale) <= 0:
            scale = warmup_epochs if stable_timescale is None else stable_timescale
            rule = f"must be above 0 with 'rsqrt', not {number_text(scale)}"
            said = "; it is warmup_epochs unless given" if stable_timescale is None else ""
            raise refusal(call, "stable_timescale", rule + said)
        length -= 0 if warmup_prefix else warmup_t
        if length <= 0:
            rule = f"must be below num_epochs, {num_epochs}, with {quoted(sched)}"
            raise refusal(call, "warmup_epochs", f"{rule}, not {warmup_epochs}")
        epochs = 0.2 if decay_epochs is None else decay_epochs
        decay_t = round(epochs * (length if epochs < 1 else unit))
        if not 0 < decay_t <= length:
            rule = f"must give a decay of 1 to {length} steps with {quoted(sched)}, not {decay_t}"
            raise refusal(call, "decay_epochs", rule)
        given |= {
            "t_initial": length,
            "decay_t": decay_t,
            "lr_min": min_lr,
            "stable_fn": "rsqrt" if sched == "rsqrt" else "constant",
            "stable_timescale": timescale,
            "decay_fn": decay_fn or ("linear" if sched == "rsqrt" else "1-sqrt"),
        }
        return made(WSDLRScheduler, run, **given)
    given["warmup_prefix"] = warmup_prefix
    if sched == "constant":
        return made(MultiStepLRScheduler, run, decay_t=(), **given)
    if sched == "multistep":
        milestones = tuple(milestone * unit for milestone in decay_milestones)
        _check_sorted(call, "decay_milestones", milestones)
        return made(MultiStepLRScheduler, run, decay_t=milestones, decay_rate=decay_rate, **given)
    if sched == "step":
        every = 90 if decay_epochs is None else decay_epochs
        if every <= 0:
            raise refusal(call, "decay_epochs", f"must be above 0, not {number_text(every)}")
        return made(StepLRScheduler, run, decay_t=every * unit, decay_rate=decay_rate, **given)
    given |= {"t_initial": length, "lr_min": min_lr}
    given |= {"cycle_mul": cycle_mul, "cycle_decay": cycle_decay, "cycle_limit": cycle_limit}
    if sched == "tanh":
        return made(TanhLRScheduler, run, **given)
    if sched == "poly":
        return made(PolyLRScheduler, run, power=decay_rate, k_decay=k_decay, **given)
    return made(CosineLRScheduler, run, k_decay=k_decay, **given)


_WSD_SHAPES = {"linear": "linear", "1-sqrt": "sqrt", "cosine": "cosine"}


def _check_noise(call: str, parameter: str, noise: Any) -> None:
    if noise is not None:
        raise refusal(
            call,
            parameter,
            f"must be None, not {shown(noise)}: the noise is drawn by PyTorch's "
            "generator, which is not followed; leave it out",
        )


def _check_sorted(call: str, parameter: str, milestones: Sequence[float]) -> None:
    for before, after in itertools.pairwise(milestones):
        if before > after:
            rule = f"must be sorted, not have {number_text(after)} after {number_text(before)}"
            raise refusal(call, parameter, rule)
