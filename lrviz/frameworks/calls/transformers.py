"""Transformers 5.23: get_scheduler and what it calls, of transformers.optimization."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Literal

from ...schedules.base import Schedule
from ...schedules.fields import Param, number_text
from ...schedules.run import Run
from .. import call_of, kinds
from ..binding import BindingError, made
from ..composing import build, in_turn, refusal, warmed_up
from ..transformers_by_name import in_its_words, specific

TITLE = "Transformers 5.23"
MODULES = ("transformers", "transformers.optimization")

Divisor = Annotated[float, Param("a factor below 1", above=0, below=1)]
Falls = Annotated[float, Param("a number of falls", at_least=0)]
Shape = Annotated[Literal["linear", "cosine", "1-sqrt"], Param("the shape of the way")]

KINDS = {
    Annotated[
        Literal[
            *("linear", "cosine", "cosine_with_restarts", "polynomial", "constant"),
            *("constant_with_warmup", "inverse_sqrt", "reduce_lr_on_plateau"),
            *("cosine_with_min_lr", "cosine_warmup_with_min_lr", "warmup_stable_decay", "greedy"),
        ],
        Param("the name of a schedule"),
    ]: "name",
    kinds.Steps: "num_warmup_steps num_training_steps num_decay_steps num_stable_steps",
    kinds.Raw: "scheduler_specific_kwargs",
    Annotated[float, Param("a number of waves")]: "num_cycles",
    kinds.Rate: "lr_end min_lr max_lr eps",
    kinds.Exponent: "power",
    kinds.Length: "timescale",
    kinds.Factor: "min_lr_rate min_lr_ratio warmup_lr_rate",
    Shape: "warmup_type decay_type",
    kinds.Better: "mode",
    Divisor: "factor",
    kinds.Count: "patience cooldown warmup reset_start",
    kinds.Threshold: "threshold",
    kinds.Relative: "threshold_mode",
    Annotated[int, Param("a number of metrics", at_least=1)]: "window_size",
}

EXAMPLES = {
    "get_scheduler": "'cosine', optimizer, num_warmup_steps=10, num_training_steps=100, lr=0.1",
    "get_cosine_with_hard_restarts_schedule_with_warmup": (
        "optimizer, num_warmup_steps=10, num_training_steps=100, num_cycles=3, lr=0.1"
    ),
    "get_cosine_with_min_lr_schedule_with_warmup": (
        "optimizer, num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1, lr=0.1"
    ),
    "get_cosine_with_min_lr_schedule_with_warmup_lr_rate": (
        "optimizer, num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1, lr=0.1"
    ),
    "get_wsd_schedule": (
        "optimizer, num_warmup_steps=10, num_decay_steps=20, num_training_steps=100, lr=0.1"
    ),
}


def get_scheduler(
    name, optimizer, num_warmup_steps=None, num_training_steps=None,
    scheduler_specific_kwargs=None, *, lr, metrics=None,
):  # fmt: skip
    """Make the schedule of that name, as the Trainer's lr_scheduler_type does.

    With warmup step 0 has rate 0, and step `num_warmup_steps` is the first with the full rate; only
    cosine_warmup_with_min_lr is a step ahead. `num_training_steps` counts the warmup in. Past it
    linear, polynomial and cosine_with_restarts stay at their end, while the other cosines rise
    again. scheduler_specific_kwargs are passed on to the function of that name; constant and
    constant_with_warmup do not read them.
    """
    call = call_of(_FUNCTIONS[name])
    known = {"num_warmup_steps": num_warmup_steps, "num_training_steps": num_training_steps}
    given = {key: known[key] for key in known if key in call.parameters}
    is_constant = name in ("constant", "constant_with_warmup")
    own = {} if is_constant else specific(call, name, scheduler_specific_kwargs, given)
    given = {key: value for key, value in given.items() if value is not None}
    try:
        return made(_FUNCTIONS[name], Run(lr=lr, metrics=metrics), **given, **own)
    except BindingError as error:
        raise in_its_words(error, name, own) from None


def get_constant_schedule(optimizer, last_epoch=-1, *, lr):
    """Keep the optimizer's rate.

    There is no warmup.
    """
    return build("const", lr=lr)


def get_constant_schedule_with_warmup(optimizer, num_warmup_steps, last_epoch=-1, *, lr):
    """Rise from 0 in a straight line, then keep the optimizer's rate.

    Step 0 has rate 0; step `num_warmup_steps` is the first with the full rate.
    """
    return _warmed(num_warmup_steps, build("const", lr=lr))


def get_linear_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, last_epoch=-1, *, lr
):
    """Rise from 0 in a straight line, then fall to 0 in another.

    Step 0 has rate 0, step `num_warmup_steps` the full rate, and step `num_training_steps` and all
    after it 0. If the warmup is longer than the training, it is still finished, and 0 follows.
    """
    steps = num_training_steps - num_warmup_steps
    if steps <= 0:
        return warmed_up(num_warmup_steps, 0, lr, build("const", lr=0.0))
    return _warmed(num_warmup_steps, build("linear", lr=lr, steps=steps))


def get_cosine_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1, *, lr
):
    """Rise from 0 in a straight line, then fall to 0 along a cosine.

    Step 0 has rate 0, step `num_warmup_steps` the full rate, and step `num_training_steps` 0. It is
    not held there: past the end the rate rises again. num_cycles counts whole waves, so that 0.5 is
    one fall, and 1 goes down and up again.
    """
    wave = _wave(lr, num_training_steps - num_warmup_steps, num_cycles)
    return _warmed(num_warmup_steps, wave)


def get_cosine_with_hard_restarts_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, num_cycles: Falls = 1, last_epoch=-1, *, lr
):
    """Rise from 0 in a straight line, then fall to 0 along a cosine, `num_cycles` times.

    Here num_cycles counts falls: 1 is one fall, as 0.5 is of the cosine without restarts. A restart
    step has the full rate again. From step `num_training_steps` on the rate is 0. If num_cycles is
    not whole, the last fall is cut off there.
    """
    steps = max(1, num_training_steps - num_warmup_steps)
    end = build("const", lr=0.0)
    if num_cycles == 0:
        return _warmed(num_warmup_steps, in_turn((build("const", lr=lr), steps), then=end))
    length = steps / num_cycles
    if Fraction(length) * Fraction(num_cycles) > steps:
        length = math.nextafter(length, 0)  # so that no restart is found a step late
    fall = build("cosine", lr=lr, steps=length)
    if num_cycles == 1:
        return _warmed(num_warmup_steps, fall)
    if num_cycles != int(num_cycles):
        falls = build("restarts", of=fall)
        return _warmed(num_warmup_steps, in_turn((falls, steps), then=end))
    return _warmed(num_warmup_steps, build("restarts", of=fall, times=num_cycles))


def get_polynomial_decay_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0, last_epoch=-1, *, lr
):
    """Rise from 0 in a straight line, then fall to `lr_end` along a power of the part that is left.

    Step 0 has rate 0, step `num_warmup_steps` the full rate, and step `num_training_steps` and all
    after it lr_end, which is 1e-7 unless given and must be below the optimizer's rate.
    """
    call = "get_polynomial_decay_schedule_with_warmup"
    if lr_end >= lr:
        rule = f"must be below the optimizer's rate, {number_text(lr)}, not {number_text(lr_end)}"
        raise refusal(call, "lr_end", rule)
    steps = num_training_steps - num_warmup_steps
    if steps == 0:
        rule = f"must not be equal to num_warmup_steps, {num_warmup_steps}: nothing would be left"
        raise refusal(call, "num_training_steps", f"{rule} for the decay")
    end = build("const", lr=lr_end)
    if steps < 0:
        return warmed_up(num_warmup_steps, 0, lr, end)
    if power == 0:
        return _warmed(num_warmup_steps, in_turn((build("const", lr=lr), steps + 1), then=end))
    return _warmed(num_warmup_steps, build("poly", lr=lr, steps=steps, end=lr_end, power=power))


def get_inverse_sqrt_schedule(optimizer, num_warmup_steps, timescale=None, last_epoch=-1, *, lr):
    """Rise from 0 in a straight line, then fall with one over the square root of the time.

    Step 0 has rate 0, step `num_warmup_steps` the full rate, and it never ends. timescale is the
    number of warmup steps unless given, or 10000 without warmup; that many steps after the warmup
    the rate is the full one over the square root of 2.
    """
    steps = (num_warmup_steps or 10_000) if timescale is None else timescale
    return _warmed(num_warmup_steps, build("inverse_sqrt", lr=lr, steps=steps))


def get_cosine_with_min_lr_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1, min_lr=None,
    min_lr_rate=None, *, lr,
):  # fmt: skip
    """Rise from 0 in a straight line, then fall along a cosine to a rate above 0.

    That is `min_lr`, or `min_lr_rate` times the optimizer's rate; one of the two must be given. The
    warmup begins at 0, not there. Step `num_warmup_steps` has the full rate, and past step
    `num_training_steps` the rate rises again. num_cycles counts whole waves.
    """
    _check_least("get_cosine_with_min_lr_schedule_with_warmup", min_lr, min_lr_rate, lr)
    steps = num_training_steps - num_warmup_steps
    return _warmed(num_warmup_steps, _wave(lr, steps, num_cycles, min_lr, min_lr_rate))


def get_cosine_with_min_lr_schedule_with_warmup_lr_rate(
    optimizer, num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1, min_lr=None,
    min_lr_rate=None, warmup_lr_rate=None, *, lr,
):  # fmt: skip
    """Rise in a straight line to the full rate, then fall along a cosine, all one step early.

    Step 0 has already one step of the warmup, or `warmup_lr_rate` times the full rate if that is
    given. The full rate comes at step `num_warmup_steps` - 1, the lowest at `num_training_steps`
    - 1; then the rate rises again. The lowest is `min_lr`, or `min_lr_rate` times the full rate;
    one of the two must be given. num_cycles counts whole waves.
    """
    _check_least("get_cosine_with_min_lr_schedule_with_warmup_lr_rate", min_lr, min_lr_rate, lr)
    steps = num_training_steps - num_warmup_steps
    wave = _wave(lr, steps, num_cycles, min_lr, min_lr_rate)
    if warmup_lr_rate is None or num_warmup_steps == 0:
        return build("shift", of=_warmed(num_warmup_steps, wave), steps=-1)
    start = warmup_lr_rate * lr
    if num_warmup_steps == 1:
        return in_turn((build("const", lr=start), 1), then=build("shift", of=wave, steps=-1))
    return build("warmup", steps=num_warmup_steps - 1, start=start, then=wave)


def get_wsd_schedule(
    optimizer, num_warmup_steps, num_decay_steps, num_training_steps=None, num_stable_steps=None,
    warmup_type="linear", decay_type="cosine", min_lr_ratio=0, num_cycles=0.5, last_epoch=-1, *,
    lr,
):  # fmt: skip
    """Rise to the full rate, keep it, and fall in the last `num_decay_steps` steps.

    It falls to `min_lr_ratio` times the rate, and begins there too: step 0 is not 0 then. Without
    num_stable_steps the three phases take num_training_steps; if both are given, num_stable_steps
    counts. If warmup and decay are longer than the training, the decay begins in its midst. After
    the decay the lowest rate is held, also where num_cycles (whole waves, for decay_type="cosine")
    is such that the decay does not lead there.
    """
    if num_stable_steps is None:
        if num_training_steps is None:
            rule = "or num_stable_steps must be given; add one of them"
            raise refusal("get_wsd_schedule", "num_training_steps", rule)
        num_stable_steps = num_training_steps - num_warmup_steps - num_decay_steps
    least = min_lr_ratio * lr
    lands = decay_type != "cosine" or abs(num_cycles) == 0.5
    if warmup_type == "linear" and lands and num_stable_steps >= 0 and num_decay_steps > 0:
        return build(
            "wsd",
            lr=lr,
            steps=num_warmup_steps + num_stable_steps + num_decay_steps,
            warmup=num_warmup_steps,
            decay=num_decay_steps,
            start=least,
            end=least,
            shape="sqrt" if decay_type == "1-sqrt" else decay_type,
        )
    rise = _rise(warmup_type, num_warmup_steps, least, lr)
    last = build("const", lr=least)
    falling = num_decay_steps + min(num_stable_steps, 0)
    stages = (rise, num_warmup_steps), (build("const", lr=lr), num_stable_steps)
    if falling <= 0:
        return in_turn(*stages, then=last)
    fall = _fall(decay_type, num_decay_steps, lr, least, num_cycles)
    if num_stable_steps < 0:
        fall = build("shift", of=fall, steps=num_stable_steps)
    return in_turn(*stages, then=fall) if lands else in_turn(*stages, (fall, falling), then=last)


def get_reduce_on_plateau_schedule(
    optimizer, mode="min", factor: kinds.Shrinking = 0.1, patience=10, threshold=1e-4,
    threshold_mode="rel", cooldown=0, min_lr=0, eps=1e-8, *, lr, metrics,
):  # fmt: skip
    """Multiply the rate by `factor` when a metric has not got better for a while.

    This is PyTorch's ReduceLROnPlateau: the cut comes after `patience` + 1 metrics in a row that
    are not better, and is not made if it is of less than eps. A step here is a metric. There is no
    warmup.
    """
    from .torch import ReduceLROnPlateau

    return ReduceLROnPlateau(
        optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, lr=lr,
        metrics=metrics,
    )  # fmt: skip


def GreedyLR(
    optimizer, mode="min", factor=0.95, patience=10, threshold=1e-6, threshold_mode="abs",
    cooldown=0, warmup=0, min_lr=1e-3, max_lr=1.0, eps=1e-8, verbose=False, smooth=False,
    window_size=50, reset_start=500, *, lr, metrics,
):  # fmt: skip
    """Divide the rate by `factor` while a metric gets better, and multiply by it while not.

    Either comes after `patience` + 1 metrics in a row; after a cut `cooldown` metrics are not
    looked at, after a raise `warmup` metrics. min_lr is 0.001 unless given, and a rate below it is
    never cut, only raised. After reset_start cuts in a row at min_lr all begins anew with the first
    rate. A step here is a metric.
    """
    return build(
        "greedy",
        lr=lr,
        rate=factor,
        patience=patience,
        threshold=threshold,
        cooldown=cooldown,
        warmup=warmup,
        min=min_lr,
        peak=max_lr,
        eps=eps,
        reset=reset_start,
        smooth=smooth,
        **({"window": window_size} if smooth else {}),
        max=mode == "max",
        relative=threshold_mode == "rel",
        metrics=metrics,
    )


def get_greedy_schedule(
    optimizer, mode="min", factor=0.95, patience=10, threshold=1e-6, threshold_mode="abs",
    cooldown=0, warmup=0, min_lr=1e-3, max_lr=1.0, eps=1e-8, verbose=False, smooth=False,
    window_size=50, reset_start=500, *, lr, metrics,
):  # fmt: skip
    """Divide the rate by `factor` while a metric gets better, and multiply by it while not.

    The same as GreedyLR.
    """
    return GreedyLR(
        optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, warmup, min_lr,
        max_lr, eps, verbose, smooth, window_size, reset_start, lr=lr, metrics=metrics,
    )  # fmt: skip


_FUNCTIONS: dict[str, Callable[..., Schedule]] = {
    "linear": get_linear_schedule_with_warmup,
    "cosine": get_cosine_schedule_with_warmup,
    "cosine_with_restarts": get_cosine_with_hard_restarts_schedule_with_warmup,
    "polynomial": get_polynomial_decay_schedule_with_warmup,
    "constant": get_constant_schedule,
    "constant_with_warmup": get_constant_schedule_with_warmup,
    "inverse_sqrt": get_inverse_sqrt_schedule,
    "reduce_lr_on_plateau": get_reduce_on_plateau_schedule,
    "cosine_with_min_lr": get_cosine_with_min_lr_schedule_with_warmup,
    "cosine_warmup_with_min_lr": get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
    "warmup_stable_decay": get_wsd_schedule,
    "greedy": GreedyLR,
}


def _warmed(steps: int, then: Schedule) -> Schedule:
    """Return a rise from 0 to where `then` begins."""
    return build("warmup", steps=steps, then=then) if steps else then


def _wave(
    lr: float, steps: int, waves: float, end: float | None = None, alpha: float | None = None
) -> Schedule:
    """Return so many waves of a cosine in so many steps, and on and on.

    The low points are at `end`, or at `alpha` times `lr`, or at 0.
    """
    if waves == 0:
        return build("const", lr=lr)
    length = max(1, steps) / (2 * abs(waves))
    return build("cosine", lr=lr, steps=length, end=end or 0.0, alpha=alpha or None, unclamped=True)


def _rise(shape: str, steps: int, lr: float, end: float) -> Schedule:
    """Return the warmup of get_wsd_schedule."""
    if steps == 0:
        return build("const", lr=end)
    if shape == "1-sqrt":
        return build("poly", lr=lr, steps=steps, end=end, power=0.5)
    return build(shape, lr=lr, steps=steps, end=end)


def _fall(shape: str, steps: int, lr: float, end: float, waves: float) -> Schedule:
    """Return the decay of get_wsd_schedule."""
    if shape == "cosine" and abs(waves) != 0.5:
        return _wave(lr, steps, waves, end)
    return build("power" if shape == "1-sqrt" else shape, lr=lr, steps=steps, end=end)


def _check_least(call: str, min_lr: float | None, min_lr_rate: float | None, lr: float) -> None:
    """Refuse what says twice, or not at all, how low the rate gets."""
    if min_lr is None and min_lr_rate is None:
        raise refusal(call, "min_lr", "or min_lr_rate must be given; add one of them")
    if min_lr is not None and min_lr_rate is not None:
        raise refusal(call, "min_lr_rate", "must not be given beside min_lr; keep one of them")
    if min_lr is not None and lr == 0:
        rule = "must not be given beside lr=0, by which Transformers divides"
        raise refusal(call, "min_lr", rule)
