"""`lrviz compare`: what it says, and when it fails."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
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


def late(path: Path, by: int) -> Path:
    """Write a recorded run of the plan that is some steps late."""
    rates = parse(PLAN)(np.maximum(np.arange(500) - by, 0))
    path.write_text("step,lr\n" + "".join(f"{t},{rate:.6g}\n" for t, rate in enumerate(rates)))
    return path


def test_curves_that_are_the_same_are_a_success(run: Run) -> None:
    result = run("compare", "StepLR(opt, 30, lr=0.1)", "new=step:lr=0.1,rate=0.1,steps=30")
    assert result.status == 0
    first, _, *table = result.out.splitlines()
    assert first == "new equals StepLR(opt, 30, lr=0.1) at all 120 steps"
    assert len(table) == 1 + 8


def test_quiet_prints_nothing(run: Run) -> None:
    same = ("StepLR(opt, 30, lr=0.1)", "step:lr=0.1,rate=0.1,steps=30")
    for two, status in ((same, 0), ((same[0], "const:lr=1"), 1)):
        result = run("compare", *two, "-q")
        assert (result.status, result.out, result.err) == (status, "", "")


def test_a_difference_is_a_failure_that_names_its_step(run: Run) -> None:
    two = ("a=multistep:lr=1,rate=0.5,at=30", "b=multistep:lr=1,rate=0.5,at=32")
    result = run("compare", *two)
    assert result.status == 1
    said = (
        "differs from a from step 30 on, by at most 0.5 (50 %) at step 30: "
        "its drop comes at 32 in place of 30"
    )
    assert result.out.splitlines()[0] == f"b {said}"
    assert result.err == f"lrviz: b: {said}\n"
    found = measures(run("compare", *two, "--format", "tsv").out)
    assert found["share that differs"] == ["", str(2 / 64)]
    assert found["peak"] == ["1.0", "1.0"]


def test_json_has_an_object_a_curve_and_one_a_difference(run: Run, tmp_path: Path) -> None:
    path = log(tmp_path / "run.csv", shift=1)
    result = run("compare", f"plan={PLAN}", f"@{path}", "--format", "json", "--no-warnings")
    found = json.loads(result.out)
    assert [one["label"] for one in found["curves"]] == ["plan", "run.csv"]
    (one,) = found["differences"]
    assert (one["label"], one["from"], one["first"], one["gap_step"]) == ("run.csv", "plan", 0, 9)
    assert one["cause"] == {
        "name": "shift",
        "text": "it is 1 step early",
        "why": "at each step it has the rate of the next, as if written after the scheduler's step",
        "numbers": {"steps": 1},
        "curve": "run.csv",
        "or": [],
    }
    lines = run("compare", f"plan={PLAN}", f"@{path}", "--format", "jsonl").out.splitlines()
    assert [*map(json.loads, lines)] == [*found["curves"], *found["differences"]]


def test_a_verdict_names_its_cause_and_then_says_more(run: Run, tmp_path: Path) -> None:
    path = log(tmp_path / "run.csv", scale=8)
    result = run("compare", f"plan={PLAN}", f"@{path}", "--no-warnings")
    assert result.out.splitlines()[:3] == [
        (
            "run.csv differs from plan from step 1 on, by at most 0.7 (88 %) at step 50: "
            "it is plan multiplied by 8"
        ),
        "as by a batch size or a number of devices that rates are scaled with",
        "",
    ]


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("{:.9e}", ""),
        ("{:.5e}", ", to the 6 digits that it has"),
        ("{:.3e}", ", to the 4 digits that it has"),
        ("{:.4f}", ", to the 4 digits after the point that it has"),
        (None, ", to the 7 digits of a float32"),
    ],
)
def test_the_digits_of_a_log_are_the_tolerance(
    digits: str | None, words: str, run: Run, tmp_path: Path
) -> None:
    rates = parse(PLAN)(np.arange(0, 500, 10))
    texts = map(str, rates.astype(np.float32).astype(float))
    written = texts if digits is None else map(digits.format, rates)
    rows = "".join(f"{10 * i},{rate}\n" for i, rate in enumerate(written))
    (tmp_path / "run.csv").write_text(f"step,lr\n{rows}")
    result = run("compare", f"plan={PLAN}", f"@{tmp_path}/run.csv")
    assert result.status == 0
    assert result.out.splitlines()[0] == f"run.csv equals plan at all 50 logged steps{words}"
    other = PLAN.replace("0.1", "0.101")
    assert run("compare", f"plan={other}", f"@{tmp_path}/run.csv").status == 1


def test_what_a_thinned_or_unfinished_log_comes_to_is_held_to_the_same_of_its_plan(
    run: Run, tmp_path: Path
) -> None:
    plan = parse(PLAN)
    rows = "".join(f"{t},{plan(t)!r}\n" for t in range(3, 300, 7))
    (tmp_path / "run.csv").write_text(f"step,lr\n{rows}")
    found = measures(run("compare", PLAN, f"@{tmp_path}/run.csv", "--format", "tsv").out)
    for name, (ours, theirs) in found.items():
        assert name in ("measure", "share that differs") or ours == theirs


@pytest.mark.parametrize(("steps", "status"), [(range(1, 201), 0), (range(10, 201, 10), 0)])
def test_a_log_that_counts_updates_from_1_is_right(
    steps: range, status: int, run: Run, tmp_path: Path
) -> None:
    plan = parse("warmup:steps=20/linear:lr=0.1,steps=180")
    rows = "".join(f"{t},{plan(t - 1)!r}\n" for t in steps)
    (tmp_path / "run.csv").write_text(f"step,lr\n{rows}")
    result = run("compare", f"plan={plan}", f"@{tmp_path}/run.csv", "--no-warnings")
    assert (result.status, result.err) == (status, "")
    assert result.out.splitlines()[:2] == [
        f"run.csv equals plan at all {len(steps)} logged steps: it counts updates from 1",
        "as Transformers does, and has no fault",
    ]


def test_a_log_that_may_count_updates_from_1_may_as_well_be_late(run: Run, tmp_path: Path) -> None:
    plan = parse("warmup:steps=20/linear:lr=0.1,steps=180")
    rows = "".join(f"{t},{plan(t - 1)!r}\n" for t in range(10, 180, 10))
    (tmp_path / "run.csv").write_text(f"step,lr\n{rows}")
    result = run("compare", f"plan={plan}", f"@{tmp_path}/run.csv")
    assert result.status == 1
    assert "it counts updates from 1, or it is 1 step late" in result.out.splitlines()[0]


@pytest.mark.parametrize(
    ("recorded", "cause"),
    [
        ({"shift": -3}, "b.csv is 3 steps late"),
        ({"scale": 2.0}, "b.csv is plan multiplied by 2"),
    ],
)
def test_a_log_that_comes_first_is_what_the_cause_is_of(
    recorded: dict[str, int], cause: str, run: Run, tmp_path: Path
) -> None:
    path = late(tmp_path / "b.csv", 3) if "shift" in recorded else log(tmp_path / "b.csv", scale=2)
    result = run("compare", f"@{path}", f"plan={PLAN}", "--no-warnings")
    assert result.status == 1
    assert result.out.splitlines()[0].startswith("plan differs from b.csv from step 1 on")
    assert result.out.splitlines()[0].endswith(f": {cause}")
    found = run("compare", f"@{path}", f"plan={PLAN}", "--format", "json").out
    assert json.loads(found)["differences"][0]["cause"]["curve"] == "b.csv"


def test_of_two_logs_either_may_be_what_the_other_is_late_or_scaled_of(
    run: Run, tmp_path: Path
) -> None:
    a, b, c = log(tmp_path / "a.csv"), late(tmp_path / "b.csv", 3), log(tmp_path / "c.csv", scale=2)
    for two, cause in (
        ((a, b), "it is 3 steps late"),
        ((b, a), "b.csv is 3 steps late"),
        ((a, c), "it is a.csv multiplied by 2"),
        ((c, a), "it is c.csv multiplied by 0.5"),
    ):
        result = run("compare", *(f"@{path}" for path in two), "--no-warnings")
        assert result.out.splitlines()[0].endswith(f": {cause}"), result.out


def test_of_two_logs_the_one_may_count_updates_from_1(run: Run, tmp_path: Path) -> None:
    rates = parse(PLAN)(np.arange(500))
    for name, first in (("a", 0), ("b", 1)):
        rows = "".join(f"{t},{rate:.6g}\n" for t, rate in enumerate(rates, first))
        (tmp_path / f"{name}.csv").write_text(f"step,lr\n{rows}")
    result = run("compare", f"@{tmp_path}/a.csv", f"@{tmp_path}/b.csv", "--no-warnings")
    assert result.status == 0
    assert result.out.startswith(
        "b.csv equals a.csv at all 499 logged steps: it counts updates from 1\n"
    )


def test_tolerances_allow_a_difference(run: Run) -> None:
    two = ["const:lr=1", "const:lr=1.001"]
    assert run("compare", *two).status == 1
    assert run("compare", *two, "--rtol", "0.01").status == 0
    assert run("compare", *two, "--atol", "0.01").status == 0
    assert run("compare", *two, "--rtol", "1e-6", "--atol", "0").status == 1


@pytest.mark.parametrize("form", ["md", "plain", "json"])
def test_a_comparison_whole(form: str, run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("compare", "linear:lr=1,steps=100", "b=const:lr=0.5,for=100", "--format", form)
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
    result = run("compare", PLAN, f"@{path}", "--no-warnings")
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
    assert "of 1,000,000,000,000 steps " in result.out.splitlines()[1]


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


def test_a_figure_takes_the_settings_of_plot(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    two = ["a=cosine:lr=0.1,steps=100", "b=linear:lr=0.1,steps=100"]
    look = ["--rates", "0:0.2", "--xlabel", "update", "--mark", "50=half", "--theme", "both"]
    result = run("compare", *two, "-o", "x.svg", *look, "--size", "4x4", "--legend", "none")
    assert result.status == 1
    assert "wrote x.svg" in result.err
    assert "wrote x-dark.svg" in result.err
    config = run("explain", "x-dark.svg", "-q").out
    for line in ('size = "4x4"', 'theme = "dark"', "rates = [0.0, 0.2]", 'xlabel = "update"'):
        assert line in config
    assert 'annotations = { 50 = "half" }' in config
    assert 'legend = "none"' in config
