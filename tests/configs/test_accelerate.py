"""What is known of the processes that accelerate starts, and what is said where it is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

KOHYA = (
    "train_network.py --learning_rate 1 --lr_scheduler constant_with_warmup --lr_warmup_steps 100"
)
SILENT = "how many processes run is not said, and 1 is assumed"


@pytest.fixture
def at(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], tuple[list[float], str]]:
    """Return the rates at some steps, and what is said of them."""
    monkeypatch.chdir(tmp_path)

    def rates(command: str, steps: str, *options: str) -> tuple[list[float], str]:
        result = run("table", command, "--at", steps, "--format", "csv", *options)
        assert result.status == 0, result.err
        lines = result.out.splitlines()[1:]
        return [float(line.rpartition(",")[2]) for line in lines], result.err

    return rates


def test_a_warmup_of_whole_steps_is_shared_by_the_processes(
    at: Callable[..., tuple[list[float], str]],
) -> None:
    for processes in (1, 2, 5):
        command = f"accelerate launch --num_processes {processes} {KOHYA}"
        rates, said = at(command, f"0,{50 // processes},{100 // processes}")
        assert rates == pytest.approx([0, 0.5, 1])
        assert SILENT not in said
        assert (f"lr_warmup_steps 100 is {100 // processes} updates" in said) == (processes > 1)


def test_the_config_of_accelerate_says_how_many_processes_run(
    at: Callable[..., tuple[list[float], str]],
) -> None:
    Path("acc.yaml").write_text("num_processes: 4\n", encoding="utf-8")
    command = f"accelerate launch --config_file acc.yaml {KOHYA}"
    assert at(command, "25")[0] == [1.0]
    over = f"accelerate launch --config_file acc.yaml --num_processes 2 {KOHYA}"
    assert at(over, "50")[0] == [1.0]
    rates, said = at(command.replace("acc.yaml", "gone.yaml"), "25")
    assert rates == [0.25]
    assert "'gone.yaml' is not there and is not read" in said
    assert SILENT in said


def test_processes_are_asked_for_only_where_they_matter(
    at: Callable[..., tuple[list[float], str]],
) -> None:
    command = "accelerate launch train_text_to_image.py --lr_scheduler linear --max_train_steps 90"
    assert SILENT not in at(command, "0")[1]
    assert SILENT in at(f"{command} --scale_lr", "0")[1]
    sdxl = command.replace("image.py", "image_sdxl.py")
    assert SILENT in at(sdxl, "0")[1]


def test_groups_with_rates_of_their_own_are_named(
    at: Callable[..., tuple[list[float], str]],
) -> None:
    command = "accelerate launch train_network.py --network_module networks.lora --unet_lr 0.5"
    rates, said = at(f"{command} --text_encoder_lr 1e-5", "0", "--devices", "1")
    assert rates == [0.5]
    assert "learning_rate is not given, and unet_lr is shown\n" in said
    assert "text_encoder_lr is the rate of another group, of the same shape\n" in said


def test_words_of_a_command_are_laid_over_a_mapping_of_its_config(
    at: Callable[..., tuple[list[float], str]],
) -> None:
    Path("a.yaml").write_text(
        "scheduler: warmuplr\nscheduler_conf: {warmup_steps: 4}\noptim: adam\n"
        "optim_conf: {lr: 1.0, weight_decay: 0.1}\nbatch_type: numel\n",
        encoding="utf-8",
    )
    command = "python -m espnet2.bin.asr_train --config a.yaml"
    assert at(command, "3")[0] == pytest.approx([1.0])
    assert at(f"{command} --optim_conf lr=0.5", "3")[0] == pytest.approx([0.5])
    alone = "python -m espnet2.bin.asr_train --scheduler warmuplr --optim_conf lr=0.5 "
    assert at(f"{alone} --scheduler_conf warmup_steps=8", "7")[0] == pytest.approx([0.5])
