"""Translations: every text is read back as the same rates, here and in Python itself.

`snapshots/` has the texts of each target whole; `pytest --update` writes them anew.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import lrviz
from lrviz import LrvizError
from lrviz.families import families
from lrviz.sampling import default_horizon
from lrviz.schedules.base import Schedule
from lrviz.schedules.code import UncodedError, step
from lrviz.translation import TARGETS, targets
from lrviz.translation.alike import forms
from lrviz.translation.translating import Translation, UntranslatableError, translated
from tests.conftest import Run
from tests.strategies import schedules

SNAPSHOTS = Path(__file__).parent / "snapshots"

SPECS = [
    "const:lr=0.1",
    "exp:lr=0.01,rate=0.9,steps=100,staircase",
    "exp:lr=0.01,rate=0.96,steps=100",
    "exp:lr=0.1,rate=0.5,steps=10,floor=0.02",
    "step:lr=0.1,rate=0.1,steps=30",
    "multistep:lr=0.1,rate=0.1,at=30,60,80",
    "piecewise:0=0.1,100=0.05,250=0.001",
    "linear:lr=5e-5,steps=3000",
    "poly:lr=0.1,steps=1000,power=0.9",
    "cosine:lr=0.1,steps=100",
    "cosine:lr=0.1,steps=100,end=0.001",
    "inverse_time:lr=0.1,rate=0.5,steps=100",
    "inverse_sqrt:lr=0.1,steps=1000",
    "noam:lr=2,d_model=512,warmup=4000",
    "tanh:lr=0.1,steps=50",
    "one_cycle:lr=0.1,steps=100",
    "cosine_restarts:lr=0.1,steps=10,t_mul=2",
    "restarts:times=3/cosine:lr=0.1,steps=30",
    "cyclic:lr=0.001,peak=0.006,up=200",
    "cyclic:lr=0.001,peak=0.006,up=200,shrink=0.5",
    "warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5",
    "warmup:steps=500/linear:lr=5e-5,steps=9500",
    "warmup:steps=500/const:lr=1e-4",
    "warmup:steps=500/inverse_sqrt:lr=1e-4,steps=500",
    "warmup:steps=5,start=0.01/multistep:lr=0.1,rate=0.1,at=25,55,75",
    "wsd:lr=3e-4,steps=10000,warmup=500,decay=2000",
    "wsd:lr=3e-4,steps=10000,warmup=500,decay=2000,shape=sqrt",
    "sum/cosine:lr=0.1,steps=100/const:lr=0.01",
    "LambdaLR(optimizer, lambda t: 0.95 ** t, lr=0.1)",
]
"""What people use, and a few that no framework has."""

EXPECTED = """
    ConstantLR StepLR ExponentialLR LambdaLR StepLR MultiStepLR LambdaLR LinearLR PolynomialLR
    CosineAnnealingLR CosineAnnealingLR LambdaLR LambdaLR LambdaLR LambdaLR OneCycleLR
    CosineAnnealingWarmRestarts CosineAnnealingWarmRestarts CyclicLR CyclicLR SequentialLR
    SequentialLR SequentialLR LambdaLR SequentialLR SequentialLR LambdaLR LambdaLR LambdaLR
"""
"""What each is in PyTorch."""


def text_of(schedule: Schedule, to: str) -> Translation:
    """Return the translation over a run of the schedule's own length."""
    return translated(schedule, to, default_horizon([schedule]))


def check(schedule: Schedule, made: Translation) -> None:
    """Hold the rates of a text, as lrviz reads it, to those of a schedule."""
    steps = np.arange(min(default_horizon([schedule]), 3000))
    again = lrviz.parse(made.text, lr=made.lr)
    rates = schedule(steps)
    np.testing.assert_allclose(again(steps), rates, rtol=0, atol=1e-11 * rates.max())


@pytest.mark.parametrize("to", TARGETS)
def test_whole_texts(to: str, snapshot: Callable[[Path, str], None]) -> None:
    said = []
    for spec in SPECS:
        schedule = lrviz.parse(spec)
        made = text_of(schedule, to)
        check(schedule, made)
        said.append(f"# {spec}\n\n{made.text}")
    snapshot(SNAPSHOTS / f"{to}.py.txt", "\n\n".join(said))


def test_the_form_that_people_expect() -> None:
    for spec, name in zip(SPECS, EXPECTED.split(), strict=True):
        assert f"scheduler = {name}(" in text_of(lrviz.parse(spec), "torch").text, spec


def test_every_target_is_a_file() -> None:
    files = Path(targets.__path__[0]).glob("[a-z]*.py")
    assert sorted(TARGETS) == sorted(file.stem for file in files)


@given(schedules, st.sampled_from(TARGETS))
@settings(max_examples=40)
def test_what_is_printed_is_read_back_as_the_same_rates(schedule: Schedule, to: str) -> None:
    assume(not any(part.noisy for part in schedule.parts()))
    horizon = min(default_horizon([schedule]), 20_000)
    try:
        assume(schedule(np.arange(horizon)).max() > 0)
        made = translated(schedule, to, horizon)
    except LrvizError:
        return  # it is said, and not given as something that it is not
    steps = np.arange(horizon)
    rates = schedule(steps)
    again = lrviz.parse(made.text, lr=made.lr)(steps)
    np.testing.assert_allclose(again, rates, rtol=0, atol=1e-11 * rates.max())


@given(schedules)
@settings(max_examples=40)
def test_python_itself_runs_the_texts_to_the_same_rates(schedule: Schedule) -> None:
    horizon = min(default_horizon([schedule]), 300)
    try:
        rates = schedule(np.arange(horizon))
        assume(rates.max() > 0)
        texts = [translated(schedule, to, horizon).text for to in ("python", "numpy")]
    except LrvizError:
        return
    names: dict[str, Any] = {}
    exec(texts[0], names)  # noqa: S102  it is what is tested
    one_by_one = [names["rate"](one) for one in range(horizon)]
    np.testing.assert_allclose(one_by_one, rates, rtol=0, atol=1e-11 * rates.max())
    exec(texts[1], names)  # noqa: S102
    with np.errstate(all="ignore"):
        together = names["rate"](np.arange(horizon))
    np.testing.assert_allclose(together, rates, rtol=0, atol=1e-11 * rates.max())


@pytest.mark.parametrize("kind", families().values(), ids=families())
def test_every_family_is_a_formula_of_python(kind: type[Schedule]) -> None:
    """All but noise, which no other program draws."""
    for example in kind.examples:
        schedule = lrviz.parse(example.spec)
        try:
            formula = str(schedule.code(step()))
        except UncodedError:
            assert any(part.noisy for part in schedule.parts())
            continue
        steps = range(min(default_horizon([schedule]), 500))
        found = [eval(formula, {"math": math, "step": one}) for one in steps]  # noqa: S307
        rates = schedule(steps)
        np.testing.assert_allclose(found, rates, rtol=0, atol=1e-12 * rates.max())


@given(schedules)
@settings(max_examples=80)
def test_schedules_alike_have_the_same_rates(schedule: Schedule) -> None:
    horizon = min(default_horizon([schedule]), 2000)
    rates = schedule(range(horizon))
    for other in forms(schedule, horizon):
        np.testing.assert_allclose(other(range(horizon)), rates, rtol=1e-9, atol=1e-12)


def test_a_comment_says_where_the_text_parts() -> None:
    made = text_of(lrviz.parse("cosine:lr=0.1,steps=100"), "torch")
    assert made.text.endswith("# the same up to step 100; past it this climbs again\n")
    held = translated(lrviz.parse("cosine:lr=0.1,steps=100"), "torch", 300)
    assert "LambdaLR" in held.text
    assert "the same up to" not in held.text


def test_a_longer_run_takes_what_is_held() -> None:
    """Of two functions of Transformers the known one climbs past its end, the other does not."""
    cosine = lrviz.parse("warmup:steps=50/cosine:lr=0.1,steps=100")
    assert "get_cosine_schedule_with_warmup" in translated(cosine, "transformers", 150).text
    longer = translated(cosine, "transformers", 300).text
    assert "get_cosine_with_hard_restarts_schedule_with_warmup" in longer


PROGRAMS = {
    "nested": "def get_lr(it):\n    if it < 10:\n        return 0.1 * (it + 1) / 10\n"
    "    part = (it - 10) / (100 - 10)\n    coeff = 0.5 * (1 + math.cos(math.pi * min(part, 1)))\n"
    "    return 0.01 + coeff * (0.1 - 0.01)\n",
    "class": "class Decay:\n    def __init__(self, lr, rate=0.5):\n        self.lr = lr\n"
    "        self.rate = rate\n    def __call__(self, step):\n"
    "        return self.lr * self.rate ** (step // 7)\nschedule = Decay(0.1)\n",
    "loop": "for step in range(100):\n    lr = 0.1 if 0 <= step < 50 and True else 0.01\n"
    "    for group in optimizer.param_groups:\n        group['lr'] = lr\n",
    "arrays": "def rate(step):\n    return jnp.where(step < 5, 0.1, jnp.clip(step / 9, 0, 0.5))\n",
}


@pytest.mark.parametrize("to", ["python", "torch", "optax", "keras", "numpy", "paddle"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_are_translated(name: str, to: str) -> None:
    schedule = lrviz.parse(PROGRAMS[name])
    made = translated(schedule, to, 100)
    check(schedule, made)
    assert "the same up to" not in made.text


def test_a_program_that_is_no_formula_stays_a_program() -> None:
    text = "def rate(step):\n    r = 0.1\n    while step > 9:\n        step, r = step - 9, r / 2\n"
    schedule = lrviz.parse(f"{text}    return r\n")
    assert "while step > 9:" in translated(schedule, "torch", 100).text
    with pytest.raises(UntranslatableError) as error:
        translated(lrviz.parse(f"{text}    return r * (1 + step)\n"), "optax", 100)
    assert error.value.message == (
        "nothing in Optax has the rates of def rate(step): r = 0.1 while step > 9: step, r = "
        "(step - 9, r / 2) return r * (1 + step), because 'while step > 9:' is none of an "
        "expression; the nearest is const:lr=0.5, which is 0.5 of the peak away at step 9"
    )


def test_a_call_that_works_on_the_rate_in_force_stays_a_call() -> None:
    text = "SequentialLR(opt, [LinearLR(opt, 0.1, total_iters=10), SWALR(opt, 0.01)], [10], lr=0.1)"
    made = translated(lrviz.parse(text), "torch", 100)
    assert made.lr == 0.1
    assert "lr=0.1" not in made.text
    check(lrviz.parse(text), made)


def test_stairs_by_a_metric_are_stairs() -> None:
    made = lrviz.translate("plateau:lr=0.1,patience=0,metrics=1,1,0.5,0.5,0.4", to="torch")
    assert "MultiStepLR(optimizer, milestones=[2, 4])" in made.text()


def test_from_python() -> None:
    made = lrviz.translate("step:lr=0.1,rate=0.1,steps=30", to="torch")
    assert str(made) == made.text() == made.code
    assert made.lr == 0.1
    assert made.notes == []


def test_the_command_prints_code_alone(run: Run) -> None:
    result = run("translate", "StepLR(optimizer, 30, lr=0.1)", "--to", "optax")
    assert result.status == 0
    assert result.out == (
        "import optax\n\nschedule = optax.exponential_decay(\n    init_value=0.1,\n"
        "    transition_steps=30,\n    decay_rate=0.1,\n    staircase=True,\n)\n"
    )
    assert "PyTorch" in result.err
    assert run("translate", "StepLR(optimizer, 30, lr=0.1)", "--to", "optax", "-q").err == ""


def test_nothing_is_the_same(run: Run) -> None:
    result = run("translate", "noisy_linear_cosine:lr=0.1,steps=100", "--to", "keras")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "lrviz: error: nothing in Keras has the rates of noisy_linear_cosine:lr=0.1,steps=100, "
        "because its noise is drawn here, and no other program draws the same; the nearest is "
        "const:lr=0.08060655360668904, which is 0.87 of the peak away at step 3\n"
    )


def test_a_recorded_run_is_no_schedule(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.csv").write_text("step,lr\n0,0.1\n1,0.2\n")
    result = run("translate", "@run.csv", "--to", "keras")
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "lrviz: error: 'run.csv' is a recorded run, and schedules are translated; write down the "
        "schedule that it followed\n"
    )
