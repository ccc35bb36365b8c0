"""What is read of configs and command lines, what is said, and what a new stack needs."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import LrvizError, configs, parse
from lrviz.configs.commands import is_command
from lrviz.configs.commands import parse as parse_command
from lrviz.configs.settings import Settings
from tests.conftest import Run

STACK = '''
"""A stack of its own."""
from .. import stack
from ..settings import Settings

@stack("Ours 1", keys=("our_lr our_steps",), programs=("ours",), over=("transformers",))
def ours(settings: Settings) -> str:
    """Return a line."""
    settings.steps = settings.whole("our_steps", option="horizon")
    return f"linear:lr={settings.number('our_lr', option='lr')!r},steps={settings.steps}"
'''


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Drop a file into the folder of stacks."""
    from lrviz.configs import stacks

    folder = tmp_path / "dropped"
    folder.mkdir()
    (folder / "ours.py").write_text(STACK, encoding="utf-8")
    monkeypatch.setattr(stacks, "__path__", [*stacks.__path__, str(folder)])
    yield
    sys.modules.pop("lrviz.configs.stacks.ours", None)
    configs._stacks.pop("ours", None)


@pytest.mark.usefixtures("ours")
def test_a_stack_is_one_file(run: Run, here: Path) -> None:
    (here / "a.json").write_text('{"our_lr": 0.1, "our_steps": 10, "our_warmup": 3}')
    result = run("table", "@a.json", "--at", "5")
    assert result.out == "step\ta.json\n5\t0.05\n"
    assert result.err == (
        "lrviz: a.json is read as Ours 1's\n"
        "lrviz: a.json: our_warmup speaks of rates and is not read\n"
    )
    result = run("table", "ours --our-lr 0.5 --our_steps=20", "--at", "5", "-q")
    assert result == (0, "step\tours\n5\t0.375\n", "")


def test_every_stack_says_what_it_is_known_by() -> None:
    for name, one in configs.all_stacks().items():
        assert one.name == name
        assert one.title
        assert one.keys or one.programs
        assert all(other in configs.all_stacks() for other in one.over)


def write(**files: object) -> None:
    for name, tree in files.items():
        text = tree if isinstance(tree, str) else json.dumps(tree)
        Path(name.replace("_", ".")).write_text(text, encoding="utf-8")


def values(run: Run, *words: str) -> list[float]:
    result = run("table", *words, "--format", "csv", "-q")
    assert result.status == 0, result.err
    return [float(line.rpartition(",")[2]) for line in result.out.splitlines()[1:]]


TREE = {"learning_rate": 1e-3, "lr_scheduler_type": "cosine", "max_steps": 20, "warmup_steps": 4}


@pytest.mark.usefixtures("here")
def test_all_documents_say_the_same(run: Run) -> None:
    lines = [f"{key} = {json.dumps(value)}" for key, value in TREE.items()]
    write(
        a_json=TREE,
        a_toml="\n".join(lines),
        a_cfg="# args\n" + "\n".join(lines).replace("1e-3", "0.001"),
        a_yaml="\n".join(f"{key}: {value}" for key, value in TREE.items()),
    )
    options = " ".join(f"--{key} {value}" for key, value in TREE.items())
    command = f"torchrun train.py {options}"
    dashed = "NCCL_DEBUG=1 python -m torch.distributed.run \\\n --nnodes=1 train.py \\\n " + (
        " ".join(f"--{key.replace('_', '-')}={value}" for key, value in TREE.items())
    )
    texts = ["@a.json", "@a.toml", "@a.cfg", "@a.yaml", command, dashed]
    found = [values(run, text, "--at", "0:19") for text in texts]
    assert len(found[0]) == 20
    assert all(one == found[0] for one in found)


@pytest.mark.usefixtures("here")
def test_what_yaml_takes_for_text_is_read_and_said(run: Run) -> None:
    write(
        a_yaml="learning_rate: 5e-4\nmax_steps: 10\nlr_scheduler_kwargs: {min_lr: 1e-5}\n"
        "lr_scheduler_type: cosine_with_min_lr\n"
    )
    result = run("table", "@a.yaml", "--at", "0")
    assert result.out == "step\ta.yaml\n0\t0.0005\n"
    assert result.err == (
        "lrviz: a.yaml is read as Transformers 5.23's: max_steps 10\n"
        "lrviz: a.yaml: YAML 1.1 takes a number without a point for text: "
        "lr_scheduler_kwargs.min_lr 1e-05 and learning_rate 0.0005; read as the number that is "
        "meant\n"
    )


@pytest.mark.usefixtures("here")
def test_later_files_win_and_auto_gives_way(run: Run) -> None:
    write(a_json=TREE, b_json={"max_steps": 40, "learning_rate": "auto"})
    assert values(run, "@a.json+b.json", "--at", "22") == [0.0005]


@pytest.mark.usefixtures("here")
def test_files_that_a_config_names_are_below_it(run: Run) -> None:
    write(a_yaml="_base_: [b.yaml]\nmax_steps: 40\n", b_yaml=json.dumps(TREE))
    assert values(run, "@a.yaml", "--at", "22") == [0.0005]


@pytest.mark.usefixtures("here")
def test_a_command_is_over_the_files_that_it_names(run: Run) -> None:
    write(a_yaml=json.dumps(TREE))
    command = "torchrun train.py --config a.yaml --max_steps 40"
    assert values(run, command, "--at", "22") == [0.0005]


@pytest.mark.usefixtures("here")
def test_options_are_over_the_file(run: Run) -> None:
    write(a_json={**TREE, "max_steps": -1, "num_train_epochs": 7})
    words = ["--dataset", "70", "--batch", "5", "--accumulate", "7", "--epochs", "10", "--lr", "1"]
    assert values(run, "@a.json", *words, "--at", "12") == [0.5]  # 4 + 16 / 2
    assert values(run, "@a.json", "-n", "20", "--lr", "1", "--at", "12") == [0.5]


@pytest.mark.usefixtures("here")
def test_a_place_in_the_tree_may_be_meant(run: Run) -> None:
    tree = {"run": {"args": TREE | {"max_steps": "${steps}"}}, "steps": 40}
    write(a_json=tree)
    assert values(run, "@a.json:run.args", "--at", "22") == [0.0005]


@pytest.mark.usefixtures("here")
def test_a_plan_is_compared_with_its_log(run: Run) -> None:
    write(a_json=TREE)
    rates = values(run, "@a.json", "--at", "0:19")
    log = [{"step": step, "learning_rate": rate} for step, rate in enumerate(rates)]
    write(state_json={"log_history": log, "max_steps": 20})
    result = run("compare", "plan=@a.json", "@state.json", "--dataset", "100")
    assert (result.status, result.out.split("\n")[0]) == (
        0,
        "state.json equals plan at all 20 logged steps",
    )
    log[7]["learning_rate"] *= 1.01
    write(state_json={"log_history": log})
    assert run("compare", "plan=@a.json", "@state.json").status == 1


@pytest.mark.usefixtures("here")
def test_a_config_is_explained_by_its_call_and_sums(run: Run) -> None:
    write(a_json={**TREE, "max_steps": -1, "warmup_steps": 0.03, "num_train_epochs": 3})
    said = run("explain", "@a.json", "--dataset", "1001", "--accumulate", "4").out
    assert said.startswith("  transformers.get_scheduler('cosine', optimizer, num_warmup_steps=3, ")
    for line in ("1001 examples make 126 batches of 8, 4 a step", "warmup ceil(0.03 * 96) = 3"):
        assert line in said
    assert "worth knowing" in said


@pytest.mark.usefixtures("here")
def test_a_build_draws_configs_and_commands(run: Run) -> None:
    write(a_json=TREE)
    Path("docs.toml").write_text(
        '[figure.a]\noutput = "a.png"\ncurves = ["plan=@a.json", '
        '"torchrun train.py --lr_scheduler_type linear --max_steps 20"]\n',
        encoding="utf-8",
    )
    result = run("build", "docs.toml")
    assert result.status == 0, result.err
    assert Path("a.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("text", "program", "devices"),
    [
        ("torchrun --nproc_per_node 4 --nnodes=2 train.py --lr 1", "train.py", 8),
        ("torchrun --standalone --nproc-per-node=4 -m a.b --lr 1", "a.b", 4),
        ("accelerate launch --multi_gpu --num_processes 3 train.py --lr 1", "train.py", 3),
        ("deepspeed --num_gpus 2 --num_nodes 2 train.py --lr 1", "train.py", 4),
        (
            "python -m torch.distributed.launch --nproc_per_node=2 x/train.py --lr 1",
            "x/train.py",
            2,
        ),
        ("NPROC_PER_NODE=8 swift sft --lr 1", "swift sft", 8),
        ("CUDA_VISIBLE_DEVICES=0,1 llamafactory-cli train --lr 1", "llamafactory-cli train", 2),
        ("CUDA_VISIBLE_DEVICES=0,1 torchrun train.py --lr 1", "train.py", None),
        ("mpirun -np 4 python train.py --lr 1", "train.py", 4),
        ("srun --ntasks=4 python -u train.py --lr 1", "train.py", 4),
        ("tune run --nproc_per_node 2 full_finetune --lr 1", "tune run full_finetune", 2),
        (
            "axolotl train a.yaml --launcher torchrun -- --nproc_per_node=2 --lr 1",
            "axolotl train",
            2,
        ),
        ("deepspeed --include localhost:0,1,2 train.py --lr 1", "train.py", 3),
        ("deepspeed --include a:0,1@b:0,1 train.py --lr 1", "train.py", None),
        ("torchrun --nproc_per_node=gpu train.py --lr 1", "train.py", None),
        ("!accelerate launch --num_processes 2 train.py --lr 1", "train.py", 2),
        ("$ python train.py \\\n --lr 1\n", "train.py", None),
        (
            "python -m paddle.distributed.launch --gpus=0,1,2 tools/train.py --lr 1",
            "tools/train.py",
            3,
        ),
        ("tune run --nnodes 1 --nproc_per_node 2 lora --lr 1", "tune run lora", 2),
        ("tune run lora --lr 1", "tune run lora", None),
        ("nohup uv run torchrun train.py --lr 1 > log 2>&1 &", "train.py", None),
        ("cd x && export A=1; python train.py --lr 1 | tee log", "train.py", None),
    ],
)
def test_launchers_say_how_many_processes_run(text: str, program: str, devices: int | None) -> None:
    assert is_command(text)
    found = parse_command(text)
    assert (" ".join(found.program), found.devices) == (program, devices)
    assert found.tree["lr"] == "1"


@pytest.mark.parametrize(
    ("start", "by"),
    [
        ("accelerate launch", "accelerate"),
        ("deepspeed", "deepspeed"),
        ("torchrun --nproc_per_node=gpu", "torchrun"),
        ("torchrun", None),
        ("accelerate launch --num_processes 1", None),
        ("CUDA_VISIBLE_DEVICES=3 deepspeed", None),
    ],
)
def test_what_takes_all_devices_is_said_to_be_counted_as_one(
    start: str, by: str | None, run: Run
) -> None:
    """But only where the number of devices has an influence."""
    command = f"{start} train.py --learning_rate 1 --num_train_epochs 2"
    note = (
        f"lrviz: train.py: {by} starts a process on each device that it sees; 1 is counted with, "
        "so say how many devices there are\n"
    )
    said = run("table", command, "--dataset", "80", "--at", "10")
    assert (said.out, note in said.err) == ("step\ttrain.py\n10\t0.5\n", by is not None)
    assert "counted with" not in run("table", command, "--dataset", "80", "--devices", "1").err
    assert "counted with" not in run("table", f"{command} --max_steps 20", "--dataset", "80").err


def test_a_version_that_a_command_installs_is_meant(run: Run) -> None:
    command = "torchrun train.py --learning_rate 1 --warmup_ratio 0.1 --max_steps 20"
    assert run("table", command).status == 2
    said = run("table", f"pip install -q transformers==4.57.1 && {command}", "--at", "1")
    assert said.out == "step\ttrain.py\n1\t0.5\n"
    assert "read as Transformers 4.57.1's" in said.err


@pytest.mark.parametrize(
    "text",
    [
        "step:lr=1,rate=0.5,steps=3",
        "StepLR(optimizer, 30, lr=0.1)  # --lr 0.1",
        "lr = 0.1\nStepLR(optimizer, 30, lr=lr)",
        "python = StepLR(optimizer, 30, lr=0.1)",
        "a label=const:lr=1",
        "!pip install --upgrade torch",
        "!python setup.py --a 1\nscheduler = StepLR(optimizer, 30, lr=0.1)",
        "import torch\n# --lr 3\nscheduler = StepLR(optimizer, 30, lr=0.1)",
    ],
)
def test_specs_and_python_are_no_command_lines(text: str) -> None:
    assert not is_command(text)


def test_values_of_options_end_where_the_next_option_begins() -> None:
    found = parse_command(
        "python train.py in.txt --a 1 2 --b=-3 --c -1e-4 --flag --d '{\"x\": 1}' --e-f=g h.i=j"
    )
    assert found.words == ("in.txt",)
    plain = {"a": ["1", "2"], "b": "-3", "c": "-1e-4", "flag": True, "d": '{"x": 1}', "e_f": "g"}
    assert found.tree == plain | {"h": {"i": "j"}}


def test_settings_of_a_run_may_follow_the_value_of_an_option() -> None:
    """As Hydra, torchtune, Paddle and yacs have them; some options take words K=V themselves."""
    found = parse_command("tune run lora --config a.yaml epochs=3 optimizer.lr=1e-4 --flag x=y")
    assert found.tree == {
        "config": "a.yaml",
        "epochs": "3",
        "optimizer": {"lr": "1e-4"},
        "flag": "x=y",
    }
    found = parse_command("python tools/train.py -c a.yml -o A.lr=0.1 -o B=2 C.d=3 --eval")
    assert found.tree == {"c": "a.yml", "A": {"lr": "0.1"}, "B": "2", "C": {"d": "3"}, "eval": True}
    found = parse_command("train_net.py --num-gpus 8 SOLVER.STEPS '(1, 2)' SOLVER.BASE_LR 0.1 x")
    assert found.tree == {"num_gpus": "8", "SOLVER": {"STEPS": "(1, 2)", "BASE_LR": "0.1"}}
    assert found.words == ("x",)
    found = parse_command("train.py --lr_scheduler_args a=1 b=2 --opts SOLVER.MAX_ITER 5")
    assert found.tree["lr_scheduler_args"] == ["a=1", "b=2"]
    assert found.tree["SOLVER"] == {"MAX_ITER": "5"}


D2 = "SOLVER: {BASE_LR: 0.1, MAX_ITER: 100, WARMUP_ITERS: 10%s}\n"
CLAS = "Global: {epochs: 2}\nOptimizer: {lr: {%s}}\n"
YOLO = "optimizer: SGD\nepochs: 30\nwarmup_bias_lr: 0\n"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "text", "options", "said"),
    [
        (
            "a.yaml",
            D2 % ", STEPS: [50, 300]",
            [],
            "SOLVER.STEPS: 300 is past MAX_ITER, 100, and left out",
        ),
        (
            "a.yaml",
            D2 % ", STEPS: [50], REFERENCE_WORLD_SIZE: 8",
            [],
            (
                "SOLVER.REFERENCE_WORLD_SIZE: it is taken to run on 8 devices, as their number is "
                "not given"
            ),
        ),
        (
            "a.yaml",
            D2 % ", STEPS: [50], BIAS_LR_FACTOR: 2",
            [],
            "SOLVER.BIAS_LR_FACTOR: the rate of biases is 2 times this",
        ),
        (
            "a.yaml",
            "_BASE_: ../b.yaml\nSOLVER: {BASE_LR: 1, MAX_ITER: 9, WARMUP_ITERS: 0, GAMMA: 0.5}\n",
            [],
            (
                "by default, as that file is not read: SOLVER.LR_SCHEDULER_NAME, STEPS, "
                "BASE_LR_END, NUM_DECAYS, WARMUP_FACTOR, WARMUP_METHOD, RESCALE_INTERVAL"
            ),
        ),
        (
            "a.yaml",
            YOLO,
            ["--dataset", "100"],
            "the warmup has other batches in other versions: it had 100 before 8.4.103",
        ),
        (
            "a.yaml",
            YOLO,
            ["--dataset", "1000"],
            "a step is a batch; after the warmup 4 of them make an update",
        ),
        (
            "a.yaml",
            YOLO.replace("bias_lr: 0", "bias_lr: 0.1"),
            ["--dataset", "1000"],
            "the rate of biases begins at warmup_bias_lr 0.1, not at 0",
        ),
        (
            "a.yaml",
            YOLO.replace("SGD", "auto").replace("30", "300"),
            ["--dataset", "9000"],
            (
                "optimizer auto takes 0.01 in place of lr0, as the run has more than 10000 "
                "updates; parts of the head have 3 times that"
            ),
        ),
        (
            "a.cfg",
            '[training.optimizer]\n@optimizers = "RAdam.v1"\n',
            [],
            "no learn_rate is given, and 0.001 with RAdam.v1",
        ),
        (
            "a.cfg",
            '[training.optimizer.learn_rate]\n@schedules = "constant.v1"\nrate = 1\n',
            ["--lr", "2"],
            "the rate of the options is not used, as the schedule says all rates",
        ),
        (
            "a.yaml",
            CLAS % "name: Cosine, learning_rate: 1, warmup_epoch: 5",
            ["--steps-per-epoch", "10"],
            "the warmup takes all 2 epochs, and no decay follows",
        ),
        (
            "a.yaml",
            CLAS % "learning_rate: 1, warmup_epoch: 1",
            ["--steps-per-epoch", "10"],
            "warmup_epoch is not used without a schedule, or by Constant",
        ),
    ],
)
def test_what_bites_is_said(name: str, text: str, options: list[str], said: str, run: Run) -> None:
    Path(name).write_text(text, encoding="utf-8")
    result = run("table", f"@{name}", *options, "--at", "0")
    assert result.status == 0, result.err
    assert f"lrviz: {name}: {said}" in result.err.splitlines()


@pytest.mark.usefixtures("here")
def test_optimizers_of_old_keras_have_a_decay_of_their_own(run: Run) -> None:
    write(a_json={"class_name": "SGD", "config": {"learning_rate": 1, "decay": 0.25}})
    assert values(run, "@a.json", "--at", "0,4") == [1.0, 0.5]
    assert values(run, "@a.json", "--lr", "2", "--at", "0,4") == [2.0, 1.0]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("trainer", "per_epoch"),
    [
        ("devices: auto", 25),
        ("devices: 2", 13),
        ("devices: [0, 1, 2]", 9),
        ("devices: '0,1', num_nodes: 2", 7),
        ("limit_train_batches: 5", 5),
        ("limit_train_batches: 0.5", 12),
        ("accumulate_grad_batches: 4, limit_train_batches: 1.0", 7),
    ],
)
def test_an_epoch_of_lightning_is_as_its_trainer_says(
    trainer: str, per_epoch: int, run: Run
) -> None:
    text = (
        "data: {init_args: {batch_size: 4}}\n"
        "optimizer: {class_path: torch.optim.SGD, init_args: {lr: 1}}\n"
        "lr_scheduler: {class_path: torch.optim.lr_scheduler.ExponentialLR, init_args: "
        "{gamma: 0.5}}\n"
    )
    write(a_yaml=f"trainer: {{max_epochs: 2, {trainer}}}\n{text}")
    words = ["--dataset", "100", "--every", "1"]
    assert values(run, "@a.yaml", *words) == [1.0] * per_epoch + [0.5] * per_epoch


def test_a_command_line_is_parsed_from_python() -> None:
    command = "torchrun train.py --lr_scheduler_type linear --max_steps 10 --learning_rate 1"
    assert parse(command)(5) == 0.5
    assert str(parse(command)) == "linear:lr=1,steps=10"


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.floats(0.001, 9)))
def test_settings_are_read_as_they_are_written(tree: dict[str, float]) -> None:
    settings = Settings(dict(tree), "it")
    assert {key: settings.number(key) for key in tree} == tree
    assert settings.unread() == []


@given(st.text(max_size=60))
def test_no_text_is_more_than_refused(text: str) -> None:
    if is_command(text):
        with contextlib.suppress(LrvizError):
            parse_command(text)


def test_a_text_in_words_does_not_import_configs() -> None:
    code = (
        "import lrviz, sys\n"
        "lrviz.parse('torch.optim.lr_scheduler.StepLR(optimizer, 30, lr=0.1)')\n"
        "lrviz.parse('exp:lr=1,rate=0.9,steps=10')\n"
        "assert not {'yaml', 'shlex', 'tomllib', 'lrviz.configs'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.usefixtures("here")
def test_the_settings_of_weights_and_biases_are_unwrapped(run: Run) -> None:
    wrapped = {key: {"desc": None, "value": value} for key, value in TREE.items()}
    write(a_json=wrapped | {"wandb_version": 1})
    assert values(run, "@a.json", "--at", "12") == [0.0005]


@pytest.mark.usefixtures("here")
def test_hydra_defaults_and_places(run: Run) -> None:
    Path("optimizer").mkdir()
    Path("optimizer/adam.yaml").write_text("_target_: torch.optim.Adam\nlr: 0.5\n")
    write(
        a_yaml="defaults: [base, {optimizer: adam}, _self_]\n"
        "scheduler: {_target_: torch.optim.lr_scheduler.StepLR, step_size: 3, gamma: '${gamma}'}\n",
        base_yaml="gamma: 0.1\n",
    )
    assert values(run, "@a.yaml", "--at", "0,3") == pytest.approx([0.5, 0.05])
    assert values(run, "@a.yaml:scheduler", "--at", "0,3") == pytest.approx([0.5, 0.05])
    assert values(run, "@a.yaml", "--lr", "1", "--at", "3") == pytest.approx([0.1])


@pytest.mark.usefixtures("here")
def test_a_schedule_of_the_lightning_cli_is_stepped_once_an_epoch(run: Run) -> None:
    write(
        a_yaml="trainer: {max_epochs: 4}\ndata: {class_path: X, init_args: {batch_size: 10}}\n"
        "optimizer: {class_path: torch.optim.SGD, init_args: {lr: 1.0}}\n"
        "lr_scheduler: {class_path: torch.optim.lr_scheduler.ExponentialLR, "
        "init_args: {gamma: 0.5}}\n"
    )
    every = ["--dataset", "25", "--every", "1"]
    assert values(run, "@a.yaml", *every) == [1] * 3 + [0.5] * 3 + [0.25] * 3 + [0.125] * 3


def test_a_fraction_of_megatron_is_not_rounded() -> None:
    """Recorded from OptimizerParamScheduler of Megatron-Core 0.16 with a batch of 96."""
    command = (
        "torchrun pretrain_gpt.py --global-batch-size 96 --train-iters 133 --lr 3e-4 --min-lr 3e-5 "
        "--lr-decay-style cosine --lr-warmup-fraction 0.013"
    )
    rates = [parse(command)(step) for step in (0, 1, 2, 3, 5, 132)]
    recorded = [0.0, 0.0001735106998264893, 0.00029999716075421065, 0.00029993755127925446]
    recorded += [0.00029958656691714703, 3.003865851812726e-05]
    np.testing.assert_allclose(rates, recorded, rtol=1e-12)


@pytest.mark.usefixtures("here")
def test_each_stack_counts_the_steps_of_an_epoch_itself(run: Run) -> None:
    """The steps that lrviz counts for specs do not stand in for those of the stack."""
    write(
        a_json={"learning_rate": 1, "num_train_epochs": 3, "per_device_train_batch_size": 4},
        tune_yaml="optimizer: {_component_: torch.optim.AdamW, lr: 1.0}\nepochs: 2\n"
        "lr_scheduler: {_component_: torchtune.training.lr_schedulers."
        "get_cosine_schedule_with_warmup, num_warmup_steps: 0}\n",
    )
    options = ["--dataset", "103", "--batch", "4", "--accumulate", "4", "--every", "1"]
    assert len(values(run, "@a.json", *options)) == 21
    assert len(values(run, "@a.json:transformers==4.48.3", *options)) == 18
    assert len(values(run, "@tune.yaml", *options)) == 12
    assert len(values(run, "@a.json", *options, "--epochs", "2.2")) == 16


@pytest.mark.usefixtures("here")
def test_the_length_of_the_run_counts_from_python_too() -> None:
    command = "torchrun train.py --learning_rate 1 --num_train_epochs 2"
    assert parse(command, horizon=10)(5) == 0.5
    assert parse(command, steps_per_epoch=5)(5) == 0.5
    assert parse(command, horizon=10, lr=2)(5) == 1.0


@pytest.mark.usefixtures("here")
def test_columns_of_numbers_are_a_log_and_no_config(run: Run) -> None:
    write(history_json={"lr": [0.1, 0.05], "val_loss": [2.0, None]})
    assert values(run, "@history.json", "--at", "0:1") == [0.1, 0.05]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("program", ["run_clm.py", "train.py"])
def test_a_scheduler_of_deepspeed_counts_whatever_the_program_is(program: str, run: Run) -> None:
    params = {"warmup_num_steps": 4, "warmup_max_lr": 0.5, "warmup_type": "linear"}
    write(ds_json={"scheduler": {"type": "WarmupLR", "params": params}})
    command = f"deepspeed {program} --deepspeed ds.json --learning_rate 0.5 --max_steps 8"
    assert values(run, command, "--at", "7") == [0.5]


@pytest.mark.usefixtures("here")
def test_names_that_are_given_twice_are_said(run: Run) -> None:
    """But not those that a merge key brings in."""
    write(a_yaml="base: &b {learning_rate: 3, max_steps: 3}\n<<: *b\nlearning_rate: 1\n")
    assert "given" not in run("table", "@a.yaml").err
    note = "'learning_rate' is given 2 times, and the last counts"
    for name, text in {
        "b.yaml": "learning_rate: 3\nmax_steps: 10\nlearning_rate: 1\n",
        "b.json": '{"learning_rate": 3, "max_steps": 10, "learning_rate": 1}',
        "b.cfg": "learning_rate = 3\nmax_steps = 10\nlearning_rate = 1\n",
    }.items():
        Path(name).write_text(text)
        said = run("table", f"@{name}", "--at", "5")
        assert (said.out, note in said.err) == (f"step\t{name}\n5\t0.5\n", True)


@pytest.mark.usefixtures("here")
def test_what_is_referred_to_is_read(run: Run) -> None:
    write(a_json={"rate": {"base_lr": 1}, "learning_rate": "${rate.base_lr}", "max_steps": 4})
    assert "not read" not in run("table", "@a.json").err


@pytest.mark.usefixtures("here")
def test_the_rate_of_an_optimizer_that_is_auto_is_that_of_the_arguments(run: Run) -> None:
    """Only WarmupCosineLR takes the rate of the optimizer."""
    params = {"total_num_steps": 100, "warmup_num_steps": 10}
    optimizer: dict[str, Any] = {"type": "AdamW", "params": {"lr": "auto"}}
    config = {"optimizer": optimizer, "scheduler": {"type": "WarmupCosineLR", "params": params}}
    write(ds_json=config, args_json={"learning_rate": 0.25})
    found = values(run, "@ds.json+args.json", "--at", "0:99")
    assert 0.24 < max(found) <= 0.25
    optimizer["params"]["lr"] = 0.25
    write(ds_json=config)
    assert values(run, "@ds.json", "--at", "0:99") == found


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("more", "options", "steps"),
    [
        ({}, [], 26),  # 103 examples in batches of 4
        ({}, ["--devices", "4"], 7),
        ({"tp_size": 2}, ["--devices", "4"], 13),
        ({"parallelism_config": {"tp_size": 2, "cp_size": 2}}, ["--devices", "4"], 26),
        ({"sp_size": 2}, ["--devices", "4"], 14),
        ({"accelerator_config": {"split_batches": True}}, ["--devices", "4"], 26),
        ({"accelerator_config": '{"split_batches": true}'}, ["--devices", "4"], 26),
    ],
)
def test_devices_that_share_a_model_or_a_batch_share_the_data(
    more: dict[str, object], options: list[str], steps: int, run: Run
) -> None:
    plain = {"learning_rate": 1, "per_device_train_batch_size": 4, "num_train_epochs": 1}
    write(a_json=plain | more)
    assert len(values(run, "@a.json", "--dataset", "103", *options, "--every", "1")) == steps


@pytest.mark.usefixtures("here")
def test_the_batch_of_old_versions_is_read_for_those(run: Run) -> None:
    write(a_json={"learning_rate": 1, "per_gpu_train_batch_size": 4, "num_train_epochs": 1})
    every = ["--dataset", "103", "--every", "1"]
    assert len(values(run, "@a.json:transformers==4.57.1", *every)) == 26
    assert run("table", "@a.json", *every).err == (
        "lrviz: error: a.json: per_gpu_train_batch_size is gone from Transformers 5; write "
        "per_device_train_batch_size\n"
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("trainer", "steps"),
    [
        ({}, 13),
        ({"devices": 2}, 7),
        ({"devices": [0, 1], "num_nodes": 2}, 4),
        ({"accumulate_grad_batches": 4}, 4),
        ({"limit_train_batches": 5}, 5),
        ({"limit_train_batches": 0.5}, 6),
        ({"limit_train_batches": 1.0}, 13),
        ({"limit_train_batches": 6, "accumulate_grad_batches": 4, "devices": 2}, 2),
    ],
)
def test_the_lightning_cli_counts_the_batches_of_its_trainer(
    trainer: dict[str, object], steps: int, run: Run
) -> None:
    scheduler = {"class_path": "torch.optim.lr_scheduler.StepLR", "init_args": {"step_size": 1}}
    write(
        a_json={
            "trainer": {"max_epochs": 2, **trainer},
            "data": {"init_args": {"batch_size": 8}},
            "optimizer": {"class_path": "torch.optim.SGD", "init_args": {"lr": 1.0}},
            "lr_scheduler": scheduler,
        }
    )
    found = values(run, "@a.json", "--dataset", "103", "--every", "1")
    assert found == pytest.approx([1.0] * steps + [0.1] * steps)
