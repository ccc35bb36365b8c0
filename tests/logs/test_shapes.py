"""The shapes that tables of rates have, and how several curves are drawn from one file."""

import bz2
import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from lrviz.errors import LrvizError
from lrviz.logs import read, read_all

Points = dict[int, float]
RATES = {0: 0.1, 10: 0.2}
BY_ROW = {0: 0.1, 1: 0.2}

FILES: dict[str, tuple[Any, Points]] = {
    "long.csv": (
        "key,value,timestamp,step\nloss,2,1,0\nlr,0.1,1,0\nloss,1,2,10\nlr,0.2,2,10\n",
        RATES,
    ),
    "long.jsonl": (
        '{"tag": "lr", "step": 0, "value": 0.1}\n{"tag": "lr", "step": 10, "value": 0.2}\n',
        RATES,
    ),
    "comet.json": (
        [
            {"metricName": "loss", "metricValue": "9", "step": 0, "epoch": None},
            {"metricName": "lr", "metricValue": "0.1", "step": 0, "epoch": None},
            {"metricName": "lr", "metricValue": "0.2", "step": 10, "epoch": None},
        ],
        RATES,
    ),
    "aim.csv": (
        (
            "run.hash,metric.name,context,step,value\n"
            "a,lr,{},0,0.1\na,loss,{},0,9\na,lr,{},10,0.2\na,loss,{},10,9\n"
        ),
        RATES,
    ),
    "mlflow.json": (
        {
            "metrics": [
                {"key": "lr", "value": v, "timestamp": 9, "step": t} for t, v in RATES.items()
            ]
        },
        RATES,
    ),
    "inside.json": (
        {"run": "a", "data": {"rows": [{"step": 0, "lr": 0.1}, {"step": 10, "lr": 0.2}]}},
        RATES,
    ),
    "two-lists.json": (
        {
            "val": [{"step": 0, "loss": 1}],
            "train": [{"step": 0, "lr": 0.1}, {"step": 10, "lr": 0.2}],
        },
        RATES,
    ),
    "printed.txt": ("{'loss': [1.0, nan], 'lr': [np.float64(0.1), 0.2]}\n", BY_ROW),
    "neptune.csv": ("step,lr,lr timestamp\n0,0.1,2024-01-01\n10,0.2,2024-01-02\n", RATES),
    "index.csv": (",lr\n0,0.1\n10,0.2\n", RATES),
    "sb3.csv": ("time/iterations,time/total_timesteps,train/lr\n1,0,0.1\n2,10,0.2\n", RATES),
    "percents.csv": ("step,lr\n0,10%\n10,20 %\n", RATES),
    "kilo.csv": ("step,lr\n0,0.1\n0.01k,0.2\n", RATES),
    "swiss.csv": ("step;lr\n1'000;0.1\n10\u202f000;0.2\n", {1000: 0.1, 10000: 0.2}),
    "fortran.csv": ("step,lr\n0,1.0D-01\n10,2.0d-1\n", RATES),
    "numpy.csv": ("step,lr\n0,[np.float64(0.1)]\n10,[np.float64(0.2)]\n", RATES),
    "excel.csv": ("sep=;\nstep;lr\n0;0.1\n10;0.2\n", RATES),
    "rich.txt": (
        "┏━━━━┳━━━━┓\n┃ step ┃ lr ┃\n┡━━━━╇━━━━┩\n│ 0 │ 0.1 │\n│ 10 │ 0.2 │\n└──┴──┘\n",
        RATES,
    ),
    "grid.txt": (
        "+----+----+\n| step | lr |\n+====+====+\n| 0 | 0.1 |\n+----+----+\n| 10 | 0.2 |\n",
        RATES,
    ),
    "tabulate.txt": ("step    lr\n----  ----\n   0   0.1\n  10   0.2\n", RATES),
    "pandas.txt": ("   step   lr\n0     0  0.1\n1    10  0.2\n", RATES),
    "one-run.csv": ("run,step,lr\na,0,0.1\na,10,0.2\n", RATES),
    "lists.json": ({"loss": [2, 1], "lr": [0.1, 0.2], "val": [1]}, BY_ROW),
    "lists-with-steps.json": ({"step": [0, 10], "lr": [0.1, 0.2]}, RATES),
    "history.json": (
        {"history": {"loss": [2, 1], "lr": [0.1, 0.2]}, "params": {"epochs": 2}},
        BY_ROW,
    ),
    "rates.json": ([0.1, 0.2], BY_ROW),
    "pairs.json": ([[0, 0.1], [10, 0.2]], RATES),
    "tensorboard.json": ([[1e9, 0, 0.1], [1e9, 10, 0.2]], RATES),
    "tagged.json": ({"lr": [[1e9, 0, 0.1], [1e9, 10, 0.2]]}, RATES),
    "table.json": ([["step", "lr"], [0, 0.1], [10, 0.2]], RATES),
    "pandas.json": ({"step": {"0": 0, "1": 10}, "lr": {"0": 0.1, "1": 0.2}}, RATES),
    "split.json": (
        {"columns": ["step", "lr"], "index": [0, 1], "data": [[0, 0.1], [10, 0.2]]},
        RATES,
    ),
    "by-step.json": ({"0": 0.1, "10": 0.2}, RATES),
    "lists.csv": ("step,lr\n0,[0.1]\n10,[0.2]\n", RATES),
    "tensors.csv": ("step;lr\n0;tensor(1e-1)\n10;tensor([0.2], device='cuda:0')\n", RATES),
    "german.csv": ("step;lr\n0;0,1\n10;0,2\n", RATES),
    "quoted.csv": ('step,lr\n0,"0,1"\n10,"0,2"\n', RATES),
    "thousands.csv": ('step,lr\n"1,000",0.1\n"10,000",0.2\n', {1000: 0.1, 10000: 0.2}),
    "comments.csv": ("# made by hand\n# on Monday\nstep,lr\n0,0.1\n# half\n10,0.2\n", RATES),
    "savetxt.txt": ("# step lr\n0.0e+00 1.0e-01\n1.0e+01 2.0e-01\n", RATES),
    "aligned.txt": ("step      lr\n   0     0.1\n  10     0.2\n", RATES),
    "table.md": ("| step | lr |\n| ---: | --: |\n| 0 | 0.1 |\n| 10 | 0.2 |\n", RATES),
    "latin.csv": ("Größe;step;lr\n1;0;0,1\n1;10;0,2\n".encode("latin-1"), RATES),
    "utf-16.csv": ("step,lr\n0,0.1\n10,0.2\n".encode("utf-16"), RATES),
    "no-mark.csv": ("step,lr\n0,0.1\n10,0.2\n".encode("utf-16-le"), RATES),
    "utf-32.csv": ("step,lr\n0,0.1\n10,0.2\n".encode("utf-32"), RATES),
    "run.csv.gz": (gzip.compress(b"step,lr\n0,0.1\n10,0.2\n"), RATES),
    "run.csv.bz2": (bz2.compress(b"step,lr\n0,0.1\n10,0.2\n"), RATES),
    "run.jsonl.xz": (lzma.compress(b'{"step": 0, "lr": 0.1}\n{"step": 10, "lr": 0.2}\n'), RATES),
    "lr": ("1654943296000 0.1 0\n1654943297000 0.2 10\n", RATES),
    "banner.csv": ("Started\nConfig: lr=0.5\n\nstep,lr,loss\n0,0.1,2\n10,0.2,1\n", RATES),
    "chinese.csv": ("步数,学习率\n0,0.1\n10,0.2\n", RATES),
    "current.jsonl": (
        '{"current_steps": 0, "epoch": 0.1, "lr": 0.1}\n{"current_steps": 10, "lr": 0.2}\n',
        RATES,
    ),
    "modes.jsonl": (
        (
            '{"mode": "train", "iter": 0, "lr": 0.1}\n{"mode": "val", "iter": 9, "lr": 0.5}\n'
            '{"mode": "train", "iter": 10, "lr": 0.2}\n'
        ),
        RATES,
    ),
}


def points(text: str) -> Points:
    curve = read(text).curve
    return dict(zip(curve.steps.tolist(), curve.values.tolist(), strict=True))


def put(folder: Path, name: str, content: Any) -> str:
    """Write a file, which is bytes, a text or JSON, and return its path."""
    if not isinstance(content, bytes | str):
        content = json.dumps(content)
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)
    return str(folder / name)


@pytest.mark.parametrize("name", FILES)
def test_a_table_of_any_shape_is_read(name: str, tmp_path: Path) -> None:
    content, expected = FILES[name]
    assert points(put(tmp_path, name, content)) == expected


def test_columns_can_be_named_by_their_number(tmp_path: Path) -> None:
    path = put(tmp_path, "run.csv", "a,b,3\n0,0.1,7\n10,0.2,8\n")
    assert read(f"{path}:2", "1").curve.values.tolist() == [0.1, 0.2]
    assert read(f"{path}:3").curve.values.tolist() == [7, 8]


WANDB = "Step,one - lr,one - lr__MIN,two - lr\n0,1,1,3\n5,2,2,\n"
GROUPS = "step,lr/pg0,lr/pg1,loss\n0,1,3,9\n5,2,4,9\n"
LONG = "run,key,value,step\none,lr,1,0\none,lr,2,5\ntwo,lr,3,0\n"
RUNS = "run,step,lr\none,0,1\none,5,2\ntwo,0,3\n"


@pytest.mark.parametrize(
    ("content", "column", "expected"),
    [
        (WANDB, "", {"one": {0: 1, 5: 2}, "two": {0: 3}}),
        (LONG, "", {"one": {0: 1, 5: 2}, "two": {0: 3}}),
        (RUNS, "", {"one": {0: 1, 5: 2}, "two": {0: 3}}),
        (GROUPS, ":*", {"run.csv:lr/pg0": {0: 1, 5: 2}, "run.csv:lr/pg1": {0: 3, 5: 4}}),
        (GROUPS, ":lr/*", {"run.csv:lr/pg0": {0: 1, 5: 2}, "run.csv:lr/pg1": {0: 3, 5: 4}}),
        (GROUPS, ":lo*", {"run.csv:loss": {0: 9, 5: 9}}),
    ],
)
def test_several_curves_come_from_one_file(
    content: str, column: str, expected: dict[str, Points], tmp_path: Path
) -> None:
    path = put(tmp_path, "run.csv", content)
    logs = read_all(f"{path}{column}")
    assert [one.label for one in logs] == list(expected)
    for one, wanted in zip(logs, expected.values(), strict=True):
        assert dict(zip(one.curve.steps.tolist(), one.curve.values.tolist(), strict=True)) == wanted
        assert points(one.text) == wanted


ERRORS = [
    (
        "runs.csv",
        "run_name,seed,lr\na,1,0.1\nb,1,0.2\n",
        (
            "it is a table of runs, one to each row, by column 'run_name', and says no rates by "
            "step; name the log of one run"
        ),
    ),
    (
        "optuna.csv",
        "number,value,params_lr,state\n0,0.5,0.1,COMPLETE\n1,0.4,0.2,COMPLETE\n",
        (
            "it is a table of runs, one to each row, by column 'number', and says no rates by "
            "step; name the log of one run"
        ),
    ),
    (
        "mixed.csv",
        "run,lr\na,0.1\na,0.2\nb,0.3\n",
        (
            "it holds several runs in column 'run', and no column is called like steps; split it "
            "into a file for each run"
        ),
    ),
    (
        "groups.csv",
        WANDB,
        "",
    ),
    (
        "words.json",
        '{"a": "b",\n "c": 1}',
        "it has no list 'log_history' nor lists of numbers; name a file with entries by step",
    ),
    (
        "half.json",
        '{"lr": [0.1, 0.2',
        "it is no whole JSON (expecting ',' delimiter: line 1 column 17 (char 16)); save it again",
    ),
    ("deep.json", "[" * 100_000, "it nests too deeply for a log; name another file"),
    (
        "run.parquet",
        b"PAR1\0\0",
        (
            "this is a Parquet file; export it as one that ends in .csv, .json, .jsonl, .log, "
            ".ndjson, .tsv or .txt"
        ),
    ),
    (
        "no-columns.csv",
        "步数,值\n0,0.1\n",
        (
            "no column is called like a learning rate; its columns are '步数' and '值'; name one "
            "as @no-columns.csv:COLUMN"
        ),
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), ERRORS)
def test_a_table_of_no_rates_by_step(
    name: str, content: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, name, content)
    with pytest.raises(LrvizError) as error:
        read(name)
    whole = (
        f"{name}: {message}"
        if message
        else (f"{name} is 2 curves; name one, such as @{name}:one - lr or @{name}:two - lr")
    )
    assert error.value.message == whole


def test_a_long_json_without_a_list_of_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrviz.logs.formats.json._LONGEST_WHOLE", 10)
    monkeypatch.setattr("lrviz.logs.records._PIECE", 8)
    path = put(tmp_path, "a.json", {"lr": [*range(100)]})
    with pytest.raises(LrvizError) as error:
        read(path)
    assert error.value.message == (
        "a.json: it has no list 'log_history' in its first 10 characters; export the run as CSV"
    )


def test_a_packed_log_that_is_cut_off(tmp_path: Path) -> None:
    text = "step,lr\n" + "".join(f"{step},{step / 7}\n" for step in range(100_000))
    path = put(tmp_path, "run.csv.gz", gzip.compress(text.encode())[:-1000])
    log = read(path)
    assert 1000 < len(log.curve.steps) < 100_000
    assert (
        "run.csv.gz: it is broken or cut off where it is packed; what is before counts" in log.notes
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("step,lr\n0,0\n5,0\n", "the rate is 0 at all its 2 steps"),
        (
            "epoch,lr,step,loss\n,0.1,0,\n0,,49,2\n,0.1,1,\n",
            "the steps of the rates end at 1, those of other rows at 49; they may count epochs",
        ),
        ("mode,step,lr\ntrain,0,1\nval,1,1\n", "1 row of evaluation was passed over"),
        ("started\nstep,lr\n0,1\n1,1\n", "1 line before the table passed over"),
    ],
)
def test_what_looks_odd_is_told(text: str, note: str, tmp_path: Path) -> None:
    assert f"run.csv: {note}" in read(put(tmp_path, "run.csv", text)).notes


def test_counters_that_begin_anew_without_a_column_of_epochs(tmp_path: Path) -> None:
    rows = "".join(f"{step},{epoch}\n" for epoch in range(3) for step in range(0, 100, 20))
    log = read(put(tmp_path, "run.csv", f"step,lr\n{rows}"))
    assert log.curve.steps.tolist() == [*range(0, 300, 20)]
    assert log.notes == (
        (
            "run.csv: the counter of its steps begins anew in each epoch; they are counted "
            "on, 100 to "
            "an epoch, which is as far as it goes; if an epoch has more, say how many"
        ),
    )


def test_a_bar_can_follow_the_bytes(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = put(tmp_path, "run.csv", "step,lr\n" + "1,1\n" * 200_000)
    read_all(path, progress=lambda *both: told.append(both))
    assert told == sorted(told)
    assert told[-1] == (800_008, 800_008)
    assert len(told) > 1
