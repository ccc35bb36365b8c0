"""Lines as trainers print them to a console: each line's rate is found at its step."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz.errors import LrvizError
from lrviz.logs import read

Points = dict[int, float]
Line = Callable[[int, str], str]

EVERY = [10, 20, 30, 40, 50, 60]
"""The steps of the lines; of those in epochs, each epoch has 30."""


def rate(step: int) -> float:
    """Return a rate that has few digits."""
    return round(1e-3 - 1e-5 * step, 6)


def epoch(step: int, first: int = 0) -> int:
    return (step - 1) // 30 + first


def within(step: int) -> int:
    return (step - 1) % 30 + 1


GLOBAL: dict[str, Line] = {
    "Megatron": lambda t, lr: (
        f" [2025-05-27 15:23:07] iteration {t:8}/     500 | consumed samples: {t * 256:12} | "
        f"elapsed time per iteration (ms): 271.0 | learning rate: {float(lr):.6E} | "
        "global batch size:   256 | lm loss: 1.192634E+01 | loss scale: 1.0 | "
        "number of skipped iterations:   0 |"
    ),
    "Megatron-DeepSpeed": lambda t, lr: (
        f" iteration {t:8}/ 500 | consumed samples: 9 | consumed tokens: 99 | "
        f"elapsed time per iteration (s): 0.27 | learning rate: {float(lr):.3E} | lm loss: 1E+01 |"
    ),
    "fairseq simple": lambda t, lr: (
        f"2020-07-22 17:01:39 | INFO | train_inner | epoch {epoch(t, 1):03}: {within(t):6} / 30 "
        f"loss=8.96, ppl=325.7, wps=4000, ups=1.2, num_updates={t}, lr={lr}, gnorm=1.6, wall=24"
    ),
    "fairseq json": lambda t, lr: (
        f'2020-07-22 17:01:39 | INFO | train_inner | {{"epoch": {epoch(t, 1)}, '
        f'"update": {t / 30:.3f}, "loss": "8.96", "num_updates": "{t}", "lr": "{lr}"}}'
    ),
    "nanoGPT": lambda t, lr: (
        f"iter {t}: loss 9.7500, grad_norm 2.06, lr {float(lr):.2e}, time 104.3ms, mfu 20.0%"
    ),
    "build-nanogpt": lambda t, lr: (
        f"step {t:5} | loss: 9.750000 | lr {float(lr):.4e} | norm: 2.06 | dt: 338.03ms | "
        "tok/sec: 1550.2"
    ),
    "llm.c": lambda t, lr: (
        f"step {t:4}/19560 | loss 9.75 (+nanz)| norm 15.3 (+nanz)| lr {float(lr):.2e} | "
        "2345.6 ms | 49.9% bf16 MFU | 223000 tok/s"
    ),
    "modded-nanogpt": lambda t, lr: (
        f"step:{t}/5100 train_loss:6.0 train_time:100ms step_avg:5.0ms lr:{lr}"
    ),
    "DeepSpeed": lambda t, lr: (
        f"[2023-09-01 10:00:10,101] [INFO] [logging.py:96:log_dist] [Rank 0] step={t}, skipped=0, "
        f"lr=[{lr}, {lr}], mom=[(0.9, 0.95), (0.9, 0.95)]"
    ),
    "Detectron2": lambda t, lr: (
        f"[01/02 10:11:12 d2.utils.events]:  eta: 0:01:39  iter: {t}  total_loss: 1.0  "
        f"loss_cls: 0.5  time: 0.2  last_time: 0.2  data_time: 0.01  lr: {lr}  max_mem: 2100M"
    ),
    "MMEngine by iteration": lambda t, lr: (
        f"2023/01/02 10:11:12 - mmengine - INFO - Iter(train) [{t:6}/90000]  base_lr: 1.0000e-02 "
        f"lr: {lr}  eta: 1 day, 1:00:00  time: 0.5  data_time: 0.01  memory: 3000  loss: 1.0"
    ),
    "mmcv by iteration": lambda t, lr: (
        f"2021-01-02 10:11:12,123 - mmseg - INFO - Iter [{t}/160000]\tlr: {lr}, eta: 1:00:00, "
        "time: 0.5, data_time: 0.01, memory: 3000, decode.loss_ce: 1.0, loss: 1.0"
    ),
    "PaddleSeg": lambda t, lr: (
        f"2021-01-02 10:11:12 [INFO]\t[TRAIN] epoch: {epoch(t, 1)}, iter: {t}/160000, loss: 0.6, "
        f"lr: {lr}, batch_cost: 0.5, reader_cost: 0.1, ips: 5.0 samples/sec | ETA 10:00:00"
    ),
    "PaddleOCR": lambda t, lr: (
        f"[2021/01/02 10:11:12] ppocr INFO: epoch: [{epoch(t, 1)}/500], global_step: {t}, "
        f"lr: {lr}, loss: 1.0, avg_reader_cost: 0.1 s, ips: 5.0 samples/s, eta: 1:00:00"
    ),
    "PaddleNLP": lambda t, lr: (
        f"[2021-01-02 10:11:12,000] [    INFO] - global step {t}, epoch: {epoch(t)}, "
        f"batch: {within(t) - 1}, loss: 0.69, lr: {lr}, speed: 4.5 step/s"
    ),
    "OpenNMT": lambda t, lr: (
        f"[2020-01-02 10:11:12,000 INFO] Step {t}/100000; acc:   3.40; ppl: 100.0; xent: 9.1; "
        f"lr: {lr}; 1000/1000 tok/s;     20 sec"
    ),
    "Marian": lambda t, lr: (
        f"[2020-01-02 10:11:12] Ep. {epoch(t, 1)} : Up. {t} : Sen. 123,456 : Cost 8.1 * 1,234 @ "
        f"1,000 after 12,345 : Time 100s : 1000 words/s : gNorm 1.0 : L.r. {float(lr):.4e}"
    ),
    "TensorFlow hook": lambda t, lr: (
        f"INFO:tensorflow:learning_rate = {lr}, loss = 2.0, step = {t} (0.512 sec)"
    ),
    "clu": lambda t, lr: (
        f"I0102 10:11:12.123456 1234 logging_writer.py:48] [{t}] learning_rate={lr}, loss=2.3, "
        "steps_per_second=5.0"
    ),
    "a dict after a bar": lambda t, lr: (
        f"  5%|▌         | {t}/200 [00:01<00:30,  5.09it/s]"
        f"{{'loss': 2.4, 'grad_norm': 1.25, 'learning_rate': {lr}, 'epoch': {t / 30:.2f}}}"
    ),
    "a dict with its step": lambda t, lr: f"{{'step': {t}, 'lr': [{lr}], 'loss': 2.4}}",
    "JSON after a prefix": lambda t, lr: (
        f'2024-01-02T10:11:12Z INFO {{"step": {t}, "train": {{"loss": 2, "lr": {lr}}}}}'
    ),
    "torchtitan": lambda t, lr: (
        f"[rank0]:[titan] 2024-01-02 10:11:12,000 - root - INFO - step: {t:2}  loss:  8.0  "
        f"grad_norm: 1.0  lr: {lr}  memory: 40.0GiB(50.0%)  tps: 1,234  mfu: 40.0%"
    ),
    "llm.c's main.log": lambda t, lr: f"s:{t} trl:4.1 lr:{lr} norm:1.2",
    "a named bar": lambda t, lr: (
        f"Steps:  {t // 20}%|█▏  | {t}/2000 [01:02<10:00,  1.20it/s, lr={lr}, step_loss=0.08]"
    ),
    "icefall": lambda t, lr: (
        f"2023-01-01 10:00:00,123 INFO [train.py:895] (0/8) Epoch 1, batch {t}, loss[loss=0.2, "
        f"over 1000.00 frames. ], tot_loss[loss=0.2], batch size: 30, lr: {lr}, grad_scale: 8.0"
    ),
    "WeNet's first epoch": lambda t, lr: (
        f"2023-01-02 10:11:12,123 DEBUG TRAIN Batch 0/{t} loss 88.2 lr {lr} rank 0"
    ),
    "Stable Baselines": lambda t, lr: (
        "-----------------------------\n| time/              |       |\n"
        f"|    iterations      | 1     |\n|    total_timesteps | {t:5} |\n"
        f"| train/             |       |\n|    learning_rate   | {lr} |\n"
        f"|    n_updates       | 9     |\n-----------------------------"
    ),
    "a heading of words": lambda t, lr: ("one run of\n" if t == 10 else "") + f"step {t} lr {lr}",
    "a percent": lambda t, lr: f"step {t} lr {float(lr) * 100:.6g}%",
    "what Docker keeps": lambda t, lr: (
        f'{{"log":"step {t} lr {lr}\\n","stream":"stdout","time":"2024-01-01T10:00:00Z"}}'
    ),
    "a tensor": lambda t, lr: f"Global step {t}: learning rate = tensor({lr}, device='cuda:0')",
    "Chinese": lambda t, lr: f"步数: {t}, 学习率: {lr}",
}
IN_EPOCHS: dict[str, Line] = {
    "MMEngine by epoch": lambda t, lr: (
        f"01/02 10:11:12 - mmengine - INFO - Epoch(train)   [{epoch(t, 1)}][{within(t):4}/30]  "
        f"lr: {lr}  eta: 1:00:00  time: 0.5  data_time: 0.01  memory: 3000  loss: 1.0"
    ),
    "mmcv by epoch": lambda t, lr: (
        f"2021-01-02 10:11:12,123 - mmdet - INFO - Epoch [{epoch(t, 1)}][{within(t)}/30]\t"
        f"lr: {lr}, eta: 1:00:00, time: 0.5, loss: 1.0"
    ),
    "timm": lambda t, lr: (
        f"Train: {epoch(t)} [{within(t):5}/30 ({within(t) / 0.3:3.0f}%)]  Loss: 6.9 (6.95)  "
        f"Time: 0.512s, 500.0/s  (0.5s, 500.0/s)  LR: {lr}  Data: 0.01 (0.02)"
    ),
    "Swin": lambda t, lr: (
        f"[2021-04-12 14:03:10 swin_tiny](main.py 226): INFO Train: [{epoch(t)}/300]"
        f"[{within(t)}/30]\teta 0:10:00 lr {lr}\t time 0.5 (0.6)\tloss 6.9 (6.9)\tmem 900MB"
    ),
    "torchvision": lambda t, lr: (
        f"Epoch: [{epoch(t)}]  [{within(t):4}/30]  eta: 0:12:34  lr: {lr}  img/s: 12.3  "
        "loss: 6.9 (6.95)  time: 0.5  data: 0.01  max mem: 2000"
    ),
    "PaddleClas": lambda t, lr: (
        f"[2021/01/02 10:11:12] ppcls INFO: [Train][Epoch {epoch(t, 1)}/120]"
        f"[Iter: {within(t)}/30]lr(LinearWarmup): {lr}, top1: 0.1, CELoss: 6.9, loss: 6.9"
    ),
    "PaddleDetection": lambda t, lr: (
        f"[01/02 10:11:12] ppdet.engine INFO: Epoch: [{epoch(t)}] [{within(t):3}/30] "
        f"learning_rate: {lr} loss: 1.0 eta: 1:00:00 batch_cost: 0.5 ips: 4.0 images/s"
    ),
    "ESPnet": lambda t, lr: (
        f"[host] 2021-01-02 10:11:12,000 (trainer:707) INFO: {epoch(t, 1)}epoch:train:"
        f"{within(t) - 9}-{within(t)}batch: iter_time=0.001, loss=1.0, optim0_lr0={lr}, "
        "train_time=0.5"
    ),
    "Gluon": lambda t, lr: (
        f"Epoch[{epoch(t)}] Batch [{within(t)}]\tSpeed: 1000.00 samples/sec\taccuracy=0.1\tlr={lr}"
    ),
    "Lightning's bar": lambda t, lr: (
        f"Epoch {epoch(t)}:  33%|███▎      | {within(t)}/30 [00:10<00:20, 10.00it/s, v_num=0, "
        f"loss=1.0, lr={lr}]"
    ),
    "a tutorial": lambda t, lr: (
        f"Epoch [{epoch(t, 1)}/10], Step [{within(t)}/30], Loss: 2.2, LR: {lr}"
    ),
    "word language model": lambda t, lr: (
        f"| epoch {epoch(t, 1):3} | {within(t):5}/   30 batches | lr {lr} | ms/batch 10.00 | "
        "loss  7.6 | ppl  2000"
    ),
    "WeNet": lambda t, lr: (
        ("" if within(t) > 10 else f"2023-01-02 10:11:12,123 INFO Epoch {epoch(t)} TRAIN info\n")
        + f"2023-01-02 10:11:12,123 DEBUG TRAIN Batch {within(t)}/30 loss 88.2 lr {lr} rank 0"
    ),
    "Composer": lambda t, lr: (
        f"[epoch={epoch(t)}][batch={within(t)}/30]:\n\t Train time/batch: 9\n"
        f"\t Train lr-DecoupledAdamW/group0: {lr}\n\t Train loss: 2.0"
    ),
}
BY_EPOCH: dict[str, Line] = {
    "PyTorch's schedulers": lambda t, lr: (
        f"Epoch {t:5}: adjusting learning rate of group 0 to {float(lr):.4e}.\n"
        f"Epoch {t:5}: adjusting learning rate of group 1 to {float(lr):.4e}."
    ),
    "PyTorch's plateau": lambda t, lr: (
        f"Epoch {t:05}: reducing learning rate of group 0 to {float(lr):.4e}."
    ),
    "Keras' schedule": lambda t, lr: (
        f"\nEpoch {t}: LearningRateScheduler setting learning rate to {lr}.\nEpoch {t}/60\n"
        f"100/100 - 1s - loss: 0.5 - lr: {float(lr):.4e} - 1s/epoch"
    ),
    "Keras' plateau": lambda t, lr: (
        f"Epoch {t:05}: ReduceLROnPlateau reducing learning rate to {lr}."
    ),
    "Keras' line of an epoch": lambda t, lr: (
        f"Epoch {t}/60\n100/100 - 1s - 12ms/step - accuracy: 0.5 - loss: 0.5 - "
        f"learning_rate: {float(lr):.4e}"
    ),
    "Keras' bar of an epoch": lambda t, lr: (
        f"Epoch {t}/60\n100/100 ━━━━━━━━━━━━━━━━━━━━ 1s 12ms/step - loss: 0.5 - lr: {lr}"
    ),
    "Keras 3": lambda t, lr: (
        f"Epoch {t}/60\n\r\x1b[1m 1/100\x1b[0m \x1b[32m━\x1b[0m 1s 10ms/step - loss: 0.3"
        f"\x08\x08\r\x1b[1m100/100\x1b[0m \x1b[32m━━\x1b[0m 1s 10ms/step - learning_rate: {lr}"
    ),
    "SpeechBrain": lambda t, lr: (
        f"epoch: {t}, lr: {float(lr):.2e} - train loss: 2.30 - valid loss: 1.20, valid acc: 0.5"
    ),
    "a print": lambda t, lr: f"Epoch-{t} lr: {lr}",
}
CASES = {
    **{name: (line, "global") for name, line in GLOBAL.items()},
    **{name: (line, "epochs") for name, line in IN_EPOCHS.items()},
    **{name: (line, "epoch") for name, line in BY_EPOCH.items()},
}
BANNER = "Starting the run at 10:00\n***** Running training *****\n  Num examples = 1,600\n"


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("banner", ["", BANNER])
def test_the_lines_of_a_trainer_are_read(name: str, banner: str, tmp_path: Path) -> None:
    line, kind = CASES[name]
    text = "".join(line(t, str(rate(t))) + "\n" for t in EVERY)
    (tmp_path / "train.log").write_text(banner + text + "done in 5 s\n", encoding="utf-8")
    curve = read(str(tmp_path / "train.log")).curve
    found = dict(zip(curve.steps.tolist(), curve.values.tolist(), strict=True))
    assert found == {t: pytest.approx(rate(t), rel=1e-9) for t in EVERY}, kind


def notes_of(text: str, folder: Path, **known: float) -> tuple[Points, list[str]]:
    """Return the points of a text, and what was told of it."""
    (folder / "train.log").write_text(text, encoding="utf-8")
    log = read(str(folder / "train.log"), **known)  # type: ignore[arg-type]
    curve = log.curve
    found = dict(zip(curve.steps.tolist(), curve.values.tolist(), strict=True))
    return found, [note.removeprefix("train.log: ") for note in log.notes]


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        (
            "lr: 0.1\nlr: 0.2\n",
            {0: 0.1, 1: 0.2},
            ["no column is called like steps; its rows count as steps, from 0"],
        ),
        (
            "step 1 lr 0.1\nlearning rate: 5\nstep 2 lr 0.2\nlr: 9\nstep 3 lr: nan\n",
            {1: 0.1, 2: 9},
            [
                (
                    "the rates are those called 'lr'; lines that call them 'learning_rate' were "
                    "passed over"
                ),
                "1 row without a rate was passed over",
                "2 rows for one step; the last of them counts",
            ],
        ),
        (
            "epoch 1 [10/30] lr 3\nepoch 1 [20/30] lr 2\nepoch 2 [10/30] lr 1\n",
            {10: 3, 20: 2, 40: 1},
            [
                (
                    "the counter of its steps begins anew in each epoch; they are counted "
                    "on, 30 to an "
                    "epoch"
                )
            ],
        ),
        (
            "epoch 1 batch 10 lr 3\nepoch 1 batch 20 lr 2\nepoch 2 batch 10 lr 1\n",
            {10: 3, 20: 2, 30: 1},
            [
                (
                    "the counter of its steps begins anew in each epoch; they are counted "
                    "on, 20 to an "
                    "epoch, which is as far as it goes; if an epoch has more, say how many"
                )
            ],
        ),
        (
            "Epoch 1/9\n5/5 - 1s - lr: 3\nEpoch 2/9\n5/5 - 1s - lr: 2\n",
            {1: 3, 2: 2},
            ["no column is called like steps but that of the epochs; those count"],
        ),
        ("step 1,000 lr: 0,5\nstep 2,000 lr: 1,25e-2\n", {1000: 0.5, 2000: 0.0125}, []),
        (
            "step 1 lr 0.1\nstep 5 lr 0.2\nstep 3 lr 0.3\n",
            {1: 0.1, 3: 0.3},
            ["the steps go back at row 3 (a resumed run); the later rows count"],
        ),
    ],
)
def test_what_is_mended_in_a_text_is_told(
    text: str, expected: Points, notes: list[str], tmp_path: Path
) -> None:
    assert notes_of(text, tmp_path) == (expected, notes)


def bar(step: int) -> str:
    return f"\r  5%|▌ | {step}/200 [00:01<00:30,  5.09it/s]"


def entry(step: int) -> str:
    return f"{{'loss': 2.4, 'learning_rate': {rate(step)}, 'epoch': {step / 30:.2f}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        "".join(bar(t) + "\n" + entry(t) for t in EVERY),
        "".join(entry(t) + bar(t) + "\n" for t in EVERY),
        bar(0) + "".join(bar(t - 3) + "\r" + entry(t) + bar(t) for t in EVERY) + "\n",
    ],
    ids=["a bar before", "a bar after", "bars drawn now and then"],
)
def test_a_dict_printed_over_a_bar_is_of_the_step_that_fits_its_epoch(
    text: str, tmp_path: Path
) -> None:
    assert notes_of(text, tmp_path) == ({t: rate(t) for t in EVERY}, [])


def test_an_epoch_that_is_null_says_nothing_of_a_bar(tmp_path: Path) -> None:
    known = "".join(bar(t) + "\n" + entry(t) for t in EVERY)
    text = f"{known}{bar(70)}\n{{'learning_rate': 0.5, 'epoch': null}}\n"
    assert notes_of(text, tmp_path)[0] == {**{t: rate(t) for t in EVERY}, 70: 0.5}


def test_a_bar_that_fits_no_epoch_counts_nothing(tmp_path: Path) -> None:
    text = "".join(bar(3 + 7 * (t % 4)) + "\n" + entry(t) for t in EVERY)
    with pytest.raises(LrvizError, match="no column counts steps; say how many an epoch has"):
        notes_of(text, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[32mstep 1:\x1b[0m lr 0.5\n\x1b[32mstep 2:\x1b[0m lr 0.25\n",
        "step 1e0 lr 50%\nstep 2 lr 25%\n",
        "step 0.001k: lr 0.5\nstep 0.002k: lr 0.25\n",
        "1 | lr 0.5 | 5.1ms\n2 | lr 0.25 | 5.1ms\n",
        "completed step: 1, learning_rate: 0.5\ncompleted step: 2, learning_rate: 0.25\n",
        "[{'step': 1, 'lr': 0.5}, {'step': 2, 'lr': 0.25}]\n",
        '{\n "step": 1,\n "lr": 0.5\n}\n{\n "step": 2,\n "lr": 0.25\n}\n',
    ],
)
def test_other_ways_to_print_a_step(text: str, tmp_path: Path) -> None:
    assert notes_of(text, tmp_path) == ({1: 0.5, 2: 0.25}, [])


def test_how_long_an_epoch_is_can_be_said(tmp_path: Path) -> None:
    text = "epoch 0 batch 0 lr 3\nepoch 0 batch 9 lr 2\nepoch 1 batch 0 lr 1\n"
    found, notes = notes_of(text, tmp_path, steps_per_epoch=12)
    assert found == {0: 3, 9: 2, 12: 1}
    assert notes == [
        "the counter of its steps begins anew in each epoch; they are counted on, 12 to an epoch"
    ]
    found, notes = notes_of(
        "{'lr': 2, 'epoch': 0.5}\n{'lr': 1, 'epoch': 1.5}\n", tmp_path, steps_per_epoch=12
    )
    assert found == {6: 2, 18: 1}
    assert notes == [
        "no column is called like steps but that of the epochs; those count, of 12 steps each"
    ]


def test_groups_of_parameters_can_be_named_in_a_text(tmp_path: Path) -> None:
    (tmp_path / "t.log").write_text("[0] step=1, lr=[1, 2]\n[0] step=2, lr=[3, 4]\n")
    assert read(f"{tmp_path / 't.log'}:lr/1").curve.values.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (
            "It was a dark night\nand stormy\n",
            "",
            (
                "no line of the text says a learning rate with its number, such as "
                "lr=0.001, nor any "
                "other; name another file"
            ),
        ),
        (
            "step 1: loss 2\nstep 2: loss 1\n",
            "",
            (
                "no line of the text says a learning rate with its number, such as "
                "lr=0.001; the lines "
                "say 'step' and 'loss'; name one as @train.log:COLUMN"
            ),
        ),
        (
            "import torch\nlr = 0.1\n",
            "",
            (
                "it says one rate, in row 2, and no step beside it; name a file with a line for "
                "each step"
            ),
        ),
        (
            "step 1: lr 2\n",
            ":rate",
            (
                "no line of the text says 'rate' with its number, such as rate: 1; the lines say "
                "'step' and 'lr'; name one as @train.log:COLUMN"
            ),
        ),
        (
            "step 1, lr=[1, 2]\nstep 2, lr=[1, 2]\n",
            "",
            (
                "2 columns may be the rate, and they differ: 'lr/0' and 'lr/1'; name one as "
                "@train.log:COLUMN, or all as @train.log:*"
            ),
        ),
        (
            "{'lr': 2, 'epoch': 0.5}\n",
            "",
            (
                "row 1 has the epoch 0.5 in column 'epoch', and no column counts steps; say "
                "how many "
                "an epoch has with steps_per_epoch"
            ),
        ),
    ],
)
def test_a_text_that_says_no_rates_by_step(
    text: str, column: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.log").write_text(text)
    with pytest.raises(LrvizError) as error:
        read(f"train.log{column}")
    assert error.value.message == f"train.log: {message}"
