"""`lrviz explain` and `lrviz list`. `snapshots/` has them whole; `pytest --update` writes them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz.families import families
from lrviz.frameworks import all_calls
from tests.conftest import Run

SNAPSHOTS = Path(__file__).parent / "snapshots"
SPECS = {
    "warmup-cosine": ["warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5"],
    "chain": ["const:lr=0.1,for=100/exp:lr=0.1,rate=0.9,steps=100,staircase,floor=0.05"],
    "percent": ["warmup:steps=5%/linear:lr=1,steps=95%", "-n", "1000"],
    "two": ["cosine:lr={1,2},steps=10"],
    "forever": ["const:lr=0.1"],
}


@pytest.mark.parametrize("name", families())
def test_a_family_is_explained(name: str, run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("explain", name)
    assert (result.status, result.err) == (0, "")
    specs = {example.spec for example in families()[name].examples}  # they are not broken
    assert all(len(line) <= 80 or line.strip() in specs for line in result.out.splitlines())
    snapshot(SNAPSHOTS / f"explain-{name}.txt", result.out)


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_is_explained(name: str, run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("explain", *SPECS[name])
    assert (result.status, result.err) == (0, "")
    snapshot(SNAPSHOTS / f"explain-spec-{name}.txt", result.out)


CALLS = {
    "tensorflow": ["tf.train.exponential_decay(0.01, global_step, 41, 0.9, staircase=True)"],
    "torch-cosine": ["torch.optim.lr_scheduler.CosineAnnealingLR(opt, 50)", "--lr", "0.1"],
    "torch-one-cycle": ["OneCycleLR(optimizer, max_lr=0.1, total_steps=100)", "-q"],
    "sequential": [
        (
            "SequentialLR(opt, [LinearLR(opt, 0.1, total_iters=10), CosineAnnealingLR(opt, 50)], "
            "milestones=[10], lr=0.1)"
        )
    ],
    "lambda": ["LambdaLR(optimizer, lambda t: 0.95 ** t, lr=0.1)", "-n", "100"],
    "name-of-two": ["exponential_decay"],
    "name-with-path": ["transformers.get_scheduler"],
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_explained(name: str, run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("explain", *CALLS[name])
    assert (result.status, result.err) == (0, "")
    snapshot(SNAPSHOTS / f"explain-call-{name}.txt", result.out)


COMPILED = {
    "tf.train.exponential_decay(0.1, step, 41, 0.9, True)": (
        "under a Session or tf.function a drop comes one step late: the old rate still holds at "
        "41, 82, 164, 287 and 328"
    ),
    "tf.train.polynomial_decay(0.1, step, 7, 0.01, cycle=True)": (
        "under a Session or tf.function a cycle begins one step early, at 21"
    ),
    "optax.polynomial_schedule(0.1, 0.0, 0.5, 33)": (
        "under jax.jit the rate is NaN from step 33 on"
    ),
    "optax.polynomial_schedule(0.1, 0.0, 0.5, 32)": None,
    "optax.polynomial_schedule(0.1, 0.0, 2.0, 33)": None,
    "tf.train.exponential_decay(0.1, step, 100, 0.9, True)": None,
    "tf.train.exponential_decay(0.1, step, 41, 0.9)": None,
    "torch.optim.lr_scheduler.StepLR(optimizer, 41, lr=0.1)": None,
}
"""Where compiled code differs by a step, as it was seen in TensorFlow 2.21 and Optax 0.2.8."""


@pytest.mark.parametrize(("call", "said"), COMPILED.items())
def test_what_compiled_code_does_is_said(call: str, said: str | None, run: Run) -> None:
    out = " ".join(run("explain", call).out.split())
    assert ("under" in out and "compiled" in out) == (said is not None)
    assert said is None or said in out


@pytest.mark.parametrize("path", [call.path for call in all_calls()])
def test_every_call_is_explained_by_its_name(path: str, run: Run) -> None:
    result = run("explain", path)
    assert (result.status, result.err) == (0, "")
    assert path in result.out


def test_a_call_of_several_frameworks_says_whose_it_was_taken_for(run: Run) -> None:
    said = (
        "lrviz: StepLR is read as PyTorch 2.13's; for MMEngine 0.10's write mmengine.optim.StepLR\n"
    )
    call = "StepLR(optimizer, 30, lr=0.1)"
    for command in ("table", "plot", "explain"):
        assert run(command, call).err == said
        assert run(command, call, "-q").err == ""
        assert run(command, f"torch.optim.{call}").err == ""
    assert run("table", call, f"b={call}").err == said


def test_all_families_are_listed(run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("list")
    assert (result.status, result.err) == (0, "")
    for kind in families().values():
        assert kind.examples[0].spec in result.out
    snapshot(SNAPSHOTS / "list.txt", result.out)


def test_terms_stand_out_in_colour(run: Run) -> None:
    assert "\x1b[1mcosine\x1b[0m" in run("explain", "cosine", "--color", "always").out
    assert "\x1b[1mcosine\x1b[0m" in run("list", "--color", "always").out


def test_what_is_listed_can_be_chosen(run: Run) -> None:
    parts = [run("list", what).out.splitlines() for what in ("curves", "wrappers", "calls")]
    whole = run("list").out.splitlines()
    assert [part[0] for part in parts] == [line for line in whole if line.endswith(":")][:3]
    assert run("list", "curve").err == (
        "lrviz: error: nothing that is listed is called 'curve'; did you mean 'curves'?\n"
    )


def test_stacks_are_listed_by_what_they_are_known_by(run: Run) -> None:
    from lrviz.configs import all_stacks

    out = run("list", "stacks").out
    assert re.search(r"^  torchtitan +TorchTitan 0\.2$", out, re.MULTILINE)
    assert "training.steps + optimizer.lr" in out
    assert "runs as axolotl train" in out
    assert all(f"\n  {name} " in out and one.title in out for name, one in all_stacks().items())
