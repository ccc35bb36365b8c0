"""Drawings: what is asked for is evaluated once, and says of itself what was set."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lrviz.answers.plot import drawing_of
from lrviz.builds.pictures import figures_of
from lrviz.errors import LrvizError
from lrviz.outputs import fonts, pictures
from lrviz.outputs.look import Look
from lrviz.outputs.paper import Paper
from lrviz.outputs.settings import changed, settings_of
from lrviz.sampling import outline
from lrviz.specs.quantities import Run
from tests.conftest import Run as Command

pytestmark = pytest.mark.figures

SPECS = ["linear:lr=0.1,steps=1000", "exp:lr=0.1,rate=0.9,steps=100"]
SMALL = Paper(4, 3, 50)

SETTINGS: dict[str, Any] = {
    "title": "a title",
    "steps": "10ep",
    "zoom": "10%:50%",
    "steps_per_epoch": 50,
    "dtype": "float32",
    "step_column": "b",
    "log": True,
    "rates": [0.01, 0.2],
    "xlabel": "update",
    "ylabel": "",
    "annotations": {"200": "here", "30%": "there"},
    "legend": False,
    "differences": True,
    "quadratic": {"dims": 3, "batch": 8.0},
}
"""Of every setting of panels a value that is not its default."""
TOGETHER = [name for name in SETTINGS if name != "quadratic"]
"""Those that can be given at once: a quadratic and differences cannot."""


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the labels of schedules as they are evaluated to be drawn."""
    labels: list[str] = []

    def noted(schedule: Any, horizon: int, columns: int, label: str, *rest: Any) -> Any:
        labels.append(label)
        return outline(schedule, horizon, columns, label, *rest)

    monkeypatch.setattr("lrviz.series.planned.outline", noted)
    return labels


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder with a log that has two columns of steps."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.csv").write_text("step,b,lr\n0,0,0.1\n1,10,0.2\n2,200,0.1\n")
    return tmp_path


def config_with(settings: str) -> None:
    Path("x.toml").write_text(
        f'[figure.x]\nsize = "4x3"\ndpi = 50\n{settings}\n'
        'curves = ["a=linear:lr=0.1,steps=100", "b=const:lr=0.1"]\n'
    )


@pytest.mark.usefixtures("here")
def test_curves_are_evaluated_once_for_all_themes_and_formats(
    run: Command, evaluated: list[str]
) -> None:
    config_with('theme = "both"\noutput = ["x.png", "x.svg", "x.pdf"]')
    assert "6 drawn" in run("build", "x.toml").err
    assert evaluated == ["a", "b"]
    evaluated.clear()
    assert run("build", "x.toml", "--check", "--pixels").status == 0
    assert evaluated == ["a", "b"]


@pytest.mark.usefixtures("here")
def test_a_stale_picture_is_drawn_from_what_showed_that_it_is(
    run: Command, evaluated: list[str]
) -> None:
    for steps in (100, 200):
        config_with(f"steps = {steps}")
        evaluated.clear()
        assert "1 drawn" in run("build", "x.toml").err
        assert evaluated == ["a", "b"]


def test_the_formats_and_themes_of_an_answer_share_its_curves(evaluated: list[str]) -> None:
    drawing = drawing_of(SPECS, paper=SMALL)
    for name in pictures.formats():
        form = pictures.find(name)
        assert form is not None
        for theme in ("light", "dark"):
            said = form.read(drawing.render(form, theme).data)
            assert said is not None
            assert (said.about, said.whole) == (drawing.about(theme), True)
    assert evaluated == ["linear", "exp"]


def test_every_setting_is_tried_here() -> None:
    assert SETTINGS.keys() == settings_of(Look).keys()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("names", [[name] for name in SETTINGS] + [TOGETHER], ids="-".join)
def test_a_setting_is_said_once_and_comes_back_from_the_picture(names: list[str]) -> None:
    """From a keyword to the text in the picture, and as a config to the same picture."""
    needs: dict[str, Any] = {"steps_per_epoch": 50} if names == ["steps"] else {}
    given = {**needs, **{name: SETTINGS[name] for name in names}}
    specs = [*SPECS, "@two.csv"] if "step_column" in names else SPECS
    drawing = drawing_of(specs, paper=SMALL, **given)
    (view,) = drawing.views
    plain = drawing_of(specs, paper=SMALL, **needs).views[0]
    assert {name for name in names if changed(view.look).get(name) != changed(plain.look).get(name)}
    table = tomllib.loads(drawing.about())["figure"][""]
    assert set(names) <= {*table}
    _, _, config = drawing.about().partition("\n\n")
    Path("again.toml").write_text(config.replace('[figure.""', "[figure.x"))
    figures, _ = figures_of(["again.toml"], None)
    again = figures[0].pictures[0].drawing
    assert again.views[0].look == view.look
    assert again.about() == drawing.about()


def test_what_is_usual_is_not_said() -> None:
    (view,) = drawing_of(SPECS, log=False, title="", dtype="float64", xlabel="step").views
    assert changed(view.look) == {"steps": 1000}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"log": "yes"}, 'log is true or false, not "yes"'),
        ({"dtype": "float16"}, "dtype is float64 or float32, not 'float16'; did you mean"),
        ({"zoom": "9:1"}, "zoom '9:1' ends before it begins; write 1:9"),
        ({"rates": [1, 0]}, "rates are the lower and the upper end of the axis"),
        ({"rates": [0, 1], "log": True}, "rates of a logarithmic axis are above 0, and 0 is not"),
        ({"steps": "50%"}, "steps"),
    ],
)
def test_a_wrong_setting_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(LrvizError) as error:
        drawing_of(SPECS, **given)
    assert said in error.value.message


def test_a_setting_that_there_is_not() -> None:
    with pytest.raises(LrvizError) as error:
        drawing_of(SPECS, titel="x")
    assert error.value.message == "plot has no setting 'titel'; did you mean 'title'?"
    with pytest.raises(LrvizError) as error:
        drawing_of(SPECS, qqq=1)
    assert error.value.message == (
        "plot has no setting 'qqq'; its settings are title, steps, zoom, steps_per_epoch, dtype, "
        "step_column, log, rates, xlabel, ylabel, annotations, legend, differences and quadratic"
    )


def test_steps_are_those_of_the_run_unless_they_are_set() -> None:
    assert drawing_of(SPECS, Run(30)).views[0].look.steps == 30
    assert drawing_of(SPECS, Run(30), steps="2k").views[0].look.steps == 2000


def test_an_answer_tells_what_was_assumed() -> None:
    assert "StepLR is read as PyTorch" in drawing_of(["StepLR(opt, 30, lr=0.1)"]).notes[0]


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have no fonts but matplotlib's own."""
    monkeypatch.setattr(fonts, "_installed", tuple)
    fonts.path_for.cache_clear()
    yield
    fonts.path_for.cache_clear()


@pytest.mark.usefixtures("here", "no_fonts")
@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_what_no_font_can_write_is_told_by_every_command_that_draws(
    run: Command, quiet: list[str]
) -> None:
    note = f"lrviz: warning: {fonts.MISSING}\n"
    told = run("plot", "中=const:lr=1", "-o", "a.png", *quiet).err
    assert told.count(note) == 1
    assert run("compare", "中=const:lr=1", "const:lr=1", "-o", "a.png", *quiet).err.count(note) == 1
    config_with('title = "中"\ntheme = "both"')
    assert run("build", "x.toml", *quiet).err.count(note) == 1
    assert run("build", "x.toml", *quiet).err.count(note) == 0
    assert run("build", "x.toml", "--check", "--pixels", *quiet).err.count(note) == 1
