"""Configs in Python, MMEngine's and mmcv's: how they are merged, and the rates that follow."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrviz import LrvizError, configs, parse
from lrviz.schedules.run import Run as Facts
from lrviz.specs import read, read_config
from tests.conftest import Run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def rates(run: Run, *words: str) -> list[float]:
    result = run("table", *words, "--format", "csv", "-q")
    assert result.status == 0, result.err
    return [float(line.rpartition(",")[2]) for line in result.out.splitlines()[1:]]


# mmcv's hooks, told as mmcv 1.7 runs them: one batch after the other, a rate that is kept.


def annealed(kind: str, start: float, end: float, part: float) -> float:
    if kind == "linear":
        return start + (end - start) * part
    return end + 0.5 * (start - end) * (math.cos(math.pi * part) + 1)


def regular(config: dict[str, Any], lr: float, at: int, most: int) -> Any:
    """Return get_lr of a policy's hook, at an epoch or a batch of so many."""
    target = config.get("min_lr", lr * config.get("min_lr_ratio", 0))
    match config["policy"]:
        case "step":
            step = config["step"]
            if isinstance(step, int):
                drops = at // step
            else:
                drops = next((i for i, s in enumerate(step) if at < s), len(step))
            rate = lr * config.get("gamma", 0.1) ** drops
            return max(rate, config["min_lr"]) if "min_lr" in config else rate
        case "exp":
            return lr * config["gamma"] ** at
        case "inv":
            return lr * (1 + config["gamma"] * at) ** -config.get("power", 1.0)
        case "poly":
            low = config.get("min_lr", 0.0)
            return (lr - low) * (1 - at / most) ** config.get("power", 1.0) + low
        case "CosineAnnealing":
            return annealed("cos", lr, target, at / most)
        case "LinearAnnealing":
            return annealed("linear", lr, target, at / most)
        case "FlatCosineAnnealing":
            start = round(most * config.get("start_percent", 0.75))
            return lr if at < start else annealed("cos", lr, target, (at - start) / (most - start))
        case "CosineRestart":
            periods, past = config["periods"], 0
            weights = config.get("restart_weights", [1])
            for period, weight in zip(periods, weights, strict=True):
                if at < past + period:
                    wave = math.cos(math.pi * min((at - past) / period, 1)) + 1
                    return target + 0.5 * weight * (lr - target) * wave
                past += period
            raise AssertionError(at)
        case "cyclic":
            top, low = config.get("target_ratio", (10, 1e-4))
            period = most // config.get("cyclic_times", 1)
            up = int(config.get("step_ratio_up", 0.4) * period)
            scale = config.get("gamma", 1) ** (at // period)
            kind, now = config.get("anneal_strategy", "cos"), at % period
            high = 1 - scale + top * scale
            if not up:  # the hook takes it for the phase that rises
                return annealed(kind, lr * top, lr * (1 - scale + low * scale), now / period)
            if now < up:
                return annealed(kind, lr, lr * high, now / up)
            return annealed(kind, lr * high, lr * low, (now - up) / (period - up))
        case "OneCycle":
            total = config.get("total_steps", most)
            first = config["max_lr"] / config.get("div_factor", 25)
            up, top = config.get("pct_start", 0.3) * total, config.get("div_factor", 25)
            last = 1 / config.get("final_div_factor", 1e4)
            phases = [(up - 1, 1, top), (total - 1, top, last)]
            if config.get("three_phase"):
                phases = [(up - 1, 1, top), (2 * up - 2, top, 1), (total - 1, 1, last)]
            start = 0.0
            for end, a, b in phases:
                if at <= end:
                    kind = config.get("anneal_strategy", "cos")
                    return annealed(kind, first * a, first * b, (at - start) / (end - start))
                start = end
    return lr


def hooked(config: dict[str, Any], lr: float, epochs: int, every: int, iters: bool) -> list[float]:
    """Return the rates of a run of so many epochs, or of as many batches in one."""
    by_epoch = config.get("by_epoch", not iters) and config["policy"] not in ("cyclic", "OneCycle")
    warm = config.get("warmup_iters", 0) * (every if config.get("warmup_by_epoch") else 1)
    ratio, found, rate = config.get("warmup_ratio", 0.1), [], lr
    for t in range(epochs * every):
        if not by_epoch:
            rate = regular(config, lr, t, epochs * every)
        elif t % every == 0:
            rate = regular(config, lr, t // every, epochs)
        factor = 1.0
        if "warmup" in config and t < warm:
            factor = {
                "constant": ratio,
                "linear": 1 - (1 - t / warm) * (1 - ratio),
                "exp": ratio ** (1 - t / warm),
            }[config["warmup"]]
        found.append(rate * factor)
    return found


@st.composite
def policies(draw: st.DrawFn) -> tuple[dict[str, Any], int, int, bool]:
    """Return a policy with a warmup or none, epochs, batches of an epoch, and who counts."""
    epochs, every = draw(st.integers(4, 12)), draw(st.integers(2, 9))
    iters = draw(st.booleans())
    names = ["fixed", "step", "exp", "inv", "poly", "CosineAnnealing", "LinearAnnealing"]
    name = draw(
        st.sampled_from([*names, "FlatCosineAnnealing", "CosineRestart", "cyclic", "OneCycle"])
    )
    config: dict[str, Any] = {"policy": name}
    by_epoch = not iters
    if not iters and name not in ("cyclic", "OneCycle") and draw(st.booleans()):
        config["by_epoch"] = by_epoch = draw(st.booleans())
    most = epochs if by_epoch else epochs * every
    gamma = draw(st.sampled_from([0.1, 0.5, 0.9]))
    low: dict[str, Any] = draw(
        st.sampled_from([{"min_lr": 1e-3}, {"min_lr_ratio": 0.01}, {"min_lr": 0}])
    )
    part = draw(st.sampled_from([0.3, 0.5, 0.75]))
    kind = draw(st.sampled_from(["cos", "linear"]))
    match name:
        case "step":
            drops = st.lists(st.integers(1, most), min_size=1, max_size=3, unique=True).map(sorted)
            config["step"] = draw(drops | st.integers(1, most))
            more: list[dict[str, Any]] = [{}, {"gamma": gamma}, {"min_lr": 0.01}]
            config |= draw(st.sampled_from(more))
        case "exp":
            config["gamma"] = gamma
        case "inv":
            config |= {"gamma": gamma, "power": 0.75}
        case "poly":
            config |= {"power": 0.9, "min_lr": 1e-4}
        case "CosineAnnealing" | "LinearAnnealing":
            config |= low
        case "FlatCosineAnnealing":
            config |= low | {"start_percent": part}
        case "CosineRestart":
            config |= low | {"periods": [2, most - 1], "restart_weights": [1, 0.5]}
        case "cyclic":
            times = draw(st.integers(1, 2))
            config |= {
                "target_ratio": (6, 1e-3),
                "cyclic_times": times,
                "step_ratio_up": draw(st.sampled_from([0.0, part])),
            }
            config |= {"gamma": draw(st.sampled_from([1, 0.5])), "anneal_strategy": kind}
        case "OneCycle":
            config |= {"max_lr": 0.5, "pct_start": 0.4, "anneal_strategy": kind, "div_factor": 10}
            config["three_phase"] = draw(st.booleans())
    if draw(st.booleans()):
        config |= {"warmup": draw(st.sampled_from(["constant", "linear", "exp"]))}
        config |= {"warmup_iters": draw(st.integers(1, 4)), "warmup_ratio": 0.05}
        if not iters:
            config["warmup_by_epoch"] = draw(st.booleans())
    return config, epochs, every, iters


@given(policies(), st.sampled_from([0.1, 0.02]))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_policies_of_mmcv_are_as_its_hooks_step_through_a_run(
    drawn: tuple[dict[str, Any], int, int, bool], lr: float
) -> None:
    config, epochs, every, iters = drawn
    runner = f"max_iters={epochs * every}" if iters else f"max_epochs={epochs}"
    text = f"optimizer = dict(type='SGD', lr={lr})\nlr_config = {config}\nrunner = dict({runner})\n"
    schedule = parse(text, steps_per_epoch=every)
    expected = hooked(config, lr, epochs, every, iters)
    found = schedule(np.arange(epochs * every))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


# Configs that are built on others

SCHEDULE = """
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=4)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1, momentum=0.9))
param_scheduler = [dict(type='MultiStepLR', milestones=[2, 3], gamma=0.1)]
"""


@pytest.mark.usefixtures("here")
def test_a_config_is_laid_over_those_that_it_is_built_on(run: Run) -> None:
    write(
        {
            "configs/_base_/schedule.py": SCHEDULE,
            "configs/_base_/data.py": "train_dataloader = dict(batch_size=4)\n",
            "configs/net/a.py": "_base_ = ['../_base_/schedule.py', '../_base_/data.py']\n"
            "optim_wrapper = dict(optimizer=dict(lr=0.2))\n",
            "configs/net/b.py": "_base_ = './a.py'\n"
            "optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW',\n"
            "    lr=_base_.optim_wrapper.optimizer.lr * 2))\n"
            "train_cfg = dict(max_epochs={{_base_.train_cfg.max_epochs}} + 1)\n"
            "param_scheduler = dict(type='ConstantLR', factor=0.5)\n",
        }
    )
    facts = ["--dataset", "10", "--every", "1"]
    expected = [0.2] * 6 + [0.02] * 3 + [0.002] * 3
    assert rates(run, "@configs/net/a.py", *facts) == pytest.approx(expected, rel=1e-12)
    assert rates(run, "@configs/net/b.py", *facts) == pytest.approx([0.2] * 12 + [0.4] * 3)


@pytest.mark.usefixtures("here")
def test_imports_under_read_base_give_names(run: Run) -> None:
    write(
        {
            "configs/_base_/schedule.py": SCHEDULE,
            "configs/net/a.py": "from mmengine.config import read_base\n"
            "with read_base():\n    from .._base_.schedule import *\n"
            "optim_wrapper.optimizer.lr = 1.0\nparam_scheduler[0].update(milestones=[1])\n",
        }
    )
    facts = ["--steps-per-epoch", "2", "--every", "1"]
    expected = [1.0] * 2 + [0.1] * 6
    assert rates(run, "@configs/net/a.py", *facts) == pytest.approx(expected, rel=1e-12)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("program", "words", "expected"),
    [
        (
            "python tools/train.py",
            "optim_wrapper.optimizer.lr=0.5 param_scheduler.0.milestones='[1]' a.b=1",
            [0.5, 0.5, 0.05, 0.05] + [0.05] * 4,
        ),
        (
            "python tools/train.py",
            "param_scheduler.0.milestones=1,2 train_cfg.max_epochs=3 --work-dir x",
            [0.1, 0.1, 0.01, 0.01, 0.001, 0.001],
        ),
        (
            "GPUS=8 bash ./tools/dist_train.sh",
            "param_scheduler.0.by_epoch=False --auto-scale-lr",
            [0.2, 0.2, 0.02, 0.002] + [0.002] * 4,
        ),
    ],
)
def test_commands_of_openmmlab(program: str, words: str, expected: list[float], run: Run) -> None:
    loader = "train_dataloader = dict(batch_size=8)\nauto_scale_lr = dict(base_batch_size=16)\n"
    write({"a.py": SCHEDULE + loader})
    command = f"{program} a.py 4 --cfg-options {words}"
    found = rates(run, command, "--steps-per-epoch", "2", "--every", "1")
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.usefixtures("here")
def test_examples_that_are_repeated_count_so_often(run: Run) -> None:
    write(
        {
            "a.py": "data = dict(samples_per_gpu=2, train=dict(type='RepeatDataset', times=3))\n"
            "optimizer = dict(type='SGD', lr=0.1)\ntotal_epochs = 2\n"
            "optimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters=4)\n"
            "lr_config = dict(policy='step', step=[1])\n"
        }
    )
    result = run("table", "@a.py", "--dataset", "5", "--devices", "2", "--every", "1")
    assert result.err == (
        "lrviz: a.py is read as mmcv 1.7's: 5 examples 3 times on 2 devices make 4 batches of 2 an "
        "epoch, 4 batches an epoch, 8 in all\n"
        "lrviz: a.py: a step is a batch, as the schedulers count; 4 of them make an update\n"
    )
    assert len(result.out.splitlines()) == 9


@pytest.mark.usefixtures("here")
def test_the_same_settings_in_yaml_are_read_alike(run: Run) -> None:
    write(
        {
            "a.yaml": "optimizer: {type: SGD, lr: 0.1}\nrunner: {max_epochs: 4}\n"
            "lr_config: {policy: step, step: [2, 3], warmup: linear, warmup_iters: 3}\n",
            "a.py": "optimizer = dict(type='SGD', lr=0.1)\nrunner = dict(max_epochs=4)\n"
            "lr_config = dict(policy='step', step=[2, 3], warmup='linear', warmup_iters=3)\n",
        }
    )
    facts = ["--steps-per-epoch", "5", "--every", "1"]
    assert rates(run, "@a.yaml", *facts) == rates(run, "@a.py", *facts)


# What is pasted


def test_schedulers_that_are_pasted_as_dicts_have_mmengines_rates() -> None:
    lists = [
        "dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500)",
        "dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, milestones=[8, 11], gamma=0.1)",
    ]
    members = f"[{', '.join(lists)}]"
    wrapper = "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02), type='OptimWrapper')\n"
    for text in (f"{wrapper}param_scheduler = {members}", members, f"schedulers = {members}"):
        schedule = parse(text, lr=0.02, steps_per_epoch=200)
        assert schedule(np.array([0, 500, 1600, 2200])).tolist() == pytest.approx(
            [2e-5, 0.02, 0.002, 0.0002], rel=1e-12
        )
    one = parse("[{'type': 'StepLR', 'step_size': 3, 'by_epoch': False}]", lr=0.1)
    assert one(3) == pytest.approx(0.01)


def test_pasted_arguments_are_read_as_their_file_would_be() -> None:
    keywords = "learning_rate=1e-3, lr_scheduler_type={}, max_steps=20, warmup_steps=4"
    expected = parse(
        "torchrun train.py " + " ".join(f"--{one}" for one in keywords.format("cosine").split(", "))
    )(np.arange(20)).tolist()
    for name, kind in [
        ("TrainingArguments", "'cosine'"),
        ("transformers.Seq2SeqTrainingArguments", "SchedulerType.COSINE"),
        ("SFTConfig", "transformers.SchedulerType.COSINE"),
    ]:
        given = keywords.format(kind)
        program = f"import torch\nargs = {name}('out', fp16=torch.cuda.is_available(), {given})\n"
        program += "trainer = Trainer(model, args, train_dataset=data)\ntrainer.train()\n"
        for text in (f"{name}({given})", program):
            assert parse(text)(np.arange(20)).tolist() == expected


def test_a_name_that_arguments_lack_can_be_given() -> None:
    text = "TrainingArguments(learning_rate=args.lr, max_steps=10)"
    assert parse(text, names={"args.lr": 0.5})(5) == 0.25
    with pytest.raises(LrvizError, match=r"learning_rate is 'args\.lr', which is not known"):
        parse(text)


@pytest.mark.usefixtures("here")
def test_a_name_that_a_config_lacks_can_be_given(run: Run) -> None:
    given = SCHEDULE.replace("lr=0.1", "lr=base * gpus")
    write({"configs/b.py": given, "configs/net/a.py": "_base_ = '../b.py'\nbase = 0.1\n"})
    facts = ["--steps-per-epoch", "1", "--at", "0"]
    assert rates(run, "@configs/b.py", *facts, "--set", "gpus=8", "--set", "base=0.1") == [0.8]
    result = run("table", "@configs/b.py", *facts, "--set", "base=0.1")
    assert result.err == (
        "lrviz: error: param_scheduler: optim_wrapper.optimizer.lr is 'base * gpus', which is not "
        "known here; write its value\n"
    )


def test_several_arguments_are_several_curves() -> None:
    text = "a = SFTConfig(max_steps=10)\nb = DPOConfig(max_steps=10)\n"
    named = read([text], Facts())
    assert [one.label for one in named] == ["a", "b"]
    assert [one.schedule(0) for one in named] == [2e-5, 1e-6]


NOTEBOOK = """
from trl import SFTTrainer
from transformers import TrainingArguments
model, tokenizer = FastLanguageModel.from_pretrained(model_name="x", max_seq_length=2048)
def formatting(examples):
    return {"text": [one for one in examples["input"]]}
dataset = load_dataset("x", split="train").map(formatting, batched=True)
trainer = SFTTrainer(
    model=model, tokenizer=tokenizer, train_dataset=dataset,
    args=TrainingArguments(
        warmup_steps=5, max_steps=60, learning_rate=2e-4, fp16=not is_bfloat16_supported(),
        optim="adamw_8bit", lr_scheduler_type="linear", output_dir="outputs",
    ),
)
memory = round(torch.cuda.max_memory_reserved() / 1024, 3)
print(f"{memory} GB")
trainer.train()
"""

SCRIPT = """
import argparse
from transformers import Seq2SeqTrainer, Seq2SeqTrainingArguments
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=2e-4)
    args = parser.parse_args()
    given = dict(warmup_steps=5, max_steps=60)
    training_args = Seq2SeqTrainingArguments("x", learning_rate=args.lr, **given)
    Seq2SeqTrainer(model=model, args=training_args).train()
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("text", [NOTEBOOK, SCRIPT])
def test_arguments_are_found_in_whole_programs(text: str) -> None:
    assert parse(text)(np.array([0, 5, 60])).tolist() == [0.0, 2e-4, 0.0]


PROGRAMS = {
    "a schedule of its own": "from torch.optim.lr_scheduler import StepLR\n"
    "param_scheduler = dict(type='MultiStepLR', milestones=[1])\n"
    "scheduler = StepLR(optimizer, 3, lr=0.1)\n",
    "a function of the step": "config = dict(a=1)\nlearning_rate = 0.1\nmax_steps = 10\n"
    "warmup_steps = 2\ndef get_lr(it):\n    return learning_rate * 0.1 ** (it // 3)\n",
    "arguments beside one": "args = TrainingArguments('o', max_steps=3)\n"
    "def get_lr(step):\n    return 0.1 * 0.1 ** (step // 3)\n",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.usefixtures("here")
def test_programs_go_on_being_read_as_such(text: str, run: Run) -> None:
    write({"a.py": text})
    assert not configs.read_pasted(text, Facts())
    assert rates(run, "@a.py", "--at", "0,3") == pytest.approx([0.1, 0.01])


def test_the_label_of_a_pasted_config_is_its_key() -> None:
    text = "lr_config = dict(policy='fixed', by_epoch=False)"
    (config,) = configs.read_pasted(text, Facts(lr=0.1))
    assert read_config(config, Facts()).label == "lr_config"
