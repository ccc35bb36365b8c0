"""`lrviz compare`: what it says, and when it fails."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz import parse
from tests.conftest import Run

SNAPSHOTS = Path(__file__).parent / "snapshots"
PLAN = "warmup:steps=50/cosine:lr=0.1,steps=450"


def measures(out: str) -> dict[str, list[str]]:
    """Return the rows of the table by their first cells."""
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(out), delimiter="\t")}


def log(path: Path, shift: int = 0, scale: float = 1.0, every: int = 1) -> Path:
    """Write a recorded run of the plan, which something went wrong with."""
    plan = parse(PLAN)
    lines = (f"{t},{scale * plan((t + shift) // every):.6g}\n" for t in range(500))
    path.write_text("step,lr\n" + "".join(lines))
    return path


def test_curves_that_are_the_same_are_a_success(run: Run) -> None:
    result = run("compare", "StepLR(opt, 30, lr=0.1)", "step:lr=0.1,rate=0.1,steps=30", "-q")
    assert (result.status, result.err) == (0, "")
    assert measures(result.out)["share that differs"] == ["", "0.0"]


def test_a_difference_is_a_failure_that_names_its_step(run: Run) -> None:
    result = run("compare", "multistep:lr=1,rate=0.5,at=30", "multistep:lr=1,rate=0.5,at=31")
    assert result.status == 1
    found = measures(result.out)
    assert found["differs first at step"] == ["", "30"]
    assert found["largest gap"] == ["", "0.5"]
    assert found["largest relative gap"] == ["", "0.5"]


def test_tolerances_allow_a_difference(run: Run) -> None:
    two = ["const:lr=1", "const:lr=1.001"]
    assert run("compare", *two).status == 1
    assert run("compare", *two, "--rtol", "0.01").status == 0
    assert run("compare", *two, "--atol", "0.01").status == 0
    assert run("compare", *two, "--rtol", "1e-6", "--atol", "0").status == 1


@pytest.mark.parametrize("form", ["md", "plain", "json"])
def test_a_comparison_whole(form: str, run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run(
        "compare", "linear:lr=1,steps=100", "b=const:lr=0.5,for=100", "-q", "--format", form
    )
    assert result.status == 1
    snapshot(SNAPSHOTS / f"compare-{form}.txt", result.out)


def test_a_figure_has_the_difference_below(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    result = run("compare", "linear:lr=1,steps=9", "cosine:lr=1,steps=9", "-o", str(path))
    assert result.status == 1
    assert path.read_bytes().startswith(b"\x89PNG")
    assert f"wrote {path}" in result.err


def test_a_log_that_is_its_plan_is_a_success_within_its_digits(run: Run, tmp_path: Path) -> None:
    path = log(tmp_path / "run.csv")
    result = run("compare", PLAN, f"@{path}", "--rtol", "1e-5", "--no-warnings")
    assert (result.status, result.err) == (0, "")


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ({"shift": 1}, "1 step early"),
        ({"scale": 8.0}, "8"),
        ({"every": 5}, "5"),
    ],
)
def test_the_cause_is_named(wrong: dict[str, float], cause: str, run: Run, tmp_path: Path) -> None:
    path = log(tmp_path / "run.csv", **wrong)  # type: ignore[arg-type]
    result = run("compare", PLAN, f"@{path}", "--no-warnings")
    assert result.status == 1
    assert result.err.startswith("lrviz: run.csv: ")
    assert cause in result.err


def test_a_run_too_long_for_every_step_says_so(run: Run) -> None:
    result = run("compare", "linear:lr=1,steps=1e12", "linear:lr=1,steps=1e12", "--no-warnings")
    assert result.status == 0
    assert "lrviz: of 1000000000000 steps " in result.err


def test_a_log_stands_where_a_spec_may(run: Run, tmp_path: Path) -> None:
    path = log(tmp_path / "run.csv")
    result = run("table", f"log=@{path}", PLAN, "--at", "0,25,600")
    assert result.status == 0
    assert result.out.splitlines() == [
        f"step\tlog\t{PLAN}",
        "0\t0.0\t0.0",
        "25\t0.05\t0.05",
        "600\t\t0.0",
    ]
    assert run("plot", PLAN, f"@{path}").status == 0
    assert run("plot", f"@{path}", "-o", str(tmp_path / "x.svg")).status == 0


def test_warnings_can_be_silenced_by_name(run: Run) -> None:
    words = ("compare", "step:lr=0.1,rate=0.1,steps=30", "-n", "10")
    said = run(*words).err
    assert "(staircase)" in said
    assert run(*words, "--silence", "staircase").err == ""
    assert run(*words, "--no-warnings").err == ""
    assert "staircase" in run("explain", *words[1:]).out
    assert "staircase" in run("plot", *words[1:]).err
    assert run("plot", *words[1:], "--no-warnings").err == ""
