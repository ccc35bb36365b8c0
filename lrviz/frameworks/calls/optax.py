"""Optax 0.2: optax.schedules.

Optax counts in float32 unless JAX has float64 switched on. Compiled (by jax.jit), it multiplies by
the rounded reciprocal of a period instead of dividing by the period.
"""

import math
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from ...errors import ParameterError, did_you_mean, listing, quoted, shown
from ...schedules.base import Schedule
from ...schedules.fields import Param, Points, number_text
from ...schedules.run import Run
from .. import call_of, kinds
from ..binding import made
from ..composing import build, in_turn, refusal, warmed_up

TITLE = "Optax 0.2"
MODULES = ("optax", "optax.schedules")
COMPILED = "jax.jit"

Rise = Annotated[
    int, Param("a number of steps; with 0 or less the first rate stays for ever", unit="steps")
]
Bound = Annotated[float | None, Param("the rate that it is cut off at", at_least=0)]

KINDS = {
    kinds.Rate: "value init_value end_value peak_value",
    Annotated[
        float,
        Param("a number of steps; with 0 or less the first rate stays for ever", unit="steps"),
    ]: "transition_steps",
    Annotated[int, Param("the step it begins at; below 0 is 0", unit="steps")]: "transition_begin",
    float: "power decay_rate",
    kinds.Length: "decay_steps",
    Annotated[Points, Param("factors by step, {100: 0.1}", unit="steps")]: "boundaries_and_scales",
    Annotated[Literal["linear", "cosine"], Param("the shape of the way")]: "interpolate_type",
    kinds.Divisor: "div_factor final_div_factor",
    kinds.Steps: "warmup_steps",
    kinds.Raw: "cosine_kwargs",
    tuple[Schedule, ...]: "schedules",
    Annotated[tuple[int, ...], Param("first steps of the parts", unit="steps")]: "boundaries",
}

EXAMPLES = {
    "linear_schedule": "init_value=0.1, end_value=0.01, transition_steps=100",
    "polynomial_schedule": "init_value=0.1, end_value=0.01, power=2.0, transition_steps=100",
    "exponential_decay": "init_value=0.1, transition_steps=100, decay_rate=0.5",
    "cosine_decay_schedule": "init_value=0.1, decay_steps=100",
    "piecewise_constant_schedule": "init_value=0.1, boundaries_and_scales={30: 0.1, 60: 0.1}",
    "piecewise_interpolate_schedule": (
        "'cosine', init_value=0.1, boundaries_and_scales={30: 0.5, 60: 0.1}"
    ),
    "sgdr_schedule": (
        "[dict(init_value=0.0, peak_value=0.1, warmup_steps=5, decay_steps=50), "
        "dict(init_value=0.0, peak_value=0.05, warmup_steps=5, decay_steps=50)]"
    ),
    "join_schedules": (
        "[optax.linear_schedule(0.0, 0.1, 10), optax.cosine_decay_schedule(0.1, 90)], "
        "boundaries=[10]"
    ),
    "warmup_exponential_decay_schedule": (
        "init_value=0.0, peak_value=0.1, warmup_steps=10, transition_steps=50, decay_rate=0.5"
    ),
}


def constant_schedule(value):
    """Keep the rate at `value`."""
    return build("const", lr=value)


def linear_schedule(init_value, end_value, transition_steps, transition_begin=0):
    """Go from `init_value` to `end_value` in a straight line of `transition_steps` steps.

    The first rate is held up to and with the step transition_begin, the last one from
    transition_begin + transition_steps on. With transition_steps of 0 or less the first rate stays
    for ever and the end never comes.
    """
    if transition_steps <= 0:
        return build("const", lr=init_value)
    line = build("linear", lr=init_value, steps=transition_steps, end=end_value)
    return _begun(transition_begin, line)


def polynomial_schedule(init_value, end_value, power, transition_steps, transition_begin=0):
    """Go from `init_value` to `end_value` in `transition_steps` steps, along a power.

    The first rate is held up to and with the step transition_begin, the last one from
    transition_begin + transition_steps on. With transition_steps of 0 or less, or a power of 0, the
    first rate stays for ever. Compiled with a broken power such as 0.5, Optax can end in NaN.
    """
    if transition_steps <= 0:
        return build("const", lr=init_value)
    curve = build("poly", lr=init_value, steps=transition_steps, end=end_value, power=power)
    return _begun(transition_begin, curve)


def exponential_decay(
    init_value, transition_steps, decay_rate, transition_begin=0, staircase=False,
    end_value: Bound = None,
):  # fmt: skip
    """Multiply the rate by `decay_rate` once every `transition_steps` steps.

    The first rate is held up to and with the step transition_begin; with staircase the first drop
    is at transition_begin + transition_steps. end_value is a floor where decay_rate is below 1, and
    else a ceiling; it holds before the beginning too. With a decay_rate of 0 (where TensorFlow
    falls to 0) or transition_steps of 0 or less the first rate stays for ever, and end_value counts
    for nothing.
    """
    if transition_steps <= 0 or decay_rate == 0:
        return build("const", lr=init_value)
    decay = build(
        "exp", lr=init_value, rate=decay_rate, steps=transition_steps, staircase=staircase
    )
    decay = _begun(transition_begin, decay)
    if end_value is None:
        return decay
    return build("floor" if decay_rate < 1 else "ceiling", of=decay, value=end_value)


def cosine_decay_schedule(init_value, decay_steps, alpha=0.0, exponent=1.0):
    """Fall to `alpha` times the rate in `decay_steps` steps, along half a wave of a cosine.

    alpha is a fraction of the first rate, not a rate. The end is held.
    """
    return build("cosine", lr=init_value, steps=decay_steps, alpha=alpha or None, power=exponent)


def piecewise_constant_schedule(init_value, boundaries_and_scales=None):
    """Multiply the rate by a factor at each of several steps.

    The factors multiply up: {100: 0.1, 200: 0.01} ends at a thousandth of the first rate. The step
    of a boundary has the new rate, where TensorFlow and Keras still have the old one.
    """
    knots = _knots("piecewise_constant_schedule", init_value, boundaries_and_scales or ())
    points = {max(step, 0): rate for step, rate in knots}
    if len(points) == 1:
        return build("const", lr=points[0])
    return build("piecewise", points=tuple(points.items()))


def piecewise_interpolate_schedule(interpolate_type, init_value, boundaries_and_scales=None):
    """Go through several rates, each a factor times the one before, in lines or half waves.

    The factors multiply up: {4: 0.1, 8: 0.01} goes to a tenth at step 4 and a thousandth at step 8.
    The last rate is held. A boundary at 0 is a jump at step 0.
    """
    return _interpolated(
        "piecewise_interpolate_schedule",
        interpolate_type,
        init_value,
        boundaries_and_scales or (),
    )


def linear_onecycle_schedule(
    transition_steps: kinds.Period, peak_value, pct_start=0.3, pct_final=0.85, div_factor=25.0,
    final_div_factor=10000.0,
):  # fmt: skip
    """Rise to `peak_value` and fall back in straight lines, then fall far below the start.

    It begins at peak_value / div_factor, and is there again at `pct_final` of the steps. The last
    rate is divided by both factors: peak_value / (div_factor * final_div_factor). The steps of the
    corners are cut down to whole ones, so that in short runs the peak is at step 0 or never.
    """
    scales = {
        int(pct_start * transition_steps): div_factor,
        int(pct_final * transition_steps): 1 / div_factor,
        transition_steps: 1 / final_div_factor,
    }
    call, begin = "linear_onecycle_schedule", peak_value / div_factor
    return _interpolated(call, "linear", begin, scales.items())


def cosine_onecycle_schedule(
    transition_steps: kinds.Length,
    peak_value,
    pct_start=0.3,
    div_factor=25.0,
    final_div_factor=10000.0,
):
    """Rise to `peak_value` and fall far below the start, along half waves of a cosine.

    It begins at peak_value / div_factor and ends at that divided by final_div_factor. The step of
    the peak is cut down to a whole one, so that in short runs it is step 0.
    """
    scales = {
        int(pct_start * transition_steps): div_factor,
        int(transition_steps): 1 / (div_factor * final_div_factor),
    }
    call, begin = "cosine_onecycle_schedule", peak_value / div_factor
    return _interpolated(call, "cosine", begin, scales.items())


def warmup_constant_schedule(
    init_value, peak_value,
    warmup_steps: Rise,
):  # fmt: skip
    """Rise in a straight line to `peak_value`, and stay there.

    The step warmup_steps is the first with the peak. With warmup_steps=0 the rate stays at
    init_value for ever, not at the peak.
    """
    if warmup_steps <= 0:
        return build("const", lr=init_value)
    return warmed_up(warmup_steps, init_value, peak_value, build("const", lr=peak_value))


def warmup_cosine_decay_schedule(
    init_value, peak_value, warmup_steps, decay_steps, end_value=0.0, exponent=1.0
):
    """Rise in a straight line to `peak_value`, then fall to `end_value` along a cosine.

    decay_steps counts from step 0 and includes the warmup, which must be shorter. end_value is a
    rate, not a fraction; with a peak of 0 it is ignored. The step warmup_steps is the first with
    the peak, and with warmup_steps=0 step 0 is.
    """
    if decay_steps <= warmup_steps:
        raise refusal(
            "warmup_cosine_decay_schedule",
            "decay_steps",
            f"includes the warmup and must be above its {warmup_steps} steps, "
            f"not {number_text(decay_steps)}",
        )
    cosine = build(
        "cosine",
        lr=peak_value,
        steps=decay_steps - warmup_steps,
        end=end_value if peak_value else 0.0,
        power=exponent,
    )
    return warmed_up(warmup_steps, init_value, peak_value, cosine)


def warmup_exponential_decay_schedule(
    init_value, peak_value, warmup_steps, transition_steps, decay_rate, transition_begin=0,
    staircase=False, end_value: Bound = None,
):  # fmt: skip
    """Rise in a straight line to `peak_value`, then fall as exponential_decay does.

    transition_begin counts from the end of the warmup. end_value cuts off only the decay. With
    warmup_steps=0 step 0 has the peak.
    """
    decay = exponential_decay(
        peak_value, transition_steps, decay_rate, transition_begin, staircase, end_value
    )
    return warmed_up(warmup_steps, init_value, peak_value, decay)


def sgdr_schedule(cosine_kwargs):
    """Follow several warmups and cosines, one after another.

    Each dict has the parameters of warmup_cosine_decay_schedule for one cycle, whose decay_steps is
    its length. Cycles do not grow by themselves; the end of the last is held.
    """
    if not isinstance(cosine_kwargs, list | tuple) or not cosine_kwargs:
        raise refusal(
            "sgdr_schedule",
            "cosine_kwargs",
            f"must be a list of dicts, one for each cycle, not {shown(cosine_kwargs)}",
        )
    cycles = []
    for i, kwargs in enumerate(cosine_kwargs):
        try:
            cycles.append(_cycle(kwargs))
        except ParameterError as error:
            rule = f"is wrong in cycle {i + 1}: " + error.renamed("", error.key)
            raise ParameterError("sgdr_schedule", "cosine_kwargs", rule, member=i) from None
    *before, (last, _) = cycles
    return in_turn(*before, then=last)


def join_schedules(schedules, boundaries):
    """Follow several schedules, each from its boundary on and from its own step 0.

    The step of a boundary is the first of the new part. Boundaries count from step 0 of the whole.
    They are not checked: of those that have passed the last in the list counts, so that unsorted
    ones hide parts. Parts without a boundary never come.
    """
    if not schedules:
        raise refusal("join_schedules", "schedules", "must hold at least one schedule, not none")
    # From the last on: a part is in force until the first boundary of those after it.
    stages: list[tuple[Schedule, float]] = []
    stop = math.inf
    for boundary, schedule in reversed([*zip(boundaries, schedules[1:], strict=False)]):
        start = max(boundary, 0)
        if start < stop:
            part = build("shift", of=schedule, steps=boundary) if boundary < 0 else schedule
            stages.insert(0, (part, stop - start))
        stop = min(stop, boundary)
    if stop > 0:
        stages.insert(0, (schedules[0], stop))
    *before, (last, _) = stages
    return in_turn(*((part, int(steps)) for part, steps in before), then=last)


def _begun(step: int, schedule: Schedule) -> Schedule:
    """Return a schedule that holds its first rate up to a step."""
    return build("shift", of=schedule, steps=step) if step > 0 else schedule


def _knots(call: str, rate: float, scales: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the steps of the factors in their order, and what the rate is multiplied to there."""
    knots = [(0, rate)]
    for step, scale in sorted(dict(scales).items()):
        if scale < 0:
            raise refusal(
                call,
                "boundaries_and_scales",
                f"must hold factors of at least 0, not {number_text(scale)} at {step}",
            )
        rate *= scale
        knots.append((step, rate))
    return knots


def _interpolated(
    call: str, shape: str, rate: float, scales: Iterable[tuple[int, float]]
) -> Schedule:
    """Return the way through the knots."""
    knots = _knots(call, rate, scales)
    # Of the knots at or before step 0 the last is the one that it comes from.
    first = max(i for i, (step, _) in enumerate(knots) if step <= 0)
    begin = knots[first][0]
    points = tuple((step - begin, rate) for step, rate in knots[first:])
    if len(points) == 1:
        return build("const", lr=points[0][1])
    way = build("interpolate", points=points, cosine=shape == "cosine")
    return build("shift", of=way, steps=begin) if begin else way


def _cycle(kwargs: Any) -> tuple[Schedule, int]:
    """Return the schedule of one cycle of sgdr_schedule, and how many steps it has."""
    call = call_of(warmup_cosine_decay_schedule)
    if not isinstance(kwargs, dict):
        raise refusal(call.name, "it", f"must be a dict of parameters, not {shown(kwargs)}")
    for name in kwargs:
        if name not in call.parameters:
            near = did_you_mean(str(name), call.parameters)
            near = near or f"; it takes {listing(call.parameters)}"
            raise refusal(call.name, quoted(str(name)), f"is not one of its parameters{near}")
    schedule = made(warmup_cosine_decay_schedule, Run(), **kwargs)
    steps = kwargs["decay_steps"]
    if steps != int(steps):
        rule = f"must be a whole number, because the next cycle begins there, not {steps}"
        raise refusal(call.name, "decay_steps", rule)
    return schedule, int(steps)
