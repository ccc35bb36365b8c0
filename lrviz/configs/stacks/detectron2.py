"""Detectron2: the SOLVER of its YAML, whose schedules go by the part of the run that has passed."""

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial

from .. import stack
from ..settings import Settings

_AHEAD = 1e-6
"""What is added to the part of the run that has passed; above a million steps it is some steps."""

_POLY = "WarmupPolyLR"
"""The schedule of DeepLab and Mask2Former, which its projects add."""

_NAMES = ("WarmupMultiStepLR", "WarmupCosineLR", "WarmupStepWithFixedGammaLR", _POLY)

_GROUPS = (("BIAS_LR_FACTOR", "biases"), ("BACKBONE_MULTIPLIER", "the backbone"))
"""Factors of the rate of some parameters."""

_OF_OTHERS = ("LR_POLICY", "SCHED", "MAX_EPOCH", "MAX_EPOCHS", "LR_SCHEDULER")
"""Settings of programs that have a SOLVER too, but other schedules."""

_FROM_BASE = (
    *("LR_SCHEDULER_NAME", "STEPS", "GAMMA", "BASE_LR_END", "NUM_DECAYS"),
    *("WARMUP_ITERS", "WARMUP_FACTOR", "WARMUP_METHOD", "RESCALE_INTERVAL"),
)
"""Settings that another file may give and that have a default if that is not read."""


@stack(
    "Detectron2 0.6",
    keys=("SOLVER.BASE_LR", "SOLVER.MAX_ITER", "SOLVER.LR_SCHEDULER_NAME", "SOLVER.WARMUP_ITERS"),
    programs=("*train_net.py",),
)
def detectron2(settings: Settings) -> str:
    """Return the spec of a warmup and, on the same clock, of what it leads to."""
    for key in _OF_OTHERS:
        if f"SOLVER.{key}" in settings:
            settings.refuse(f"SOLVER.{key}", "is no setting of Detectron2, and not read")
    if str(settings.get("config_file") or "").endswith(".py"):
        settings.refuse("config_file", "is a config in Python, which is not read")
    _without_base(settings)
    settings.take(*(f"SOLVER.{key}" for key in _FROM_BASE))  # those of other schedules
    scale = _scale(settings)
    total = settings.steps = _count(settings, "MAX_ITER", 40_000, scale, option="horizon")
    warm = _count(settings, "WARMUP_ITERS", 1000, scale)
    base = settings.number("SOLVER.BASE_LR", default=1e-3, option="lr")
    lr = base if "lr" in settings.known else base * scale
    if total < 1 or lr <= 0:
        settings.uncountable()
    settings.sums.append(f"{total} steps, {warm} of warmup")
    for key, whose in _GROUPS:
        times = settings.number(f"SOLVER.{key}", default=1)
        if times != 1:
            settings.notes.append(f"SOLVER.{key}: the rate of {whose} is {times:g} times this")
    name = settings.choice("SOLVER.LR_SCHEDULER_NAME", choices=_NAMES, default=_NAMES[0])
    if name == _POLY:
        return _poly(settings, total, lr, warm)
    warm = min(warm, total)
    clock = _Clock(total, warm, settings.flag("SOLVER.RESCALE_INTERVAL"))
    if name == "WarmupCosineLR":
        rest, first = _cosine(settings, clock, lr)
    else:
        steps = _steps(settings, total, scale) if name == _NAMES[0] else None
        rest, first = _stairs(settings, clock, lr, steps)
    rise = _rise(settings, warm, lr, first)
    if not clock.entered:
        return rest
    return rise if warm == total else f"resume:at={clock.entered}/{rise}/{rest}"


def _rise(settings: Settings, warm: int, whole: float, end: float) -> str:
    """Return the spec of a warmup that begins at a part of `whole`."""
    start = settings.number("SOLVER.WARMUP_FACTOR", default=1e-3) * whole
    methods = ("linear", "constant")
    if settings.choice("SOLVER.WARMUP_METHOD", choices=methods, default="linear") == "constant":
        return f"const:lr={start!r}"
    return f"linear:lr={start!r},steps={warm},end={end!r}"


def _poly(settings: Settings, total: int, lr: float, warm: int) -> str:
    """Return the spec of a power of what is left of the run, which a warmup is a factor of."""
    power = settings.number("SOLVER.POLY_LR_POWER", default=0.9)
    least = settings.number("SOLVER.POLY_LR_CONSTANT_ENDING", default=0.0)
    rise = _rise(settings, warm, 1.0, 1.0)
    poly = f"poly:lr={lr!r},steps={total},power={power!r}"
    rest = f"{poly},floor={least * lr!r}" if least > 0 else poly
    return f"resume:at={warm}/product/{rise}/{poly}/end/{rest}" if warm else rest


class _Clock:
    """How far a schedule has come, as a part of the run, that is entered after a warmup.

    With `rescaled` it begins when the warmup ends, and otherwise it has run all the time.
    """

    def __init__(self, total: int, warm: int, rescaled: bool) -> None:
        self.total, self.warm, self.rescaled = total, warm, rescaled
        self.warm_part = warm / total
        self.entered = self.first(
            self.warm_part, lambda step: step / total + _AHEAD > self.warm_part
        )
        """The first step after the warmup."""

    @property
    def at_entry(self) -> float:
        """The part that it has come to where the warmup leads to."""
        return 0.0 if self.rescaled else self.warm_part

    def part(self, step: int) -> float:
        """Return the part that it has come to at a step."""
        part = step / self.total
        if not self.rescaled:
            return part
        left = 1 - self.warm_part
        return (part - (self.warm_part + left - left)) / left

    def reached(self, part: float, is_there: Callable[[float], bool]) -> int:
        """Return the first step at which it has come to about a part, as a function of it says."""
        near = self.warm_part + part * (1 - self.warm_part) if self.rescaled else part
        return self.first(near, lambda step: is_there(self.part(step)))

    def first(self, part: float, holds: Callable[[int], bool]) -> int:
        """Return the first step, at about a part of the run, at which something holds."""
        begin = max(math.floor((part - _AHEAD) * self.total) - 2, 0)
        return next(step for step in itertools.count(begin) if holds(step))


def _cosine(settings: Settings, clock: _Clock, lr: float) -> tuple[str, float]:
    """Return the spec of the cosine, and its rate where the warmup leads to."""
    end = settings.number("SOLVER.BASE_LR_END", default=0.0)
    if not 0 <= end <= lr:
        settings.refuse("SOLVER.BASE_LR_END", f"is from 0 to the rate, {lr:g}, not {end:g}")
    first = end + (lr - end) * 0.5 * (1 + math.cos(math.pi * clock.at_entry))
    length = clock.total - clock.warm if clock.rescaled else clock.total
    shift = f",shift={clock.warm}" if clock.rescaled and clock.warm else ""
    return f"cosine:lr={lr!r},steps={max(length, 1)},end={end!r}{shift}", first


def _stairs(
    settings: Settings, clock: _Clock, lr: float, steps: Sequence[int] | None
) -> tuple[str, float]:
    """Return the spec of drops, at some steps or evenly spaced, and where the warmup leads to."""
    gamma = settings.number("SOLVER.GAMMA", default=0.1)
    if steps is None:
        many = settings.whole("SOLVER.NUM_DECAYS", default=3)
        if many < 1:
            settings.refuse("SOLVER.NUM_DECAYS", f"is at least 1, not {many}")
        parts = [number / (many + 1) for number in range(1, many + 1)]
    else:
        many = len(steps)
        parts = [step / clock.total for step in steps]

    def passed(part: float) -> int:
        if steps is None:
            return int((part + _AHEAD) * (many + 1))
        return bisect_right(steps, int((part + _AHEAD) * clock.total))

    if passed(clock.at_entry) > many:
        settings.refuse("SOLVER.WARMUP_ITERS", f"must be below MAX_ITER, {clock.total}")
    first = lr * gamma ** passed(clock.at_entry)
    if not many or (clock.warm == clock.total):  # what follows is never entered
        return f"const:lr={lr!r}", first
    drops = [clock.reached(part, partial(_has, passed, n)) for n, part in enumerate(parts, 1)]
    return f"multistep:lr={lr!r},rate={gamma!r},at={','.join(map(str, drops))}", first


def _has(passed: Callable[[float], int], many: int, part: float) -> bool:
    """Return whether so many drops have passed where the clock has come to a part."""
    return passed(part) >= many


def _steps(settings: Settings, total: int, scale: float) -> list[int]:
    """Return the steps of the drops; those past the end are left out."""
    given = settings.numbers("SOLVER.STEPS") if "SOLVER.STEPS" in settings else [30_000]
    steps = [round(step / scale) for step in given]
    kept = [step for step in steps if step <= total]
    if any(after <= before for before, after in itertools.pairwise([0, *kept])):
        settings.refuse("SOLVER.STEPS", "must rise, and begin above 0")
    if kept[-1:] == [total]:
        settings.refuse("SOLVER.STEPS", f"must be below MAX_ITER, {total}")
    if "SOLVER.STEPS" in settings and len(kept) < len(steps):
        settings.notes.append(
            f"SOLVER.STEPS: {', '.join(map(str, steps[len(kept) :]))} is past MAX_ITER, {total}, "
            "and left out"
        )
    return kept


def _count(settings: Settings, key: str, default: int, scale: float, option: str = "") -> int:
    """Return a number of steps for the devices that there are."""
    found = settings.whole(f"SOLVER.{key}", default=default, option=option)
    if found < 0:
        settings.refuse(f"SOLVER.{key}", f"is at least 0, not {found}")
    return found if option in settings.known else round(found / scale)


def _scale(settings: Settings) -> float:
    """Return how many times as many devices there are as the settings are meant for."""
    meant = settings.whole("SOLVER.REFERENCE_WORLD_SIZE", default=0)
    machines = settings.whole("num_machines", default=1)
    here = settings.whole("num_gpus", default=None)
    devices = settings.whole(default=None, option="devices")
    if devices is None and (here is not None or settings.program):
        devices = (here or 1) * machines
    if not meant or devices == meant:
        return 1
    if devices is None:
        settings.notes.append(
            f"SOLVER.REFERENCE_WORLD_SIZE: it is taken to run on {meant} devices, as their number "
            "is not given"
        )
        return 1
    batch = settings.whole("SOLVER.IMS_PER_BATCH", default=16)
    if batch % meant:
        settings.refuse("SOLVER.IMS_PER_BATCH", f"is no multiple of the {meant} devices it is for")
    scale = devices / meant
    settings.sums.append(f"{devices} devices in place of {meant}: rate times {scale:g}")
    return scale


def _without_base(settings: Settings) -> None:
    """Say what is taken for granted where a file that the settings build on is not read."""
    # Notes were made when the files were read, of those that are missing.
    if not settings.notes and "SOLVER" in settings:
        return
    for key, option in (("BASE_LR", "lr"), ("MAX_ITER", "horizon")):
        if f"SOLVER.{key}" not in settings and option not in settings.known:
            why = "a file that it builds on is not read" if settings.notes else ""
            settings.lack(f"SOLVER.{key}", option, why)
    absent = [key for key in _FROM_BASE if f"SOLVER.{key}" not in settings]
    if absent and settings.notes:
        settings.notes.append(f"by default, as that file is not read: SOLVER.{', '.join(absent)}")
