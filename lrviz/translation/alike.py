"""Schedules of other families, or in other words, that have the same rates.

They are pairs of families, which no family knows of another by itself.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import singledispatch
from itertools import pairwise
from typing import Literal

import numpy as np

from ..errors import LrvizError
from ..families.chain import Chain
from ..families.const import Constant
from ..families.cosine import CosineDecay
from ..families.cosine_restarts import CosineRestarts
from ..families.cyclic import CyclicRate
from ..families.exp import ExponentialDecay
from ..families.exp_epoch import EpochExponentialDecay
from ..families.for_ import For
from ..families.interpolate import Interpolation
from ..families.inverse_sqrt import InverseSqrtDecay
from ..families.inverse_time import InverseTimeDecay
from ..families.linear import LinearDecay
from ..families.multistep import MultiStepDecay
from ..families.natural_exp import NaturalExponentialDecay
from ..families.noam import Noam
from ..families.one_cycle import OneCycle
from ..families.piecewise import PiecewiseConstant
from ..families.poly import PolynomialDecay
from ..families.power import PowerDecay
from ..families.restarts import Restarts
from ..families.scale import Scale
from ..families.step import StepDecay
from ..families.warmup import Warmup
from ..families.whole_restarts import WholeRestarts
from ..families.wsd import WarmupStableDecay
from ..schedules.base import Schedule
from ..schedules.code import tidy

_MOST = 40
"""How many forms of a schedule are looked at."""
_MOST_CYCLES = 50
_FALLS: Mapping[str, type[LinearDecay | CosineDecay | PowerDecay]] = {
    "linear": LinearDecay,
    "cosine": CosineDecay,
    "sqrt": PowerDecay,
}


def forms(schedule: Schedule, horizon: int) -> list[Schedule]:
    """Return a schedule and others that have its rates below `horizon`, the nearest words first."""
    found = [schedule]
    for one in found:
        try:
            for other in alike(one, horizon):
                if other not in found:
                    found.append(other)
        except LrvizError:  # what would be alike is out of bounds
            continue
        if len(found) > _MOST:
            break
    return found


@singledispatch
def alike(_schedule: Schedule, _horizon: int) -> Iterator[Schedule]:
    """Yield schedules that have the same rates, at least below `horizon`."""
    yield from ()


@alike.register
def _(s: For, _horizon: int) -> Iterator[Schedule]:
    yield s.of


@alike.register
def _(s: ExponentialDecay, _horizon: int) -> Iterator[Schedule]:
    if s.staircase:
        yield StepDecay(lr=s.lr, rate=s.rate, steps=s.steps)
    elif s.steps != 1:
        yield replace(s, rate=s.rate ** (1 / s.steps), steps=1)
    elif 0 < s.rate != 1:
        yield NaturalExponentialDecay(lr=s.lr, rate=-math.log(s.rate), steps=1)


@alike.register
def _(s: EpochExponentialDecay, _horizon: int) -> Iterator[Schedule]:
    yield StepDecay(lr=s.lr, rate=s.rate, steps=s.epoch)


@alike.register
def _(s: NaturalExponentialDecay, _horizon: int) -> Iterator[Schedule]:
    if not s.staircase and s.steps != 1:
        yield replace(s, rate=s.rate / s.steps, steps=1)
    yield ExponentialDecay(lr=s.lr, rate=math.exp(-s.rate), steps=s.steps, staircase=s.staircase)


@alike.register
def _(s: StepDecay, _horizon: int) -> Iterator[Schedule]:
    yield ExponentialDecay(lr=s.lr, rate=s.rate, steps=s.steps, staircase=True)
    if s.rate == 1:
        yield Constant(lr=s.lr)


@alike.register
def _(s: MultiStepDecay, _horizon: int) -> Iterator[Schedule]:
    steps = sorted({0, *s.drops})
    yield PiecewiseConstant(points=tuple((step, tidy(float(s(step)))) for step in steps))


@alike.register
def _(s: PiecewiseConstant, _horizon: int) -> Iterator[Schedule]:
    rates = [rate for _, rate in s.points]
    if len(rates) == 1:
        yield Constant(lr=rates[0])
        return
    factors = [tidy(after / before) for before, after in pairwise(rates) if before]
    if len(factors) + 1 == len(rates) and math.isclose(min(factors), max(factors), rel_tol=1e-12):
        drops = tuple(step for step, _ in s.points[1:])
        yield MultiStepDecay(lr=rates[0], rate=factors[0], drops=drops)


@alike.register
def _(s: LinearDecay, _horizon: int) -> Iterator[Schedule]:
    if s.unclamped:
        return
    yield PolynomialDecay(lr=s.lr, end=s.end, steps=s.steps)
    if s.end > s.lr and s.steps.is_integer():
        yield Warmup(steps=int(s.steps), start=s.lr, then=Constant(lr=s.end))


@alike.register
def _(s: PolynomialDecay, _horizon: int) -> Iterator[Schedule]:
    if s.power == s.k == 1 and not s.cycle:
        yield LinearDecay(lr=s.lr, end=s.end, steps=s.steps)


@alike.register
def _(s: PowerDecay, _horizon: int) -> Iterator[Schedule]:
    if s.power == 1:
        yield LinearDecay(lr=s.lr, end=s.end, steps=s.steps, unclamped=s.unclamped)
    elif s.steps.is_integer() and s.power == 0.5 and not s.unclamped:
        whole = int(s.steps)
        yield WarmupStableDecay(
            lr=s.lr, steps=whole, decay=whole, end=s.end, warmup=0, shape="sqrt"
        )


@alike.register
def _(s: Interpolation, _horizon: int) -> Iterator[Schedule]:
    if len(s.points) == 2:
        (_, lr), (steps, end) = s.points
        yield (CosineDecay if s.cosine else LinearDecay)(lr=lr, end=end, steps=steps)


@alike.register
def _(s: CosineDecay, _horizon: int) -> Iterator[Schedule]:
    if s.alpha is not None:
        yield replace(s, alpha=None, end=tidy(s.alpha * s.lr))
    elif s.lr:
        yield replace(s, alpha=tidy(s.end / s.lr), end=0.0)
    if s.power == s.k == 1:
        yield replace(s, unclamped=not s.unclamped)


@alike.register
def _(s: CosineRestarts, horizon: int) -> Iterator[Schedule]:
    if s.end is None:
        yield replace(s, alpha=0.0, end=tidy(s.alpha * s.lr))
        if s.alpha:
            return
    elif s.end == 0 or (s.lr and s.m_mul == 1):
        yield replace(s, alpha=tidy(s.end / s.lr) if s.end else 0.0, end=None)
    count = int(s.cycles.number(_last(horizon))) + 1
    end = s.end or 0.0
    fall = CosineDecay(lr=s.lr, steps=s.steps, end=end)
    yield Restarts(of=fall, t_mul=s.t_mul, m_mul=s.m_mul, times=count)


@alike.register
def _(s: Restarts, horizon: int) -> Iterator[Schedule]:
    fall, count = s.decay, int(s.cycles.number(_last(horizon))) + 1
    if isinstance(fall, CosineDecay) and fall.power == fall.k == 1 and s.t_mul >= 1:
        end = fall.end
        yield CosineRestarts(lr=fall.lr, steps=fall.steps, t_mul=s.t_mul, m_mul=s.m_mul, end=end)
    if s.times is None:
        yield replace(s, times=count)
    if count <= _MOST_CYCLES and fall.steps.is_integer() and s.t_mul.is_integer():
        lengths = [fall.steps * s.t_mul**i for i in range(min(count, s.times or count))]
        peaks = [tidy(fall.lr * s.m_mul**i) for i in range(len(lengths))]
        falls = [replace(fall, lr=lr, steps=n) for lr, n in zip(peaks, lengths, strict=True)]
        yield falls[0] if len(falls) == 1 else Chain(stages=tuple(falls))


@alike.register
def _(s: WholeRestarts, _horizon: int) -> Iterator[Schedule]:
    if s.t_mul.is_integer():
        yield CosineRestarts(lr=s.lr, steps=s.steps, t_mul=s.t_mul, end=s.end)


@alike.register
def _(s: CyclicRate, _horizon: int) -> Iterator[Schedule]:
    if s.down is None:
        yield replace(s, down=s.up)
    elif s.down == s.up:
        yield replace(s, down=None)


@alike.register
def _(s: InverseTimeDecay, _horizon: int) -> Iterator[Schedule]:
    if not s.staircase and s.steps != 1:
        yield replace(s, rate=s.rate / s.steps, steps=1)


@alike.register
def _(s: OneCycle, _horizon: int) -> Iterator[Schedule]:
    start, *_, end = s.levels
    if s.start is None or s.end is None:
        yield replace(s, start=start, end=end)
    yield replace(s, unclamped=not s.unclamped)


@alike.register
def _(s: Noam, _horizon: int) -> Iterator[Schedule]:
    peak = tidy(float(s(s.warmup)))
    yield Warmup(steps=s.warmup, then=InverseSqrtDecay(lr=peak, steps=s.warmup))


@alike.register
def _(s: WarmupStableDecay, _horizon: int) -> Iterator[Schedule]:
    kind = _FALLS.get(s.shape)
    if kind is None:
        return
    held, fall = s.stop - s.warmup, kind(lr=s.lr, steps=s.decay, end=s.end)
    plateau = [For(of=Constant(lr=s.lr), steps=held)] if held else []
    then = Chain(stages=(*plateau, fall)) if held else fall
    yield Warmup(steps=s.warmup, start=s.start, then=then) if s.warmup else then


@alike.register
def _(s: Chain, horizon: int) -> Iterator[Schedule]:
    first, *others = s.stages
    then = Chain(stages=tuple(others)) if len(others) > 1 else others[0]
    match first:
        case LinearDecay(lr=lr, end=end, steps=steps, unclamped=False) if end > lr:
            if steps == first.length:
                leads = then(0) == end
                yield Warmup(steps=int(steps), start=lr, end=None if leads else end, then=then)
        case For(of=Constant(lr=lr), steps=held):
            yield from _held(0, 0.0, lr, held, then)
    before = s.stages[:-1]
    for other in alike(s.stages[-1], max(horizon - s.placed[-1].start, 1)):
        yield Chain(stages=(*before, other))
    rates = [one.of if isinstance(one, For) else one for one in s.stages]
    if all(one.level for one in rates):
        points = zip((one.start for one in s.placed), (one(0) for one in rates), strict=True)
        yield PiecewiseConstant(points=tuple(points))


@alike.register
def _(s: Warmup, horizon: int) -> Iterator[Schedule]:
    first = s.then(0)
    if s.end is not None and s.end == first:
        yield replace(s, end=None)
    match s.then:
        case Constant() if s.end in (None, first):
            yield LinearDecay(lr=s.start, end=first, steps=s.steps)
        case Chain(stages=(For(of=Constant(lr=lr), steps=held), fall)) if s.end in (None, first):
            yield from _held(s.steps, s.start, lr, held, fall)
        case LinearDecay() | CosineDecay() | PowerDecay() if s.end in (None, first):
            yield from _held(s.steps, s.start, first, 0, s.then)
        case InverseSqrtDecay(lr=lr, steps=s.steps, power=0.5) if s.start == 0:
            yield Noam(lr=tidy(lr * math.sqrt(s.steps)), d_model=1, warmup=s.steps)
    for then in alike(s.then, max(horizon - s.steps, 1)):
        yield replace(s, then=then)


@alike.register
def _(s: Scale, horizon: int) -> Iterator[Schedule]:
    match s.of:
        case Constant() | ExponentialDecay() | StepDecay() | MultiStepDecay():
            yield replace(s.of, lr=tidy(s.of.lr * s.factor))
        case InverseTimeDecay() | InverseSqrtDecay():
            yield replace(s.of, lr=tidy(s.of.lr * s.factor))
        case LinearDecay() | PolynomialDecay() | CosineDecay() | PowerDecay():
            lr, end = tidy(s.of.lr * s.factor), tidy(s.of.end * s.factor)
            yield replace(s.of, lr=lr, end=end)
        case PiecewiseConstant(points=points):
            yield replace(s.of, points=tuple((step, tidy(r * s.factor)) for step, r in points))
        case Warmup(start=start, end=end, then=then):
            last = None if end is None else tidy(end * s.factor)
            for inner in alike(Scale(of=then, factor=s.factor), horizon):
                yield replace(s.of, start=tidy(start * s.factor), end=last, then=inner)


def _held(warmup: int, start: float, lr: float, held: int, fall: Schedule) -> Iterator[Schedule]:
    """Yield a warmup, a plateau and a decay as one."""
    shape: Literal["linear", "cosine", "sqrt"]
    match fall:
        case LinearDecay(unclamped=False):
            shape = "linear"
        case CosineDecay(alpha=None, power=1, k=1, unclamped=False):
            shape = "cosine"
        case PowerDecay(power=0.5, unclamped=False):
            shape = "sqrt"
        case _:
            return
    if fall.lr == lr and fall.steps.is_integer():
        decay, end = int(fall.steps), fall.end
        yield WarmupStableDecay(
            lr=lr,
            steps=warmup + held + decay,
            warmup=warmup,
            decay=decay,
            start=start,
            end=end,
            shape=shape,
        )


def _last(horizon: int) -> "np.ndarray":
    """Return the last step of a run."""
    return np.array(float(max(horizon - 1, 0)))
