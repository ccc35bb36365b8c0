"""Of two plans it is said what the one has otherwise, in the words of their fields."""

import pytest

from lrviz import compare, parse
from lrviz.comparison.changes import changes
from lrviz.comparison.explaining import explain_change

COSINE = "warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5"
STEPS = "multistep:lr=0.1,rate=0.1,at=30,60"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (
            COSINE,
            "warmup:steps=100/cosine:lr=3e-4,steps=9900,end=3e-5",
            "its warmup takes 100 steps in place of 500 (within the same total)",
        ),
        (
            COSINE,
            "warmup:steps=100/cosine:lr=3e-4,steps=9500,end=3e-5",
            "its warmup takes 100 steps in place of 500",
        ),
        (
            COSINE,
            "warmup:steps=100/cosine:lr=5e-4,steps=9900,end=3e-5",
            (
                "its warmup takes 100 steps in place of 500 (within the same total) "
                "and its peak is 0.0005 in place of 0.0003"
            ),
        ),
        (
            COSINE,
            "warmup:steps=500/linear:lr=3e-4,steps=9500,end=3e-5",
            "its decay is linear in place of cosine",
        ),
        (
            COSINE,
            "warmup:steps=500/poly:lr=3e-4,steps=9500,end=3e-5,power=2",
            "its decay is poly with power=2 in place of cosine",
        ),
        (
            COSINE,
            "cosine:lr=3e-4,steps=10000,end=3e-5",
            "it has no warmup and its cosine takes 10000 steps in place of 9500",
        ),
        (
            "cosine:lr=3e-4,steps=9500,end=3e-5",
            COSINE,
            "it has a warmup of 500 steps",
        ),
        (COSINE, COSINE + ",floor=1e-4", "it has floor=0.0001"),
        (COSINE + ",floor=1e-4", COSINE, "it lacks floor=0.0001"),
        # A flag that changes nothing in the run is not said.
        (
            COSINE,
            "warmup:steps=500/cosine:lr=3e-4,steps=9500,unclamped",
            "it ends at 0 in place of 3e-5",
        ),
        (
            COSINE,
            COSINE.replace("3e-4", "3e-3").replace("3e-5", "3e-4"),
            "it is a multiplied by 10",
        ),
        (
            STEPS,
            STEPS.replace("60", "80"),
            "its drops come at 30 and 80 in place of 30 and 60",
        ),
        (
            STEPS,
            STEPS.replace("rate=0.1", "rate=0.5"),
            "its multistep has rate=0.5 in place of 0.1",
        ),
        ("piecewise:0=1,9=0.1", "piecewise:0=1,12=0.1", "its boundary comes at 12 in place of 9"),
        (
            "piecewise:0=1,9=0.1,12=0.01",
            "piecewise:0=1,9=0.2,12=0.01",
            "its rate from step 9 on is 0.2 in place of 0.1",
        ),
        (
            "exp:lr=1,rate=0.9,steps=30",
            "exp:lr=1,rate=0.9,steps=30,staircase",
            "its exp is staircase",
        ),
        ("const:lr=1", "const:lr=2", "its rate is 2 in place of 1"),
        (
            "const:lr=1,for=9/exp:lr=1,rate=0.9,steps=10",
            "const:lr=1,for=20/exp:lr=1,rate=0.8,steps=10",
            (
                "its length of stage 1 is 20 steps in place of 9 "
                "and its exp of stage 2 has rate=0.8 in place of 0.9"
            ),
        ),
    ],
)
def test_a_change_is_said_in_the_words_of_its_fields(old: str, new: str, text: str) -> None:
    found = explain_change(parse(old), parse(new), 10_000, "a")
    assert found is not None
    assert found.text == text


def test_a_cause_that_says_more_than_a_field_goes_before_it() -> None:
    during = parse("warmup:steps=500/shift:steps=-500/cosine:lr=3e-4,steps=9500,end=3e-5")
    found = explain_change(parse(COSINE), during, 10_000, "a")
    assert found is not None
    assert found.name == "decay_during_warmup"


def test_more_changes_than_can_be_read_are_counted() -> None:
    old = "cosine:lr=1,steps=100,end=0.1"
    new = "cosine:lr=2,steps=90,end=0.3,power=2,k=2"
    report = compare([f"old={old}", f"new={new}"])
    (cause,) = report.comparison.causes
    assert cause is not None
    assert cause.text.endswith("and 1 more of its parameters are others")


def test_plans_that_are_built_otherwise_have_no_fields_in_common() -> None:
    chain = parse("const:lr=1,for=9/exp:lr=1,rate=0.9,steps=10")
    assert changes(chain, parse("cosine:lr=1,steps=100")) is None
    assert (
        changes(chain, parse("const:lr=1,for=9/const:lr=2,for=3/exp:lr=1,rate=0.9,steps=10"))
        is None
    )


def test_of_two_functions_nothing_is_said_but_what_a_cause_says() -> None:
    old, new, scaled = (
        parse(f"LambdaLR(optimizer, lambda t: {text}, lr=0.1)")
        for text in ("0.95 ** t", "1 / (1 + t) ** 0.3", "0.5 * 0.95 ** t")
    )
    assert explain_change(old, new, 200, "a") is None
    cause = explain_change(old, scaled, 200, "a")
    assert cause is not None
    assert cause.text == "it is a multiplied by 0.5"
