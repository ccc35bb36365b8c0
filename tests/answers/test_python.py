"""Python has what the commands print and draw, as arguments, objects and pictures."""

import io
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import rc_context, rcParamsDefault
from matplotlib.figure import Figure
from PIL import Image

import lrviz
from lrviz import Curve, LrvizError, Run, Schedule
from lrviz.families import families
from lrviz.outputs.pictures.png import Png
from tests import conftest

PLAN = "warmup:steps=50/cosine:lr=0.1,steps=450"
OTHER = "warmup:steps=50/linear:lr=0.1,steps=450"
USUAL_COLOURS = rcParamsDefault["axes.prop_cycle"].by_key()["color"]
HOSTILE = "<img src=x onerror=alert(1)>&$x$"


def pixels(data: bytes) -> bytes:
    """Return what a PNG shows."""
    return Image.open(io.BytesIO(data)).tobytes()


def saved(figure: Figure, form: str = "png") -> bytes:
    """Return a figure as a file."""
    file = io.BytesIO()
    figure.savefig(file, format=form)
    return file.getvalue()


def all_kinds(folder: Path) -> list[str | Schedule | Curve]:
    """Return a text, a schedule, a curve and a log."""
    plan = lrviz.parse(PLAN)
    (folder / "run.csv").write_text("step,lr\n0,0\n100,0.09\n400,0.02\n")
    curve = lrviz.evaluate(plan, range(0, 500, 7), label="a curve")
    return [OTHER, plan, curve, f"log=@{folder / 'run.csv'}"]


@pytest.mark.figures
def test_a_figure_is_the_one_that_the_command_draws(run: conftest.Run, tmp_path: Path) -> None:
    words = ["--title", "plans", "--log", "-n", "300", "--size", "5x3", "--theme", "dark"]
    assert run("plot", PLAN, OTHER, *words, "-o", str(tmp_path / "x.png")).status == 0
    look: dict[str, Any] = {"title": "plans", "log": True, "size": "5x3", "theme": "dark"}
    figure = lrviz.plot(PLAN, OTHER, horizon=300, **look)
    assert pixels(saved(figure)) == pixels((tmp_path / "x.png").read_bytes())
    figure.savefig(tmp_path / "by_name.png")
    assert (tmp_path / "by_name.png").read_bytes() == saved(figure)


@pytest.mark.figures
@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_figure_is_saved_the_same_every_time_whatever_is_set_elsewhere(form: str) -> None:
    odd: dict[Any, Any] = {
        "font.size": 30,
        "axes.facecolor": "red",
        "savefig.dpi": 20,
        "lines.linewidth": 9,
    }
    with rc_context(odd):
        one = saved(lrviz.plot(PLAN), form)
    assert one == saved(lrviz.plot(PLAN), form)


@pytest.mark.figures
def test_a_figure_has_what_a_panel_of_a_config_may_have() -> None:
    settings: dict[str, Any] = {
        "annotations": {50: "warm"},
        "rates": (0, 0.2),
        "zoom": range(20, 90),
    }
    figure = lrviz.plot(PLAN, xlabel="update", **settings)
    (axes,) = figure.axes
    assert axes.get_xlabel() == "update"
    assert axes.get_ylim() == (0, 0.2)
    assert "warm" in [text.get_text() for text in axes.texts]
    assert np.min(axes.lines[0].get_xdata()) == 20
    with pytest.raises(LrvizError, match="plot has no setting 'titel'; did you mean 'title'"):
        lrviz.plot(PLAN, titel="x")


@pytest.mark.figures
def test_axes_that_are_given_have_the_curves_in_their_own_style(tmp_path: Path) -> None:
    figure = Figure()
    upper, lower = figure.subplots(2)
    lower.set_ylabel("rate")
    assert lrviz.plot(PLAN, ax=upper) is figure
    assert lrviz.plot(*all_kinds(tmp_path), ax=lower, title="$x$", log=True) is figure
    assert len(upper.lines) == 1
    plan = lrviz.parse(PLAN)
    line = upper.lines[0]
    assert plan(np.asarray(line.get_xdata(), np.int64)).tolist() == list(line.get_ydata())
    assert [one.get_linestyle() for one in lower.lines] == ["-", "-", "-", "None"]
    assert [one.get_color() for one in lower.lines] == USUAL_COLOURS[:4]
    assert (upper.get_ylabel(), lower.get_ylabel()) == ("learning rate", "rate")
    assert (upper.get_yscale(), lower.get_yscale()) == ("linear", "log")
    legend = lower.get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == [OTHER, PLAN, "a curve", "log"]
    assert not lower.title.get_parse_math()
    saved(figure)


@pytest.mark.figures
@pytest.mark.parametrize(
    ("name", "value"), [("size", "4x3"), ("dpi", 90), ("theme", "dark"), ("differences", True)]
)
def test_what_is_of_a_figure_cannot_be_said_of_axes(name: str, value: object) -> None:
    axes = Figure().add_subplot()
    with pytest.raises(LrvizError) as error:
        lrviz.plot(PLAN, OTHER, ax=axes, **{name: value})  # type: ignore[arg-type]
    assert error.value.message == (
        f"{name} is for a figure that is made here, and axes are given; leave out one of them"
    )


def test_lists_and_single_arguments_are_the_same(tmp_path: Path) -> None:
    kinds = all_kinds(tmp_path)
    assert (
        str(lrviz.table(*kinds))
        == str(lrviz.table(kinds))
        == str(lrviz.table(*[[k] for k in kinds]))
    )


def test_what_is_known_of_a_run_is_said_by_keywords_or_by_a_run() -> None:
    call = "StepLR(optimizer, N)"
    known: dict[str, Any] = {"horizon": "2k", "steps_per_epoch": 100, "lr": 0.5, "names": {"N": 3}}
    a = lrviz.table(call, at="0,50%,7ep", **known)
    run = Run(horizon=2000, steps_per_epoch=100, lr=0.5, names={"N": 3})
    b = lrviz.table(call, run=run, at="0,50%,7ep")
    assert a.steps.tolist() == [0, 1000, 700]
    assert a.to_dict() == b.to_dict()
    assert (
        lrviz.table(call, run=run._replace(lr=9), lr=0.5, at="0,50%,7ep").to_dict() == a.to_dict()
    )


@pytest.mark.parametrize(
    ("at", "steps"),
    [
        (7, [7]),
        ([0, 5, "1k"], [0, 5, 1000]),
        (range(3, 6), [3, 4, 5]),
        (range(0, 9, 4), [0, 4, 8]),
        (np.array([2, 1]), [2, 1]),
        ("0,2:3", [0, 2, 3]),
    ],
)
def test_steps_of_a_table_are_said_in_many_ways(at: object, steps: list[int]) -> None:
    assert lrviz.table(PLAN, at=at).steps.tolist() == steps  # type: ignore[arg-type]


def test_a_table_has_columns_and_is_a_dictionary_of_lists(tmp_path: Path) -> None:
    plan = lrviz.parse(PLAN)
    found = lrviz.table(*all_kinds(tmp_path), at=[0, 98, 100])
    assert list(found.columns) == [OTHER, PLAN, "a curve", "log"]
    assert found.columns[PLAN].tolist() == plan([0, 98, 100]).tolist()
    assert np.isnan(found.columns["a curve"]).tolist() == [False, False, True]
    columns = found.to_dict()
    assert columns["step"] == [0, 98, 100]
    assert columns["log"][2] == 0.09
    assert lrviz.table(PLAN, at=1, dtype="float32").columns[PLAN].dtype == np.float32
    with pytest.raises(LrvizError, match="dtype is float64 or float32, not 'f4'"):
        lrviz.table(PLAN, dtype="f4")


def test_a_long_table_is_shown_by_its_ends_and_printed_whole() -> None:
    found = lrviz.table(PLAN, at="0:9,100:999")
    lines = repr(found).splitlines()
    assert [line.split()[0] for line in lines[1:61]] == [
        *map(str, [*range(10), *range(100, 120), *range(970, 1000)])
    ]
    assert lines[61:] == ["the first and the last 30 of 910 rows; print() has all"]
    assert len(str(found).splitlines()) == 911
    short = lrviz.table(PLAN, at="0:59")
    assert repr(short) == str(short).rstrip()
    page = found._repr_html_()
    assert page.count("<tr>") == 61
    assert "<p>the first and the last 30 of 910 rows; print() has all</p>" in page


def test_a_comparison_is_true_if_there_is_a_difference() -> None:
    same = lrviz.compare(PLAN, lrviz.parse(PLAN))
    assert (bool(same), same.first, same.largest, same.cause) == (False, None, 0.0, None)
    other = lrviz.compare(PLAN, OTHER, PLAN)
    gaps = abs(lrviz.parse(PLAN)(range(500)) - lrviz.parse(OTHER)(range(500)))
    assert bool(other)
    assert other.first == np.flatnonzero(gaps > 1e-9)[0]
    assert other.largest == gaps.max()
    assert other.cause is not None
    assert other.cause.name == "family"
    close = lrviz.compare("const:lr=1", "const:lr=1.001", rtol=0.01)
    assert not close
    assert close.first is None
    assert close.largest == pytest.approx(0.001)


def test_a_difference_that_is_none_but_in_the_count_of_steps_is_none(tmp_path: Path) -> None:
    """A log that counts the steps of 4 processes together is the plan, and so says the object."""
    plan = lrviz.parse(PLAN)
    rows = "".join(f"{4 * t},{plan(t)!r}\n" for t in range(0, 500, 2))
    (tmp_path / "run.csv").write_text("step,lr\n" + rows)
    found = lrviz.compare(plan, f"@{tmp_path / 'run.csv'}", horizon=2000)
    assert bool(found) is not found.equal
    assert (found.first is None, found.cause is None) == (found.equal, found.equal)


def test_a_comparison_prints_as_its_command_does(run: conftest.Run) -> None:
    printed = run("compare", PLAN, OTHER).out
    found = lrviz.compare(PLAN, OTHER)
    assert str(found) == printed
    assert repr(found) == printed.rstrip()


@pytest.mark.figures
def test_pages_show_any_label_as_text() -> None:
    plan = lrviz.parse(PLAN)
    curve = lrviz.evaluate(plan, range(9), label=HOSTILE)
    pages = [
        curve._repr_html_(),
        lrviz.table(curve, at=0)._repr_html_(),
        lrviz.compare(plan, curve)._repr_html_(),
    ]
    for page in pages:
        assert "&lt;img src=x onerror=alert(1)&gt;&amp;$x$" in page
        assert "<img src=x" not in page


@pytest.mark.figures
def test_schedules_and_curves_are_shown_as_small_charts() -> None:
    plan = lrviz.parse(PLAN)
    for one in (plan, lrviz.evaluate(plan, range(100), label=PLAN)):
        data = one._repr_png_()
        assert data is not None
        assert data.startswith(Png.head)
        assert len(data) < 30_000
        assert f"<code>{PLAN}</code>" in one._repr_html_()


@pytest.mark.figures
def test_what_cannot_be_drawn_says_why() -> None:
    plan = lrviz.parse("exp:lr=1,rate=1e200,steps=1")
    assert plan._repr_png_() is None
    assert "gives the rate inf at its step 2, " in plan._repr_html_()


@pytest.mark.figures
def test_a_comparison_is_shown_with_its_verdict_and_a_picture() -> None:
    page = lrviz.compare(PLAN, OTHER)._repr_html_()
    assert "<p>" + lrviz.compare(PLAN, OTHER).verdict().__next__() in page
    assert "<th>final rate</th>" in page
    assert '<img alt="" src="data:image/png;base64,' in page


@pytest.mark.figures
def test_notes_and_warnings_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    said = "StepLR is read as PyTorch 2.13's; for MMEngine 0.10's write mmengine.optim.StepLR"
    for function in (lrviz.table, lrviz.compare, lrviz.plot):
        caplog.clear()
        function("StepLR(optimizer, 30)", lr=0.1)
        assert (("lrviz", logging.WARNING, said)) in caplog.record_tuples
    caplog.clear()
    lrviz.plot("step:lr=0.1,rate=0.1,steps=30", horizon=10)
    assert "(staircase)" in caplog.text
    caplog.clear()
    lrviz.plot("step:lr=0.1,rate=0.1,steps=30", horizon=10, silence="staircase")
    assert not caplog.records


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (
            Curve("a", np.arange(3), np.ones(2)),
            "'a' has steps of shape (3,) and values of shape (2,); give each step a value",
        ),
        (
            Curve("", np.arange(0), np.ones(0)),
            "'curve' has steps of shape (0,) and values of shape (0,); give each step a value",
        ),
        (
            Curve("a", np.array([1, 0]), np.ones(2)),
            "the steps of 'a' are not whole numbers from 0 on that rise; sort them",
        ),
        (
            Curve("a", np.array([-1, 0]), np.ones(2)),
            "the steps of 'a' are not whole numbers from 0 on that rise; sort them",
        ),
    ],
)
def test_a_curve_that_is_none_is_refused(curve: Curve, said: str) -> None:
    with pytest.raises(LrvizError) as error:
        lrviz.table(curve)
    assert error.value.message == said


def loaded_by(code: str) -> list[str]:
    """Return the families that are imported when some code has run."""
    code += "\nimport sys; print(*(m for m in sys.modules if m.startswith('lrviz.families.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_classes_of_families_can_be_imported_and_are_not_before() -> None:
    assert loaded_by("import lrviz.families") == []
    assert "lrviz.families.cosine" in loaded_by("from lrviz.families import CosineDecay")
    for kind in families().values():
        assert getattr(lrviz.families, kind.__name__) is kind
        assert kind.__name__ in dir(lrviz.families)
    with pytest.raises(AttributeError, match=r"module 'lrviz.families' has no attribute 'Nothing'"):
        lrviz.families.Nothing  # noqa: B018
    decay = lrviz.families.CosineDecay(lr=0.1, steps=100)
    assert repr(decay) == "lrviz.parse('cosine:lr=0.1,steps=100')"
