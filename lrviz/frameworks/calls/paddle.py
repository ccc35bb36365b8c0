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
from .. import kinds
from ..composing import build, by_formula, multiplied, refusal, triangles, warmed_up

TITLE = "PaddlePaddle 3.3"
MODULES = ("paddle.optimizer.lr",)

StrictSteps = Annotated[object, Param("a number of steps, an int of at least 1")]
Exponential = Annotated[float, Param("decay per step, in the exponent", above=0)]
Falling = Annotated[float, Param("factor at every step, below 1", above=0, below=1)]
StrictFloat = Annotated[object, Param("a number with a point, 1.0 and not 1")]

KINDS = {
    Annotated[int, Param("width of the model", at_least=1)]: "d_model",
    StrictSteps: "warmup_steps decay_steps step_size T_max total_steps step_size_up T_0",
    kinds.Rate: (
        "learning_rate end_lr start_lr eta_min max_learning_rate "
        "end_learning_rate base_learning_rate min_lr"
    ),
    Annotated[tuple[int, ...], Param("first steps of the rates", unit="steps")]: "boundaries",
    Annotated[tuple[float, ...], Param("the rates", at_least=0)]: "values",
    Annotated[float, Param("a factor below 1", below=1)]: "gamma factor",
    Annotated[float, Param("exponent; 1 is a straight line", above=0)]: "power",
    Annotated[tuple[int, ...], Param("rising steps", unit="steps", at_least=0)]: "milestones",
    kinds.Formula: "lr_lambda scale_fn",
    Annotated[float, Param("what the peak is divided by at first", above=0)]: "divide_factor",
    StrictFloat: "phase_pct exp_gamma",
    kinds.Anneal: "anneal_strategy",
    Annotated[object, Param("the same, as step_size_up unless given")]: "step_size_down",
    Annotated[
        Literal["cycle", "iterations"], Param("what scale_fn is a function of")
    ]: "scale_mode",
    Annotated[float, Param("a part", above=0, at_most=1)]: "start_factor",
    kinds.Part: "end_factor",
    Annotated[object, Param("how many times as long the next cycle is, an int")]: "T_mult",
    Annotated[int, Param("how many bad metrics in a row are borne", at_least=0)]: "patience",
    Annotated[
        Literal["rel", "abs"], Param("whether the threshold is a part of the best")
    ]: "threshold_mode",
    kinds.Steps: "cooldown",
}

EXAMPLES = {
    "NaturalExpDecay": "learning_rate=0.1, gamma=0.05",
    "InverseTimeDecay": "learning_rate=0.1, gamma=0.05",
    "LinearWarmup": (
        "learning_rate=CosineAnnealingDecay(0.1, 90), warmup_steps=10, start_lr=0.0, end_lr=0.1"
    ),
    "PolynomialDecay": "learning_rate=0.1, decay_steps=100",
    "CosineAnnealingDecay": "learning_rate=0.1, T_max=100",
    "OneCycleLR": "max_learning_rate=0.1, total_steps=100",
    "CosineAnnealingWarmRestarts": "learning_rate=0.1, T_0=30, T_mult=2",
}


def NoamDecay(d_model, warmup_steps: kinds.Period, learning_rate=1.0, last_epoch=-1, verbose=False):
    """Rise in a straight line, then fall with one over the square root of the step.

    Step 0 has the rate 0, and the peak is at the step warmup_steps. learning_rate is a factor of
    the whole curve, not its peak.
    """
    return build("noam", lr=learning_rate, d_model=d_model, warmup=warmup_steps)


def PiecewiseDecay(boundaries, values, last_epoch=-1, verbose=False):
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


def NaturalExpDecay(learning_rate, gamma: Exponential, last_epoch=-1, verbose=False):
    """Divide the rate by e to the `gamma` at every step.

    It never stops, and has no period: gamma counts for one step.
    """
    return build("natural_exp", lr=learning_rate, rate=gamma, steps=1)


def InverseTimeDecay(learning_rate, gamma: float, last_epoch=-1, verbose=False):
    """Divide the rate by 1 plus `gamma` for every step.

    It never stops, and has no period: gamma counts for one step.
    """
    return build("inverse_time", lr=learning_rate, rate=gamma, steps=1)


def PolynomialDecay(
    learning_rate, decay_steps, end_lr=0.0001, power=1.0, cycle=False, last_epoch=-1, verbose=False
):
    """Fall to `end_lr` in `decay_steps` steps, along a power of the part that is left.

    The end is 0.0001 unless given, not 0, and is held. With cycle the step after the end jumps up
    to a longer and lower curve.
    """
    steps = _whole("PolynomialDecay", "decay_steps", decay_steps)
    return build("poly", lr=learning_rate, steps=steps, end=end_lr, power=power, cycle=cycle)


def LinearWarmup(
    learning_rate: Schedule, warmup_steps, start_lr, end_lr: float, last_epoch=-1, verbose=False
):
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


def ExponentialDecay(learning_rate, gamma: Falling, last_epoch=-1, verbose=False):
    """Multiply the rate by `gamma` at every step.

    It never stops, and has no period: gamma counts for one step.
    """
    return build("exp", lr=learning_rate, rate=gamma, steps=1)


def MultiStepDecay(learning_rate, milestones, gamma=0.1, last_epoch=-1, verbose=False):
    """Multiply the rate by `gamma` at each milestone.

    The drop is in force at the milestone itself.
    """
    call = "MultiStepDecay"
    for before, step in itertools.pairwise(milestones):
        if step <= before:
            raise refusal(call, "milestones", f"must rise, not go from {before} to {step}")
    if not milestones:
        return build("const", lr=learning_rate)
    return build("multistep", lr=learning_rate, rate=gamma, drops=milestones)


def StepDecay(learning_rate, step_size, gamma=0.1, last_epoch=-1, verbose=False):
    """Multiply the rate by `gamma` every `step_size` steps.

    The drop is in force at the step step_size itself.
    """
    steps = _whole("StepDecay", "step_size", step_size)
    return build("step", lr=learning_rate, rate=gamma, steps=steps)


def LambdaDecay(learning_rate, lr_lambda, last_epoch=-1, verbose=False):
    """Multiply the first rate by a function of the step.

    The function's value is the factor at that step; factors do not add up from step to step.
    """
    return by_formula(learning_rate, lr_lambda)


def MultiplicativeDecay(learning_rate, lr_lambda, last_epoch=-1, verbose=False):
    """Multiply the rate in force by a function of the step, at every step but the first.

    The function is never called for step 0.
    """
    return multiplied(learning_rate, lr_lambda)


def CosineAnnealingDecay(learning_rate, T_max, eta_min=0, last_epoch=-1, verbose=False):
    """Fall to `eta_min` in `T_max` steps along a cosine, and climb back up along it.

    The end is not held: after T_max the rate goes up again, and is the full one at 2 * T_max.
    """
    steps = _whole("CosineAnnealingDecay", "T_max", T_max)
    return build("cosine", lr=learning_rate, steps=steps, end=eta_min, unclamped=True)


def OneCycleLR(
    max_learning_rate, total_steps, divide_factor=25.0, end_learning_rate=0.0001, phase_pct=0.3,
    anneal_strategy="cos", three_phase=False, last_epoch=-1, verbose=False,
):  # fmt: skip
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
    base_learning_rate, max_learning_rate, step_size_up, step_size_down=None,
    mode: kinds.Waves = "triangular", exp_gamma=1.0, scale_fn=None, scale_mode="cycle",
    last_epoch=-1, verbose=False,
):  # fmt: skip
    """Go up from the base to the maximum and down again in straight lines, over and over.

    The way down is as long as the way up unless given. triangular2 halves the height of each next
    cycle; exp_range multiplies it by exp_gamma at every step. A scale_fn of one's own takes the
    place of the mode: a function of the number of the cycle, the first being 1, or of the step.
    """
    call = "CyclicLR"
    up = _whole(call, "step_size_up", step_size_up)
    down = None if step_size_down is None else _whole(call, "step_size_down", step_size_down)
    gamma = _broken(call, "exp_gamma", exp_gamma)
    given = {"lr": base_learning_rate, "peak": max_learning_rate, "up": up, "down": down}
    return triangles(mode, gamma, scale_fn, scale_mode, **given)


def LinearLR(
    learning_rate, total_steps: kinds.Period, start_factor=1 / 3, end_factor=1.0, last_epoch=-1,
    verbose=False,
):  # fmt: skip
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
    learning_rate, T_0, T_mult=1, eta_min=0, last_epoch=-1, verbose=False
):
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
    learning_rate, mode: kinds.Better = "min", factor=0.1, patience=10, threshold=1e-4,
    threshold_mode="rel", cooldown=0, min_lr=0, epsilon=1e-8, verbose=False, *, metrics,
):  # fmt: skip
    """Multiply the rate by `factor` when a metric has not improved for more than `patience` steps.

    The metric after step i can first change the rate of step i + 1. During the cooldown metrics are
    not looked at, so that even the best one is forgotten. A change of epsilon or less is not made.
    """
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
