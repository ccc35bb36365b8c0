"""Short names for specs and calls: what they differ in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.series import names_of, read_inputs
from lrviz.specs.differing import short_names
from lrviz.specs.quantities import Run
from tests.strategies import schedules


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["cosine:lr=0.1,steps=10k"], ["cosine:lr=0.1,steps=10k"]),
        (["cosine:lr=0.1,steps=10k", "cosine:lr=0.03,steps=10k"], ["lr=0.1", "lr=0.03"]),
        (["cosine:lr=0.1,steps=9", "cosine:steps=9,lr=0.3"], ["lr=0.1", "lr=0.3"]),
        (["multistep:lr=1,at=30,60", "multistep:lr=1,at=30,90"], ["at=30,60", "at=30,90"]),
        (["exp:lr=1,steps=9", "exp:lr=1,steps=9,staircase"], ["exp", "staircase"]),
        (["warmup:steps=5/cosine:lr=1", "wsd:lr=1,steps=10"], ["warmup/cosine", "wsd"]),
        (["a:lr=1", "b:lr=1,k=2", "b:lr=2,k=2"], ["a", "b lr=1", "b lr=2"]),
        (
            ["warmup:steps=5/cosine:lr=1,steps=95", "warmup:steps=9/cosine:lr=1,steps=91"],
            ["warmup:steps=5/cosine:steps=95", "warmup:steps=9/cosine:steps=91"],
        ),
        (["torch.optim.lr_scheduler.StepLR(opt, 30, lr=0.1)"], ["StepLR"]),
        (["StepLR(o, 30, lr=0.1)", "StepLR(o, 60, lr=0.1)"], ["StepLR(30)", "StepLR(60)"]),
        (["StepLR(o, 3, gamma=0.1)", "StepLR(o, 3)"], ["StepLR(gamma=0.1)", "StepLR"]),
        (["StepLR(o, 30, lr=0.1)", "step:lr=1,steps=9"], ["StepLR", "step"]),
        (["tf.f(0.1)", "torch.optim.f(0.1)"], ["tf.f", "torch.f"]),
        (["warmup:steps=5/StepLR(o, 30, lr=0.1)"], ["warmup:steps=5/StepLR(o, 30, lr=0.1)"]),
    ],
)
def test_a_name_says_what_differs(texts: list[str], names: list[str]) -> None:
    assert short_names(texts) == names


def test_a_label_is_left_as_it_is_and_two_names_are_never_the_same() -> None:
    specs = ["StepLR=const:lr=1", "StepLR(o, 30, lr=0.1)", "StepLR(o, 30, lr=0.1)", "const:lr=2"]
    series, _ = read_inputs(specs, Run())
    assert names_of(series) == ["StepLR", "StepLR (2)", "StepLR (3)", "const"]
    assert [one.label for one in series][1:] == [
        *("StepLR(o, 30, lr=0.1)", "StepLR(o, 30, lr=0.1) (2)", "const:lr=2")
    ]


@given(st.lists(schedules, min_size=2, max_size=6, unique_by=str))
def test_different_specs_have_different_names_that_are_no_longer(shown: list[object]) -> None:
    texts = [str(schedule) for schedule in shown]
    names = short_names(texts)
    assert len(set(names)) == len(names)
    assert all(len(name) <= len(text) for name, text in zip(names, texts, strict=True))
