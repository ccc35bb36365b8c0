"""Causes planted in logs are named with their numbers, and in other logs none is found."""

import math
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

from lrviz import parse
from lrviz.comparison import Cause, explain_difference
from lrviz.schedules.base import Schedule

PLANTS = 240
UNCAUSED = 80

Rates = np.ndarray[Any, np.dtype[np.floating[Any]]]
Steps = np.ndarray[Any, np.dtype[np.int64]]


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311, it keeps no secrets


def round_rate(rng: random.Random) -> float:
    return float(f"{rng.choice([1, 2, 3, 5, 6, 8])}e-{rng.randint(1, 4)}")


def plans(n: int, rng: random.Random) -> dict[str, str]:
    """Return a random spec of each kind for a run of `n` steps."""
    lr = round_rate(rng)
    end = float(f"{lr * rng.choice([0.1, 0.01, 0.03]):.3g}")
    w = rng.randint(n // 50, n // 5)
    part = rng.uniform(0.5, 1)
    length = int(n * part)
    start = f",start={lr / 100:.3g}" * rng.randint(0, 1)
    return {
        "warmup_cosine": f"warmup:steps={w}{start}/cosine:lr={lr},steps={n - w},end={end}",
        "warmup_linear": f"warmup:steps={w}{start}/linear:lr={lr},steps={n - w}",
        "warmup_poly": f"warmup:steps={w}/poly:lr={lr},steps={n - w},power=2,end={end}",
        "cosine": f"cosine:lr={lr},steps={length}",
        "step": f"step:lr={lr},rate={rng.choice([0.1, 0.5, 0.3])},steps={n // rng.randint(4, 9)}",
        "exp": f"exp:lr={lr},rate={rng.choice([0.5, 0.9])},steps={n // rng.randint(10, 30)}",
        "linear": f"linear:lr={lr},steps={length},end={end}",
        "poly": f"poly:lr={lr},steps={length},power={rng.choice([0.5, 2, 3])},end={end}",
        "wsd": f"wsd:lr={lr},steps={n},warmup={w},decay={n // rng.randint(3, 9)},end={end}",
        "one_cycle": f"one_cycle:lr={lr},steps={n},pct={rng.choice([0.1, 0.3, 0.45])}",
        "torch_one_cycle": f"one_cycle:lr={lr},steps={n},unclamped",
        "restarts": f"cosine_restarts:lr={lr},steps={n // rng.randint(3, 9)},t_mul="
        f"{rng.choice([1, 2])},m_mul={rng.choice([1, 0.7])},alpha=0.01",
        "inverse_sqrt": f"warmup:steps={w}/inverse_sqrt:lr={lr},steps={w}",
        "multistep": f"multistep:lr={lr},rate={rng.choice([0.1, 0.2])},"
        f"at={n * 3 // 10},{n * 6 // 10},{n * 8 // 10}",
    }


class Plant(NamedTuple):
    """A plan, a run of `n` steps, and the cause that is planted with its number."""

    plan: Schedule
    n: int
    name: str
    number: float

    def rates(self, number: float) -> Rates:
        """Return the rates that the cause leads to with a number."""
        return curve(self.plan, self.name, number, np.arange(self.n))

    @property
    def log(self) -> Rates:
        """What is recorded, with six digits."""
        return six_digits(self.rates(self.number))

    def __str__(self) -> str:
        return f"{self.name} {self.number} in {self.n} steps of {self.plan}"


def six_digits(rates: Rates) -> Rates:
    return np.array([*map(float, map("{:.6g}".format, rates.tolist()))])


def curve(plan: Schedule, name: str, number: float, steps: Steps) -> Rates:
    """Return the rates that a cause makes of a plan: the causes, written down a second time."""
    n, k = len(steps), int(number)
    f = plan
    if name == "shift":
        last = 10**9 if "unclamped" not in str(plan) else n  # PyTorch refuses the steps past it
        return f(np.clip(steps + k, 0, last))
    if name == "factor":
        return f(steps) * number
    if name == "stepped_every":
        return f(steps // max(k, 1))
    if name == "stepped_times":
        return f(steps * k)
    if name == "floor":
        return np.maximum(f(steps), number)
    if name == "ceiling":
        return np.minimum(f(steps), number)
    if name == "held":
        return np.append(f(steps[: k + 1]), np.full(n - k - 1, f(k)))
    if name == "zero":
        return np.append(f(steps[:k]), np.zeros(n - k))
    assert name == "never_stepped"
    return np.full(n, f(0))


def number_for(name: str, plan: Schedule, n: int, rng: random.Random) -> float:
    rates = plan(np.arange(n))
    level = rng.uniform(0.05, 0.5) * float(rates.max())
    longest = 1 if "unclamped" in str(plan) else n // 2
    numbers: dict[str, Callable[[], float]] = {
        "shift": lambda: rng.choice([1, 1, -1, -rng.randint(2, n // 2), rng.randint(1, longest)]),
        "factor": lambda: rng.choice(
            [2, 4, 8, 0.5, 0.125, 1 / 3, 1 / 12, 32, rng.uniform(0.1, 10), 0.1]
        ),
        "stepped_every": lambda: int(math.exp(rng.uniform(math.log(2), math.log(n / 3)))),
        "stepped_times": lambda: rng.choice([2, 3, 4, 7, 8, 16, 64]),
        "never_stepped": lambda: 0,
        "floor": lambda: float(f"{level:.{rng.choice([1, 2, 5])}g}"),
        "ceiling": lambda: float(f"{level:.{rng.choice([1, 2, 5])}g}"),
        "held": lambda: rng.randint(n // 20, n - 20),
        "zero": lambda: rng.randint(n // 20, n - 20),
    }
    return numbers[name]()


CAUSES = [
    *("shift", "factor", "stepped_every", "stepped_times"),
    *("never_stepped", "floor", "ceiling", "held", "zero"),
]
WHOLE = ("shift", "stepped_every", "stepped_times")


def plants(seed: int, count: int, longest: int) -> Iterator[Plant]:
    """Yield plants that change the curve so that it can be told by what."""
    rng = seeded(seed)
    made = 0
    while made < count:
        n = int(math.exp(rng.uniform(math.log(1000), math.log(longest))))
        for kind, spec in plans(n, rng).items():
            name = rng.choice(CAUSES)
            if kind == "torch_one_cycle" and name == "stepped_times":
                continue  # PyTorch refuses the steps past the end
            plan = parse(spec)
            plant = Plant(plan, n, name, number_for(name, plan, n, rng))
            if tells(plant):
                made += 1
                yield plant


def tells(plant: Plant) -> bool:
    """Return whether a log differs from its plan, and no simpler thing can be said of it."""
    planned = plant.plan(np.arange(plant.n))
    differs = ~same(plant.log, planned)
    if differs.sum() < 3:
        return False
    if plant.name in WHOLE:
        few = np.unique(plant.log).size < 3 or np.ptp(plant.log) < 1e-4 * plant.log.max()
        beside = [plant.number - 1, plant.number + 1]
        return not few and not any(same(plant.log, plant.rates(k)).all() for k in beside)
    if plant.name in ("floor", "ceiling"):
        return len(np.unique(plant.log)) > 1 and np.ptp(planned[differs]) > 1e-5 * planned.max()
    return True


def same(log: Rates, rates: Rates) -> Any:
    """Return where a log with six digits may have recorded these rates."""
    unit = 10.0 ** (np.floor(np.log10(np.maximum(log, 1e-300))) - 5)
    return abs(log - rates) <= 0.5001 * unit + 1e-9 * log + 1e-12 * log.max()


TWINS = {
    ("shift", "factor"),  # of an exponential, or by whole stairs
    ("held", "floor"),
    ("held", "ceiling"),
    ("floor", "held"),
    ("ceiling", "held"),
    ("shift", "shift"),  # by whole cycles more or less
    ("held", "held"),  # stairs: held anywhere on one
    ("zero", "zero"),
    ("held", "never_stepped"),
    ("stepped_every", "never_stepped"),
}
"""Causes that may lead to the same curve, and which of them is then named."""


def is_named(plant: Plant, cause: Cause | None) -> bool:
    if cause is None:
        return False
    number = next(iter(cause.numbers.values()), 0)
    rounding = 2e-5 if plant.name in ("factor", "floor", "ceiling") else 0
    if cause.name == plant.name and math.isclose(number, plant.number, rel_tol=rounding):
        return cause.residual < 1e-5
    twin = curve(plant.plan, cause.name, number, np.arange(plant.n))
    return (plant.name, cause.name) in TWINS and bool(same(plant.log, twin).all())


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_cause_is_named_with_its_number(seed: int) -> None:
    for plant in plants(seed, PLANTS // 4, 10_000):
        cause = explain_difference(plant.plan, np.arange(plant.n), plant.log, plant.n)
        assert is_named(plant, cause), f"{plant}: {cause}"


def test_a_cause_in_a_long_log() -> None:
    for plant in plants(99, 14, 100_000):
        cause = explain_difference(plant.plan, np.arange(plant.n), plant.log, plant.n)
        assert is_named(plant, cause), f"{plant}: {cause}"


def recounted(n: int, rng: random.Random) -> Iterator[tuple[str, Schedule, Rates]]:
    """Yield plans whose warmup was counted in another way, with the cause and the rates."""
    t = np.arange(n)
    for family in ("cosine", "linear", "poly"):
        lr, w = round_rate(rng), rng.randint(n // 50, n // 5)
        end = float(f"{lr * rng.choice([0, 0.1, 0.03]):.3g}")
        for floor in ("", f",floor={lr / 4}"):

            def decay(
                steps: int, tail: str = f"end={end}{floor}", of: str = f"{family}:lr={lr}"
            ) -> str:
                return f"{of},steps={steps},{tail}"

            def of(spec: str) -> Rates:
                return parse(spec)(t)

            after, inside = (parse(f"warmup:steps={w}/{decay(s)}") for s in (n, n - w))
            during = np.where(t < w, after(t), of(decay(n)))
            yield "decay_during_warmup", after, during
            yield "decay_during_warmup", after, of(decay(n)) * np.minimum(t / w, 1)
            plan = parse(f"warmup:steps={w}/shift:steps=-{w}/{decay(n)}")
            yield "decay_after_warmup", plan, of(f"warmup:steps={w}/{decay(n)}")
            yield "warmup_inside", after, inside(t)
            yield "warmup_outside", inside, after(t)


@pytest.mark.parametrize("n", [1000, 3517, 30_000])
def test_another_count_of_the_warmup_is_named(n: int) -> None:
    for name, plan, rates in recounted(n, seeded(n)):
        log = six_digits(rates)
        if same(log, plan(np.arange(n))).all():
            continue
        cause = explain_difference(plan, np.arange(n), log, n)
        assert cause is not None, f"{name} of {plan}"
        assert cause.name == name, f"{name} of {plan}: {cause}"
        assert cause.residual < 1e-5


def uncaused(seed: int, count: int, longest: int) -> Iterator[tuple[str, Schedule, Rates]]:
    """Yield plans, and logs that no cause makes of them."""
    rng = seeded(seed)
    noise = np.random.default_rng(seed)
    for i in range(count):
        n = int(math.exp(rng.uniform(math.log(1000), math.log(longest))))
        found, others = plans(n, rng), plans(n, rng)
        kind = rng.choice([*found])
        plan = parse(found[kind])
        other = rng.choice([k for k in others if k.split("_")[-1] != kind.split("_")[-1]])
        t = np.arange(n)
        rates = plan(t)
        what = i % 6
        if what in (0, 1):
            yield f"{other} for {kind}", plan, parse(others[other])(t) * rng.uniform(0.9, 1.1)
        elif what == 2:
            yield f"noise on {kind}", plan, rates * (1 + 0.01 * noise.standard_normal(n))
        elif what == 3:
            walk = np.exp(np.cumsum(0.01 * noise.standard_normal(n)))
            yield f"a walk for {kind}", plan, rates.max() * walk / walk.max()
        elif what == 4:
            power = rng.choice([0.5, 1.5, 2.0])
            yield (
                f"another shape of {kind}",
                plan,
                0.3 * rates.max() * (0.02 + (rates / rates.max()) ** power),
            )
        else:
            spots = noise.integers(0, n, 5)
            spotted = rates * 3.0
            spotted[spots] *= 0.9
            yield f"a factor with spots on {kind}", plan, spotted + rates.max() * 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_no_cause_is_found_where_there_is_none(seed: int) -> None:
    for what, plan, rates in uncaused(seed, UNCAUSED // 4, 10_000):
        log = six_digits(rates)
        cause = explain_difference(plan, np.arange(len(log)), log, len(log))
        assert cause is None, f"{what}, {plan}: {cause}"


def cause_of(plan: str, log: str | Rates, steps: Any = range(1000)) -> Cause | None:
    at = np.array(steps)
    values = parse(log)(at) if isinstance(log, str) else log
    return explain_difference(parse(plan), at, values, 10**9)


@pytest.mark.parametrize(
    ("plan", "log", "text"),
    [
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.1,steps=1000,shift=-1",
            (
                "it is 1 step early; at each step it has the rate of the next, "
                "as if written after the scheduler's step"
            ),
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.1,steps=1000,shift=-7",
            "it is 7 steps early; at step t it has the rate of step t + 7",
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.1,steps=1000,shift=1",
            (
                "it is 1 step late; at step t it has the rate of step t - 1, "
                "and before that the first rate"
            ),
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.8,steps=1000",
            (
                "it is the plan multiplied by 8; "
                "as by a batch size or a number of devices that rates are scaled with"
            ),
        ),
        (
            "cosine:lr=0.3,steps=1000",
            "cosine:lr=0.1,steps=1000",
            (
                "it is the plan multiplied by 1/3; "
                "as by a batch size or a number of devices that rates are scaled with"
            ),
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "stepped:every=50/cosine:lr=0.1,steps=1000",
            (
                "it is the plan stepped only once every 50 steps; "
                "as once per epoch or once per accumulated update"
            ),
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "stepped:by=4/cosine:lr=0.1,steps=1000",
            (
                "it is the plan stepped 4 times per step; "
                "as once by each process or for each micro-batch"
            ),
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "const:lr=0.1",
            "it stays at 0.1, the first rate of the plan; the schedule was never stepped",
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.1,steps=1000,floor=0.01",
            "it is the plan cut off by a floor of 0.01",
        ),
        (
            "warmup:steps=100/cosine:lr=0.1,steps=900",
            "ceiling:value=0.05/warmup:steps=100/cosine:lr=0.1,steps=900",
            "it is the plan cut off by a ceiling of 0.05",
        ),
        (
            "warmup:steps=100/cosine:lr=0.1,steps=900",
            "hold:steps=400/warmup:steps=100/cosine:lr=0.1,steps=900",
            (
                "it follows the plan up to step 400 and then stays at 0.075; "
                "the schedule ended early, or was no longer stepped"
            ),
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.1,steps=1000,for=400/const:lr=0",
            (
                "it follows the plan up to step 399 and is 0 from step 400 on; "
                "the schedule ended early"
            ),
        ),
        (
            "warmup:steps=100/cosine:lr=0.1,steps=1000",
            "warmup:steps=100/cosine:lr=0.1,steps=900",
            (
                "it counts the warmup of 100 steps inside the length of the decay, "
                "the plan outside of it"
            ),
        ),
        (
            "warmup:steps=100/cosine:lr=0.1,steps=900",
            "warmup:steps=100/cosine:lr=0.1,steps=1000",
            (
                "it counts the warmup of 100 steps outside of the length of the decay, "
                "the plan inside of it"
            ),
        ),
        (
            "warmup:steps=100/cosine:lr=0.1,steps=900",
            "warmup:steps=100/shift:steps=-100/cosine:lr=0.1,steps=900",
            (
                "its decay runs from step 0 on, during the warmup of 100 steps; "
                "that of the plan begins after it"
            ),
        ),
        (
            "warmup:steps=100/shift:steps=-100/cosine:lr=0.1,steps=900",
            "warmup:steps=100/cosine:lr=0.1,steps=900",
            (
                "its decay begins after the warmup of 100 steps; "
                "that of the plan runs from step 0 on, during it"
            ),
        ),
    ],
)
def test_a_cause_is_said_in_one_sentence(plan: str, log: str, text: str) -> None:
    cause = cause_of(plan, log)
    assert cause is not None
    assert "; ".join(filter(None, [cause.text, cause.why])) == text
    assert cause.residual < 1e-9


@pytest.mark.parametrize(
    ("plan", "log"),
    [
        ("cosine:lr=0.1,steps=1000", "cosine:lr=0.1,steps=1000"),  # they are equal
        ("const:lr=0.1", "const:lr=0.2"),  # any constant is another one, scaled
        ("multistep:lr=0.1,rate=0.1,at=500", "piecewise:0=0.1,400=0.05"),  # another jump
        ("multistep:lr=0.1,rate=0.1,at=300,600", "piecewise:0=0.1,300=0.01,650=0.003"),
    ],
)
def test_nothing_is_said_where_the_log_tells_too_little(plan: str, log: str) -> None:
    assert cause_of(plan, log) is None


def test_too_few_points_explain_nothing() -> None:
    plan, log = "cosine:lr=0.1,steps=1000", "cosine:lr=0.2,steps=1000"
    assert cause_of(plan, log, range(0, 1000, 120)) is None
    assert cause_of(plan, log, range(0, 1000, 100)) is not None
    assert cause_of(plan, log, []) is None


def test_gaps_and_missing_values_do_not_hide_a_cause() -> None:
    steps = np.arange(3, 1000, 7)
    values = parse("cosine:lr=0.1,steps=1000")(steps + 1)
    values[5] = np.nan
    cause = cause_of("cosine:lr=0.1,steps=1000", values, steps)
    assert cause is not None
    assert (cause.name, cause.numbers) == ("shift", {"steps": 1})


@pytest.mark.parametrize(
    "record",
    [
        lambda rates: rates,
        lambda rates: rates.astype(np.float32).astype(np.float64),
        lambda rates: np.array([float(str(rate)) for rate in rates.astype(np.float32)]),
        lambda rates: np.array([float(f"{rate:.4e}") for rate in rates]),
        lambda rates: np.round(rates, 7),
    ],
    ids=["all digits", "float32", "float32 printed", "5 digits", "7 decimals"],
)
def test_a_log_is_held_to_the_digits_that_it_has(record: Callable[[Rates], Rates]) -> None:
    plan = "warmup:steps=100/cosine:lr=0.1,steps=900"
    rates = parse(plan)(np.arange(1000))
    assert cause_of(plan, record(rates)) is None
    cause = cause_of(plan, record(rates / 4))
    assert cause is not None
    assert (cause.name, cause.numbers) == ("factor", {"factor": 0.25})


def test_a_shift_and_a_factor_that_are_one_for_an_exponential() -> None:
    plan = "exp:lr=0.1,rate=0.5,steps=100"
    for by, name in ((1, "shift"), (100, "factor"), (37, "shift")):
        cause = cause_of(plan, f"{plan},shift=-{by}")
        assert cause is not None
        assert cause.name == name


def test_a_plan_that_has_no_rates_past_its_end() -> None:
    plan = "one_cycle:lr=0.1,steps=1000,unclamped"
    cause = cause_of(plan, parse(plan)(np.arange(1, 1001)))
    assert cause is not None
    assert (cause.name, cause.numbers) == ("shift", {"steps": 1})


THREE = "multistep:lr=0.1,rate=0.1,at=300,600"


@pytest.mark.parametrize(
    ("plan", "log", "every", "whole"),
    [
        (
            THREE,
            THREE.replace("600", "700"),
            1,
            "its drop to 0.001 comes at step 700 in place of 600",
        ),
        (
            THREE,
            THREE.replace("600", "700"),
            10,
            "its drop to 0.001 comes at a step from 691 to 700 in place of 600",
        ),
        (
            THREE,
            "piecewise:0=0.1,300=0.01",
            1,
            (
                "it follows the plan up to a step from 300 to 599 and then stays at 0.01, "
                "or its drop to 0.001 has not come by step 999, in place of at 600"
            ),
        ),
        (
            THREE,
            THREE.replace("rate=0.1", "rate=0.5"),
            1,
            "its multistep has rate=0.5 in place of 0.1",
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.1,steps=500",
            1,
            (
                "it is the plan stepped 2 times per step, "
                "or its cosine takes 500 steps in place of 1000"
            ),
        ),
        (
            "warmup:steps=100/cosine:lr=0.1,steps=900",
            "floor:value=0.02/warmup:steps=100/cosine:lr=0.4,steps=900",
            1,
            "it is multiplied by 4, and it is the plan cut off by a floor of 0.02",
        ),
        (
            "cosine:lr=0.1,steps=1000",
            "cosine:lr=0.1,steps=1000,for=401/const:lr=0",
            50,
            "it follows the plan up to step 400 and is 0 from step 450 on",
        ),
        (
            "wsd:lr=0.1,steps=1000,warmup=90,decay=200,end=0.01",
            "hold:steps=500/wsd:lr=0.1,steps=1000,warmup=90,decay=200,end=0.01",
            1,
            (
                "it follows the plan up to a step from 90 to 800 and then stays at 0.1, "
                "or it ends at 0.1 in place of 0.01, "
                "or its wsd takes at least 1199 steps in place of 1000"
            ),
        ),
    ],
)
def test_what_a_log_cannot_tell_apart_is_said_as_a_range_or_as_either(
    plan: str, log: str, every: int, whole: str
) -> None:
    cause = cause_of(plan, log, range(0, 1000, every))
    assert cause is not None
    assert cause.whole == whole


def test_a_short_log_leaves_the_end_open() -> None:
    plan = "cosine:lr=0.1,steps=10000"
    steps = range(0, 240, 20)
    rates = [float(f"{rate:.4g}") for rate in parse(plan + ",end=0.02")(steps)]
    cause = cause_of(plan, np.array(rates), steps)
    assert cause is not None
    assert cause.name == "rates"
    assert " to " in cause.text
    assert cause.numbers["from"] <= 0.02 <= cause.numbers["to"]


def test_of_a_long_log_every_point_is_held_to_the_cause() -> None:
    plan = parse("warmup:steps=1000/cosine:lr=0.1,steps=199000")
    steps = np.arange(200_000)
    rates = six_digits(plan(np.maximum(steps - 7, 0)))
    cause = explain_difference(plan, steps, rates, 200_000)
    assert cause is not None
    assert cause.numbers == {"steps": -7}
    rates[123_457] *= 1.001
    assert explain_difference(plan, steps, rates, 200_000) is None
