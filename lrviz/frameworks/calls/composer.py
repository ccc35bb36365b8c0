"""Composer 0.32: composer.optim.scheduler.

Times are texts such as '10ba' (batches), '2ep' (epochs) or '0.9dur' (parts of the run). Epochs and
parts are made into batches, and a step is a batch. A schedule may count tokens or samples instead,
'2e9tok' or '1000sp', if increment says how many a batch has. scale_schedule_ratio, which the
Trainer takes, scales all times but the warmup's.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from ...errors import quoted
from ...schedules.base import Schedule
from ...schedules.fields import Param
from .. import kinds
from ..composer_clock import Clock, unit_of
from ..composing import build, in_turn, refusal, signed_as

TITLE = "Composer 0.32"
MODULES = ("composer.optim", "composer.optim.scheduler")

Time = Annotated[str, Param("a time such as '10ba', '2ep' or '0.9dur'")]
_MOST_CYCLES = 1000

KINDS = {
    Time: "step_size t_max t_0 t_warmup decay_period max_duration",
    kinds.Factor: "gamma alpha alpha_i alpha_f t_mult",
    tuple[str, ...]: "milestones",
    kinds.Exponent: "power",
    Annotated[float, Param("a factor on all times", above=0)]: "scale_schedule_ratio",
    kinds.Period: "increment",
}

EXAMPLES = {
    "StepScheduler": "step_size='30ba', lr=0.1",
    "MultiStepScheduler": "milestones=['30ba', '60ba'], lr=0.1",
    "LinearScheduler": "t_max='100ba', lr=0.1",
    "ExponentialScheduler": "gamma=0.95, decay_period='1ba', lr=0.1",
    "CosineAnnealingScheduler": "t_max='100ba', lr=0.1",
    "CosineAnnealingWarmRestartsScheduler": "t_0='30ba', t_mult=2.0, lr=0.1",
    "PolynomialScheduler": "power=2.0, t_max='100ba', lr=0.1",
    "MultiStepWithWarmupScheduler": "t_warmup='10ba', milestones=['30ba', '60ba'], lr=0.1",
    "ConstantWithWarmupScheduler": "t_warmup='10ba', lr=0.1",
    "LinearWithWarmupScheduler": "t_warmup='10ba', t_max='100ba', lr=0.1",
    "CosineAnnealingWithWarmupScheduler": "t_warmup='10ba', t_max='100ba', lr=0.1",
    "PolynomialWithWarmupScheduler": "t_warmup='10ba', t_max='100ba', lr=0.1",
}


def _timed(curve: Callable[..., Schedule]) -> Callable[..., Schedule]:
    """Return the call of a scheduler, of which `curve` has a clock for its times."""

    def call(
        *,
        scale_schedule_ratio: float,
        max_duration: str | None,
        steps_per_epoch: int | None,
        horizon: int | None,
        increment: int | None,
        **given: Any,
    ) -> Schedule:
        clock = Clock(
            curve.__name__,
            steps_per_epoch,
            horizon,
            max_duration,
            scale_schedule_ratio,
            increment,
            unit_of(given.values(), max_duration),
        )
        rates = curve(**given, clock=clock)
        by = clock.by()
        return rates if by == 1 else build("stepped", of=rates, by=by)

    return signed_as(
        curve,
        call,
        hides="clock",
        scale_schedule_ratio=1.0,
        max_duration=None,
        steps_per_epoch=None,
        horizon=None,
        increment=None,
    )


@_timed
def StepScheduler(step_size, gamma=0.1, *, lr, clock):
    """Multiply the rate by `gamma` every `step_size`.

    The drop is in force at the batch step_size itself.
    """
    return build("step", lr=lr, rate=gamma, steps=clock.period("step_size", step_size))


@_timed
def MultiStepScheduler(milestones, gamma=0.1, *, lr, clock):
    """Multiply the rate by `gamma` at each of the milestones, which may be in different units.

    The drop is in force at the milestone itself. One that is given twice counts twice.
    """
    return _drops(clock, lr, milestones, gamma)


@_timed
def ConstantScheduler(alpha=1.0, t_max="1dur", *, lr, clock):
    """Multiply the rate by `alpha` until `t_max`, then no more.

    The full rate is in force at t_max itself, which is the end of the run unless given.
    """
    if alpha == 1:
        return build("const", lr=lr)
    stop = clock.batches("t_max", t_max)
    return build("piecewise", points=((0, lr * alpha), (stop, lr)) if stop else ((0, lr),))


@_timed
def LinearScheduler(alpha_i=1.0, alpha_f=0.0, t_max="1dur", *, lr, clock):
    """Go in a straight line from `alpha_i` to `alpha_f` times the rate, and stay there.

    The end is in force at t_max itself, which is the end of the run unless given.
    """
    steps = clock.period("t_max", t_max)
    return build("linear", lr=lr * alpha_i, end=lr * alpha_f, steps=steps)


@_timed
def ExponentialScheduler(gamma, decay_period="1ep", *, lr, clock):
    """Multiply the rate by `gamma` once every `decay_period`, gliding.

    It falls a little with every batch, also where the period is an epoch, and never stops.
    """
    return build("exp", lr=lr, rate=gamma, steps=clock.period("decay_period", decay_period))


@_timed
def CosineAnnealingScheduler(t_max="1dur", alpha_f=0.0, *, lr, clock):
    """Fall along half a wave of a cosine to `alpha_f` times the rate, and stay there.

    alpha_f is a fraction of the rate. The end is in force at t_max itself, which is the end of the
    run unless given.
    """
    return build("cosine", lr=lr, end=lr * alpha_f, steps=clock.period("t_max", t_max))


@_timed
def CosineAnnealingWarmRestartsScheduler(t_0, t_mult=1.0, alpha_f=0.0, *, lr, clock):
    """Fall along a cosine and jump back up, in cycles that are `t_mult` times as long each.

    Each length is rounded down before the next is made from it: t_mult=1.5 makes 9, 13, 19, 28 of
    9. A restart is already the new peak. alpha_f is a fraction of the rate. With t_mult below 1 the
    cycles come to an end, and a run that goes on after that stops with an error.
    """
    steps, end = clock.period("t_0", t_0), lr * alpha_f
    if t_mult < 1:
        return _shorter_and_shorter(clock, lr, end, steps, t_mult)
    if t_mult == int(t_mult):
        return build("cosine_restarts", lr=lr, steps=steps, t_mul=t_mult, end=end or None)
    return build("whole_restarts", lr=lr, steps=steps, t_mul=t_mult, end=end)


@_timed
def PolynomialScheduler(power, t_max="1dur", alpha_f=0.0, *, lr, clock):
    """Fall to `alpha_f` times the rate along a power of the part that is left, and stay there.

    alpha_f is a fraction of the rate. The end is in force at t_max itself, which is the end of the
    run unless given.
    """
    steps = clock.period("t_max", t_max)
    return build("poly", lr=lr, end=lr * alpha_f, steps=steps, power=power)


@_timed
def MultiStepWithWarmupScheduler(t_warmup, milestones, gamma=0.1, scale_warmup=False, *, lr, clock):
    """Rise from 0 to the rate, then multiply it by `gamma` at each of the milestones.

    Milestones count from the start of training, not from the end of the warmup; one within that
    counts at its end. The first update has the rate 0.
    """
    warmup = clock.batches("t_warmup", t_warmup, scaled=False)
    steps = _drops(clock, lr, milestones, gamma, warmup)
    return _warmed(clock, t_warmup, lr, steps, scale_warmup)


@_timed
def ConstantWithWarmupScheduler(
    t_warmup, alpha=1.0, t_max="1dur", scale_warmup=False, *, lr, clock
):
    """Rise from 0 to `alpha` times the rate, and stay there.

    The first update has the rate 0. A t_max before the end of the run is an error.
    """
    if t_max != "1dur":
        _after_warmup(clock, t_warmup, t_max)
    return _warmed(clock, t_warmup, lr * alpha, build("const", lr=lr * alpha), scale_warmup)


@_timed
def LinearWithWarmupScheduler(
    t_warmup, alpha_i=1.0, alpha_f=0.0, t_max="1dur", scale_warmup=False, *, lr, clock
):
    """Rise from 0 to `alpha_i` times the rate, then go in a straight line to `alpha_f` times it.

    The first update has the rate 0. The end is in force at t_max, which is the end of the run
    unless given; one before that is an error.
    """
    rest, top = _after_warmup(clock, t_warmup, t_max), lr * alpha_i
    then = build("linear", lr=top, end=lr * alpha_f, steps=rest) if rest else None
    return _warmed(clock, t_warmup, top, then, scale_warmup)


@_timed
def CosineAnnealingWithWarmupScheduler(
    t_warmup, t_max="1dur", alpha_f=0.0, scale_warmup=False, *, lr, clock
):
    """Rise from 0 to the rate, then fall along half a wave of a cosine to `alpha_f` times it.

    The first update has the rate 0. The end is in force at t_max, which is the end of the run
    unless given; one before that is an error. alpha_f is a fraction of the rate.
    """
    rest = _after_warmup(clock, t_warmup, t_max)
    then = build("cosine", lr=lr, end=lr * alpha_f, steps=rest) if rest else None
    return _warmed(clock, t_warmup, lr, then, scale_warmup)


@_timed
def PolynomialWithWarmupScheduler(
    t_warmup, power=2.0, t_max="1dur", alpha_f=0.0, scale_warmup=False, *, lr, clock
):
    """Rise from 0 to the rate, then fall along a power of the part that is left.

    The power is 2 unless given. The first update has the rate 0. The end, alpha_f times the rate,
    is in force at t_max, which is the end of the run unless given; one before that is an error.
    """
    rest = _after_warmup(clock, t_warmup, t_max)
    then = build("poly", lr=lr, end=lr * alpha_f, steps=rest, power=power) if rest else None
    return _warmed(clock, t_warmup, lr, then, scale_warmup)


def _drops(
    clock: Clock, lr: float, milestones: Sequence[str], gamma: float, begun: int = 0
) -> Schedule:
    """Return the stairs of milestones from the batch `begun` on."""
    drops = [max(clock.batches("milestones", text) - begun, 0) for text in milestones]
    return build("multistep", lr=lr, rate=gamma, drops=drops) if drops else build("const", lr=lr)


def _shorter_and_shorter(
    clock: Clock, lr: float, end: float, steps: int, t_mult: float
) -> Schedule:
    """Return cosines one after the other, until there is no step left for another."""
    falls: list[tuple[Schedule, int]] = []
    while steps > 0 and len(falls) < _MOST_CYCLES:
        falls.append((build("cosine", lr=lr, end=end, steps=steps), steps))
        steps = int(steps * t_mult)
    total, run = sum(length for _, length in falls), clock.run_length()
    if steps > 0 or (run is not None and run > total):
        rule = f"makes no cycles from step {total} on, and Composer stops there; raise it"
        raise refusal(clock.call, "t_mult", rule)
    *before, (last, _) = falls
    return in_turn(*before, then=last)


def _warmed(
    clock: Clock, t_warmup: str, top: float, then: Schedule | None, scale_warmup: bool
) -> Schedule:
    """Return a rise from 0 to the top, then a schedule, or the top for good.

    Composer scales the rise of a warmup, if it does, but not the batch at which it is left.
    """
    then = then or build("const", lr=top)
    warmup = clock.batches("t_warmup", t_warmup, scaled=False)
    rise = clock.batches("t_warmup", t_warmup, scaled=scale_warmup)
    if warmup == 0:
        return then
    if rise == 0:
        raise refusal(clock.call, "t_warmup", f"must be at least a batch, not {quoted(t_warmup)}")
    if rise == warmup:
        return build("warmup", steps=warmup, start=0, end=top, then=then)
    return in_turn((build("linear", lr=0, end=top, steps=rise), warmup), then=then)


def _after_warmup(clock: Clock, t_warmup: str, t_max: str) -> int:
    """Return how many batches there are from the end of the warmup up to `t_max`."""
    warmup = clock.batches("t_warmup", t_warmup, scaled=False)
    stop = clock.batches("t_max", t_max)
    run = clock.run_length()
    if run is not None and stop < run:
        what = {"ba": "batches"}.get(clock.unit, clock.unit)
        rule = f"must be at least the length of the run, {run} {what}, not {stop}"
        raise refusal(clock.call, "t_max", rule)
    return max(stop - warmup, 0)
