"""`lrviz explain` and `lrviz list`. `snapshots/` has them whole; `pytest --update` writes them."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lrviz import parse
from lrviz.configs import all_stacks
from lrviz.families import families
from lrviz.frameworks import Call, all_calls, frameworks
from lrviz.frameworks.examples import example
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
    result = run("explain", name, "--all")
    assert (result.status, result.err) == (0, "")
    specs = {example.spec for example in families()[name].examples}  # they are not broken
    assert all(len(line) <= 80 or line.strip() in specs for line in result.out.splitlines())
    snapshot(SNAPSHOTS / f"explain-{name}.txt", result.out)


@pytest.mark.parametrize("name", families())
def test_what_a_family_is_fits_a_screen(name: str, run: Run) -> None:
    """Its chart and its formula, then its parameters; --all adds to that and takes nothing away."""
    out = run("explain", name).out
    whole = run("explain", name, "--all").out.splitlines()
    *short, blank, hint = out.splitlines()
    assert (blank, hint) == (
        "",
        "--all adds more examples and their sources, and what others call it",
    )
    assert set(short) <= set(whole)
    assert len(short) < len(whole)
    assert short.index("parameters") <= 24
    assert [line for line in short if re.fullmatch(r"\w+", line)] == ["formula", "parameters"]
    assert run("explain", name, "-q").out == "".join(f"{line}\n" for line in short)


def test_most_families_fit_the_smallest_screen(run: Run) -> None:
    lengths = [len(run("explain", name).out.splitlines()) for name in families()]
    assert sum(length <= 24 for length in lengths) >= 0.6 * len(lengths)


def test_key_steps_are_added_by_all(run: Run) -> None:
    spec = "exp:lr=0.1,rate=0.9,steps=10"
    short, whole = (run("explain", spec, *all).out for all in ((), ("--all",)))
    assert short.endswith("\n\n--all adds the rates at key steps\n")
    assert whole.startswith(short.removesuffix("--all adds the rates at key steps\n"))
    assert re.search(r"^key steps\n  0 +0\.1\n", whole, re.MULTILINE)


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


@pytest.mark.parametrize("call", all_calls(), ids=lambda call: str(call.path))
def test_an_example_of_a_call_can_be_pasted(call: Call, run: Run) -> None:
    """It changes over the steps, unless the call makes a constant, and is what it is said to be."""
    lines = run("explain", call.path).out.splitlines()
    i = lines.index("example, and as a spec")
    text, spec = (line.strip() for line in lines[i + 1 : i + 3])
    assert text == example(call)
    assert text.startswith(f"{call.path}(")
    schedule = parse(text)
    rates = schedule(range(100))
    assert rates.max() > 0
    assert (call.name in CONSTANT) == (np.ptp(rates) == 0)
    assert parse(spec)(range(100)).tolist() == rates.tolist()


CONSTANT = ("get_constant_schedule", "constant_schedule", "ConstantScheduler")


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


def test_all_there_is_is_listed_on_one_screen(
    run: Run, snapshot: Callable[[Path, str], None]
) -> None:
    result = run("list")
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert {*families(), *all_stacks()} <= set(re.findall(r"\w+", result.out))
    assert all(one.title in " ".join(result.out.split()) for one in frameworks_of_calls())
    snapshot(SNAPSHOTS / "list.txt", result.out)


def frameworks_of_calls() -> list[Call]:
    return [Call(one, one.calls[0]) for one in frameworks()]


def test_all_families_are_listed(run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("list", "all")
    assert (result.status, result.err) == (0, "")
    for kind in families().values():
        assert kind.examples[0].spec in result.out
    snapshot(SNAPSHOTS / "list-all.txt", result.out)


def test_terms_stand_out_in_colour(run: Run) -> None:
    assert "\x1b[1mcosine\x1b[0m" in run("explain", "cosine", "--color", "always").out
    assert "\x1b[1mcosine\x1b[0m" in run("list", "all", "--color", "always").out


def test_what_is_listed_can_be_chosen(run: Run) -> None:
    parts = [run("list", what).out.splitlines() for what in ("curves", "wrappers", "calls")]
    whole = run("list", "all").out.splitlines()
    assert [part[0] for part in parts] == [line for line in whole if line.endswith(":")][:3]
    assert run("list", "families").out.splitlines()[:-1] == parts[0][:-1] + parts[1][:-1]
    assert run("list", "curve").err == (
        "lrviz: error: nothing that is listed is called 'curve'; did you mean 'curves'?\n"
    )


def test_one_thing_is_listed_by_its_name(run: Run) -> None:
    assert (
        run("list", "const").out
        == "  const  Keep the learning rate at `lr`.\n         const:lr=0.1\n"
    )
    assert run("list", "optax").out.startswith("  Optax 0.2  constant_schedule, cosine_decay")
    found = run("list", "Keras").out
    assert "  Keras 3  CosineDecay, " in found
    assert "\n  keras    Keras 3\n" in found


def test_stacks_are_listed_by_what_they_are_known_by(run: Run) -> None:
    out = run("list", "stacks").out
    assert re.search(r"^  torchtitan +TorchTitan 0\.2$", out, re.MULTILINE)
    assert "training.steps + optimizer.lr" in out
    assert "runs as axolotl train" in out
    assert all(f"\n  {name} " in out and one.title in out for name, one in all_stacks().items())
