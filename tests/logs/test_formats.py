"""Every format of logs: planted files, read whole."""

import csv
import io
import json
import os
import struct
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.logs import Log, endings, read

Points = dict[int, float]


def points(log: Log) -> Points:
    assert log.curve.steps.dtype == np.int64
    assert log.curve.values.dtype == np.float64
    assert (np.diff(log.curve.steps) > 0).all()
    return dict(zip(log.curve.steps.tolist(), log.curve.values.tolist(), strict=True))


def test_all_formats_are_found() -> None:
    assert endings() == [".csv", ".json", ".jsonl", ".log", ".ndjson", ".tsv", ".txt"]


LIGHTNING = "epoch,lr-AdamW,step,train_loss\n0,0.1,0,\n0,,0,2.5\n0,0.09,50,\n0,,50,2.4\n"
WANDB = (
    '"Step","run-name - _step","run-name - train/learning_rate",'
    '"run-name - train/learning_rate__MIN","run-name - train/learning_rate__MAX"\n'
    '"0","7","0.1","0.2","0.3"\n"10","8","0.05","0.2","0.3"\n'
)
YOLO = "      epoch,  train/box_loss,     lr/pg0\n   0,  0.1,  0.01\n   1,  0.2,0.02\n"
TRAINER_STATE = {
    "best_metric": None,
    "log_history": [
        {"epoch": 0.5, "learning_rate": 5e-5, "loss": 1.5, "step": 10},
        {"epoch": 1.0, "eval_loss": 1.2, "step": 10},
        {"epoch": 1.0, "learning_rate": 2.5e-5, "loss": 1.4, "step": 20},
    ],
    "max_steps": 20,
}
CASES: list[tuple[str, str, Points]] = [
    ("metrics.csv", LIGHTNING, {0: 0.1, 50: 0.09}),
    ("wandb.csv", WANDB, {0: 0.1, 10: 0.05}),
    ("results.csv", YOLO, {0: 0.01, 1: 0.02}),
    ("tensorboard.csv", "Wall time,Step,Value\n1e9,0,1e-3\n1e9,5,5E-4\n", {0: 1e-3, 5: 5e-4}),
    ("run.tsv", "step\tlr\n0\t0.1\n1\t0.2\n", {0: 0.1, 1: 0.2}),
    ("german.csv", "Schritt;step;lr\n9;0;0,001\n9;1;2e-3\n", {0: 0.001, 1: 0.002}),
    ("bom.csv", "\ufeffstep,lr\r\n0,0.1\r\n1,0.2\r\n", {0: 0.1, 1: 0.2}),
    ("mac.csv", "step,lr\r0,0.1\r1,0.2\r", {0: 0.1, 1: 0.2}),
    ("numbers.csv", "0,0.1\n10,0.2\n", {0: 0.1, 10: 0.2}),
    ("savetxt.txt", "0.000e+00 1.0e-01\n1.000e+01 2.0e-01\n", {0: 0.1, 10: 0.2}),
    ("no-end.csv", "step,lr\n0,0.1\n1,0.2", {0: 0.1, 1: 0.2}),
    ("noted.csv", 'step,note,lr\n0,"a, ""b""\nc",0.1\n1,x,0.2\n', {0: 0.1, 1: 0.2}),
    ("missing.csv", "step,lr\n0,0.1\n1,NaN\n2,null\n3,None\n4,\n5,0.2\n", {0: 0.1, 5: 0.2}),
    ("groups.csv", "step,lr-SGD/pg1,lr-SGD/pg2\n0,0.1,0.1\n1,,\n2,0.2,0.2\n", {0: 0.1, 2: 0.2}),
    ("both.csv", "base_lr,lr,step,lr-SGD-momentum\n1,0.1,0,0.9\n", {0: 0.1}),
    ("blank.csv", "\n\nstep,lr\n0,0.1\n\n1,0.2\n\n", {0: 0.1, 1: 0.2}),
    ("more.csv", "step,lr\n0,0.1,\n1,0.2,,\n", {0: 0.1, 1: 0.2}),
    ("unknown", "step,lr\n0,0.1\n", {0: 0.1}),
    (
        "lines.jsonl",
        '{"step": 0, "lr": 0.1}\n{"loss": 1}\n\n{"step": 1, "lr": "2e-1"}\n',
        {0: 0.1, 1: 0.2},
    ),
    ("lines.json", '{"step": 0, "lr": 0.1}\n{"step": 1, "lr": NaN}\n', {0: 0.1}),
    ("nested.jsonl", '{"iter": 3, "train": {"lr": [0.1, 0.1], "loss": 2}}\n', {3: 0.1}),
    ("table.json", '[{"step": 0, "lr": 0.1},\n {"step": 1, "lr": 0.2}]', {0: 0.1, 1: 0.2}),
    ("trainer_state.json", json.dumps(TRAINER_STATE, indent=2), {10: 5e-5, 20: 2.5e-5}),
    ("one-line.json", json.dumps(TRAINER_STATE), {10: 5e-5, 20: 2.5e-5}),
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_planted_log_is_read(name: str, text: str, expected: Points, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    log = read(str(tmp_path / name))
    assert points(log) == expected
    assert log.label == log.curve.label == name


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_spreadsheets_and_shells_of_windows_write(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text("step,lr\n0,0.1\n", encoding=encoding)
    assert points(read(str(tmp_path / "run.csv"))) == {0: 0.1}


@pytest.mark.parametrize("piece", [1, 3, 7])
@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_it_does_not_matter_where_the_pieces_end(
    name: str,
    text: str,
    expected: Points,
    piece: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lrviz.logs.records._PIECE", piece)
    monkeypatch.setattr("lrviz.logs.records._ROWS", piece)
    monkeypatch.setattr("lrviz.logs.formats.csv._CELLS", piece)
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert points(read(str(tmp_path / name))) == expected


COLUMNS = "step,other,a:lr,A - train/lr,loss\n0,8,0.1,0.5,3\n1,9,0.2,0.6,4\n"


@pytest.mark.parametrize(
    ("column", "step_column", "expected"),
    [
        ("loss", None, {0: 3, 1: 4}),
        ("LOSS", None, {0: 3, 1: 4}),
        ("a:lr", None, {0: 0.1, 1: 0.2}),
        ("train/lr", None, {0: 0.5, 1: 0.6}),
        ("A - train/lr", "loss", {3: 0.5}),
        ("loss", "other", {8: 3}),
    ],
)
def test_columns_can_be_named(
    column: str, step_column: str | None, expected: Points, tmp_path: Path
) -> None:
    (tmp_path / "run.csv").write_text(COLUMNS + ("2,10,,,\n" if step_column is None else ""))
    log = read(f"{tmp_path / 'run.csv'}:{column}", step_column)
    assert log.label == f"run.csv:{column}"
    assert {step: points(log)[step] for step in expected} == expected


def test_a_colon_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a:lr").write_text("step,lr,x\n0,0.1,0.7\n")
    assert read(str(tmp_path / "a:lr")).label == "a:lr"
    assert points(read(f"{tmp_path / 'a:lr'}:x")) == {0: 0.7}


def test_a_log_can_come_through_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=("step,lr\n0,0.1\n",))
    writer.start()
    assert points(read(str(tmp_path / "pipe"))) == {0: 0.1}
    writer.join()


rates = st.dictionaries(st.integers(0, 2**53), st.floats(0, 1e300), min_size=1, max_size=30)


@given(rates)
def test_what_is_written_is_read_back(tmp_path_factory: Any, written: Points) -> None:
    folder = tmp_path_factory.mktemp("logs")
    rows = sorted(written.items())
    for name, mark in (("a.csv", ","), ("b.tsv", "\t"), ("c.csv", ";")):
        text = io.StringIO()
        csv.writer(text, delimiter=mark).writerows(
            [("step", "loss", "lr"), *((s, "", r) for s, r in rows)]
        )
        (folder / name).write_text(text.getvalue())
        assert points(read(str(folder / name))) == written
    lines = "".join(json.dumps({"step": s, "lr": r}) + "\n" for s, r in rows)
    (folder / "d.jsonl").write_text(lines)
    assert points(read(str(folder / "d.jsonl"))) == written


def record(data: bytes) -> bytes:
    """Return a record of an event file; its checksums are not looked at."""
    return struct.pack("<QI", len(data), 0) + data + bytes(4)


def event(step: int, **rates: float) -> bytes:
    """Return an event as TensorBoard writes it, field by field."""
    values = b"".join(
        b"\x0a" + bytes([len(value)]) + value
        for tag, rate in rates.items()
        for value in [
            b"\x0a" + bytes([len(tag)]) + tag.encode() + b"\x15" + struct.pack("<f", rate)
        ]
    )
    head = b"\x09" + struct.pack("<d", 1e9) + b"\x10" + bytes([step])
    return record(head + b"\x2a" + bytes([len(values)]) + values)


VERSION = record(b"\x09" + struct.pack("<d", 1e9) + b"\x1a\x0dbrain.Event:2")
EVENTS = VERSION + event(0, loss=2, learning_rate=0.5) + event(5, learning_rate=0.25)
NAME = "events.out.tfevents.1700000000.host.1.0"


def test_event_files_of_tensorboard(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / NAME).write_bytes(EVENTS)
    for path in (tmp_path / "run" / NAME, tmp_path / "run", tmp_path):
        log = read(str(path))
        assert points(log) == {0: 0.5, 5: 0.25}
        assert (log.label, log.notes) == (path.name, ())
    assert points(read(f"{tmp_path / 'run'}:loss")) == {0: 2}


def test_event_files_of_a_resumed_run(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(EVENTS)
    (tmp_path / f"{NAME}.2").write_bytes(VERSION + event(4, learning_rate=0.75))
    log = read(str(tmp_path))
    assert points(log) == {0: 0.5, 4: 0.75}
    assert [note.partition(": ")[2] for note in log.notes] == [
        "the steps go back at row 5 (a resumed run); the later rows count"
    ]


@pytest.mark.parametrize("cut", [1, 5, 20, 40])
def test_an_event_file_that_is_cut_off(cut: int, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(EVENTS[:-cut])
    log = read(str(tmp_path / NAME))
    assert points(log) == {0: 0.5}
    assert log.notes == (
        f"{NAME}: {NAME} is broken or cut off after event 2; what is before counts",
    )


def test_scalars_that_are_tensors(tmp_path: Path) -> None:
    """As TensorFlow 2 and Keras write them."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.util.tensor_util import make_tensor_proto

    written = Event(step=3)
    for tag, content in (("epoch_learning_rate", 0.5), ("image", [1.0, 2.0]), ("text", b"x")):
        tensor = make_tensor_proto(content)
        written.summary.value.add(tag=tag, tensor=tensor)
    (tmp_path / NAME).write_bytes(VERSION + record(written.SerializeToString()))
    assert points(read(str(tmp_path / NAME))) == {3: 0.5}
