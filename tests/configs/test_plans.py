"""What users do with a config: hold it against its log and against another, and have it explained.

Whole outputs are in `snapshots`; `pytest --update` writes them anew.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

SNAPSHOTS = Path(__file__).parent / "snapshots"

CONFIG = """\
learning_rate: 2.0e-4
lr_scheduler_type: cosine
warmup_steps: 0.03
num_train_epochs: 3
per_device_train_batch_size: 8
gradient_accumulation_steps: 4
logging_steps: 10
"""
STEPS, WARMUP = 96, 3


def rate(step: int) -> float:
    """Return the rate of an update, of which 1001 examples make 96."""
    if step < WARMUP:
        return 2e-4 * step / WARMUP
    return 1e-4 * (1 + math.cos(math.pi * (step - WARMUP) / (STEPS - WARMUP)))


def state(at: Callable[[int], float] = rate, max_steps: int | None = STEPS) -> str:
    """Return what a Trainer saves: a row every 10 updates, and one without a rate in the end."""
    rows = [
        {
            "epoch": step / 32,
            "grad_norm": 1.5,
            "learning_rate": at(step),
            "loss": 2 - step / 99,
            "step": step,
        }
        for step in range(10, STEPS, 10)
    ]
    end = {"epoch": 3.0, "step": STEPS, "total_flos": 1.0, "train_loss": 1.2, "train_runtime": 9.0}
    whole = {
        "best_metric": None,
        "epoch": 3.0,
        "global_step": STEPS,
        "is_hyper_param_search": False,
        "log_history": [*rows, end],
        "logging_steps": 10,
        "num_train_epochs": 3,
        "train_batch_size": 8,
    }
    return json.dumps(whole | ({} if max_steps is None else {"max_steps": max_steps}), indent=2)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay out a config, the log of its run, and a later config in the folder."""
    monkeypatch.chdir(tmp_path)
    Path("train.yaml").write_text(CONFIG, encoding="utf-8")
    new = CONFIG.replace("2.0e-4", "1.0e-4").replace("0.03", "0.1")
    Path("new.yaml").write_text(new, encoding="utf-8")
    Path("trainer_state.json").write_text(state(), encoding="utf-8")
    lines = [
        f"{{'loss': {2 - step / 99:.4f}, 'learning_rate': {rate(step):.6g}, 'step': {step}}}\n"
        for step in range(10, STEPS, 10)
    ]
    Path("log.txt").write_text("".join(lines), encoding="utf-8")
    printed = [
        f"{{'loss': {2 - step / 99:.4f}, 'learning_rate': {rate(step)!r}, "
        f"'epoch': {step / 32:.2f}}}\n"
        for step in range(10, STEPS, 10)
    ]
    Path("epochs.log").write_text("".join(printed), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "words", "status"),
    [
        ("plan-log", ["compare", "@train.yaml", "@trainer_state.json"], 0),
        ("old-new", ["compare", "@train.yaml", "@new.yaml", "--dataset", "1001"], 1),
        (
            "command-log",
            [
                "compare",
                (
                    "torchrun train.py --learning_rate 2e-4 --lr_scheduler_type cosine "
                    "--warmup_steps 3 --max_steps 96"
                ),
                "@log.txt",
            ],
            0,
        ),
        ("plan-epochs", ["compare", "@train.yaml", "@epochs.log", "--dataset", "1001"], 0),
        ("explain", ["explain", "@train.yaml", "--dataset", "1001"], 0),
    ],
)
def test_the_whole_output(
    name: str, words: list[str], status: int, run: Run, snapshot: Callable[[Path, str], None]
) -> None:
    result = run(*words)
    assert result.status == status
    snapshot(SNAPSHOTS / f"{name}.txt", f"{result.out}--- stderr\n{result.err}")


@pytest.mark.parametrize("order", [["@train.yaml", "@s.json"], ["@s.json", "@train.yaml"]])
def test_a_log_says_how_long_the_plan_is_only_where_that_is_not_known(
    order: list[str], run: Run
) -> None:
    Path("s.json").write_text(state(), encoding="utf-8")
    result = run("compare", *order)
    assert result.status == 0
    assert "s.json says max_steps 96, and the run that is planned is as long\n" in result.err
    result = run("compare", *order, "--dataset", "1500")  # 141 steps
    assert (result.status, "max_steps" in result.err) == (1, False)
    Path("train.yaml").write_text(f"{CONFIG}max_steps: 90\n", encoding="utf-8")
    assert run("compare", *order).status == 1


@pytest.mark.parametrize("max_steps", [None, 0])
def test_a_log_that_does_not_say_it_leaves_the_length_open(max_steps: int | None, run: Run) -> None:
    Path("s.json").write_text(state(max_steps=max_steps), encoding="utf-8")
    assert run("compare", "@train.yaml", "@s.json") == (
        2,
        "",
        (
            "lrviz: error: train.yaml: how long 3 epochs is needs the number of examples; add "
            "--dataset N, or the length of the run with -n STEPS\n"
        ),
    )


def test_a_log_of_epochs_needs_a_config_that_counts_them(run: Run) -> None:
    result = run("compare", "@train.yaml", "@epochs.log", "-n", "96")
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "lrviz: error: epochs.log: row 1 has the epoch 0.31 in column 'epoch', and no column "
        "counts steps; say how many an epoch has with --steps-per-epoch\n"
    )


def test_two_logs_that_say_different_lengths_leave_it_open(run: Run) -> None:
    Path("s.json").write_text(state(max_steps=99), encoding="utf-8")
    assert run("compare", "@train.yaml", "@s.json", "@trainer_state.json").status == 2


def test_a_log_that_counts_from_1_is_told_from_a_fault(run: Run) -> None:
    """Rates that were logged before the step of the scheduler are those of the update before."""
    rows = [{"step": step, "learning_rate": rate(step - 1)} for step in range(1, STEPS + 1)]
    Path("s.json").write_text(json.dumps({"log_history": rows, "max_steps": STEPS}))
    result = run("compare", "@train.yaml", "@s.json")
    assert result.status == 0
    assert "it counts updates from 1 as Transformers does, and has no fault" in " ".join(
        result.out.split()
    )
    Path("s.json").write_text(state(lambda step: 1.01 * rate(step)), encoding="utf-8")
    assert run("compare", "@train.yaml", "@s.json").status == 1


def test_a_build_holds_a_plan_against_its_log(run: Run) -> None:
    Path("docs.toml").write_text(
        '[figure.a]\noutput = "a.svg"\ncurves = ["plan=@train.yaml", "run=@trainer_state.json"]\n',
        encoding="utf-8",
    )
    result = run("build", "docs.toml")
    assert result.status == 0, result.err
    drawn = Path("a.svg").read_text(encoding="utf-8")
    assert drawn.count("<path") > 2
    assert run("build", "docs.toml", "--check").status == 0
