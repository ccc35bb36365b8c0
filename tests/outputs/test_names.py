"""Names of curves: all there, at every size, over nothing, and beside their own curve."""

import itertools
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.text import Text

from lrviz.curves import Curve
from lrviz.outputs import names
from lrviz.outputs.figure import THEMES, Panel, Paper, draw, own_style, saved
from lrviz.outputs.look import Look, Style
from lrviz.outputs.strokes import in_order, strokes
from lrviz.outputs.themes import contrast, lightness
from lrviz.sampling import outline
from lrviz.specs import read
from lrviz.specs.quantities import Run

pytestmark = pytest.mark.figures

RUN = 100_000
POINTS = np.array([0, 1]), np.array([0.0, 1.0])
STYLE = Style()
UNLIKE = [
    "cosine=warmup:steps=2k/cosine:lr=3e-4,steps=98k,end=3e-5",
    "wsd=wsd:lr=3e-4,steps=100k,warmup=2k,decay=20k",
    "linear=warmup:steps=2k/linear:lr=3e-4,steps=98k",
    "inv. sqrt=inverse_sqrt:lr=3e-4,steps=2k",
    "poly 2=poly:lr=3e-4,steps=100k,power=2",
    "stairs=step:lr=3e-4,rate=0.5,steps=20k",
    "exponential decay=exp:lr=3e-4,rate=0.1,steps=50k",
    "restarts=cosine_restarts:lr=2e-4,steps=25k",
    "one cycle=one_cycle:lr=2.5e-4,steps=100k",
    "constant=const:lr=1e-4",
    "triangular=cyclic:lr=1e-5,peak=2e-4,up=20k",
    "noisy linear cosine decay=noisy_linear_cosine:lr=3e-4,steps=100k",
]
LONG = [f"a rather long name, {i}=exp:lr=0.01,rate={0.9 - 0.05 * i:g},steps=10k" for i in range(12)]
SAME = [f"run {chr(97 + i)}=linear:lr=0.1,steps=100k" for i in range(12)]
FAN = [f"lr {i}e-5=cosine:lr={i}e-5,steps=100k" for i in range(24, 0, -2)]
SIZES = [(3.3, 2.2), (4, 3), (5, 3.5), (6.5, 4), (8, 4.5), (12, 6)]


def curves(specs: Sequence[str]) -> list[Curve]:
    return [outline(one.schedule, RUN, 400, one.label) for one in read(specs, Run(RUN))]


def drawn(shown: Sequence[Curve], paper: Paper, **look: Any) -> Figure:
    with own_style():
        figure, _ = draw([Panel(shown, Look(steps=RUN, **look))], paper)
        figure.canvas.draw()
    return figure


def names_in(figure: Figure) -> list[Text]:
    legend = figure.axes[0].get_legend()
    return [*(legend.get_texts() if legend else figure.axes[0].texts)]


def texts_of(figure: Figure) -> Iterator[Text]:
    """Yield all texts that are seen."""
    axes = figure.axes[0]
    ticks = (*axes.get_xticklabels(), *axes.get_yticklabels())
    for text in (*figure.texts, *names_in(figure), axes.xaxis.label, axes.yaxis.label, *ticks):
        if text.get_text() and text.get_visible():
            yield text


def some(kind: str, size: tuple[float, float], count: int) -> bool:
    """Return whether a figure is among the sixth of all that is looked at here, always the same."""
    return zlib.crc32(repr((kind, size, count)).encode()) % 6 == 0


CASES = [
    (kind, size, count)
    for kind, size, count in itertools.product(
        ("UNLIKE", "LONG", "SAME", "FAN"), SIZES, range(1, 13)
    )
    if some(kind, size, count)
]


@pytest.mark.parametrize(("kind", "size", "count"), CASES)
def test_every_name_is_there_and_nothing_lies_on_anything(
    kind: str, size: tuple[float, float], count: int
) -> None:
    shown = curves(globals()[kind][:count])
    theme = tuple(THEMES)[count % 3]
    look = {"title": "a title" if count % 2 else "", "log": count % 4 == 0}
    figure = drawn(shown, Paper(*size, 72, theme), **look)
    assert [text.get_text() for text in names_in(figure)] == [curve.label for curve in shown]
    assert figure.axes[0].get_position().height >= 0.6 - 1e-6
    assert figure.get_figwidth() == size[0]
    boxes = [(text, text.get_window_extent()) for text in texts_of(figure)]
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.shrunk(0.98, 0.9).overlaps(b.shrunk(0.98, 0.9)), (one, other)
    for text, box in boxes:
        assert box.x0 >= -0.5, text
        assert box.y0 >= -0.5, text
        assert box.x1 <= figure.bbox.width + 0.5, text
        assert box.y1 <= figure.bbox.height + 0.5, text
    axes = figure.axes[0]
    for line, name in itertools.product(axes.get_lines(), names_in(figure)):
        xy = np.array(line.get_xydata())
        xy[:, 1] = np.maximum(xy[:, 1], axes.get_ylim()[0])
        box = name.get_window_extent().shrunk(0.98, 0.9)
        assert not Outline(axes.transData.transform(xy)).intersects_bbox(box, filled=False)


def test_type_and_lines_shrink_with_the_figure() -> None:
    wide, narrow = (drawn(curves(UNLIKE[:2]), Paper(*size)) for size in ((8, 4.5), (3.3, 2.2)))
    sizes = [float(one.axes[0].xaxis.label.get_fontsize()) for one in (wide, narrow)]
    assert sizes == pytest.approx([10, 7])
    widths = [float(one.axes[0].get_lines()[0].get_linewidth()) for one in (wide, narrow)]
    assert widths[1] == pytest.approx(0.7 * widths[0])


def test_names_stand_beside_their_own_curves_in_their_colours() -> None:
    figure = drawn(curves(UNLIKE[:5]), Paper())
    axes = figure.axes[0]
    assert axes.get_legend() is None
    for name, line in zip(axes.texts, axes.get_lines(), strict=True):
        box = name.get_window_extent()
        middle = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
        ways = [distance(axes.transData.transform(one.get_xydata()), middle) for one in axes.lines]
        assert np.argmin(ways) == axes.lines.index(line)
        readable = THEMES["light"].readable(to_rgb(line.get_color()))
        assert to_rgb(name.get_color()) == pytest.approx(readable)
        assert contrast(readable, (1, 1, 1)) >= 4.5


def distance(points: np.ndarray, place: np.ndarray) -> float:
    """Return how near a line through points comes to a place."""
    a, b = points[:-1], points[1:]
    way = b - a
    along = ((place - a) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12)
    nearest = a + np.clip(along, 0, 1)[:, None] * way
    return float(np.hypot(*(nearest - place).T).min())


def test_a_figure_that_grows_says_so() -> None:
    with own_style():
        figure, notes = draw([Panel(curves(LONG), Look(steps=RUN))], Paper(3.3, 2.2))
    assert figure.get_figheight() > 2.2
    (note,) = notes
    assert note.startswith("the names of the curves need 5.")
    assert note.endswith("for 3.3x2.2 shorten them, with LABEL=SPEC")


@pytest.mark.parametrize(("count", "rows"), [(5, 2), (7, 2), (8, 2), (9, 3)])
def test_the_columns_of_a_legend_are_even(count: int, rows: int) -> None:
    figure = drawn(curves(SAME[:count]), Paper(3.6, 1.5))
    boxes = [text.get_window_extent() for text in names_in(figure)]
    found = [[box for box in boxes if round(box.y0) == y] for y in {round(b.y0) for b in boxes}]
    assert len(found) == rows
    assert max(map(len, found)) - min(map(len, found)) <= count % rows + 1
    assert max(map(len, found)) == -(-count // rows)


def test_the_peak_has_a_tick() -> None:
    for specs in (["cosine:lr=3.7e-4,steps=100k"], ["linear:lr=0.0123,steps=100k"]):
        (curve,) = curves(specs)
        for log in (False, True):
            axes = drawn([curve], Paper(), log=log).axes[0]
            labels = {label.get_text(): float(at) for at, label in ticks_of(axes)}
            assert f"{curve.values.max():.3g}".replace("0.00037", "3.7e-4") in labels
            assert max(labels.values()) == curve.values.max()


def ticks_of(axes: Any) -> Iterator[tuple[float, Text]]:
    yield from zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("count", [2, 8, 12, 40])
def test_colour_and_dashes_together_tell_curves_apart(theme: str, count: int) -> None:
    shown = [Curve(f"{chr(97 + i // 26)}{chr(97 + i % 26)}", *POINTS) for i in range(count)]
    found = strokes(shown, (STYLE,) * count, THEMES[theme])
    assert len({(one.colour, str(one.linestyle)) for one in found}) == count


def test_in_print_all_is_grey() -> None:
    figure = drawn(curves(UNLIKE), Paper(theme="print"), legend="box")
    legend = figure.axes[0].get_legend()
    assert legend is not None
    colours = [line.get_color() for line in (*figure.axes[0].get_lines(), *legend.get_lines())]
    assert all(len(set(to_rgb(colour))) == 1 for colour in colours)


def test_curves_that_differ_in_one_number_are_a_ramp() -> None:
    shown = curves(FAN)
    assert in_order(shown)
    assert not in_order(curves(UNLIKE))
    found = strokes(shown, (STYLE,) * len(shown), THEMES["light"])
    light = [lightness(tuple(one.colour[:3])) for one in found]
    assert light == sorted(light)
    assert {one.linestyle for one in found} == {"-"}


def test_noise_lies_behind_the_others() -> None:
    figure = drawn(curves(UNLIKE[-2:]), Paper())
    smooth, noise = figure.axes[0].get_lines()
    assert noise.get_zorder() < smooth.get_zorder()


def test_logged_points_lie_behind_the_plan_and_are_wider() -> None:
    (plan,) = curves(UNLIKE[:1])
    log = Curve("log", plan.steps[::4], plan.values[::4], recorded=True)
    line, points = drawn([plan, log], Paper()).axes[0].get_lines()
    assert points.get_zorder() < line.get_zorder()
    assert points.get_markersize() > 2 * line.get_linewidth()


def test_a_logarithmic_axis_ends_where_the_eye_does_and_marks_who_leaves() -> None:
    """A line to 0 has a 50th of its steps below a 50th of its peak."""
    axes = drawn(curves(["linear:lr=0.1,steps=100k"]), Paper(), log=True).axes[0]
    low, _ = axes.get_ylim()
    assert 0.001 < low < 0.002
    (mark,) = axes.collections
    ((step, _),) = np.array(mark.get_offsets())
    assert 98_000 < step < 100_000


def test_the_grid_is_seen_through_a_legend() -> None:
    legend = drawn(curves(SAME[:3]), Paper()).axes[0].get_legend()
    assert legend is not None
    assert not legend.get_frame_on()


@pytest.mark.parametrize("label", ["a", "中文标签"])
def test_a_pdf_has_no_fonts_of_type_3(label: str) -> None:
    data, _ = saved([Panel(curves([f"{label}=const:lr=1"]), Look(steps=RUN))], Paper(), "pdf", {})
    assert b"/Type3" not in data
    assert data.count(b"/CIDFontType2") == (1 if label == "a" else 2)


def test_a_font_that_a_pdf_cannot_hold_is_drawn_as_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noto Sans CJK has PostScript's outlines, which no reader shows where TrueType's should be."""
    monkeypatch.setattr("lrviz.outputs.fonts.is_truetype", lambda _: False)
    panel = Panel(curves(["中文标签=const:lr=1"]), Look(steps=RUN))
    data, _ = saved([panel], Paper(), "pdf", {})
    assert data.count(b"/CIDFontType2") == 1


boxes = st.lists(
    st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(10, 80)), min_size=2, max_size=6
)


@settings(max_examples=30)
@given(boxes)
def test_places_are_free_of_all_curves_and_of_one_another(found: list[tuple[float, ...]]) -> None:
    """Curves are lines from the left to the right, at any height and slope."""
    extents = [
        names.extent(np.array([(0.0, left / 2), (300.0, right)]), 300) for left, right, _ in found
    ]
    widths = [width for _, _, width in found]
    placed = names.places(extents, widths, 10, names.Room(300, 200, 200))
    assert len(placed) in (0, len(found))
    for (x0, y0, x1, y1), own in zip(placed, extents, strict=False):
        assert 0 <= x0 < x1 <= 301
        columns = slice(int(x0 / names.COLUMN), int(x1 / names.COLUMN) + 1)
        for other in extents:
            gaps = np.maximum(other.low[columns] - y1, y0 - other.high[columns])
            assert gaps.min() >= (names.NEAR if other is own else names.APART) - 1e-6
    for (a0, b0, a1, b1), (c0, d0, c1, d1) in itertools.combinations(placed, 2):
        assert a1 <= c0 or c1 <= a0 or b1 <= d0 or d1 <= b0
