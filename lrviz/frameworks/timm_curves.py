"""What timm's schedulers are made of: cycles, decays, and the line that comes before them."""

import math
from fractions import Fraction
from typing import Literal, NamedTuple

from ..schedules.base import Schedule
from .composing import build, in_turn


class Decay(NamedTuple):
    """The shape of the decay of WSDLRScheduler."""

    shape: Literal["linear", "1-sqrt", "cosine", "power", "exp"]
    power: float
    ratio: float

    def schedule(self, lr: float, steps: int, end: float) -> Schedule:
        """Return a way of this shape from `lr` to `end`."""
        if self.shape in ("linear", "cosine"):
            return build(self.shape, lr=lr, steps=steps, end=end)
        if self.shape == "exp":
            return build("exp_to", lr=lr, steps=steps, end=end, rate=self.ratio)
        return build("power", lr=lr, steps=steps, end=end, power=self.power)


def sinking(
    lr: float, scale: float, power: float, held: int, decay: Decay, decay_t: int, end: float
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


def in_cycles(
    fall: Schedule, end: float, cycle_mul: float, cycle_decay: float, cycle_limit: int
) -> Schedule:
    """Return so many cycles of a fall, and then its end."""
    if cycle_limit == 0:
        return build("const", lr=end)
    if cycle_limit == 1 and fall(fall.length or 0) == end:
        return fall
    return build("restarts", of=fall, t_mul=cycle_mul, m_mul=cycle_decay, times=cycle_limit)


def period(decay_t: float) -> float:
    """Return the period whose stairs are where Python's whole division has them.

    The number written 3.7 is a hair above it, so that 37 // 3.7 is 9. 37 / 3.7 is rounded to 10,
    but not with the next number.
    """
    exact = Fraction(decay_t)
    above = exact > exact.limit_denominator(1_000_000)
    return math.nextafter(decay_t, math.inf) if above else decay_t


def risen(
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
