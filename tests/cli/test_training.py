"""The options that describe the training run: what they count, and what they say of it."""

import pytest

from tests.conftest import Run

SUMS = {
    "--dataset 50000 --batch 32": "50000 examples make 1563 batches of 32: an epoch has 1563 steps",
    "--dataset 50000 --batch 32 --drop-last": (
        "50000 examples make 1562 batches of 32: an epoch has 1562 steps"
    ),
    "--dataset 50000 --batch 32 --devices 4 --accumulate 8": (
        "50000 examples on 4 devices, 12500 each, make 391 batches of 32, 8 of them a step: "
        "an epoch has 49 steps"
    ),
    "--dataset 50k --batch 32 --devices 4 --accumulate 8 --drop-last": (
        "50000 examples on 4 devices, 12500 each, make 390 batches of 32, 8 of them a step: "
        "an epoch has 49 steps"
    ),
    "--dataset 50000 --batch 32 --epochs 10": (
        "50000 examples make 1563 batches of 32: an epoch has 1563 steps; 10 epochs are 15630 steps"
    ),
}


@pytest.mark.parametrize(("options", "said"), SUMS.items())
def test_sums_are_said_once(options: str, said: str, run: Run) -> None:
    for command in ("table", "plot", "explain"):
        result = run(command, "step:lr=0.1,rate=0.1,steps=5ep", *options.split())
        assert (result.status, result.err) == (0, f"lrviz: {said}\n")
        assert run(command, "step:lr=0.1,rate=0.1,steps=5ep", *options.split(), "-q").err == ""


def test_epochs_and_parts_mean_what_training_means(run: Run) -> None:
    spec = "warmup:steps=10%/cosine:lr=1,steps=9ep"
    options = ["--dataset", "1000", "--batch", "10", "--epochs", "10", "--at", "0,100,1000", "-q"]
    assert run("table", spec, *options).out == f"step\t{spec}\n0\t0.0\n100\t1.0\n1000\t0.0\n"


def test_a_part_of_an_epoch_is_rounded_to_a_step(run: Run) -> None:
    options = ("--epochs", "2.5", "--steps-per-epoch", "3", "--every", "1")
    result = run("table", "const:lr=1", *options)
    assert [line.partition("\t")[0] for line in result.out.splitlines()[1:]] == [*"01234567"]


@pytest.mark.parametrize("wrong", ["every=100", "by=8"])
def test_a_schedule_can_be_shown_at_the_wrong_rhythm(wrong: str, run: Run) -> None:
    """Stepped once an epoch, or once by each of eight processes."""
    right = "exp:lr=0.1,rate=0.9,steps=100"
    result = run("table", right, f"stepped:{wrong}/{right}", "--at", "1000")
    step = 10 if wrong == "every=100" else 8000
    rates = [float(text) for text in result.out.split()[-2:]]
    assert rates[0] == pytest.approx(0.1 * 0.9**10)
    assert rates[1] == pytest.approx(0.1 * 0.9 ** (step / 100))


def test_a_last_epoch_that_ends_early_ends_after_a_whole_step(run: Run) -> None:
    """As the Trainer of Transformers 5.23 does, where 2.2 epochs of 11 steps are 25."""
    options = ("--dataset", "44", "--batch", "4", "--every", "1", "-q")
    for epochs, steps in (("2.2", 25), ("1.1", 13), ("2", 22)):
        result = run("table", "const:lr=1", *options, "--epochs", epochs)
        assert len(result.out.splitlines()) == 1 + steps
    rows = run("table", "const:lr=1", "--steps-per-epoch", "10", "--epochs", "1.1", "--every", "1")
    assert len(rows.out.splitlines()) == 1 + 11
