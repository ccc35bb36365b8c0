"""`lrviz table` as a user runs it."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run

EXP = "exp:lr=0.01,rate=0.9,steps=10"


def column(text: str) -> list[str]:
    return [line.split("\t")[0] for line in text.splitlines()[1:]]


def test_the_ten_values_of_the_tensorflow_tutorial(run: Run) -> None:
    result = run("table", EXP, "--at", "1:10", "--dtype", "float32", "--format", "csv")
    assert result.err == ""
    assert result.out == (
        'step,"exp:lr=0.01,rate=0.9,steps=10"\n'
        "1,0.009895192\n2,0.009791483\n3,0.009688861\n4,0.009587315\n5,0.009486833\n"
        "6,0.009387404\n7,0.009289017\n8,0.00919166\n9,0.009095325\n10,0.009\n"
    )


def test_off_a_terminal_it_is_tab_separated_with_all_digits(run: Run) -> None:
    spec = "linear:lr=1,steps=3"
    text = f"step\t{spec}\n0\t1.0\n1\t0.6666666666666667\n"
    assert run("table", spec, "--at", "0,1").out == text


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        (["--at", "5"], ["5"]),
        (["--at", "3,1,3"], ["3", "1", "3"]),
        (["--at", "8:10, 2"], ["8", "9", "10", "2"]),
        (["--at", "1k"], ["1000"]),
        (["--at", "50%"], ["50"]),
        (["--at", "1ep:2ep", "--steps-per-epoch", "2"], ["2", "3", "4"]),
        (["--every", "25"], ["0", "25", "50", "75"]),
        (["--every", "30", "-n", "61"], ["0", "30", "60"]),
        (["-n", "20"], ["0", "2", "4", "6", "8", "10", "12", "14", "16", "18", "19"]),
        ([], ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "99"]),
        (["--at", "1e12"], ["1000000000000"]),
    ],
)
def test_which_steps(words: list[str], steps: list[str], run: Run) -> None:
    assert column(run("table", EXP, *words).out) == steps


def test_key_steps_show_both_sides_of_a_jump(run: Run) -> None:
    assert column(run("table", "multistep:lr=1,rate=0.1,at=33").out) == [
        *("0", "10", "20", "30", "32", "33", "40", "50", "60", "65")
    ]


def test_a_long_table_is_written_in_blocks_without_a_seam(run: Run) -> None:
    lines = run("table", EXP, "--at", "0:10000,7,0:5000", "--format", "csv").out.splitlines()
    steps = [int(line.split(",")[0]) for line in lines[1:]]
    assert steps == [*range(10_001), 7, *range(5001)]


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("x.csv", "step,"),
        ("x.tsv", "step\t"),
        ("x.json", "[\n{"),
        ("x.jsonl", '{"step"'),
        ("x.md", "| step |"),
        ("x.txt", "step  "),
        ("x.CSV", "step,"),
    ],
)
def test_a_file_s_ending_says_its_format(name: str, begin: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / name
    assert run("table", EXP, "-o", str(path)) == (0, "", f"lrviz: wrote {path}\n")
    assert path.read_text().startswith(begin)


def test_json_is_json(run: Run) -> None:
    result = run("table", "中文=linear:lr=1,steps=3", "--at", "0,2", "--format", "json")
    assert json.loads(result.out) == [
        {"step": 0, "中文": 1.0},
        {"step": 2, "中文": 0.33333333333333337},
    ]


def test_an_error_on_the_way_leaves_no_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("precious")
    result = run("table", "exp:lr=1,rate=2,steps=1", "--at", "0:10k", "-o", str(path))
    assert result.status == 2
    assert "gives the rate inf at its step" in result.err
    assert path.read_text() == "precious"
    assert len(list(tmp_path.iterdir())) == 1
