"""`lrviz plot` as a user runs it."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

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


def test_a_run_of_a_formula_that_is_too_long_to_be_exact_says_so(run: Run) -> None:
    formula = "LambdaLR(o, lambda t: 1 if t % 9973 == 7 else 0.1, lr=1)"
    assert run("plot", f"spikes={formula}", "-n", "2e7").err == (
        "lrviz: spikes: not all of its 20,000,000 steps are evaluated, so a rate that lasts a few "
        "of them may not be seen; a zoom shows it\n"
    )
    for words in (["-n", "1e7"], ["-n", "2e7", "--zoom", "1M:2M"]):
        assert run("plot", f"spikes={formula}", *words).err == ""


def test_colours_when_asked_for(run: Run) -> None:
    assert "\x1b[38;5;166m" in run("plot", *STAIRS, "--color", "always").out


def test_float32_is_drawn_too(run: Run) -> None:
    assert run("plot", *STAIRS, "--dtype", "float32").status == 0


def test_a_window_where_there_is_a_display(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[Any] = []

    def show(panels: object, paper: object) -> list[str]:
        opened.append((panels, paper))
        return ["a note"]

    monkeypatch.setattr("lrviz.outputs.window.show", show)
    path = tmp_path / "x.png"
    assert run("plot", *STAIRS, "--show", "-o", str(path), "-q") == (
        0,
        "",
        "lrviz: warning: a note\n",
    )
    (((panel,), paper),) = opened
    assert [curve.label for curve in panel.curves] == ["staircase_True", "staircase_False"]
    assert (panel.look.horizon, paper.theme) == (1000, "light")
    assert path.exists()


def test_zoom_shows_some_steps_alone(run: Run, tmp_path: Path) -> None:
    chart = run("plot", *STAIRS, "--zoom", "290:310").out
    assert re.findall(r"\d+", chart.splitlines()[-1]) == ["290", "295", "300", "305", "310"]
    said = run("plot", *STAIRS, "--zoom", "290:310", "-o", str(tmp_path / "x.png")).err
    assert said.endswith("x.png: 2 curves, 21 steps\n")
    whole = run("plot", *STAIRS, "--zoom", "29%:31%", "-o", str(tmp_path / "y.png"), "-q")
    assert whole.status == 0


RUN = "step,lr\n0,0.01\n50,0.008\n199,0.001\n"


@pytest.mark.parametrize(
    ("words", "output"),
    [
        ([*STAIRS], "docs/plan.png"),
        (["cosine:lr={0.1,0.03},steps=10k", "--log", "--title", "两个 $rates$"], "docs/a.pdf"),
        (["step:lr=0.1,rate=0.1,steps=30ep", "--steps-per-epoch", "391"], "docs/img/plan.svg"),
        (["linear:lr=1,steps=50%", "-n", "1k", "--zoom", "10%:60%"], "docs/x/y/z.svg"),
        (["StepLR(optimizer, 30)", "--lr", "0.1", "--size", "4x3", "--dpi", "90"], "docs/a.png"),
        (["LambdaLR(o, lambda t: 0.95 ** t, lr=0.1)", "--theme", "dark"], "docs/a.svg"),
        (["run=@run.csv", "@run.csv:lr", "const:lr=1", "--step-column", "step"], "docs/i/a.svg"),
        (["const:lr=1", "--dataset", "1000", "--batch", "10", "--epochs", "3"], "docs/a.svg"),
        ([*STAIRS, "--dtype", "float32"], "docs/a.svg"),
        ([*STAIRS, "--rates", "0:0.02", "--xlabel", "update", "--ylabel", "rate"], "docs/a.svg"),
        ([*STAIRS, "--mark", "2%=a = b", "--mark", "300=c", "--legend", "box"], "docs/a.svg"),
        (["cosine:lr={0.1,0.2},end=10%", "-n", "1k", "--theme", "print"], "docs/a.svg"),
        ([*STAIRS, "--theme", "both"], "docs/a.svg"),
    ],
)
def test_a_saved_config_draws_the_same_bytes(
    words: list[str],
    output: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run.csv").write_text(RUN)
    done = run("plot", *words, "-o", output, "--save-config", "docs/figures.toml", "-q")
    assert (done.status, done.out) == (0, "")
    drawn = Path(output).read_bytes()
    Path(output).unlink()
    assert run("build", "docs/figures.toml", "-q") == (0, "", "")
    assert Path(output).read_bytes() == drawn


def test_a_saved_config_is_pleasant_to_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["-n", "2k", "--log", "--title", "t", "-o", "a b.svg", "--save-config", "x.toml"]
    assert run("plot", *STAIRS, *words).err.splitlines() == [
        "lrviz: wrote a b.svg: 2 curves, 2000 steps",
        "lrviz: wrote x.toml; draw with lrviz build x.toml",
    ]
    assert Path("x.toml").read_text(encoding="utf-8") == (
        '[figure."a b"]\n'
        'output = "a b.svg"\n'
        'title = "t"\n'
        "steps = 2000\n"
        "log = true\n"
        "curves = [\n"
        '    "staircase_True=exp:lr=0.01,rate=0.9,steps=100,staircase",\n'
        '    "staircase_False=exp:lr=0.01,rate=0.9,steps=100",\n'
        "]\n"
    )


def test_a_config_that_is_there_is_not_overwritten(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.toml").write_text("precious")
    assert run("plot", "const:lr=1", "--save-config", "x.toml") == (
        2,
        "",
        "lrviz: error: --save-config 'x.toml' is there already; name a new file, or delete it\n",
    )
    assert Path("x.toml").read_text() == "precious"


def test_a_figure_outside_of_the_folder_of_its_config(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("plot", "const:lr=1", "-o", "a.png", "--save-config", "docs/x.toml") == (
        2,
        "",
        (
            "lrviz: error: --save-config 'docs/x.toml' draws in its own folder, and 'a.png' is not "
            "in it; save the config beside the figure\n"
        ),
    )
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["-o", "plan.dat", "--format", "png"],
            (
                "--save-config needs a figure whose name says its format, and 'plan.dat' does not; "
                "end it in .png"
            ),
        ),
        (
            ["-n", "100", "-o", "x.png", "OneCycleLR(opt, max_lr=0.1, total_steps=20)"],
            "",
        ),
    ],
)
def test_where_nothing_is_drawn_no_config_is_saved(
    words: list[str], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("plot", "const:lr=1", *words, "--save-config", "x.toml")
    assert result.status == 2
    assert said in result.err
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["x{name}y.svg", "a\\b.png", "..p.png"])
def test_odd_names_are_saved_as_they_are(
    name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("plot", "const:lr=1", "-o", name, "--save-config", "x.toml", "-q").status == 0
    drawn = Path(name).read_bytes()
    Path(name).unlink()
    assert run("build", "x.toml", "-q") == (0, "", "")
    assert Path(name).read_bytes() == drawn


def test_to_a_pipe_the_format_is_saved_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["-o", "-", "--format", "svg", "--save-config", "plan.toml", "-q"]
    drawn = run("plot", "const:lr=1", *words)
    assert drawn.status == 0
    assert run("build", "plan.toml", "-q").status == 0
    assert Path("plan.svg").read_text(encoding="utf-8") == drawn.out


def test_a_config_behind_a_link_finds_its_log(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("real/deep").mkdir(parents=True)
    Path("link").symlink_to("real/deep")
    Path("run.csv").write_text(RUN)
    words = ["-o", "link/a.png", "--save-config", "link/a.toml", "-q"]
    assert run("plot", "@run.csv", *words).status == 0
    assert run("build", "link/a.toml", "--check") == (0, "", "lrviz: 1 picture, up to date\n")


def test_both_themes_make_two_files(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("plot", *STAIRS, "--theme", "both", "-o", "new/x.svg").err.splitlines() == [
        "lrviz: wrote new/x.svg: 2 curves, 1000 steps, in a new folder new",
        "lrviz: wrote new/x-dark.svg: 2 curves, 1000 steps",
    ]
    for name, theme in (("x", "light"), ("x-dark", "dark")):
        assert run("plot", *STAIRS, "--theme", theme, "-o", "y.svg", "-q").status == 0
        assert Path("y.svg").read_bytes() == Path(f"new/{name}.svg").read_bytes()


def test_what_is_not_seen_is_told(run: Run) -> None:
    words = ["cosine:lr=0.1,steps=100", "--mark", "500=late", "--mark", "50=half"]
    result = run("plot", *words)
    assert result.err == "lrviz: 'late' is at step 500, and the figure shows steps 0 to 99\n"
    assert result.out.splitlines()[-1].strip() == "↑ half"
    beyond = run("plot", "cosine:lr=0.1,steps=100", "--zoom", "50:900")
    assert beyond.err == "lrviz: the run ends at step 99, and the zoom goes on to 900\n"


def test_messages_break_between_words_on_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run("plot", "cosine:lr=0.1").err
    monkeypatch.setattr("lrviz.cli.console.is_terminal", lambda _: True)
    broken = run("plot", "cosine:lr=0.1", "--color", "never").err
    assert max(map(len, broken.splitlines())) < 80
    assert re.sub(r"\x1b\[[\d;]*m", "", " ".join(broken.split())) == " ".join(whole.split())
