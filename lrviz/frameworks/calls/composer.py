"""Composer 0.32: composer.optim.scheduler.

Times are texts such as '10ba' (batches), '2ep' (epochs) or '0.9dur' (parts of the run). Epochs and
parts are made into batches, and a step is a batch. scale_schedule_ratio, which the Trainer takes,
scales all times but the warmup's.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

from ...errors import quoted, say_of_run
from ...schedules.base import Schedule
from ...schedules.fields import Param, number_text
from .. import kinds
from ..composing import build, in_turn, refusal, signed_as

TITLE = "Composer 0.32"
MODULES = ("composer.optim", "composer.optim.scheduler")

Time = Annotated[str, Param("a time such as '10ba', '2ep' or '0.9dur'")]
_TIME = re.compile(r"(.+)(ba|ep|dur|tok|sp|iter|sec)", re.IGNORECASE)
_LAST = 2**53
"""No step is later than this."""
_MOST_CYCLES = 1000

KINDS = {
    Time: "step_size t_max t_0 t_warmup decay_period max_duration",
    kinds.Factor: "gamma alpha alpha_i alpha_f t_mult",
    tuple[str, ...]: "milestones",
    kinds.Exponent: "power",
    Annotated[float, Param("a factor on all times", above=0)]: "scale_schedule_ratio",
}


class _Clock(NamedTuple):
    """What makes times into batches, for one call."""

    call: str
    steps_per_epoch: int | None
    horizon: int | None
    max_duration: str | None
    ratio: float

    def batches(self, parameter: str, text: str, *, scaled: bool = True) -> int:
        """Return a time in batches; `scaled` by the ratio, unless it is a part of the run."""
        number, unit = self.split(parameter, text)
        if unit == "dur":
            return self.part(parameter, number)
        if unit == "ep":
            number *= self.epoch(parameter)
        return int(number * self.ratio) if scaled else int(number)

    def split(self, parameter: str, text: str) -> tuple[float, str]:
        """Return the number and the unit of a time."""
        match = _TIME.fullmatch(text)
        try:
            number = float(match[1]) if match else math.nan
        except ValueError:
            number = math.nan
        if match is None or not 0 <= number <= _LAST:
            rule = f"must be a time such as '10ba', '2ep' or '0.9dur', not {quoted(text)}"
            raise refusal(self.call, parameter, rule)
        unit = match[2].lower()
        if unit not in ("ba", "ep", "dur"):
            rule = f"counts in {unit}, and only ba, ep and dur are read, not {quoted(text)}"
            raise refusal(self.call, parameter, rule)
        if unit != "dur" and number != int(number):
            rule = f"must be a whole number of {unit}, not {quoted(text)}"
            raise refusal(self.call, parameter, rule)
        return number, unit

    def epoch(self, parameter: str) -> int:
        if self.steps_per_epoch is None:
            cure = say_of_run("steps_per_epoch", 100)
            raise refusal(self.call, parameter, "counts epochs; " + cure)
        return self.steps_per_epoch

    def part(self, parameter: str, part: float) -> int:
        """Return a part of the run in batches, rounded down as Composer rounds it."""
        number, unit = self.run()
        if number is None:
            cure = say_of_run("horizon", 1000)
            raise refusal(self.call, parameter, "depends on the length of the run; " + cure)
        if unit == "ep":
            return int(part * self.epoch("max_duration") * number)
        return int(part * number)

    def run(self) -> tuple[int | None, str]:
        """Return the length of the run that Composer counts with, which the ratio scales too."""
        number, unit = self.horizon, "ba"
        if self.max_duration is not None:
            duration, unit = self.split("max_duration", self.max_duration)
            if unit == "dur":
                rule = f"must be in ba or ep, not {quoted(self.max_duration)}"
                raise refusal(self.call, "max_duration", rule)
            number = int(duration)
        if number is None:
            return None, unit
        scaled = int(number * self.ratio)
        if scaled == 0:
            rule = f"must leave the run a step, not {number_text(self.ratio)}"
            raise refusal(self.call, "scale_schedule_ratio", rule)
        return scaled, unit

    def run_length(self) -> int | None:
        """Return the length of the run in batches, None if it is not known."""
        number, unit = self.run()
        return number * self.epoch("max_duration") if number and unit == "ep" else number

    def period(self, parameter: str, text: str) -> int:
        """Return a time in batches that is not 0."""
        batches = self.batches(parameter, text)
        if batches == 0:
            raise refusal(self.call, parameter, f"must be at least a batch, not {quoted(text)}")
        return batches


def _timed(curve: Callable[..., Schedule]) -> Callable[..., Schedule]:
    """Return the call of a scheduler, of which `curve` has a clock for its times."""

    def call(
        *,
        scale_schedule_ratio: float,
        max_duration: str | None,
        steps_per_epoch: int | None,
        horizon: int | None,
        **given: Any,
    ) -> Schedule:
        name = curve.__name__
        clock = _Clock(name, steps_per_epoch, horizon, max_duration, scale_schedule_ratio)
        return curve(**given, clock=clock)

    return signed_as(
        curve,
        call,
        hides="clock",
        scale_schedule_ratio=1.0,
        max_duration=None,
        steps_per_epoch=None,
        horizon=None,
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
    clock: _Clock, lr: float, milestones: Sequence[str], gamma: float, begun: int = 0
) -> Schedule:
    """Return the stairs of milestones from the batch `begun` on."""
    drops = [max(clock.batches("milestones", text) - begun, 0) for text in milestones]
    return build("multistep", lr=lr, rate=gamma, drops=drops) if drops else build("const", lr=lr)


def _shorter_and_shorter(
    clock: _Clock, lr: float, end: float, steps: int, t_mult: float
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
    clock: _Clock, t_warmup: str, top: float, then: Schedule | None, scale_warmup: bool
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


def _after_warmup(clock: _Clock, t_warmup: str, t_max: str) -> int:
    """Return how many batches there are from the end of the warmup up to `t_max`."""
    warmup = clock.batches("t_warmup", t_warmup, scaled=False)
    stop = clock.batches("t_max", t_max)
    run = clock.run_length()
    if run is not None and stop < run:
        rule = f"must be at least the length of the run, {run} batches, not {stop}"
        raise refusal(clock.call, "t_max", rule)
    return max(stop - warmup, 0)
