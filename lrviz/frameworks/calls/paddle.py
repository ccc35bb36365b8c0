"""PaddlePaddle 3.3: paddle.optimizer.lr.

Paddle counts in Python's float64. What it makes each rate from the one before, or finds by a
logarithm, is computed in closed form here: the same to rounding, and exact at restarts.
"""

import itertools
from typing import Annotated, Literal

from ...errors import shown
from ...schedules.base import Schedule
from ...schedules.fields import Param, number_text
from ...schedules.metered import Metered
from ..base import (
    FormulaText,
    Ignored,
    Metrics,
    NotResumed,
    Period,
    Rate,
    Steps,
    build,
    by_formula,
    multiplied,
    refusal,
    warmed_up,
)

TITLE = "PaddlePaddle 3.3"
MODULES = ("paddle.optimizer.lr",)

StrictSteps = Annotated[object, Param("a number of steps, an int of at least 1")]
StrictFloat = Annotated[object, Param("a number with a point, 1.0 and not 1")]


def NoamDecay(
    d_model: Annotated[int, Param("width of the model", at_least=1)],
    warmup_steps: Period,
    learning_rate: Rate = 1.0,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Rise in a straight line, then fall with one over the square root of the step.

    Step 0 has the rate 0, and the peak is at the step warmup_steps. learning_rate is a factor of
    the whole curve, not its peak.
    """
    return build("noam", lr=learning_rate, d_model=d_model, warmup=warmup_steps)


def PiecewiseDecay(
    boundaries: Annotated[tuple[int, ...], Param("first steps of the rates", unit="steps")],
    values: Annotated[tuple[float, ...], Param("the rates", at_least=0)],
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Hold each of the values until the step of its boundary.

    The step of a boundary has the new value, where TensorFlow and Keras still have the old one.
    After the last boundary comes the last value, and values between are skipped. Boundaries are not
    sorted: the first in the list that is still ahead counts.
    """
    call = "PiecewiseDecay"
    if not boundaries:
        raise refusal(call, "boundaries", "must hold at least one step, not none")
    if len(values) <= len(boundaries):
        raise refusal(
            call,
            "values",
            f"must be at least one more than boundaries: {len(boundaries) + 1}, not {len(values)}",
        )
    start, points = 0, {}
    for boundary, value in zip(boundaries, values, strict=False):
        if boundary > start:
            points[start] = value
            start = boundary
    points[start] = values[-1]
    return build("piecewise", points=tuple(points.items()))


def NaturalExpDecay(
    learning_rate: Rate,
    gamma: Annotated[float, Param("decay per step, in the exponent", above=0)],
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Divide the rate by e to the `gamma` at every step.

    It never stops, and has no period: gamma counts for one step.
    """
    return build("natural_exp", lr=learning_rate, rate=gamma, steps=1)


def InverseTimeDecay(
    learning_rate: Rate, gamma: float, last_epoch: NotResumed = -1, verbose: Ignored = False
) -> Schedule:
    """Divide the rate by 1 plus `gamma` for every step.

    It never stops, and has no period: gamma counts for one step.
    """
    return build("inverse_time", lr=learning_rate, rate=gamma, steps=1)


def PolynomialDecay(
    learning_rate: Rate,
    decay_steps: StrictSteps,
    end_lr: Rate = 0.0001,
    power: Annotated[float, Param("exponent; 1 is a straight line", above=0)] = 1.0,
    cycle: bool = False,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Fall to `end_lr` in `decay_steps` steps, along a power of the part that is left.

    The end is 0.0001 unless given, not 0, and is held. With cycle the step after the end jumps up
    to a longer and lower curve.
    """
    steps = _whole("PolynomialDecay", "decay_steps", decay_steps)
    return build("poly", lr=learning_rate, steps=steps, end=end_lr, power=power, cycle=cycle)


def LinearWarmup(
    learning_rate: Schedule,
    warmup_steps: StrictSteps,
    start_lr: Rate,
    end_lr: float,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Rise in a straight line towards `end_lr`, then follow a rate or another schedule.

    end_lr itself is never in force: the step warmup_steps has the first rate of what follows, with
    a jump if that is another. What follows begins there at its own step 0.
    """
    call = "LinearWarmup"
    steps = _whole(call, "warmup_steps", warmup_steps)
    if end_lr <= start_lr:
        rule = f"must be above start_lr, {number_text(start_lr)}, not {number_text(end_lr)}"
        raise refusal(call, "end_lr", rule)
    if any(isinstance(part, Metered) for part in learning_rate.parts()):
        rule = "must not be a ReduceOnPlateau, which would be given the step for its metric"
        raise refusal(call, "learning_rate", rule)
    return warmed_up(steps, start_lr, end_lr, learning_rate)


def ExponentialDecay(
    learning_rate: Rate,
    gamma: Annotated[float, Param("factor at every step, below 1", above=0)],
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Multiply the rate by `gamma` at every step.

    It never stops, and has no period: gamma counts for one step.
    """
    _check_below_1("ExponentialDecay", "gamma", gamma)
    return build("exp", lr=learning_rate, rate=gamma, steps=1)


def MultiStepDecay(
    learning_rate: Rate,
    milestones: Annotated[tuple[int, ...], Param("rising steps", unit="steps", at_least=0)],
    gamma: float = 0.1,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Multiply the rate by `gamma` at each milestone.

    The drop is in force at the milestone itself.
    """
    call = "MultiStepDecay"
    _check_below_1(call, "gamma", gamma)
    for before, step in itertools.pairwise(milestones):
        if step <= before:
            raise refusal(call, "milestones", f"must rise, not go from {before} to {step}")
    if not milestones:
        return build("const", lr=learning_rate)
    return build("multistep", lr=learning_rate, rate=gamma, drops=milestones)


def StepDecay(
    learning_rate: Rate,
    step_size: StrictSteps,
    gamma: float = 0.1,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Multiply the rate by `gamma` every `step_size` steps.

    The drop is in force at the step step_size itself.
    """
    steps = _whole("StepDecay", "step_size", step_size)
    _check_below_1("StepDecay", "gamma", gamma)
    return build("step", lr=learning_rate, rate=gamma, steps=steps)


def LambdaDecay(
    learning_rate: Rate,
    lr_lambda: FormulaText,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Multiply the first rate by a function of the step.

    The function's value is the factor at that step; factors do not add up from step to step.
    """
    return by_formula(learning_rate, lr_lambda)


def MultiplicativeDecay(
    learning_rate: Rate,
    lr_lambda: FormulaText,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Multiply the rate in force by a function of the step, at every step but the first.

    The function is never called for step 0.
    """
    return multiplied(learning_rate, lr_lambda)


def CosineAnnealingDecay(
    learning_rate: Rate,
    T_max: StrictSteps,
    eta_min: Rate = 0,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Fall to `eta_min` in `T_max` steps along a cosine, and climb back up along it.

    The end is not held: after T_max the rate goes up again, and is the full one at 2 * T_max.
    """
    steps = _whole("CosineAnnealingDecay", "T_max", T_max)
    return build("cosine", lr=learning_rate, steps=steps, end=eta_min, unclamped=True)


def OneCycleLR(
    max_learning_rate: Rate,
    total_steps: StrictSteps,
    divide_factor: Annotated[float, Param("what the peak is divided by at first", above=0)] = 25.0,
    end_learning_rate: Rate = 0.0001,
    phase_pct: StrictFloat = 0.3,
    anneal_strategy: Annotated[Literal["cos", "linear"], Param("the shape of the way")] = "cos",
    three_phase: bool = False,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Rise from a fraction of the peak to the peak, and fall to `end_learning_rate`.

    The peak is at phase_pct * total_steps - 1, which is not rounded: where that is no whole step it
    is never quite reached. The end, a rate and not a fraction, is in force at total_steps - 1. One
    more step is allowed and goes past it, up again or in a line even below 0; the next one is an
    error.
    """
    call = "OneCycleLR"
    steps, pct = _whole(call, "total_steps", total_steps), _broken(call, "phase_pct", phase_pct)
    if not 0 <= pct <= 1:
        raise refusal(call, "phase_pct", f"must be from 0 to 1, not {number_text(pct)}")
    if three_phase and pct >= 0.5:
        rule = f"must be below 0.5 where there are three phases, not {number_text(pct)}"
        raise refusal(call, "phase_pct", rule)
    if pct * steps == 1:
        rule = (
            "must not be 1 / total_steps, because a rise that ends at step 0 has no steps, and "
            "Paddle divides by them; choose another"
        )
        raise refusal(call, "phase_pct", rule)
    return build(
        "one_cycle",
        lr=max_learning_rate,
        steps=steps,
        pct=pct,
        start=max_learning_rate / divide_factor,
        end=end_learning_rate,
        linear=anneal_strategy == "linear",
        three=three_phase,
        unclamped=True,
    )


def CyclicLR(
    base_learning_rate: Rate,
    max_learning_rate: Rate,
    step_size_up: StrictSteps,
    step_size_down: Annotated[
        object | None, Param("the same, as step_size_up unless given")
    ] = None,
    mode: Annotated[
        Literal["triangular", "triangular2", "exp_range"], Param("how the cycles shrink")
    ] = "triangular",
    exp_gamma: StrictFloat = 1.0,
    scale_fn: FormulaText | None = None,
    scale_mode: Annotated[
        Literal["cycle", "iterations"], Param("what scale_fn is a function of")
    ] = "cycle",
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Go up from the base to the maximum and down again in straight lines, over and over.

    The way down is as long as the way up unless given. triangular2 halves the height of each next
    cycle; exp_range multiplies it by exp_gamma at every step. A scale_fn of one's own takes the
    place of the mode: a function of the number of the cycle, the first being 1, or of the step.
    """
    call = "CyclicLR"
    up = _whole(call, "step_size_up", step_size_up)
    down = None if step_size_down is None else _whole(call, "step_size_down", step_size_down)
    gamma = _broken(call, "exp_gamma", exp_gamma)
    if scale_fn is not None:
        from ..formulas import ScaledCyclic

        return ScaledCyclic(
            lr=base_learning_rate,
            peak=max_learning_rate,
            up=up,
            down=down,
            f=scale_fn,
            by_cycle=scale_mode == "cycle",
        )
    return build(
        "cyclic",
        lr=base_learning_rate,
        peak=max_learning_rate,
        up=up,
        down=down,
        shrink=0.5 if mode == "triangular2" else 1.0,
        rate=gamma if mode == "exp_range" else 1.0,
    )


def LinearLR(
    learning_rate: Rate,
    total_steps: Period,
    start_factor: Annotated[float, Param("a part", above=0, at_most=1)] = 1 / 3,
    end_factor: Annotated[float, Param("a part", at_least=0, at_most=1)] = 1.0,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Go in a straight line from `start_factor` to `end_factor` times the rate.

    It cannot start at 0 and cannot rise above the rate. The end is in force from the step
    total_steps on.
    """
    return build(
        "linear",
        lr=learning_rate * start_factor,
        end=learning_rate * end_factor,
        steps=total_steps,
    )


def CosineAnnealingWarmRestarts(
    learning_rate: Rate,
    T_0: StrictSteps,
    T_mult: Annotated[object, Param("how many times as long the next cycle is, an int")] = 1,
    eta_min: Rate = 0,
    last_epoch: NotResumed = -1,
    verbose: Ignored = False,
) -> Schedule:
    """Fall along a cosine and jump back up, in cycles that are `T_mult` times as long each.

    A restart step is already the new peak, and all peaks are equally high. Inside LinearWarmup
    Paddle finds restarts by a logarithm, and some one step late; here they are always on time.
    """
    call = "CosineAnnealingWarmRestarts"
    return build(
        "cosine_restarts",
        lr=learning_rate,
        steps=_whole(call, "T_0", T_0),
        t_mul=_whole(call, "T_mult", T_mult),
        end=eta_min,
    )


def ReduceOnPlateau(
    learning_rate: Rate,
    mode: Annotated[Literal["min", "max"], Param("whether lower or higher is better")] = "min",
    factor: float = 0.1,
    patience: Annotated[int, Param("how many bad metrics in a row are borne", at_least=0)] = 10,
    threshold: float = 1e-4,
    threshold_mode: Annotated[
        Literal["rel", "abs"], Param("whether the threshold is a part of the best")
    ] = "rel",
    cooldown: Steps = 0,
    min_lr: Rate = 0,
    epsilon: float = 1e-8,
    verbose: Ignored = False,
    *,
    metrics: Metrics,
) -> Schedule:
    """Multiply the rate by `factor` when a metric has not improved for more than `patience` steps.

    The metric after step i can first change the rate of step i + 1. During the cooldown metrics are
    not looked at, so that even the best one is forgotten. A change of epsilon or less is not made.
    """
    _check_below_1("ReduceOnPlateau", "factor", factor)
    return build(
        "plateau",
        lr=learning_rate,
        rate=factor,
        patience=patience,
        threshold=threshold,
        cooldown=cooldown,
        min=min_lr,
        eps=epsilon,
        max=mode == "max",
        absolute=threshold_mode == "abs",
        paddle=True,
        metrics=metrics,
    )


def _whole(call: str, parameter: str, value: object) -> int:
    """Return a number of which Paddle demands that it is an int above 0: 10, but not 10.0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        rule = f"must be a whole number of at least 1 without a point, not {shown(value)}"
        raise refusal(call, parameter, rule)
    return value


def _broken(call: str, parameter: str, value: object) -> float:
    """Return a number of which Paddle demands that it is a float: 1.0, but not 1."""
    if not isinstance(value, float):
        rule = f"must be a number with a point, such as 1.0, not {shown(value)}"
        raise refusal(call, parameter, rule)
    return value


def _check_below_1(call: str, parameter: str, value: float) -> None:
    """Raise ParameterError where Paddle demands that a factor makes rates smaller."""
    if value >= 1:
        raise refusal(call, parameter, f"must be below 1, not {number_text(value)}")
