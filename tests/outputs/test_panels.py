"""Figures of several panels, annotated, zoomed and in styles, tested by what they are made of."""

import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox
from PIL import Image, ImageColor

from lrviz.curves import Curve
from lrviz.outputs.figure import THEMES, Panel, Paper, draw, own_style
from lrviz.outputs.look import Look, Style
from lrviz.outputs.pictures.png import Png
from lrviz.sampling import outline
from lrviz.specs import read
from lrviz.specs.quantities import Run

pytestmark = pytest.mark.figures

if TYPE_CHECKING:
    from matplotlib.text import Text

SPECS = [
    "linear:lr=0.1,steps=1000",
    "exp:lr=0.1,rate=0.9,steps=100,staircase",
    "const:lr=1e-5",
    "warmup:steps=100/cosine:lr=3e-4,steps=900",
    "cosine_restarts:lr=0.5,steps=100,m_mul=0.7",
]
WORDS = ["warmup ends", "a", "the learning rate drops here for good", "restart", "$x$"]
SMALL = Paper(8, 4.5, 60)


def curves(specs: Iterable[str], first: int = 0, horizon: int = 1000) -> list[Curve]:
    named = read(specs, Run())
    return [outline(one.schedule, horizon, 400, one.label, first=first) for one in named]


def panel(*specs: str, **given: Any) -> Panel:
    look = Look(**{"steps": 1000, "legend": "box", **given})
    return Panel(curves(specs or SPECS[:2], look.first, look.horizon), look)


def figure(shown: Sequence[Panel], paper: Paper = SMALL, **sheet: Any) -> Figure:
    with own_style():
        drawn, _ = draw(shown, paper, **sheet)
        drawn.canvas.draw()
    return drawn


def box(axes: Axes) -> list[float]:
    return [round(number, 9) for number in axes.get_position().extents]


def names(drawn: Figure) -> list[tuple[str, str]]:
    return [(axes.get_xlabel(), axes.get_ylabel()) for axes in drawn.axes]


def test_axes_stand_in_a_grid_and_have_the_same_size() -> None:
    drawn = figure([panel(spec) for spec in SPECS], columns=3)
    boxes = [box(axes) for axes in drawn.axes]
    assert boxes[0][::2] == boxes[3][::2]
    assert boxes[1][::2] == boxes[4][::2]
    assert boxes[0][1::2] == boxes[1][1::2] == boxes[2][1::2]
    assert boxes[3][1::2] == boxes[4][1::2]
    sizes = {(round(x1 - x0, 6), round(y1 - y0, 6)) for x0, y0, x1, y1 in boxes}
    assert len(sizes) == 1


def test_axes_are_named_at_the_edges_of_the_grid() -> None:
    drawn = figure([panel(spec) for spec in SPECS], columns=3)
    rate, step = "learning rate", "step"
    assert names(drawn) == [("", rate), ("", ""), (step, ""), (step, rate), (step, "")]


def test_axes_with_names_of_their_own_are_named() -> None:
    shown = [panel(ylabel="rate", xlabel="epoch"), panel(), panel(), panel(xlabel="epoch")]
    assert names(figure(shown, columns=2)) == [
        *[("epoch", "rate"), ("step", "learning rate")],
        *[("step", "learning rate"), ("epoch", "")],
    ]


def test_more_columns_than_panels_are_as_many() -> None:
    shown = [panel(), panel()]
    one, other = (figure(shown, columns=columns) for columns in (2, 8))
    assert [box(axes) for axes in one.axes] == [box(axes) for axes in other.axes]


def test_titles_of_panels_stand_below_that_of_the_figure_at_one_height() -> None:
    shown = [
        panel("cyclic:lr=0.01,peak=0.1,up=100,down=30", title="one"),
        panel("const:lr=1", title="two"),
    ]
    drawn = figure(shown, columns=2, title="both")
    assert {text.get_text() for text in drawn.texts} == {"one", "two", "both"}
    heights = {text.get_text(): text.get_window_extent().y1 for text in drawn.texts}
    assert heights["both"] > heights["one"] == heights["two"]


def test_the_title_of_the_only_panel_is_that_of_the_figure() -> None:
    (alone,) = figure([panel(title="one")]).texts
    both = {text.get_text(): text for text in figure([panel(title="one")], title="x").texts}
    sizes = [float(text.get_fontsize()) for text in (alone, both["x"], both["one"])]
    assert sizes[0] == sizes[1] > sizes[2]


def test_a_zoom_shows_its_steps_alone() -> None:
    axes = figure([panel(zoom=range(900, 1000), steps_per_epoch=50)]).axes[0]
    low, high = axes.get_xlim()
    assert 890 < low <= 900
    assert 999 <= high < 1010
    steps = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert len(steps) >= 3
    assert all(tick == int(tick) and 900 <= tick <= 1001 for tick in steps)
    (epochs,) = axes.child_axes
    assert [tick for tick in epochs.get_xticks() if not 18 <= tick <= 20.1] == []


def test_a_zoom_on_one_step() -> None:
    axes = figure([panel(zoom=range(999, 1000))]).axes[0]
    assert axes.get_xlim()[0] < 999 < axes.get_xlim()[1]
    assert [label.get_text() for label in axes.get_xticklabels()][:1] == ["999"]


@pytest.mark.parametrize("first", [10**10, 10**12, 10**15])
def test_far_out_labels_are_told_apart_and_have_room(first: int) -> None:
    zoom = range(first, first + 11)
    drawn = figure([panel("const:lr=1", zoom=zoom, steps_per_epoch=391)])
    axes = drawn.axes[0]
    for some in (axes, axes.child_axes[0]):
        low, high = some.get_xlim()
        labels = [
            label
            for tick, label in zip(some.get_xticks(), some.get_xticklabels(), strict=True)
            if low <= tick <= high
        ]
        assert len({label.get_text() for label in labels}) == len(labels) > 0
        boxes = [label.get_window_extent() for label in labels]
        assert not any(one.overlaps(two) for one, two in itertools.combinations(boxes, 2))
        assert all(one.x0 >= 0 and one.x1 <= drawn.bbox.width for one in boxes)


@pytest.mark.parametrize("log", [False, True])
def test_rates_that_are_given_are_the_ends_of_the_axis(log: bool) -> None:
    shown = panel(rates=(0.02, 0.05), log=log, annotations=((500, "here"),))
    axes = figure([shown]).axes[0]
    assert axes.get_ylim() == (0.02, 0.05)
    assert all(line.get_clip_on() for line in axes.get_lines()[:2])


def test_annotations_are_dashed_lines_at_their_steps_through_all_axes() -> None:
    gap = Curve("gap", np.array([0, 500]), np.array([0.0, 0.01]))
    shown = panel(annotations=((250, "a quarter"), (2000, "not there")))
    drawn = figure([Panel(shown.curves, shown.look, [gap])])
    for axes in drawn.axes:
        (line,) = (one for one in axes.get_lines() if np.array_equal(one.get_xdata(), [250, 250]))
        assert line.is_dashed()
        assert line.get_zorder() < axes.get_lines()[0].get_zorder()
    assert [text.get_text() for text in drawn.axes[0].texts] == ["a quarter"]


def test_a_curve_that_passes_through_an_annotation_is_seen_whole() -> None:
    """Between rates that are given, texts have no room of their own above the curves."""
    shown = panel("const:lr=0.049", rates=(0.0, 0.05), annotations=((500, "W" * 20),))
    drawn = figure([shown])
    axes = drawn.axes[0]
    (note,) = axes.texts
    text = note.get_window_extent()
    (_, y) = axes.transData.transform((500, 0.049))
    assert text.y0 < y < text.y1
    file = Png().render([shown], SMALL).data
    image = Image.open(io.BytesIO(file)).convert("RGB")
    row = image.height - 1 - int(y)
    colours = {image.getpixel((x, row)) for x in range(int(text.x0), int(text.x1))}
    assert colours == {ImageColor.getrgb(THEMES["light"].curves[0])}


def test_annotations_of_one_step_stand_below_one_another() -> None:
    drawn = figure([panel(annotations=((500, "one"), (500, "two"), (500, "three")))])
    boxes = [note.get_window_extent() for note in drawn.axes[0].texts]
    assert len({round(box.x0) for box in boxes}) == 1
    assert boxes[0].y0 >= boxes[1].y1 > boxes[1].y0 >= boxes[2].y1


def test_long_annotations_are_cut_and_dollars_are_dollars() -> None:
    drawn = figure([panel(annotations=((10, "W" * 300), (500, "$x$ 学习率")))])
    long, dollars = (text.get_text() for text in drawn.axes[0].texts)
    assert "…" in long
    assert dollars == "$x$ 学习率"
    assert not any(text.get_parse_math() for text in drawn.axes[0].texts)


def test_styles_reach_the_lines_and_the_legend() -> None:
    styles = (Style("black", "dotted", 5.0), Style(), Style(linestyle="dashed"))
    logged = Curve("run", np.array([0, 9]), np.array([0.1, 0.2]), recorded=True)
    shown = Panel([*curves(SPECS[:2]), logged], Look(steps=1000, styles=styles, legend="box"))
    axes = figure([shown]).axes[0]
    dotted, usual, joined = axes.get_lines()
    assert (dotted.get_color(), dotted.get_linestyle(), dotted.get_linewidth()) == (
        *("black", ":", 5.0),
    )
    assert (usual.get_color(), usual.get_linestyle()) == (THEMES["light"].curves[1], "-")
    assert (joined.get_marker(), joined.get_linestyle()) == ("o", "--")
    legend = axes.get_legend()
    assert legend is not None
    assert [line.get_linestyle() for line in legend.get_lines()] == [":", "-", "--"]


@pytest.mark.parametrize("theme", THEMES)
def test_c0_is_the_first_colour_of_the_theme(theme: str) -> None:
    styles = (Style("C0"), Style("C8"))
    drawn = figure([panel(styles=styles)], Paper(8, 4.5, 60, theme))
    colours = [to_hex(line.get_color()) for line in drawn.axes[0].get_lines()]
    usual = THEMES[theme].curves
    assert colours == [usual[0], usual[8 % len(usual)]]


def test_differences_look_like_their_curves() -> None:
    gaps = curves(SPECS[:2])
    styles = (Style(), Style("0.5", "dashed"), Style("green"))
    drawn = figure([Panel(curves(SPECS[:3]), Look(steps=1000, styles=styles), gaps)])
    lines = drawn.axes[1].get_lines()[:2]
    looks = [(line.get_color(), line.get_linestyle()) for line in lines]
    assert looks == [("0.5", "--"), ("green", "-")]


def test_a_legend_can_be_left_out() -> None:
    assert figure([panel(legend="none")]).axes[0].get_legend() is None
    assert figure([panel()]).axes[0].get_legend() is not None


class Plan(NamedTuple):
    """What a panel is made from, short enough to be read where a law fails."""

    specs: list[str]
    look: Look
    differs: bool

    def panel(self) -> Panel:
        """Return the panel, with gaps of any kind as differences."""
        shown = curves(self.specs, self.look.first)
        gaps = [Curve("gap", c.steps, c.values - c.values.mean()) for c in shown[1:]]
        return Panel(shown, self.look, gaps if self.differs else [])


@st.composite
def plans(draw_from: st.DrawFn) -> Plan:
    first = draw_from(st.sampled_from([0, 0, 500, 990]))
    specs = draw_from(st.lists(st.sampled_from(SPECS), min_size=1, max_size=3))
    notes = st.tuples(st.integers(first, 999), st.sampled_from(WORDS))
    look = Look(
        steps=1000,
        title=draw_from(st.sampled_from(["", "a title"])),
        log=draw_from(st.booleans()),
        steps_per_epoch=draw_from(st.sampled_from([None, None, 100.0])),
        zoom=range(first, 1000),
        annotations=tuple(draw_from(st.lists(notes, max_size=4))),
        legend=draw_from(st.sampled_from(["auto", "auto", "box", "none"])),
        ylabel=draw_from(st.sampled_from(["learning rate", "factor"])),
    )
    return Plan(specs, look, differs=draw_from(st.booleans()))


@settings(max_examples=25)
@given(
    st.lists(plans(), min_size=1, max_size=6),
    st.integers(1, 3),
    st.sampled_from([Paper(14, 6.5, 50), Paper(8, 9, 50), Paper(10, 4, 50)]),
)
def test_texts_never_cover_curves_or_one_another(
    planned: list[Plan], columns: int, paper: Paper
) -> None:
    columns = min(columns, len(planned))
    assume(paper.height / -(-len(planned) // columns) > 2.4)
    assume(paper.width / columns > 3)
    shown = [one.panel() for one in planned]
    drawn = figure(shown, paper, columns=columns, title="the title")
    remaining = iter(drawn.axes)
    of_panels = [[next(remaining) for _ in range(2 if p.below else 1)] for p in shown]
    outside: list[list[Bbox]] = [[text.get_window_extent() for text in drawn.texts]]
    for one, (upper, *lower) in zip(shown, of_panels, strict=True):
        inside = inside_of(upper, one)
        outside.append(outside_of([upper, *lower]))
        legend = upper.get_legend()
        if legend is not None:
            at = legend.get_window_extent()
            (inside if upper.bbox.overlaps(at.shrunk(0.9, 0.9)) else outside[-1]).append(at)
        assert not any(a.overlaps(b) for a, b in itertools.combinations(inside, 2))
    for texts in outside:
        for text in texts:
            assert -1 <= text.x0 <= text.x1 <= drawn.bbox.width + 1
            assert -1 <= text.y0 <= text.y1 <= drawn.bbox.height + 1
    for some, others in itertools.combinations(outside, 2):
        assert not any(a.overlaps(b) for a, b in itertools.product(some, others))
    for title in outside[0]:
        assert not any(title.overlaps(axes.bbox) for axes in drawn.axes)


def inside_of(axes: Axes, shown: Panel) -> list[Bbox]:
    """Return the boxes of the annotations and names, which are in the axes and on no curve.

    Where they need more than 0.6 of the height, the curves keep the rest and pass above them.
    """
    notes = axes.texts[: len(shown.look.annotations)]
    named = [name.get_window_extent() for name in axes.texts[len(notes) :]]
    assert len(named) in (0, len(shown.curves))
    boxes = [note.get_window_extent() for note in notes]
    for name in named:
        assert axes.bbox.x0 <= name.x0 <= name.x1 <= axes.bbox.x1 + 1
        assert not any(path.intersects_bbox(name, filled=False) for path in paths_of(axes, shown))
    lowest = min((note.y0 for note in boxes), default=axes.bbox.y1)
    crowded = axes.bbox.y1 - lowest + 4 > 0.6 * axes.bbox.height
    for note in boxes:
        assert axes.bbox.x0 - 1.5 <= note.x0 <= note.x1 <= axes.bbox.x1 + 1.5
        assert note.y1 <= axes.bbox.y1 + 1
        for path in paths_of(axes, shown):
            assert crowded or not path.intersects_bbox(note, filled=False)
    return boxes + named


def paths_of(axes: Axes, shown: Panel) -> Iterator[Outline]:
    """Yield the lines of the curves as they are on the paper."""
    for line in axes.get_lines()[: len(shown.curves)]:
        xy = np.array(line.get_xydata())
        xy[:, 1] = np.maximum(xy[:, 1], axes.get_ylim()[0])
        yield Outline(axes.transData.transform(xy))


def outside_of(all_axes: Sequence[Axes]) -> list[Bbox]:
    """Return the boxes of the texts around the axes of a panel."""
    texts: list[Text] = []
    for axes in all_axes:
        texts += [axes.xaxis.label, axes.yaxis.label, *axes.get_yticklabels()]
        for above in axes.child_axes:
            texts += [above.xaxis.label, *above.get_xticklabels()]
    texts += all_axes[-1].get_xticklabels()
    return [text.get_window_extent() for text in texts if text.get_text() and text.get_visible()]
