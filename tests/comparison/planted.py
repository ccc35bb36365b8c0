"""Causes planted in logs as people have them: of few digits, thinned, and counted from 1."""

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from lrviz import parse
from lrviz.comparison import Cause
from lrviz.schedules.base import Schedule

Rates = np.ndarray[Any, np.dtype[np.floating[Any]]]
Steps = np.ndarray[Any, np.dtype[np.int64]]

DIGITS = (3, 4, 5, 6, 7)
EVERY = (1, 10, 50)


class Planted(NamedTuple):
    """A plan, what was recorded of it at some steps, what was planted, and whether that is named.

    `named` says whether a cause is the planted one; another that makes the same curve may be, too.
    """

    what: str
    plan: Schedule
    steps: Steps
    values: Rates
    named: Callable[[Cause], bool]


def digits(rates: Rates, count: int) -> Rates:
    return np.array([float(f"{rate:.{count - 1}e}") for rate in rates])


def named(*names: str, **numbers: float) -> Callable[[Cause], bool]:
    """Return a test for a cause of one of some names, whose numbers are near those given."""

    def test(cause: Cause) -> bool:
        if cause.name not in names:
            return False
        found = cause.numbers
        return all(
            name not in found
            or abs(found[name] - number) <= (50 if name == "step" else 0.03 * abs(number))
            or found.get("from", np.inf) <= number <= found.get("to", -np.inf)
            for name, number in numbers.items()
        )

    return test


class _Run(NamedTuple):
    """A plan of a warmup and a decay over a run of `n` steps."""

    n: int
    lr: float
    warmup: int
    end: float
    family: str

    @classmethod
    def random(cls, rng: random.Random) -> "_Run":
        n = rng.choice([1000, 2000, 5000])
        lr = float(f"{rng.choice([1, 2, 3, 5, 6])}e-{rng.randint(1, 5)}")
        end = float(f"{lr * rng.choice([0.1, 0.05, 0.01]):.2g}")
        family = rng.choice(["cosine", "linear", "poly"])
        return cls(n, lr, rng.randint(n // 50 + 2, n // 5), end, family)

    def decay(self, steps: int) -> str:
        power = ",power=2" if self.family == "poly" else ""
        return f"{self.family}:lr={self.lr!r},steps={steps},end={self.end!r}{power}"

    def plan(self, steps: int | None = None) -> Schedule:
        steps = self.n - self.warmup if steps is None else steps
        return parse(f"warmup:steps={self.warmup}/{self.decay(steps)}")

    def rates(self, steps: int | None = None) -> Rates:
        return self.plan(steps)(np.arange(self.n))


Made = tuple[Rates, Callable[[Cause], bool]]


def skipped(run: _Run, rng: random.Random) -> Made:
    at = sorted(rng.sample(range(run.n // 20, run.n * 4 // 5), 3))
    t = np.arange(run.n)
    late = sum((t >= step).astype(np.int64) for step in at)
    return run.plan()(t - late), named("skipped")


def another_peak(run: _Run, rng: random.Random) -> Made:
    lr = float(f"{run.lr * rng.choice([2, 0.5, 3, 1.5]):.2g}")
    return run._replace(lr=lr).rates(), named("rates", lr=lr)


def another_end(run: _Run, rng: random.Random) -> Made:
    end = float(f"{run.end * rng.choice([0, 2, 0.5, 3]):.2g}")
    return run._replace(end=end).rates(), named("rates", end=end)


def both_rates(run: _Run, rng: random.Random) -> Made:
    lr, end = run.lr * rng.choice([2, 0.5, 10]), run.end * rng.choice([3, 0.25, 5])
    return run._replace(lr=lr, end=end).rates(), named("rates", lr=lr, end=end)


def constant(run: _Run, rng: random.Random) -> Made:
    rate = rng.choice([run.lr, run.end, float(f"{run.lr * rng.random():.3g}")])
    return np.full(run.n, rate), named("constant", rate=rate)


def another_family(run: _Run, rng: random.Random) -> Made:
    family = rng.choice([one for one in ("cosine", "linear") if one != run.family])
    return run._replace(family=family).rates(), named("family")


def another_shape_of_warmup(run: _Run, rng: random.Random) -> Made:
    w = run.warmup
    t, rates = np.arange(w), run.rates()
    rates[:w] = run.lr * rng.choice(
        [np.log(t + 1) / np.log(w), (1 - np.cos(np.pi * t / w)) / 2, (t / w) ** 2, (t + 1) / w]
    )
    return rates, named("warmup_shape")


def another_warmup(run: _Run, rng: random.Random) -> Made:
    warmup = int(run.warmup * rng.choice([0.5, 2, 1.3]))
    decay = run.n - rng.choice([run.warmup, warmup])
    return run._replace(warmup=warmup).rates(decay), named("length", "warmup_inside", length=warmup)


def another_decay(run: _Run, rng: random.Random) -> Made:
    steps = int((run.n - run.warmup) * rng.choice([0.5, 0.8, 1.5, 2]))
    # A line that is not seen to its end is as well one of another end.
    names = ("length", "rates") if run.family == "linear" else ("length",)
    return run.rates(steps), named(*names, length=steps)


def decay_during_warmup(run: _Run, rng: random.Random) -> Made:
    t, steps = np.arange(run.n), int(run.n * rng.choice([1, 1.2, 2]))
    decay = parse(run.decay(steps))(t)
    ramp = np.where(t < run.warmup, run.lr * t / run.warmup, decay)
    rates = rng.choice([ramp, decay * np.minimum(t / run.warmup, 1)])
    return rates, named("decay_during_warmup", length=steps)


def another_length_from_a_step_on(run: _Run, rng: random.Random) -> Made:
    step = rng.randint(run.n // 3, run.n // 2)
    steps = int((run.n - run.warmup) * rng.choice([1.5, 2, 3]))
    rates = np.where(np.arange(run.n) < step, run.rates(), run.rates(steps))
    return rates, named("from_step", step=step, length=steps)


def scaled_from_a_step_on(run: _Run, rng: random.Random) -> Made:
    step, factor = rng.randint(run.n // 3, run.n // 2), rng.choice([0.1, 0.5, 2, 10])
    rates = run.rates() * np.where(np.arange(run.n) < step, 1, factor)
    return rates, named("from_step", step=step, factor=factor)


def early_or_late_and_scaled(run: _Run, rng: random.Random) -> Made:
    shift, factor = rng.choice([1, -1, -5, 7, 50]), rng.choice([2, 4, 8, 0.5, 1 / 3])
    steps = np.maximum(np.arange(run.n) + shift, 0)
    return factor * run.plan()(steps), named("shift_and_factor", factor=factor)


def stepped_otherwise_and_scaled(run: _Run, rng: random.Random) -> Made:
    number, factor, t = rng.choice([4, 8]), rng.choice([2, 4, 8, 0.5]), np.arange(run.n)
    name, steps = rng.choice([("every", t // number), ("times", t * number)])
    return factor * run.plan()(steps), named(f"stepped_{name}_and_factor", factor=factor)


def another_decay_and_scaled(run: _Run, rng: random.Random) -> Made:
    steps = int((run.n - run.warmup) * rng.choice([0.5, 0.8, 1.5, 2]))
    factor = rng.choice([2, 4, 0.5])
    names = ("length", "rates") if run.family == "linear" else ("length",)
    return factor * run.rates(steps), named(*names, length=steps, factor=factor)


KINDS = [
    *(skipped, another_peak, another_end, both_rates, constant, another_family),
    *(another_shape_of_warmup, another_warmup, another_decay, decay_during_warmup),
    *(another_length_from_a_step_on, scaled_from_a_step_on, early_or_late_and_scaled),
    *(stepped_otherwise_and_scaled, another_decay_and_scaled),
]


def planted(seed: int, count: int) -> Iterator[Planted]:
    """Yield planted causes that change enough of the recorded digits."""
    rng = random.Random(seed)  # noqa: S311, it keeps no secrets
    made = 0
    while made < count:
        run, kind = _Run.random(rng), rng.choice(KINDS)
        rates, test = kind(run, rng)
        kept, every = rng.choice(DIGITS), rng.choice(EVERY)
        steps = np.arange(0, run.n, every)
        values, wanted = digits(rates[::every], kept), digits(run.rates()[::every], kept)
        if np.count_nonzero(abs(values - wanted) > 10.0 ** (1 - kept) * wanted) >= 3:
            made += 1
            what = f"{kind.__name__}, {kept} digits, every {every}, in {run.plan()}"
            yield Planted(what, run.plan(), steps, values, test)


def right(seed: int, count: int) -> Iterator[Planted]:
    """Yield logs that are those of their plans."""
    rng = random.Random(seed)  # noqa: S311, it keeps no secrets
    for _ in range(count):
        run = _Run.random(rng)
        kept, every, first = rng.choice([*DIGITS, 17]), rng.choice(EVERY), rng.choice([0, 0, 5])
        steps = np.arange(first, run.n, every)
        values = digits(run.rates()[first::every], kept)
        if rng.random() < 0.2:
            values = values.astype(np.float32).astype(np.float64)
        what = f"{kept} digits, every {every}, in {run.plan()}"
        yield Planted(what, run.plan(), steps, values, lambda _: False)
