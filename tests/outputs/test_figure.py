"""Figures, tested by what they are made of."""

import functools
import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from PIL import Image

from lrviz.curves import Curve
from lrviz.outputs import fonts
from lrviz.outputs.figure import THEMES, Panel, Paper, draw, own_style
from lrviz.outputs.look import Look
from lrviz.outputs.pictures import Rendered, find, formats
from lrviz.sampling import default_horizon, outline
from lrviz.schedules.base import Schedule
from lrviz.specs import read
from lrviz.specs.quantities import Run
from tests.conftest import MACHINE
from tests.strategies import schedules

pytestmark = pytest.mark.figures

STAIRS = [
    "staircase_True=exp:lr=0.01,rate=0.9,steps=100,staircase",
    "staircase_False=exp:lr=0.01,rate=0.9,steps=100",
]


def curves(specs: list[str], paper: Paper | None = None) -> tuple[list[Curve], int]:
    named = read(specs, Run())
    horizon = default_horizon(one.schedule for one in named)
    columns = (paper or Paper()).columns
    return [outline(o.schedule, horizon, columns, o.label) for o in named], horizon


def figure(specs: list[str], paper: Paper | None = None, **look: Any) -> Figure:
    shown, horizon = curves(specs, paper)
    with own_style():
        return draw([Panel(shown, Look(steps=horizon, **look))], paper or Paper())[0]


def file(specs: list[str], form: str, paper: Paper | None = None, **look: Any) -> bytes:
    return rendered(specs, form, paper, **look).data


def rendered(specs: list[str], form: str, paper: Paper | None = None, **look: Any) -> Rendered:
    shown, horizon = curves(specs, paper)
    found = find(form)
    assert found is not None
    return found.render([Panel(shown, Look(steps=horizon, **look))], paper or Paper())


def names_in(drawn: Figure) -> list[Text]:
    """Return the names of the curves, in their order, wherever they stand."""
    legend = drawn.axes[0].get_legend()
    return [*(legend.get_texts() if legend else drawn.axes[0].texts)]


def names_of(drawn: Figure) -> list[str]:
    return [text.get_text() for text in names_in(drawn)]


@pytest.fixture
def fresh_fonts() -> Iterator[None]:
    """Forget which fonts were found, before and after."""
    for cached in (fonts.path_for, fonts._installed):
        cached.cache_clear()
    yield
    for cached in (fonts.path_for, fonts._installed):
        cached.cache_clear()


def test_the_figure_that_started_it() -> None:
    """1000 steps, titled, axes named; stairs are stairs; red is True and blue is False."""
    drawn = figure(STAIRS, title="exponential_decay")
    axes = drawn.axes[0]
    assert [text.get_text() for text in drawn.texts] == ["exponential_decay"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "learning rate")
    assert names_of(drawn) == ["staircase_True", "staircase_False"]
    stairs, smooth = axes.get_lines()
    assert [to_hex(str(line.get_color())) for line in (stairs, smooth)] == ["#d55e00", "#0072b2"]
    steps = np.asarray(stairs.get_xdata())
    rates = np.asarray(stairs.get_ydata())
    assert (steps.min(), steps.max()) == (0, 999)
    slopes = np.diff(rates)[np.diff(steps) > 0]
    assert not slopes.any()
    assert np.asarray(smooth.get_xdata()).tolist() == list(range(1000))
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        *("0", "200", "400", "600", "800", "1000")
    ]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        *("0", "0.002", "0.004", "0.006", "0.008", "0.010")
    ]


def recorded() -> Curve:
    return Curve("run", np.array([0, 50, 120]), np.array([0.1, 0.05, 0.07]), recorded=True)


def test_a_recorded_run_is_points_over_the_planned_line() -> None:
    (planned,), horizon = curves(["linear:lr=0.1,steps=200"])
    with own_style():
        axes = draw([Panel([planned, recorded()], Look(steps=horizon))], Paper())[0].axes[0]
    line, points = axes.get_lines()
    assert (line.get_linestyle(), line.get_marker()) == ("-", "")
    assert (points.get_linestyle(), points.get_marker()) == ("None", "o")
    assert np.asarray(points.get_xdata()).tolist() == [0, 50, 120]


def test_differences_are_drawn_below_on_the_same_steps() -> None:
    shown, horizon = curves(["linear:lr=0.1,steps=200", "cosine:lr=0.1,steps=200"])
    gap = Curve("gap", np.array([0, 50, 150]), np.array([0.0, 0.01, -0.01]))
    with own_style():
        look = Look(steps=horizon, title="t", steps_per_epoch=50)
        drawn, _ = draw([Panel(shown, look, [gap])], Paper())
        drawn.canvas.draw()
    upper, lower = drawn.axes
    assert upper.get_xlim() == lower.get_xlim()
    assert upper.get_position().y0 > lower.get_position().y1
    assert upper.get_position().x0 == lower.get_position().x0
    assert (upper.get_xlabel(), lower.get_xlabel()) == ("", "step")
    assert lower.get_ylabel() == "difference"
    line = lower.get_lines()[0]
    assert line.get_color() == upper.get_lines()[1].get_color()
    low, high = lower.get_ylim()
    assert low < -0.01 < 0.01 < high


@pytest.mark.parametrize("form", formats())
def test_the_same_words_give_the_same_bytes(form: str) -> None:
    assert file(STAIRS, form, title="t") == file(STAIRS, form, title="t")


@pytest.mark.parametrize("form", formats())
def test_nothing_in_a_file_tells_when_or_with_what_it_was_made(form: str) -> None:
    data = file(STAIRS, form)
    for word in (b"Matplotlib", matplotlib.__version__.encode(), b"Date", b"dc:date"):
        assert word not in data


@pytest.mark.parametrize("form", formats())
def test_the_user_s_settings_of_matplotlib_change_nothing(form: str) -> None:
    usual = file(STAIRS, form)
    with matplotlib.rc_context(
        {"lines.linewidth": 9, "font.family": "serif", "savefig.bbox": "tight", "text.usetex": True}
    ):
        assert file(STAIRS, form) == usual
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_a_png_has_the_size_that_was_asked_for() -> None:
    data = file(["const:lr=1"], "png", Paper(5, 3, 120))
    assert struct.unpack(">II", data[16:24]) == (600, 360)


def test_formats_are_what_they_say() -> None:
    assert file(STAIRS, "png").startswith(b"\x89PNG")
    assert file(STAIRS, "pdf").startswith(b"%PDF")
    assert b"<svg" in file(STAIRS, "svg")


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_colours_everything(name: str) -> None:
    theme = THEMES[name]
    drawn = figure(STAIRS, Paper(theme=name), title="t", steps_per_epoch=10)
    assert to_hex(drawn.get_facecolor()) == theme.paper
    texts = [*drawn.texts, *drawn.axes[0].get_xticklabels(), *drawn.axes[0].get_yticklabels()]
    assert {text.get_color() for text in texts} == {theme.ink}
    image = Image.open(io.BytesIO(file(STAIRS, "png", Paper(theme=name))))
    assert image.getpixel((0, 0)) == (*bytes.fromhex(theme.paper[1:]), 255)


@pytest.mark.parametrize("name", THEMES)
def test_colours_stand_out_from_the_paper_and_from_one_another(name: str) -> None:
    theme = THEMES[name]

    def light(colour: str) -> float:
        channels = np.array(list(bytes.fromhex(colour[1:]))) / 255
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return float(linear @ [0.2126, 0.7152, 0.0722])

    def contrast(one: str, other: str) -> float:
        low, high = sorted([light(one), light(other)])
        return (high + 0.05) / (low + 0.05)

    assert contrast(theme.ink, theme.paper) > 7
    assert all(contrast(colour, theme.paper) > 2 for colour in theme.curves)
    assert len(set(theme.curves)) == len(theme.curves)


def test_many_curves_have_many_colours() -> None:
    lines = figure(["const:lr={1..40}"]).axes[0].get_lines()
    assert len({to_hex(line.get_color()) for line in lines}) == 40


@pytest.mark.parametrize(
    "label",
    ["$x^2$", "a_b^c", "_hidden", "[red]b[/red]", r"\frac 1 2", "\x1b[31mred", "a\nb", "%"],
)
@pytest.mark.filterwarnings("error")
def test_a_label_is_shown_as_it_is(label: str) -> None:
    drawn = figure([f"{label}=const:lr=1"], title=label)
    shown = label.replace("\x1b", r"\x1b").replace("\n", r"\n")
    assert names_of(drawn) == [shown]
    for text in (*drawn.texts, *names_in(drawn)):
        assert text.get_text() == shown
        assert not text.get_parse_math()
        assert not text.get_usetex()


def test_a_logarithmic_axis() -> None:
    axes = figure(["step:lr=0.1,rate=0.1,steps=30"], log=True).axes[0]
    assert axes.get_yscale() == "log"
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert {"0.1", "0.01", "0.001", "1e-4"} <= set(labels)


def test_a_curve_that_falls_to_0_does_not_stretch_a_logarithmic_axis() -> None:
    low, high = figure(["linear:lr=0.1,steps=100", "const:lr=0"], log=True).axes[0].get_ylim()
    assert 1e-8 < low < 1e-3
    assert 0.1 < high < 0.2


def test_an_axis_begins_at_0_unless_all_rates_lie_close_together() -> None:
    assert figure(STAIRS).axes[0].get_ylim()[0] == 0
    assert figure(["const:lr=1"]).axes[0].get_ylim()[0] == 0
    assert figure(["linear:lr=1,steps=100,end=0.9"]).axes[0].get_ylim()[0] > 0.85
    assert figure(["noisy_linear_cosine:lr=1,steps=100"]).axes[0].get_ylim()[0] < 0


def test_epochs_stand_above_the_steps() -> None:
    drawn = figure(["linear:lr=1,steps=1000"], steps_per_epoch=100)
    with own_style():
        drawn.canvas.draw()
    (above,) = drawn.axes[0].child_axes
    assert above.get_xlabel() == "epoch"
    labels = {label.get_text(): label.get_position()[0] for label in above.get_xticklabels()}
    assert labels["10"] == 10
    low, high = drawn.axes[0].get_xlim()
    assert above.get_xlim() == pytest.approx((low / 100, high / 100))


@settings(max_examples=25)
@given(st.lists(schedules, min_size=1, max_size=6), st.booleans(), st.integers(1, 10**6))
def test_names_never_cover_a_curve(shown: list[Schedule], log: bool, horizon: int) -> None:
    paper = Paper(6, 4, 60)
    drawn_curves = [outline(schedule, horizon, paper.columns) for schedule in shown]
    if log and not any(curve.values.max() >= 1e-300 for curve in drawn_curves):
        return
    with own_style():
        look = Look(steps=horizon, title="title", log=log)
        drawn, _ = draw([Panel(drawn_curves, look)], paper)
        drawn.canvas.draw()
    axes = drawn.axes[0]
    legend = axes.get_legend()
    parts = [legend] if legend else axes.texts
    boxes = [part.get_window_extent() for part in parts]
    assert len(boxes) == (1 if legend else len(shown))
    for line in axes.get_lines():
        xy = np.array(line.get_xydata())
        xy[:, 1] = np.maximum(xy[:, 1], axes.get_ylim()[0])
        path = Outline(axes.transData.transform(xy))
        assert not any(path.intersects_bbox(box, filled=False) for box in boxes)
    (title,) = drawn.texts
    for box in boxes:
        assert box.x0 >= 0
        assert box.y1 <= drawn.bbox.height
        assert not box.overlaps(title.get_window_extent())


@pytest.mark.parametrize(
    "label", ["x", "a label that is longer than most, but not too long", "W" * 300]
)
@pytest.mark.parametrize("paper", [Paper(), Paper(2, 1.5, 50), Paper(20, 4, 72)])
def test_all_text_lies_on_the_paper(label: str, paper: Paper) -> None:
    drawn = figure(
        [f"{label}=cosine:lr=1e-5,steps=1M", "noise=noisy_linear_cosine:lr=1e-5,steps=1M"],
        paper,
        title=label,
    )
    with own_style():
        drawn.canvas.draw()
    axis_texts = [*drawn.axes[0].get_xticklabels(), *drawn.axes[0].get_yticklabels()]
    texts = [*drawn.texts, *names_in(drawn), *axis_texts, drawn.axes[0].xaxis.label]
    for text in [*texts, drawn.axes[0].yaxis.label]:
        box = text.get_window_extent()
        assert box.x0 >= -1, text
        assert box.y0 >= -1, text
        assert box.x1 <= drawn.bbox.width + 1, text
        assert box.y1 <= drawn.bbox.height + 1, text


def test_a_hundred_names_are_all_there_and_leave_room_for_the_curves() -> None:
    drawn = figure(["const:lr={1..100}"])
    assert len(set(names_of(drawn))) == 100
    assert drawn.axes[0].get_position().height * drawn.get_figheight() > 2.7


def test_every_text_is_in_the_bundled_font() -> None:
    drawn = figure(STAIRS, title="t", steps_per_epoch=10)
    (above,) = drawn.axes[0].child_axes
    for axes in (drawn.axes[0], above):
        for text in (axes.xaxis.label, *axes.get_xticklabels()):
            assert text.get_fontproperties().get_file() == fonts.DEFAULT
    for text in (*drawn.texts, *names_in(drawn), *drawn.axes[0].get_yticklabels()):
        assert text.get_fontproperties().get_file() == fonts.DEFAULT


@pytest.mark.parametrize("form", formats())
def test_chinese_is_written_in_a_font_that_has_it(form: str) -> None:
    drawn = figure(["中文标签=const:lr=1"], title="a 中文 title")
    assert drawn.texts[0].get_fontproperties().get_file() == str(MACHINE / "fonts" / "boxes.ttf")
    assert file(["中文标签=const:lr=1"], form) == file(["中文标签=const:lr=1"], form)
    assert file(["中文标签=const:lr=1"], form) != file(["中文标线=const:lr=1"], form)


@pytest.mark.usefixtures("fresh_fonts")
def test_one_note_names_a_font_where_none_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", functools.cache(lambda: ()))
    drawn = rendered(["中文标签=const:lr=1", "日本語=const:lr=2"], "png", title="中文")
    assert drawn.notes == [fonts.MISSING]
    assert "Noto Sans CJK" in fonts.MISSING
    assert rendered(["a=const:lr=1"], "png").notes == []


@pytest.mark.usefixtures("fresh_fonts")
def test_a_broken_font_is_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "NotoSansCJK-Regular.ttf"
    broken.write_bytes(b"not a font")
    assert fonts._characters(str(broken)) == frozenset()
