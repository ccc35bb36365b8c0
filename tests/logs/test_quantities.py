"""What is looked for in a log is data; and a format of logs is one file."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from lrviz import LrvizError, logs
from lrviz.logs import Log, formats, read
from lrviz.logs.columns import Choice, Wanted, choose
from lrviz.logs.digits import Rounded
from lrviz.logs.places import Place
from lrviz.schedules.quantity import LEARNING_RATE, LOSS, MOMENTUM, WEIGHT_DECAY, Quantity

BOTH: Mapping[Quantity, str | None] = {LEARNING_RATE: None, LOSS: None}

CSV = "step,lr,loss\n0,0.1,2.5\n1,,2.25\n2,0.05,-1\n"
ROWS = [{"step": 0, "lr": 0.1, "loss": 2.5}, {"step": 1, "loss": 2.25}, {"step": 2, "lr": 0.05}]
ROWS[2]["loss"] = -1


def points(log: Log) -> list[dict[int, float]]:
    """Return the values by step of each curve."""
    curves = ((one.steps.tolist(), one.values.tolist()) for one in log.curves)
    return [dict(zip(*pair, strict=True)) for pair in curves]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.csv", CSV),
        ("run.jsonl", "\n".join(map(json.dumps, ROWS))),
        ("run.json", json.dumps({"log_history": ROWS})),
    ],
)
def test_one_reading_gives_all_that_is_looked_for(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    log = read(str(tmp_path / name), wanted=BOTH)
    assert points(log) == [{0: 0.1, 2: 0.05}, {0: 2.5, 1: 2.25, 2: -1}]
    assert [curve.quantity for curve in log.curves] == [LEARNING_RATE, LOSS]
    assert log.curve is log.curves[0]
    assert log.notes == (f"{name}: 1 row without a rate was passed over",)


def test_the_rate_is_read_alone_unless_more_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text(CSV)
    (rates,) = read(str(tmp_path / "run.csv")).curves
    assert rates.quantity is LEARNING_RATE
    (losses,) = read(str(tmp_path / "run.csv"), wanted={LOSS: None}).curves
    assert losses.values.tolist() == [2.5, 2.25, -1]


def test_a_file_is_read_once_however_much_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log on a slow disk, or one that is being written, is not gone through again."""
    (tmp_path / "run.csv").write_text(CSV)
    opened = []
    files_of = Place.files

    def counted(place: Place) -> Iterator[object]:
        opened.append(place)
        yield from files_of(place)

    monkeypatch.setattr(Place, "files", counted)
    assert len(read(str(tmp_path / "run.csv"), wanted=BOTH).curves) == 2
    assert len(opened) == 1


@pytest.mark.parametrize("rates_before", [0, 1, 999, 1000, 2500])
def test_what_is_logged_late_does_not_cost_what_was_logged_before(
    rates_before: int, tmp_path: Path
) -> None:
    """Names of objects are learned in reading: a loss that comes later is still a column."""
    rows = [{"step": step, "lr": 0.5} for step in range(rates_before)]
    rows += [{"step": rates_before + i, "lr": 0.5, "loss": i} for i in range(1500)]
    (tmp_path / "run.jsonl").write_text("\n".join(map(json.dumps, rows)))
    rates, losses = read(str(tmp_path / "run.jsonl"), wanted=BOTH).curves
    assert rates.steps.tolist() == list(range(rates_before + 1500))
    assert losses.steps.tolist() == list(range(rates_before, rates_before + 1500))


@pytest.mark.parametrize(
    ("what", "names", "chosen"),
    [
        (LOSS, "step,loss,val_loss", ["loss"]),
        (LOSS, "step,train/loss,eval/loss", ["train/loss"]),
        (LOSS, "step,train_loss,test_loss,lr", ["train_loss"]),
        (LOSS, "step,train/box_loss,val/box_loss", ["train/box_loss"]),
        (MOMENTUM, "step,lr-SGD,lr-SGD-momentum", ["lr-SGD-momentum"]),
        (WEIGHT_DECAY, "step,lr,lr-AdamW-weight_decay", ["lr-AdamW-weight_decay"]),
        (LEARNING_RATE, "step,lr-SGD,lr-SGD-momentum,wd", ["lr-SGD"]),
    ],
)
def test_columns_are_known_by_their_usual_names(
    what: Quantity, names: str, chosen: list[str]
) -> None:
    listed = names.split(",")
    choice = choose(listed, Wanted("run.csv", {what: None}, None))
    assert isinstance(choice, Choice)
    assert [listed[place] for place in choice.columns[0]] == chosen


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            {LEARNING_RATE: None, MOMENTUM: None},
            (
                "run.csv: no column is called like a momentum; its columns are 'step', 'lr', "
                "'loss' and 'gap'; name one as @run.csv:COLUMN"
            ),
        ),
        ({LOSS: "los"}, "run.csv: there is no column 'los'; did you mean 'loss'?"),
        (
            {LOSS: "gap"},
            (
                "run.csv: row 3 has the loss inf in column 'gap', and a loss is finite; "
                "mend the row, or name another column as @run.csv:COLUMN"
            ),
        ),
    ],
)
def test_what_a_log_lacks_is_said_in_the_words_of_the_quantity(
    wanted: Mapping[Quantity, str | None],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run.csv").write_text("step,lr,loss,gap\n0,1,2,0\n1,1,1,inf\n")
    with pytest.raises(LrvizError) as error:
        read("run.csv", wanted=wanted)
    assert error.value.message == message


def test_a_column_of_its_own_can_be_named_for_each(tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text("step,a,b\n0,1,-2\n")
    path = str(tmp_path / "run.csv")
    expected = [{0: 1}, {0: -2}]
    assert points(read(path, wanted={LEARNING_RATE: "a", LOSS: "b"})) == expected
    assert points(read(f"{path}:a", wanted={LEARNING_RATE: None, LOSS: "b"})) == expected


def test_digits_say_how_far_a_recorded_value_may_be_off() -> None:
    """A logger that keeps six digits tells true values apart that differ in the fifth."""
    steps = np.arange(20)
    true = 0.1 * 0.9**steps
    written = np.array([float(f"{value:.6g}") for value in true])
    log = Rounded.of(steps, written, true)
    assert log.fits(true).all()
    assert not log.fits(true * (1 + 1e-5)).any()
    assert log.at(np.array([3, 5])).steps.tolist() == [3, 5]


FORMAT = '''
from lrviz.logs import log_format
from lrviz.logs.records import Records, Source, as_text, is_text, of_objects


def _fits(head: bytes) -> bool:
    return is_text(head) and as_text(head).startswith("it ")


@log_format(".toylog", fits=_fits)
def records(source: Source) -> Records:
    """Return the records of lines such as `it 5 lr 0.1 loss 2`."""
    lines = "".join(source.texts()).splitlines()
    words = ((row, line.split()) for row, line in enumerate(lines, 1))
    rows = ((row, dict(zip(w[::2], w[1::2]))) for row, w in words)
    return of_objects(((row, {"step": f.pop("it"), **f}) for row, f in rows), source.wanted)
'''


@pytest.fixture
def toy_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Drop a file with a format into the folder of the formats, and take it away again."""
    folder = tmp_path / "dropped"
    folder.mkdir()
    (folder / "toylog.py").write_text(FORMAT)
    monkeypatch.setattr("lrviz.logs.formats.__path__", [*formats.__path__, str(folder)])
    monkeypatch.setattr("lrviz.logs._formats", [*logs._formats])
    yield
    sys.modules.pop("lrviz.logs.formats.toylog", None)


@pytest.mark.usefixtures("toy_format")
def test_a_format_is_one_new_file(tmp_path: Path) -> None:
    assert ".toylog" in logs.endings()
    (tmp_path / "run.toylog").write_text("it 0 lr 0.1 loss 2\nit 5 lr 0.05 loss 1\n")
    log = read(str(tmp_path / "run.toylog"), wanted=BOTH)
    assert points(log) == [{0: 0.1, 5: 0.05}, {0: 2, 5: 1}]
