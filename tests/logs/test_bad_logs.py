"""Broken logs: one sentence each, whole; and whatever the bytes, nothing but that."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lrviz.errors import LrvizError
from lrviz.logs import read

FILES: dict[str, bytes | str] = {
    "run.csv": "step,lr\n0,0.1\n",
    "empty.csv": "",
    "spaces.csv": " \n\n ",
    "header.csv": "step,lr\n",
    "binary.csv": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "wrong.csv": "step,loss\n0,1\n",
    "single.csv": "loss\n1\n",
    "prose.txt": "It was a dark and stormy night\n",
    "nan.csv": "step,lr\n0,\n1,NaN\n",
    "no-steps.csv": "step,lr\n,1\n",
    "negative.csv": "step,lr\n0,0.1\n1,-0.1\n",
    "infinite.csv": "step,lr\n0,0.1\n\n1,inf\n",
    "huge.jsonl": '{"step": 1, "lr": 1' + "0" * 400 + "}\n",
    "half.csv": "step,lr\n0,0.1\n0.5,0.1\n",
    "below.csv": "step,lr\n-1,0.1\n",
    "late.csv": "step,lr\n1e17,0.1\n",
    "word.csv": "step,lr\n0,fast\n1,1\n",
    "truth.jsonl": '{"step": 0, "lr": true}\n',
    "groups.csv": "step,lr-a,lr-b\n0,0.1,0.1\n1,0.1,0.2\n",
    "wide.csv": ",".join(["step", *(f"lr{i}" for i in range(70))]) + "\n",
    "columns.csv": ",".join(f"c{i}" for i in range(10**6)) + "\n" + "1," * 999_999 + "1\n",
    "cells.csv": 'step,lr\n0,"[0.1, 0.01]"\n',
    "lists.json": '{"a": [{"step": 0, "lr": 1}], "b": [{"step": 0, "lr": 2}]}',
    "ragged.csv": "step,lr\n0\n1\n",
    "quote.csv": 'step,lr\n0,"1\n1,2\n2,3\n',
    "backwards.csv": "step,lr\n5,1\n4,1\n3,1\n2,1\n",
    "list.json": '{"a": [1, 2],\n "b": 3}',
    "empty.json": "[]",
    "deep.json": "[" * 100_000,
    "deep.jsonl": '{"a":' * 100_000,
}
ERRORS = [
    ("", "a log has no name; write its path, such as @run.csv"),
    ("rum.csv", "there is no file 'rum.csv'; did you mean 'run.csv'?"),
    ("rum.csv:lr", "there is no file 'rum.csv'; did you mean 'run.csv'?"),
    ("zzz", "there is no file 'zzz'; check its name and the folder that you are in"),
    ("C:\\zzz", "there is no file 'C:\\zzz'; check its name and the folder that you are in"),
    ("no/run.csv", "there is no file 'no/run.csv'; nor is there a folder 'no'"),
    ("a\0b\x1b", "there is no file 'a\\x00b\\x1b'; check its name and the folder that you are in"),
    ("run.csv:", "'run.csv:' ends in a colon; name a column after it, or take it away"),
    ("run.csv:rl", "run.csv: there is no column 'rl'; its columns are 'step' and 'lr'"),
    ("run.csv:lrr", "run.csv: there is no column 'lrr'; did you mean 'lr'?"),
    (
        "folder",
        (
            "'folder' is a folder without TensorBoard event files (events.out.tfevents.*); "
            "name a file in it"
        ),
    ),
    ("runs", "'runs' holds several runs: 'runs/a' and 'runs/b'; name one of them"),
    (
        "cells.csv",
        (
            "cells.csv: row 2 has '[0.1, 0.01]' in column 'lr', several numbers; write each of "
            "them to a column of its own"
        ),
    ),
    (
        "lists.json",
        "lists.json: it holds 2 lists of entries, 'a' and 'b'; save one of them",
    ),
    ("empty.csv", "empty.csv: the file is empty; name another"),
    ("spaces.csv", "spaces.csv: the file is empty; name another"),
    ("header.csv", "header.csv: it has no rows; name another file"),
    (
        "binary.csv",
        (
            "binary.csv: this is a picture; export it as one that ends in .csv, .json, .jsonl, "
            ".log, .ndjson, .tsv or .txt"
        ),
    ),
    (
        "wrong.csv",
        (
            "wrong.csv: no column is called like a learning rate; its columns are 'step' and "
            "'loss'; name one as @wrong.csv:COLUMN"
        ),
    ),
    (
        "single.csv",
        (
            "single.csv: no column is called like a learning rate; it has 'loss'; "
            "name one as @single.csv:COLUMN, and that of the steps with step_column"
        ),
    ),
    (
        "prose.txt",
        (
            "prose.txt: no line of the text says a learning rate with its number, such as "
            "lr=0.001, nor any other; name another file"
        ),
    ),
    ("nan.csv", "nan.csv: column 'lr' is empty in 2 rows; name another as @nan.csv:COLUMN"),
    (
        "no-steps.csv",
        (
            "no-steps.csv: no row has both a rate in column 'lr' and a step in column 'step'; "
            "name another with step_column"
        ),
    ),
    (
        "negative.csv",
        (
            "negative.csv: row 3 has the rate -0.1 in column 'lr', and a rate is finite and at "
            "least 0; mend the row, or name another column as @negative.csv:COLUMN"
        ),
    ),
    (
        "infinite.csv",
        (
            "infinite.csv: row 4 has the rate inf in column 'lr', and a rate is finite and at "
            "least 0; mend the row, or name another column as @infinite.csv:COLUMN"
        ),
    ),
    (
        "huge.jsonl",
        (
            "huge.jsonl: row 1 has the rate inf in column 'lr', and a rate is finite and at "
            "least 0; mend the row, or name another column as @huge.jsonl:COLUMN"
        ),
    ),
    (
        "half.csv",
        (
            "half.csv: row 3 has the step 0.5 in column 'step', and a step is a whole number from "
            "0 to 2^53; mend the row, or name another with step_column"
        ),
    ),
    (
        "below.csv",
        (
            "below.csv: row 2 has the step -1 in column 'step', and a step is a whole number from "
            "0 to 2^53; mend the row, or name another with step_column"
        ),
    ),
    (
        "late.csv",
        (
            "late.csv: row 2 has the step 1e+17 in column 'step', and a step is a whole number "
            "from 0 to 2^53; mend the row, or name another with step_column"
        ),
    ),
    (
        "word.csv",
        (
            "word.csv: row 2 has 'fast' in column 'lr', which is no number; mend the row, "
            "or name another column as @word.csv:COLUMN"
        ),
    ),
    (
        "truth.jsonl",
        (
            "truth.jsonl: row 1 has 'True' in column 'lr', which is no number; mend the row, "
            "or name another column as @truth.jsonl:COLUMN"
        ),
    ),
    (
        "groups.csv",
        (
            "groups.csv: 2 columns may be the rate, and they differ: 'lr-a' and 'lr-b'; "
            "name one as @groups.csv:COLUMN, or all as @groups.csv:*"
        ),
    ),
    (
        "wide.csv",
        (
            "wide.csv: 70 columns may be the rate: 'lr0', 'lr1', 'lr2', 'lr3', 'lr4', 'lr5', "
            "'lr6', 'lr7' and 62 more; name one as @wide.csv:COLUMN"
        ),
    ),
    (
        "columns.csv",
        (
            "columns.csv: no column is called like a learning rate; its columns are 'c0', 'c1', "
            "'c2', 'c3', 'c4', 'c5', 'c6', 'c7' and 999,992 more; name one as @columns.csv:COLUMN, "
            "and that of the steps with step_column"
        ),
    ),
    (
        "ragged.csv",
        "ragged.csv: no row has 2 values as its first line does; name a file with a table",
    ),
    (
        "quote.csv",
        "quote.csv: row 2 is not quoted well (unexpected end of data); mend the row",
    ),
    (
        "backwards.csv",
        (
            "backwards.csv: the steps go back at 3 of 4 rows, first at row 3; sort the rows, "
            "or name other steps with step_column"
        ),
    ),
    (
        "list.json",
        (
            "list.json: no column is called like a learning rate; it has 'a'; "
            "name one as @list.json:COLUMN, and that of the steps with step_column"
        ),
    ),
    (
        "empty.json",
        ("empty.json: nothing in it is called like a learning rate; name another file"),
    ),
]


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder with all the broken logs."""
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for folder in ("folder", "runs/a", "runs/b"):
        Path(folder).mkdir(parents=True)
    for run in ("a", "b"):
        Path(f"runs/{run}/events.out.tfevents.1").touch()
    return tmp_path


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_a_broken_log_gets_one_sentence(text: str, message: str) -> None:
    with pytest.raises(LrvizError) as error:
        read(text)
    assert error.value.message == message


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize("name", sorted(FILES))
def test_every_broken_log_is_refused(name: str) -> None:
    if name != "run.csv":
        with pytest.raises(LrvizError, match=name):
            read(name)


@pytest.mark.usefixtures("logs")
def test_a_column_of_steps_that_is_not_there() -> None:
    with pytest.raises(LrvizError) as error:
        read("run.csv", "stp")
    assert error.value.message == "run.csv: there is no column 'stp'; did you mean 'step'?"


@pytest.mark.usefixtures("logs")
def test_a_line_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.logs.records.LONGEST", 1000)
    monkeypatch.setattr("lrviz.logs.records._PIECE", 100)
    with pytest.raises(LrvizError) as error:
        read("columns.csv")
    assert error.value.message == (
        "columns.csv: a line has more than 1,000 characters; name another file"
    )


@pytest.mark.usefixtures("logs")
def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("lrviz.logs.places.io.FileIO", refuse)
    with pytest.raises(LrvizError) as error:
        read("run.csv")
    assert error.value.message == (
        "'run.csv' cannot be read (permission denied); name another file"
    )


def test_events_without_the_package_that_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "events.out.tfevents.1").write_bytes(bytes(20) + b"brain.Event:2")
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto.event_pb2", None)
    with pytest.raises(LrvizError) as error:
        read(f"{tmp_path}/events.out.tfevents.1")
    assert error.value.message == (
        "events.out.tfevents.1: TensorBoard's event files are read with the package tensorboard; "
        "run: pip install tensorboard"
    )


words = st.sampled_from(
    [
        *(b"step", b"lr", b"epoch", b"loss", b",", b"\n", b'"', b"{", b"}", b"[", b"]", b":", b"1"),
        *(b"0.5", b"nan", b"-1", b"1e999", b"inf", b";", b"\t", b"\r\n", b" ", b"\0", b"\xff\xfe"),
        *(
            b'"log_history": [',
            b'{"step": 1, "lr": 0.1}',
            b"brain.Event:2",
            b"\xef\xbb\xbf",
            b"\xe4",
            *(b"lr=", b"step ", b"epoch 1 [3/9] ", b"9" * 400, b"/", b"#", b"|", b"*", b"run,"),
            *(b"{'lr': 1, 'epoch': 0.5}", b"3/9 [00:01<00:30]", b"key,value,step\n", b"\x1b[0m"),
        ),
    ]
)
contents = st.one_of(
    st.binary(max_size=300),
    st.lists(words, max_size=60).map(b"".join),
    st.lists(words, max_size=40).map(lambda found: b"step,lr\n0,1\n" + b"".join(found)),
    st.binary(max_size=100).map(lambda found: bytes(20) + b"brain.Event:2" + found),
)
names = st.sampled_from(["a.csv", "a.tsv", "a.json", "a.jsonl", "a", "events.out.tfevents.1"])


@given(names, contents, st.sampled_from(["", ":lr", ":1", ":"]))
@example("a.json", b"[" + b"9" * 5000 + b"]", "")
@example("a.jsonl", b'{"lr": ' + b"9" * 5000 + b"}", "")
def test_whatever_the_bytes_nothing_else_is_raised(
    tmp_path_factory: Any, name: str, content: bytes, column: str
) -> None:
    path = tmp_path_factory.mktemp("logs") / name
    path.write_bytes(content)
    try:
        log = read(f"{path}{column}")
    except LrvizError as error:
        assert "\n" not in error.message  # noqa: PT017 (either outcome is good)
        assert not error.message.endswith(".")  # noqa: PT017
    else:
        assert len(log.curve.steps) == len(log.curve.values) > 0


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run.csv").symlink_to("gone.csv")
    with pytest.raises(LrvizError) as error:
        read("run.csv")
    told = "'run.csv' is a link to 'gone.csv', which is not there; mend the link"
    assert str(error.value) == told


def test_a_pipe_is_waited_for_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    writer = threading.Timer(0.2, lambda: Path("pipe").write_text("step,lr\n5,0.1\n"))
    writer.start()
    assert read("pipe").curve.steps.tolist() == [5]
    writer.join()
    monkeypatch.setattr("lrviz.logs.places._PATIENCE", 0.1)
    with pytest.raises(LrvizError) as error:
        read("pipe")
    told = "'pipe' is a pipe into which nothing is written; begin to write into it, or name a file"
    assert str(error.value) == told


@pytest.mark.parametrize(
    "rest", ["(" * 10**6, " " * 10**6, "a.b-" * 10**5, ",1" * 10**6, "1/" * 10**6, "| a " * 10**5]
)
def test_a_line_without_end_takes_no_long_time(rest: str, tmp_path: Path) -> None:
    (tmp_path / "long.log").write_text(f"step 1 lr 0.5 {rest}\nstep 2 lr 0.25\n")
    log = read(str(tmp_path / "long.log"))
    assert log.curve.values.tolist() == [0.5, 0.25]
    note = "long.log: a line has more than 10,000 characters; only those were read"
    assert log.notes == (note,)
