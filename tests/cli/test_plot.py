"""`lrviz plot` as a user runs it."""

from pathlib import Path

import pytest

from ..conftest import Run

STAIRS = (
    "staircase_True=exp:lr=0.01,rate=0.9,steps=100,staircase",
    "staircase_False=exp:lr=0.01,rate=0.9,steps=100",
)


def test_without_a_file_it_draws_in_the_terminal(run: Run) -> None:
    result = run("plot", *STAIRS, "--title", "exponential_decay")
    assert result.status == 0
    assert result.err == ""
    assert result.out.startswith("exponential_decay\n── a staircase_True   ── b staircase_False\n")
    assert "\x1b" not in result.out


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_with_a_file_it_writes_a_figure(form: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / f"x.{form}"
    result = run("plot", *STAIRS, "-o", str(path))
    assert result == (0, "", f"lrviz: wrote {path}: 2 curves, 1000 steps\n")
    assert path.stat().st_size > 5000


def test_quiet_says_nothing(run: Run, tmp_path: Path) -> None:
    assert run("plot", "const:lr=1", "-o", str(tmp_path / "x.png"), "-q") == (0, "", "")


def test_a_format_stands_in_for_the_ending(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "figure"
    assert run("plot", "const:lr=1", "-o", str(path), "--format", "svg").status == 0
    assert b"<svg" in path.read_bytes()


def test_endings_in_capitals(run: Run, tmp_path: Path) -> None:
    assert run("plot", "const:lr=1", "-o", str(tmp_path / "X.PNG")).status == 0


def test_the_order_of_options_and_specs_is_free(run: Run) -> None:
    first = run("plot", "--log", STAIRS[0], "-n", "500", STAIRS[1])
    assert first == run("plot", *STAIRS, "-n", "500", "--log")
    assert first.status == 0


def test_size_dots_theme_and_epochs(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    words = ["--size", "4x3", "--dpi", "100", "--theme", "dark", "--steps-per-epoch", "50"]
    assert run("plot", *STAIRS, "-o", str(path), *words).status == 0
    header = path.read_bytes()[16:24]
    assert header == (400).to_bytes(4, "big") + (300).to_bytes(4, "big")


def test_the_horizon_may_be_given_in_epochs(run: Run) -> None:
    result = run("plot", "step:lr=1,rate=0.1,steps=30ep", "-n", "90ep", "--steps-per-epoch", "391")
    assert result.status == 0
    assert "epoch  0" in result.out


def test_a_horizon_of_10_to_the_12(run: Run, tmp_path: Path) -> None:
    result = run("plot", *STAIRS, "-n", "1e12", "-o", str(tmp_path / "x.png"))
    assert result.status == 0
    assert "1000000000000 steps" in result.err


def test_colours_when_asked_for(run: Run) -> None:
    assert "\x1b[38;5;166m" in run("plot", *STAIRS, "--color", "always").out


def test_float32_is_drawn_too(run: Run) -> None:
    assert run("plot", *STAIRS, "--dtype", "float32").status == 0


def test_a_window_where_there_is_a_display(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = []
    monkeypatch.setattr(
        "lrviz.outputs.window.show",
        lambda curves, look, paper: opened.append((curves, look, paper)),
    )
    path = tmp_path / "x.png"
    assert run("plot", *STAIRS, "--show", "-o", str(path), "-q") == (0, "", "")
    ((curves, look, paper),) = opened
    assert [curve.label for curve in curves] == ["staircase_True", "staircase_False"]
    assert (look.horizon, paper.theme) == (1000, "light")
    assert path.exists()
