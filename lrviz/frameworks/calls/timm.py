"""timm 1.0: timm.scheduler.

Its schedules are functions of the number of epochs, or with t_in_epochs=False of updates. Step 0
has what the constructor sets, which is not always what the function gives for 0.
"""

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple

from ...errors import quoted, shown
from ...schedules.base import Schedule
from ...schedules.fields import Param, number_text
from ..base import (
    BaseRate,
    Factor,
    Ignored,
    Metrics,
    Optimizer,
    Period,
    Rate,
    Raw,
    Steps,
    build,
    in_turn,
    refusal,
)

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

EpochLength = Annotated[int | None, Param("the updates in an epoch", unit="steps", at_least=1)]
Length = Annotated[float, Param("a number of steps", unit="steps", above=0)]
Exponent = Annotated[float, Param("an exponent", above=0)]
Longer = Annotated[float, Param("how many times as long the next cycle is", above=0)]
Count = Annotated[int, Param("how many", at_least=0)]
Milestones = Annotated[tuple[float, ...], Param("steps", unit="steps", at_least=0)]
StableShape = Annotated[Literal["constant", "rsqrt", "power"], Param("the shape before the decay")]
DecayShape = Annotated[
    Literal["linear", "1-sqrt", "cosine", "power", "exp"], Param("the shape of the decay")
]
SomeDecayShape = Annotated[
    Literal["linear", "1-sqrt", "cosine", "power", "exp"] | None, Param("the shape of the decay")
]
SomeSteps = Annotated[float | None, Param("a number of steps", unit="steps")]
Mode = Annotated[Literal["min", "max"], Param("which metric is better")]


def CosineLRScheduler(
    optimizer: Optimizer,
    t_initial: Length,
    lr_min: Rate = 0.0,
    cycle_mul: Longer = 1.0,
    cycle_decay: Factor = 1.0,
    cycle_limit: Count = 1,
    warmup_t: Steps = 0,
    warmup_lr_init: Rate = 0.0,
    warmup_prefix: bool = False,
    t_in_epochs: bool = True,
    noise_range_t: Raw = None,
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = 42,
    k_decay: Exponent = 1.0,
    initialize: Ignored = True,
    *,
    lr: BaseRate,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Fall along a cosine to `lr_min`, once or in cycles, after a warmup in a straight line.

    With a warmup step 0 has warmup_lr_init. The cosine then runs from step 0 on and the warmup lies
    over it, so that the full rate is never reached: at step `warmup_t` the rate jumps to where the
    cosine is by then. With warmup_prefix the cosine begins at step `warmup_t`. After `cycle_limit`
    cycles, 1 unless given, the rate is lr_min. A step is an epoch unless steps_per_epoch is known.
    """
    _check_noise("CosineLRScheduler", "noise_range_t", noise_range_t)
    fall = build("cosine", lr=lr, steps=t_initial, end=lr_min, k=k_decay)
    cycles = _cycles(fall, lr_min, cycle_mul, cycle_decay, cycle_limit)
    rates = _warmed(cycles, lr, warmup_t, warmup_lr_init, warmup_prefix)
    return _by_epoch(rates, steps_per_epoch if t_in_epochs else None)


def TanhLRScheduler(
    optimizer: Optimizer,
    t_initial: Length,
    lb: float = -7.0,
    ub: float = 3.0,
    lr_min: Rate = 0.0,
    cycle_mul: Longer = 1.0,
    cycle_decay: Factor = 1.0,
    cycle_limit: Count = 1,
    warmup_t: Steps = 0,
    warmup_lr_init: Rate = 0.0,
    warmup_prefix: bool = False,
    t_in_epochs: bool = True,
    noise_range_t: Raw = None,
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = 42,
    initialize: Ignored = True,
    *,
    lr: BaseRate,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Fall along a hyperbolic tangent, once or in cycles, after a warmup in a straight line.

    The curve begins a little below the full rate, which only step 0 of a run without warmup has,
    and stops a little above `lr_min`, to which it then jumps. Without warmup_prefix it runs from
    step 0 on, and the warmup leads to where it is at step `warmup_t`; with it, the warmup leads to
    the full rate, and the curve begins then. A step is an epoch unless steps_per_epoch is known.
    """
    _check_noise("TanhLRScheduler", "noise_range_t", noise_range_t)
    if lb >= ub:
        rule = f"must be below ub, {number_text(ub)}, not {number_text(lb)}"
        raise refusal("TanhLRScheduler", "lb", rule)
    fall = build("tanh", lr=lr, steps=t_initial, end=lr_min, lb=lb, ub=ub)
    cycles = _cycles(fall, lr_min, cycle_mul, cycle_decay, cycle_limit)
    onto = not warmup_prefix
    rates = _warmed(cycles, lr, warmup_t, warmup_lr_init, warmup_prefix, onto=onto)
    return _by_epoch(rates, steps_per_epoch if t_in_epochs else None)


def PolyLRScheduler(
    optimizer: Optimizer,
    t_initial: Length,
    power: Annotated[float, Param("an exponent", at_least=0)] = 0.5,
    lr_min: Rate = 0.0,
    cycle_mul: Longer = 1.0,
    cycle_decay: Factor = 1.0,
    cycle_limit: Count = 1,
    warmup_t: Steps = 0,
    warmup_lr_init: Rate = 0.0,
    warmup_prefix: bool = False,
    t_in_epochs: bool = True,
    noise_range_t: Raw = None,
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = 42,
    k_decay: Exponent = 1.0,
    initialize: Ignored = True,
    *,
    lr: BaseRate,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Fall to `lr_min` along a power of the part that is left, once or in cycles, after a warmup.

    The power is 0.5 unless given, not 1. Warmup and cycles are as in CosineLRScheduler: without
    warmup_prefix the curve runs from step 0 on and the rate jumps at step `warmup_t`.
    """
    _check_noise("PolyLRScheduler", "noise_range_t", noise_range_t)
    fall = build("poly", lr=lr, steps=t_initial, end=lr_min, power=power, k=k_decay)
    cycles = _cycles(fall, lr_min, cycle_mul, cycle_decay, cycle_limit)
    rates = _warmed(cycles, lr, warmup_t, warmup_lr_init, warmup_prefix)
    return _by_epoch(rates, steps_per_epoch if t_in_epochs else None)


def StepLRScheduler(
    optimizer: Optimizer,
    decay_t: Length,
    decay_rate: Factor = 1.0,
    warmup_t: Steps = 0,
    warmup_lr_init: Rate = 0.0,
    warmup_prefix: bool = True,
    t_in_epochs: bool = True,
    noise_range_t: Raw = None,
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = 42,
    initialize: Ignored = True,
    *,
    lr: BaseRate,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Multiply the rate by `decay_rate` every `decay_t` steps, after a warmup in a straight line.

    decay_rate is 1 unless given, so that nothing decays. Step `decay_t` has already the lower rate.
    Here warmup_prefix is True unless given: the drops are counted from the end of the warmup.
    """
    _check_noise("StepLRScheduler", "noise_range_t", noise_range_t)
    stairs = build("step", lr=lr, rate=decay_rate, steps=_period(decay_t))
    rates = _warmed(stairs, lr, warmup_t, warmup_lr_init, warmup_prefix)
    return _by_epoch(rates, steps_per_epoch if t_in_epochs else None)


def MultiStepLRScheduler(
    optimizer: Optimizer,
    decay_t: Milestones,
    decay_rate: Factor = 1.0,
    warmup_t: Steps = 0,
    warmup_lr_init: Rate = 0.0,
    warmup_prefix: bool = True,
    t_in_epochs: bool = True,
    noise_range_t: Raw = None,
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = 42,
    initialize: Ignored = True,
    *,
    lr: BaseRate,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Multiply the rate by `decay_rate` one step before each of the steps in `decay_t`.

    With decay_t=[30] step 29 has already the lower rate, where PyTorch drops at step 30. decay_rate
    is 1 unless given. Here warmup_prefix is True unless given: the steps are counted from the end
    of the warmup.
    """
    _check_noise("MultiStepLRScheduler", "noise_range_t", noise_range_t)
    _check_sorted("MultiStepLRScheduler", "decay_t", decay_t)
    stairs = build("const", lr=lr)
    if decay_t:
        drops = [max(math.ceil(milestone) - 1, 0) for milestone in decay_t]
        stairs = build("multistep", lr=lr, rate=decay_rate, drops=drops)
    rates = _warmed(stairs, lr, warmup_t, warmup_lr_init, warmup_prefix)
    return _by_epoch(rates, steps_per_epoch if t_in_epochs else None)


def WSDLRScheduler(
    optimizer: Optimizer,
    t_initial: Period,
    decay_t: Period,
    lr_min: Rate = 0.0,
    stable_fn: StableShape = "constant",
    stable_timescale: SomeSteps = None,
    stable_power: Exponent = 0.5,
    decay_fn: DecayShape = "1-sqrt",
    decay_power: Exponent = 0.5,
    decay_ratio: Annotated[float, Param("a factor", above=0)] = 0.1,
    warmup_t: Steps = 0,
    warmup_lr_init: Rate = 0.0,
    t_in_epochs: bool = True,
    noise_range_t: Raw = None,
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = 42,
    initialize: Ignored = True,
    *,
    lr: BaseRate,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Rise to the full rate, keep it or let it sink slowly, and fall in the last `decay_t` steps.

    `t_initial` counts the stable phase and the decay, not the warmup. `lr_min` is reached at step
    warmup_t + t_initial, one step after the last of the run. With stable_fn="rsqrt" or "power" the
    rate sinks from the end of the warmup on, in the decay too; their stable_timescale is warmup_t
    unless given.
    """
    call = "WSDLRScheduler"
    _check_noise(call, "noise_range_t", noise_range_t)
    if decay_t > t_initial:
        raise refusal(call, "decay_t", f"must be at most t_initial, {t_initial}, not {decay_t}")
    if decay_ratio >= 1:
        raise refusal(call, "decay_ratio", f"must be below 1, not {number_text(decay_ratio)}")
    scale = warmup_t if stable_timescale is None else stable_timescale
    if stable_fn != "constant" and scale <= 0:
        rule = f"must be above 0 with {quoted(stable_fn)}, not {number_text(scale)}"
        said = "; it is warmup_t unless given" if stable_timescale is None else ""
        raise refusal(call, "stable_timescale", rule + said)
    every = steps_per_epoch if t_in_epochs else None
    held = t_initial - decay_t
    if lr_min <= lr and stable_fn == "constant" and decay_fn in _WSD_SHAPES:
        start = {"start": warmup_lr_init} if warmup_t else {}
        rates = build(
            "wsd",
            lr=lr,
            steps=warmup_t + t_initial,
            warmup=warmup_t,
            decay=decay_t,
            end=lr_min,
            shape=_WSD_SHAPES[decay_fn],
            **start,
        )
        return _by_epoch(rates, every)
    decay = _Decay(decay_fn, decay_power if decay_fn == "power" else 0.5, decay_ratio)
    if lr_min > lr:
        rates = build("const", lr=lr_min)
    elif stable_fn == "constant":
        fall = decay.schedule(lr, decay_t, lr_min)
        rates = in_turn((build("const", lr=lr), held), then=fall)
    else:
        power = 0.5 if stable_fn == "rsqrt" else stable_power
        rates = _sinking(lr, scale, power, held, decay, decay_t, lr_min)
    rates = _warmed(rates, lr, warmup_t, warmup_lr_init, warmup_prefix=True)
    return _by_epoch(rates, every)


def PlateauLRScheduler(
    optimizer: Optimizer,
    decay_rate: Factor = 0.1,
    patience_t: Count = 10,
    threshold: Annotated[float, Param("how much better", at_least=0)] = 1e-4,
    cooldown_t: Count = 0,
    warmup_t: Steps = 0,
    warmup_lr_init: Rate = 0.0,
    lr_min: Rate = 0.0,
    mode: Mode = "max",
    noise_range_t: Raw = None,
    noise_type: Ignored = "normal",
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = None,
    initialize: Ignored = True,
    *,
    lr: BaseRate,
    metrics: Metrics,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Multiply the rate by `decay_rate` when a metric has not got better for a while.

    Higher metrics are better unless mode="min", against PyTorch's default. The cut comes after
    `patience_t` + 1 metrics in a row that are not better. During a warmup metrics are not looked
    at; step `warmup_t` has the full rate. A step is an epoch, and has one metric, unless
    steps_per_epoch is known.
    """
    call = "PlateauLRScheduler"
    _check_noise(call, "noise_range_t", noise_range_t)
    if decay_rate >= 1:
        raise refusal(call, "decay_rate", f"must be below 1, not {number_text(decay_rate)}")
    rates = build("const", lr=lr)
    if len(metrics) > warmup_t:
        rates = build(
            "plateau",
            lr=lr,
            rate=decay_rate,
            patience=patience_t,
            threshold=threshold,
            cooldown=cooldown_t,
            min=lr_min,
            max=mode == "max",
            metrics=metrics[warmup_t:],
        )
    rates = _warmed(rates, lr, warmup_t, warmup_lr_init, warmup_prefix=True)
    return _by_epoch(rates, steps_per_epoch)


def create_scheduler_v2(
    optimizer: Optimizer,
    sched: Annotated[
        Literal[
            "cosine",
            "tanh",
            "step",
            "multistep",
            "poly",
            "wsd",
            "rsqrt",
            "constant",
            "plateau",
            "none",
        ],
        Param("the name of a schedule"),
    ] = "cosine",
    num_epochs: Period = 300,
    decay_epochs: SomeSteps = None,
    decay_milestones: Milestones = (90, 180, 270),
    cooldown_epochs: Ignored = 0,
    patience_epochs: Count = 10,
    decay_rate: Factor = 0.1,
    min_lr: Rate = 0.0,
    warmup_lr: Rate = 1e-5,
    warmup_epochs: Steps = 0,
    warmup_prefix: bool = False,
    noise: Raw = None,
    noise_pct: Ignored = 0.67,
    noise_std: Ignored = 1.0,
    noise_seed: Ignored = 42,
    cycle_mul: Longer = 1.0,
    cycle_decay: Factor = 0.1,
    cycle_limit: Count = 1,
    k_decay: Exponent = 1.0,
    decay_fn: SomeDecayShape = None,
    stable_timescale: SomeSteps = None,
    plateau_mode: Mode = "max",
    step_on_epochs: bool = True,
    updates_per_epoch: Steps = 0,
    *,
    lr: BaseRate,
    metrics: Annotated[tuple[float, ...] | None, Param("the metrics", finite=False)] = None,
    steps_per_epoch: EpochLength = None,
) -> Schedule:
    """Make the schedule of that name, as timm's train.py does.

    Its defaults differ from those of the classes: cycle_decay is 0.1, the warmup begins at 1e-5,
    and warmup_prefix is False for all. decay_rate is the power of "poly". decay_epochs is 90, or
    for "wsd" and "rsqrt" a fifth of the stable phase and the decay, which with the warmup take
    num_epochs. A step is an epoch unless step_on_epochs is False, where it is an update, or
    steps_per_epoch is known.
    """
    call = "create_scheduler_v2"
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
        return PlateauLRScheduler(
            optimizer,
            decay_rate=decay_rate,
            patience_t=patience_epochs,
            warmup_t=warmup_epochs,
            warmup_lr_init=warmup_lr,
            lr_min=min_lr,
            mode=plateau_mode,
            lr=lr,
            metrics=metrics,
            steps_per_epoch=steps_per_epoch,
        )
    unit = 1 if step_on_epochs else updates_per_epoch
    if unit == 0:
        rule = "must be at least 1 with step_on_epochs=False, not 0"
        raise refusal(call, "updates_per_epoch", rule)
    length, warmup_t = num_epochs * unit, warmup_epochs * unit
    common: dict[str, Any] = {
        "warmup_t": warmup_t,
        "warmup_lr_init": warmup_lr,
        "t_in_epochs": step_on_epochs,
        "lr": lr,
        "steps_per_epoch": steps_per_epoch,
    }
    if sched in ("wsd", "rsqrt"):
        timescale = None if stable_timescale is None else stable_timescale * unit
        if sched == "rsqrt" and (warmup_t if timescale is None else timescale) <= 0:
            given = warmup_epochs if stable_timescale is None else stable_timescale
            rule = f"must be above 0 with 'rsqrt', not {number_text(given)}"
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
        return WSDLRScheduler(
            optimizer,
            length,
            decay_t,
            min_lr,
            stable_fn="rsqrt" if sched == "rsqrt" else "constant",
            stable_timescale=timescale,
            decay_fn=decay_fn or ("linear" if sched == "rsqrt" else "1-sqrt"),
            **common,
        )
    common["warmup_prefix"] = warmup_prefix
    if sched == "constant":
        return MultiStepLRScheduler(optimizer, (), **common)
    if sched == "multistep":
        milestones = tuple(milestone * unit for milestone in decay_milestones)
        _check_sorted(call, "decay_milestones", milestones)
        return MultiStepLRScheduler(optimizer, milestones, decay_rate, **common)
    if sched == "step":
        every = 90 if decay_epochs is None else decay_epochs
        if every <= 0:
            raise refusal(call, "decay_epochs", f"must be above 0, not {number_text(every)}")
        return StepLRScheduler(optimizer, every * unit, decay_rate, **common)
    common |= {"cycle_mul": cycle_mul, "cycle_decay": cycle_decay, "cycle_limit": cycle_limit}
    if sched == "tanh":
        return TanhLRScheduler(optimizer, length, lr_min=min_lr, **common)
    common["k_decay"] = k_decay
    if sched == "poly":
        return PolyLRScheduler(optimizer, length, decay_rate, min_lr, **common)
    return CosineLRScheduler(optimizer, length, min_lr, **common)


_WSD_SHAPES = {"linear": "linear", "1-sqrt": "sqrt", "cosine": "cosine"}


class _Decay(NamedTuple):
    """The shape of the decay of WSDLRScheduler."""

    shape: DecayShape
    power: float
    ratio: float

    def schedule(self, lr: float, steps: int, end: float) -> Schedule:
        """Return a way of this shape from `lr` to `end`."""
        if self.shape in ("linear", "cosine"):
            return build(self.shape, lr=lr, steps=steps, end=end)
        if self.shape == "exp":
            return build("exp_to", lr=lr, steps=steps, end=end, rate=self.ratio)
        return build("power", lr=lr, steps=steps, end=end, power=self.power)


def _sinking(
    lr: float, scale: float, power: float, held: int, decay: _Decay, decay_t: int, end: float
) -> Schedule:
    """Return what sinks with a power of the time, from step `held` on to `end` in `decay_t` steps.

    It never sinks below `end`, and the decay is a part of what is above that by then.
    """
    sinking = build("inverse_sqrt", lr=lr, steps=scale, power=power)
    if end == 0:
        fall = decay.schedule(1.0, decay_t, 0.0)
        factor = in_turn((build("const", lr=1.0), held), then=fall)
        return build("product", factors=(sinking, factor))
    sinking = build("floor", of=sinking, value=end)
    above = build("shift", of=sinking, steps=-held)
    fading = build("product", factors=(above, decay.schedule(1.0, decay_t, 0.0)))
    landing = decay.schedule(0.0, decay_t, end)
    return in_turn((sinking, held), then=build("sum", terms=(fading, landing)))


def _cycles(
    fall: Schedule, end: float, cycle_mul: float, cycle_decay: float, cycle_limit: int
) -> Schedule:
    """Return so many cycles of a fall, and then its end."""
    if cycle_limit == 0:
        return build("const", lr=end)
    if cycle_limit == 1 and fall(fall.length or 0) == end:
        return fall
    return build("restarts", of=fall, t_mul=cycle_mul, m_mul=cycle_decay, times=cycle_limit)


def _period(decay_t: float) -> float:
    """Return the period whose stairs are where Python's whole division has them.

    The number written 3.7 is a hair above it, so that 37 // 3.7 is 9. 37 / 3.7 is rounded to 10,
    but not with the next number.
    """
    exact = Fraction(decay_t)
    above = exact > exact.limit_denominator(1_000_000)
    return math.nextafter(decay_t, math.inf) if above else decay_t


def _warmed(
    rates: Schedule,
    lr: float,
    warmup_t: int,
    warmup_lr_init: float,
    warmup_prefix: bool,
    onto: bool = False,
) -> Schedule:
    """Return rates after a line to the full rate, `lr`, or with `onto` to where they then are.

    With the prefix they begin after the line, else they have gone on meanwhile. Without a line the
    first rate is the full one, whatever the function gives for step 0.
    """
    if not warmup_t:
        if math.isclose(rates(0), lr, rel_tol=1e-14):
            return rates
        return in_turn((build("const", lr=lr), 1), then=_begun(rates, 1))
    then = rates if warmup_prefix else _begun(rates, warmup_t)
    end = None if onto or then(0) == lr else lr
    return build("warmup", steps=warmup_t, start=warmup_lr_init, end=end, then=then)


def _begun(rates: Schedule, steps: int) -> Schedule:
    """Return a schedule from its step number `steps` on."""
    return rates if rates.level else build("shift", of=rates, steps=-steps)


def _by_epoch(rates: Schedule, steps_per_epoch: int | None) -> Schedule:
    """Return rates by the epoch as rates by the update, if it is known how many an epoch has."""
    if steps_per_epoch is None:
        return rates
    return build("stepped", every=steps_per_epoch, of=rates)


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
