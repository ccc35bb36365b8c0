"""Tables in all formats. `snapshots/` has them whole; `pytest --update` writes them anew."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import LrvizError
from lrviz.outputs.tables import Rows, find, formats
from lrviz.outputs.tables.table import MOST_ROWS
from lrviz.schedules.numeric import Array, Steps
from lrviz.specs import read
from lrviz.specs.quantities import Run

SNAPSHOTS = Path(__file__).parent / "snapshots"
SPECS = [
    "stairs_of_1=piecewise:0=0.01,100=0.009",
    'odd | $x_1$ *[red]* "\x1b[31m, 中文=linear:lr=1e-5,steps=300',
]
"""Curves without powers or cosines, whose last digit is not the same on every processor."""
STEPS = np.array([0, 99, 100, 1000])


def rows(specs: list[str], dtype: str = "float64", width: int | None = None) -> Rows:
    named = read(specs, Run())
    blocks = [(part, [o.schedule(part, dtype) for o in named]) for part in (STEPS[:2], STEPS[2:])]
    return Rows([one.label for one in named], blocks, width)


def text(form: str, table: Rows) -> str:
    return "".join(find(form)(table))


def test_all_formats_are_found() -> None:
    assert formats() == ["csv", "json", "jsonl", "md", "plain", "table", "tsv"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("form", formats())
def test_a_format_whole(form: str, dtype: str, snapshot: Callable[[Path, str], None]) -> None:
    snapshot(SNAPSHOTS / f"{form}-{dtype}.txt", text(form, rows(SPECS, dtype, 80)))


MISSING = {
    "csv": "step,a\n0,1.0\n1,\n",
    "tsv": "step\ta\n0\t1.0\n1\t\n",
    "json": '[\n{"step": 0, "a": 1.0},\n{"step": 1, "a": null}\n]\n',
    "jsonl": '{"step": 0, "a": 1.0}\n{"step": 1, "a": null}\n',
    "md": "| step | a |\n| ---: | ---: |\n| 0 | 1.0 |\n| 1 |  |\n",
}


@pytest.mark.parametrize("form", MISSING)
def test_a_rate_that_was_not_recorded_is_left_empty(form: str) -> None:
    assert text(form, Rows(["a"], [(np.array([0, 1]), [np.array([1.0, np.nan])])])) == MISSING[form]


@pytest.mark.parametrize("form", formats())
def test_a_table_may_have_words_in_place_of_steps(form: str) -> None:
    table = Rows(["a", "b"], [(["peak", "at step"], [[0.5, 10], [0.25, None]])], first="measure")
    shown = text(form, table)
    assert "measure" in shown
    assert "peak" in shown
    assert "0.25" in shown
    assert "nan" not in shown
    assert "None" not in shown
    assert "10.0" not in shown
    if form == "json":
        assert json.loads(shown)[1] == {"measure": "at step", "a": 10, "b": None}


@pytest.mark.parametrize("form", formats())
def test_labels_are_text_and_never_commands_to_the_terminal(form: str) -> None:
    assert "\x1b" not in text(form, rows(SPECS))


labels = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
    min_size=1,
    max_size=3,
    unique=True,
)
numbers = st.floats(0, 1e10)


@given(labels, st.lists(st.integers(0, 2**53), min_size=1, max_size=5), st.data())
def test_csv_and_json_read_back_as_the_same_numbers(
    names: list[str], steps: list[int], data: st.DataObject
) -> None:
    columns = [
        np.array(data.draw(st.lists(numbers, min_size=len(steps), max_size=len(steps))))
        for _ in names
    ]
    table = Rows(names, [(np.array(steps), columns)])
    for mark, form in ((",", "csv"), ("\t", "tsv")):
        _, *lines = csv.reader(io.StringIO(text(form, table)), delimiter=mark)
        assert [int(line[0]) for line in lines] == steps
        assert [[float(v) for v in line[1:]] for line in lines] == np.array(columns).T.tolist()
    objects = json.loads(text("json", table))
    assert objects == [json.loads(line) for line in text("jsonl", table).splitlines()]
    assert [entry["step"] for entry in objects] == steps
    assert [list(entry.values())[1:] for entry in objects] == np.array(columns).T.tolist()


def test_float32_is_written_with_the_digits_that_it_has() -> None:
    table = rows(["exp:lr=0.01,rate=0.9,steps=100"], "float32")
    assert "1000,0.0034867835" in text("csv", table).splitlines()


def test_a_table_wider_than_the_terminal_is_parted() -> None:
    table = text("table", rows([f"curve {i}=const:lr=0.12345678" for i in range(9)], width=60))
    assert table.count("step") == 3
    assert max(map(len, table.splitlines())) <= 60
    assert table.count("0.12345678") == 9 * len(STEPS)


def test_a_table_without_a_terminal_has_any_width() -> None:
    table = text("table", rows([f"curve {i}=const:lr=0.12345678" for i in range(9)]))
    assert table.count("step") == 1


def test_a_long_label_is_folded_not_cut() -> None:
    label = "warmup:steps=500/cosine:lr=0.0003,steps=9500"
    table = text("table", rows([label], width=60))
    header = table.partition("─")[0].replace("step", "")
    assert "".join(header.split()) == label.replace("steps", "s")


def test_colours_only_where_they_are_wanted() -> None:
    plain, coloured = rows(SPECS), rows(SPECS)._replace(colour=True)
    assert "\x1b[38;5;166m" in text("table", coloured)
    assert "\x1b" not in text("table", plain)


def test_a_long_table_streams() -> None:
    """The first lines come before the last block is computed."""
    computed = []

    def blocks() -> Iterator[tuple[Steps, list[Array]]]:
        for i in range(1000):
            computed.append(i)
            yield np.array([i]), [np.array([0.5])]

    lines = find("csv")(Rows(["a"], blocks()))
    assert [next(lines), next(lines)] == ["step,a\n", "0,0.5\n"]
    assert computed == [0]


def test_a_table_on_the_terminal_has_an_end() -> None:
    many = np.arange(MOST_ROWS + 1)
    with pytest.raises(LrvizError, match="at most 10000 rows"):
        text("table", Rows(["a"], [(many, [many / 1.0])]))
