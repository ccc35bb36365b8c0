"""What every family must have, found by walking the registry."""

import inspect
import keyword
from pathlib import Path

import numpy as np
import pytest

from lrviz import parse
from lrviz.families import families, family
from lrviz.schedules.base import Example, Schedule
from lrviz.schedules.fields import Points

KINDS = families()
EXAMPLES = [
    pytest.param(kind, example, id=f"{name}: {example.spec}")
    for name, kind in KINDS.items()
    for example in kind.examples
]

every_family = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def test_there_is_one_family_in_each_file_of_the_folder() -> None:
    files = Path(inspect.getfile(families)).parent.glob("[!_]*.py")
    assert list(KINDS) == sorted(file.stem.removesuffix("_") for file in files)
    assert len(KINDS) >= 41


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_gives_the_rates_that_its_source_says(
    kind: type[Schedule], example: Example
) -> None:
    schedule = parse(example.spec)
    assert any(type(part) is kind for part in schedule.parts())
    rates = schedule(list(example.rates))
    assert rates.tolist() == pytest.approx(list(example.rates.values()), rel=1e-6, abs=1e-9)
    assert example.source


@every_family
def test_a_family_has_a_sentence_a_formula_and_an_example(kind: type[Schedule]) -> None:
    assert kind.__doc__ == inspect.getdoc(kind) or kind.__doc__
    assert kind.summary()[0].isupper()
    assert kind.summary().endswith(".")
    assert kind.formula
    assert kind.examples


@every_family
def test_a_family_is_in_the_file_of_its_name(kind: type[Schedule]) -> None:
    name = f"{kind.name}_" if keyword.iskeyword(kind.name) else kind.name
    assert Path(inspect.getfile(kind)).stem == name
    assert family(kind.name) is kind


@every_family
def test_a_formula_speaks_of_the_parameters(kind: type[Schedule]) -> None:
    for field in kind.parameters():
        explained = field.optional or field.item in (bool, Points, Schedule)
        hidden = {("for", "steps"), ("noisy_linear_cosine", "seed"), ("chain", "stages")}
        if not explained and (kind.name, field.key) not in hidden:
            assert field.key in kind.formula


@every_family
def test_every_parameter_says_what_it_means(kind: type[Schedule]) -> None:
    for field in kind.parameters():
        assert field.param.meaning
        assert field.param.unit in ("", "steps", "rate", "share")
        assert field.key not in field.param.also
        assert field.values()


@every_family
def test_no_parameter_has_the_name_of_a_modifier(kind: type[Schedule]) -> None:
    """In a spec `floor=0.1` is the modifier, and could not be a parameter too."""
    modifiers = {"ceiling", "floor", "for", "hold", "scale", "shift"}
    assert not modifiers & {field.key for field in kind.parameters()}


@pytest.mark.parametrize(
    ("spec", "length"),
    [
        ("const:lr=1", None),
        ("const:lr=1,for=70", 70),
        ("exp:lr=1,rate=0.9,steps=100", 1000),
        ("natural_exp:lr=1,rate=0.9,steps=2.5", 25),
        ("step:lr=1,rate=0.1,steps=30", 120),
        ("multistep:lr=1,rate=0.1,at=30,60,90", 120),
        ("multistep:lr=1,rate=0.1,at=0", None),
        ("piecewise:0=1,10=0.1,20=0.01", 30),
        ("piecewise:0=1", None),
        ("exp_epoch:lr=1,rate=0.5,epoch=100", 700),
        ("exp_epoch:lr=1,rate=1", 100),
        ("exp_epoch:lr=1,rate=0", 100),
        ("cosine:lr=1,steps=7.5", 8),
        ("poly:lr=1,steps=10,cycle", 30),
        ("cosine_restarts:lr=1,steps=10", 150),
        ("cosine_restarts:lr=1,steps=10,t_mul=1", 40),
        ("cosine_restarts:lr=1,steps=10,t_mul=1e300", 2**53),
        ("cosine:lr=1,steps=7.5,unclamped", 8),
        ("linear:lr=1,steps=10,unclamped", 10),
        ("restarts:times=3/cosine:lr=1,steps=2.5", 8),
        ("restarts:t_mul=2/cosine:lr=1,steps=10", 150),
        ("restarts:t_mul=0.5,times=5000/cosine:lr=1,steps=10", 20),
        ("restarts:t_mul=5,times=5000/cosine:lr=1,steps=10", 2**53),
        ("cyclic:lr=0,peak=1,up=2.5", 20),
        ("cyclic:lr=0,peak=1,up=2,down=8", 40),
        ("one_cycle:lr=1,steps=77", 77),
        ("interpolate:0=1,100=0.1", 100),
        ("interpolate:0=1", None),
        ("tanh:lr=1,steps=10", 10),
        ("power:lr=1,steps=10,unclamped", 10),
        ("exp_to:lr=1,steps=9.1", 10),
        ("warmup:steps=5/cosine:lr=1,steps=10", 15),
        ("warmup:steps=5/const:lr=1", None),
        ("const:lr=1,for=5/linear:lr=1,steps=10", 15),
        ("const:lr=1,for=5/const:lr=0.1", 10),
        ("linear:lr=1,steps=10,shift=5", 15),
        ("linear:lr=1,steps=10,shift=-15", 1),
        ("linear:lr=1,steps=10,floor=0.1,scale=2", 10),
        ("linear:lr=1,steps=10,hold=3", 4),
        ("linear:lr=1,steps=10,hold=30", 10),
        ("const:lr=1,hold=30", 31),
        ("inverse_sqrt:lr=1,steps=2.55", 26),
        ("noam:warmup=300", 3000),
        ("wsd:lr=1,steps=100,warmup=10,decay=20", 100),
        ("log:lr=0,steps=100,end=1", 100),
        ("range_test:lr=1,rate=1,steps=10", 100),
        ("plateau:lr=1,metrics=1,2,3", 4),
        ("greedy:lr=1,metrics=1,2,3", 4),
        ("stepped:every=5,by=3/linear:lr=1,steps=10", 20),
        ("stepped:by=100/linear:lr=1,steps=10", 1),
        ("stepped/const:lr=1", None),
        ("product/linear:lr=1,steps=10/linear:lr=1,steps=20/const:lr=1", 20),
        ("product/const:lr=1/const:lr=1", None),
    ],
)
def test_natural_lengths(spec: str, length: int | None) -> None:
    assert parse(spec).length == length


@pytest.mark.parametrize(
    ("spec", "phases"),
    [
        ("const:lr=1", [("const", 0, None)]),
        ("warmup:steps=5/cosine:lr=1,steps=10", [("warmup", 0, 5), ("cosine", 5, 15)]),
        (
            "const:lr=1,for=5/warmup:steps=3/exp:lr=1,rate=0.5,steps=1",
            [("const", 0, 5), ("warmup", 5, 8), ("exp", 8, 18)],
        ),
        ("for:steps=7/warmup:steps=5/const:lr=1", [("warmup", 0, 5), ("const", 5, 7)]),
        ("for:steps=3/warmup:steps=5/const:lr=1", [("warmup", 0, 3)]),
        ("linear:lr=1,steps=10,shift=4", [("linear", 0, 14)]),
        ("shift:steps=-6/warmup:steps=5/const:lr=1", [("const", 0, None)]),
        ("hold:steps=6/warmup:steps=5/const:lr=1", [("warmup", 0, 5), ("const", 5, 7)]),
        ("hold:steps=3/warmup:steps=5/const:lr=1", [("warmup", 0, 4)]),
        ("linear:lr=1,steps=10,hold=50", [("linear", 0, 10)]),
        ("noam:warmup=5", [("warmup", 0, 5), ("decay", 5, 50)]),
        (
            "wsd:lr=1,steps=10,warmup=2,decay=3",
            [("warmup", 0, 2), ("stable", 2, 7), ("decay", 7, 10)],
        ),
        ("wsd:lr=1,steps=10,warmup=0,decay=10", [("decay", 0, 10)]),
        (
            "stepped:every=10,by=2/warmup:steps=5/linear:lr=1,steps=5",
            [("warmup", 0, 30), ("linear", 30, 50)],
        ),
        ("stepped:every=10,by=6/warmup:steps=5/linear:lr=1,steps=1", [("warmup", 0, 10)]),
        ("product/linear:lr=1,steps=10/warmup:steps=5/const:lr=1", [("product", 0, 10)]),
    ],
)
def test_phases(spec: str, phases: list[tuple[str, int, int | None]]) -> None:
    assert list(parse(spec).phases) == phases


def test_a_step_gives_a_float_and_steps_an_array() -> None:
    schedule = parse("exp:lr=0.01,rate=0.9,steps=100,staircase")
    assert type(schedule(100)) is float
    assert schedule(100) == pytest.approx(0.009)
    assert str(schedule(100, dtype=np.float32)) == "0.009"
    assert schedule(np.arange(1000)).shape == (1000,)
    assert schedule(range(0, 1000, 10)).shape == (100,)
    assert schedule(np.array([[1, 2], [3, 4]])).shape == (2, 2)
    assert schedule([]).shape == (0,)


def test_ten_million_steps_are_the_same_in_one_call_as_in_many() -> None:
    schedule = parse("exp:lr=0.01,rate=0.9,steps=1e6")
    rates = schedule(range(200_000))
    assert rates[::777].tolist() == [schedule(step) for step in range(0, 200_000, 777)]


def test_restarts_are_on_time_in_both_precisions() -> None:
    """A logarithm in float64 finds some of them one step late."""
    for first in (*range(1, 60), 100, 1000):
        for times in (3, 10):
            schedule = parse(f"cosine_restarts:lr=1,steps={first},t_mul={times}")
            starts = [first * (times**i - 1) // (times - 1) for i in range(1, 9)]
            starts = [start for start in starts if start < 2**24]
            assert schedule(starts).tolist() == [1] * len(starts)
            assert schedule(starts, dtype="float32").tolist() == [1] * len(starts)
            assert (schedule([start - 1 for start in starts[1:]]) < 1).all()
