"""Reading specs: what they mean."""

import pytest

from lrviz import parse
from lrviz.errors import SpecError
from lrviz.families.chain import Chain
from lrviz.families.cosine import CosineDecay
from lrviz.families.exp import ExponentialDecay
from lrviz.families.floor import Floor
from lrviz.families.scale import Scale
from lrviz.families.warmup import Warmup
from lrviz.specs import read
from lrviz.specs.quantities import Run


@pytest.mark.parametrize(
    ("spec", "canonical"),
    [
        ("exp:lr=0.01,rate=0.9,steps=100,staircase", None),
        ("piecewise:0=0.1,10=0.01,20=0.001", None),
        ("multistep:lr=0.1,rate=0.1,at=30,60,90", None),
        ("warmup:steps=500/cosine:lr=0.0003,steps=9500,end=3e-5", None),
        ("const:lr=0.1,for=100/exp:lr=0.1,rate=0.9,steps=100", None),
        ("exp:steps=100,rate=0.9,lr=0.01", "exp:lr=0.01,rate=0.9,steps=100"),
        ("exp:lr=1e-2,rate=.9,steps=1e2", "exp:lr=0.01,rate=0.9,steps=100"),
        ("exp:lr=+0.01,rate=0.90,steps=0.1k", "exp:lr=0.01,rate=0.9,steps=100"),
        ("cosine:lr=1,steps=1.5M", "cosine:lr=1,steps=1500000"),
        ("cosine:lr=1,steps=10_000", "cosine:lr=1,steps=10000"),
        ("cosine:lr=1,steps=10,end=0", "cosine:lr=1,steps=10"),
        ("exp:lr=1,rate=1,steps=1,staircase=true", "exp:lr=1,rate=1,steps=1,staircase"),
        ("exp:lr=1,rate=1,steps=1,staircase=False", "exp:lr=1,rate=1,steps=1"),
        (" exp : lr = 1 , rate = 1 , steps = 1 ", "exp:lr=1,rate=1,steps=1"),
        ("multistep:at=1,2,rate=0.1,lr=1", "multistep:lr=1,rate=0.1,at=1,2"),
        ("floor:value=0.1/const:lr=1", "const:lr=1,floor=0.1"),
        ("floor:value=0.1/const:lr=1/end", "const:lr=1,floor=0.1"),
        ("chain/const:lr=1,for=5/const:lr=2", "const:lr=1,for=5/const:lr=2"),
        (
            "warmup:steps=5/const:lr=1,for=9/end/const:lr=2",
            "warmup:steps=5/const:lr=1,for=9/end/const:lr=2",
        ),
        ("const:lr=1,shift=-5,scale=2", None),
        ("linear:lr=0.1,steps=100,shift=1k", "linear:lr=0.1,steps=100,shift=1000"),
    ],
)
def test_canonical_texts(spec: str, canonical: str | None) -> None:
    assert str(parse(spec)) == (canonical or spec)


def test_modifiers_apply_from_left_to_right() -> None:
    schedule = parse("const:lr=1,floor=2,scale=3")
    assert isinstance(schedule, Scale)
    assert isinstance(schedule.of, Floor)
    assert schedule(0) == 6


def test_a_wrapper_wraps_all_that_follows() -> None:
    schedule = parse("warmup:steps=5/const:lr=1,for=5/const:lr=2")
    assert isinstance(schedule, Warmup)
    assert isinstance(schedule.then, Chain)


def test_end_closes_a_wrapper() -> None:
    schedule = parse("warmup:steps=5/linear:lr=1,steps=5/end/const:lr=2")
    assert isinstance(schedule, Chain)
    assert type(schedule.stages[0]) is Warmup
    assert schedule([0, 5, 10]).tolist() == [0, 1, 2]


def test_chains_in_chains_are_one_chain() -> None:
    assert parse("chain/const:lr=1,for=1/const:lr=2,for=1/end/const:lr=3") == parse(
        "const:lr=1,for=1/const:lr=2,for=1/const:lr=3"
    )


def test_percentages_are_of_the_horizon() -> None:
    schedule = parse("warmup:steps=5%/cosine:lr=1,steps=95%", horizon=1000)
    assert str(schedule) == "warmup:steps=50/cosine:lr=1,steps=950"


def test_epochs_are_of_the_steps_in_one() -> None:
    schedule = parse("step:lr=0.1,rate=0.1,steps=30ep", steps_per_epoch=391)
    assert str(schedule) == "step:lr=0.1,rate=0.1,steps=11730"


@pytest.mark.parametrize(("text", "steps"), [("0.5%", 1), ("1.04%", 1), ("1.5%", 2), ("33%", 33)])
def test_parts_of_a_run_are_the_nearest_whole_steps(text: str, steps: int) -> None:
    schedule = parse(f"warmup:steps={text}/const:lr=1", horizon=100)
    assert isinstance(schedule, Warmup)
    assert schedule.steps == steps


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("a=exp:lr=1,rate=1,steps=1", "a"),
        ("my run=exp:lr=1,rate=1,steps=1", "my run"),
        ("ResNet/50=exp:lr=1,rate=1,steps=1", "ResNet/50"),
        ("中文=exp:lr=1,rate=1,steps=1", "中文"),
        ("$x_1$ [red]=exp:lr=1,rate=1,steps=1", "$x_1$ [red]"),
        ("_hidden=exp:lr=1,rate=1,steps=1", "_hidden"),
        ("exp:lr=1,rate=1,steps=1", "exp:lr=1,rate=1,steps=1"),
        ("step=const:lr=1", "step (2)"),
    ],
)
def test_labels(text: str, label: str) -> None:
    (named,) = read([text], Run())
    assert named.label == label


def test_labels_that_are_alike_are_numbered() -> None:
    labels = ["a", "a", "b", "a", "a (2)"]
    named = read([f"{label}=const:lr=1" for label in labels], Run())
    assert [one.label for one in named] == ["a", "a (2)", "b", "a (3)", "a (2) (2)"]


def test_braces_make_several_curves() -> None:
    named = read(["cosine:lr={0.1,0.03,0.01},steps=10k"], Run())
    assert [one.label for one in named] == [
        "cosine:lr=0.1,steps=10k",
        "cosine:lr=0.03,steps=10k",
        "cosine:lr=0.01,steps=10k",
    ]
    assert [one.schedule(0) for one in named] == [0.1, 0.03, 0.01]


def test_curves_from_braces_with_a_label_are_told_apart_by_what_was_chosen() -> None:
    named = read(["run={cosine,linear}:lr={1,2},steps=10"], Run())
    assert [one.label for one in named] == [
        *("run cosine 1", "run cosine 2", "run linear 1", "run linear 2")
    ]


def test_braces_in_a_label() -> None:
    named = read(["{a,b}=const:lr=1"], Run())
    assert [one.label for one in named] == ["a", "b"]


def test_types_of_the_fields() -> None:
    schedule = parse("exp:lr=1,rate=0.5,steps=100")
    assert schedule == ExponentialDecay(lr=1.0, rate=0.5, steps=100.0, staircase=False)
    assert isinstance(parse("cosine:lr=1,steps=5"), CosineDecay)


def test_the_place_of_an_error_is_where_it_is_in_the_text() -> None:
    with pytest.raises(SpecError) as error:
        parse("标签=warmup:steps=5/exp:lr=1,rate=0.9,steps=-3")
    assert error.value.text[error.value.start : error.value.end] == "-3"
    assert str(error.value).splitlines() == [
        "exp: steps must be above 0, not -3",
        "  标签=warmup:steps=5/exp:lr=1,rate=0.9,steps=-3",
        "                                              ^^",
    ]


def test_a_long_text_is_cut_to_the_neighbourhood_of_the_error() -> None:
    with pytest.raises(SpecError) as error:
        parse("piecewise:0=1," + ",".join(f"{i}=0.5" for i in range(1, 500)) + ",7=x," + "9=1," * 9)
    text, carets = error.value.pointer().splitlines()
    assert len(text) < 110
    assert text[carets.index("^")] == "x"
