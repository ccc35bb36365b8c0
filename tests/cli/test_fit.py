"""`lrviz fit`: what it prints, and when it fails."""

from pathlib import Path

import numpy as np

from lrviz import parse
from tests.conftest import Run

PLAN = "warmup:steps=500/cosine:lr=0.0003,steps=9500,end=3e-5"
ODD = "linear:lr=0.1,steps=41,end=0.05,floor=0.07,ceiling=0.0917,shift=3"


def log(path: Path, spec: str, stop: int, every: int = 1) -> str:
    """Write a log of a schedule, and return what names it."""
    steps = np.arange(0, stop, every)
    rates = parse(spec)(steps)
    lines = (f"{step},{rate!r}\n" for step, rate in zip(steps, rates.tolist(), strict=True))
    path.write_text("step,lr\n" + "".join(lines))
    return f"@{path}"


def test_the_schedule_is_data_and_all_else_messages(run: Run, tmp_path: Path) -> None:
    name = log(tmp_path / "run.csv", PLAN, 10_000, 10)
    assert run("fit", f"{name}:lr") == (
        0,
        f"{PLAN}\n",
        "lrviz: meets all 1,000 points to their last digit; steps 0 to 9,990, every 10th\n",
    )
    assert run("fit", f"{name}:lr", "-q") == (0, f"{PLAN}\n", "")


def test_all_of_them_have_their_cost(run: Run, tmp_path: Path) -> None:
    name = log(tmp_path / "run.csv", "step:lr=0.1,rate=0.1,steps=30", 90)
    assert run("fit", name, "--all", "-q").out.splitlines() == [
        " 7  step:lr=0.1,rate=0.1,steps=30",
        " 9  multistep:lr=0.1,rate=0.1,at=30,60",
        "11  piecewise:0=0.1,30=0.01,60=0.001",
    ]


def test_none_is_a_failure_that_says_how_far_the_nearest_comes(run: Run, tmp_path: Path) -> None:
    odd, even = log(tmp_path / "odd.csv", ODD, 60), log(tmp_path / "even.csv", PLAN, 3000)
    result = run("fit", even, odd, "-q")
    assert (result.status, result.out) == (1, f"{PLAN}\n")
    first, _, rest = result.err.partition("; ")
    assert first == "lrviz: odd.csv: no schedule of those that are tried meets all 60 points"
    assert rest.startswith("the nearest, about ")
    assert "differs from step" in rest


def test_what_is_found_is_equal_for_compare(run: Run, tmp_path: Path) -> None:
    name = log(tmp_path / "run.csv", PLAN, 3000, 7)
    assert run("compare", run("fit", name).out.strip(), name, "-q").status == 0


def test_few_points_are_refused(run: Run, tmp_path: Path) -> None:
    name = log(tmp_path / "run.csv", PLAN, 9)
    result = run("fit", name)
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "lrviz: error: 'run.csv' has 9 points, and a schedule is told by 10 or more; log the rate "
        "more often\n"
    )


def test_it_is_translated_at_once(run: Run, tmp_path: Path) -> None:
    name = log(tmp_path / "run.csv", "exp:lr=0.1,rate=0.95,steps=1", 60)
    result = run("fit", name, "--to", "torch", "-q")
    assert result == run("translate", run("fit", name).out.strip(), "--to", "torch", "-q")
    assert "ExponentialLR(optimizer, gamma=0.95)" in result.out
