"""Charts in the terminal. `snapshots/` has them whole; `pytest --update` writes them anew."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import cells
from lrviz.outputs.chart import _line, chart
from lrviz.outputs.look import Look
from lrviz.sampling import default_horizon, outline
from lrviz.schedules.base import Schedule
from lrviz.specs import read
from lrviz.specs.quantities import Run
from tests.strategies import schedules

SNAPSHOTS = Path(__file__).parent / "snapshots"

STAIRS = [
    "staircase_True=exp:lr=0.01,rate=0.9,steps=100,staircase",
    "staircase_False=exp:lr=0.01,rate=0.9,steps=100",
]


def drawn(
    specs: list[str], *, width: int = 80, height: int = 16, colour: bool = False, **look: object
) -> str:
    run = Run(look.pop("horizon", None), look.get("steps_per_epoch"))  # type: ignore[arg-type]
    named = read(specs, run)
    horizon = run.horizon or default_horizon(one.schedule for one in named)
    shown = Look(steps=horizon, **look)  # type: ignore[arg-type]
    curves = [
        outline(one.schedule, horizon, 2 * width, one.label, first=shown.first) for one in named
    ]
    return chart(curves, shown, width, height, colour)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stairs", drawn(STAIRS, title="exponential_decay")),
        ("stairs-in-colour", drawn(STAIRS, title="exponential_decay", colour=True, height=8)),
        (
            "warmup-and-epochs",
            drawn(
                [
                    "warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5",
                    "linear:lr=3e-4,steps=10k",
                    "const:lr=3e-4,for=8k/linear:lr=3e-4,steps=2k",
                ],
                steps_per_epoch=391,
            ),
        ),
        ("logarithmic", drawn(["step:lr=0.1,rate=0.1,steps=30"], log=True, height=10)),
        ("restarts", drawn(["cosine_restarts:lr=0.1,steps=10,m_mul=0.5"], width=60, height=10)),
        ("one-step", drawn(["const:lr=0.1"], horizon=1, width=40, height=8)),
        (
            "zoom-between-rates",
            drawn(STAIRS, zoom=range(900, 1000), rates=(0.003, 0.004), ylabel="factor", height=8),
        ),
        ("odd-labels", drawn(["$x$ [red] \x1b[31m 中文=const:lr=1", "_b=const:lr=2"], height=8)),
    ],
)
def test_a_chart_whole(name: str, text: str, snapshot: Callable[[Path, str], None]) -> None:
    snapshot(SNAPSHOTS / f"chart-{name}.txt", text)


@given(
    st.lists(schedules, min_size=1, max_size=4),
    st.integers(1, 10**6),
    st.integers(40, 120),
    st.integers(8, 30),
)
def test_a_chart_fits_into_its_width(
    shown: list[Schedule], horizon: int, width: int, height: int
) -> None:
    curves = [outline(schedule, horizon, 2 * width) for schedule in shown]
    for line in chart(curves, Look(steps=horizon, title="t" * 200), width, height).splitlines():
        assert cells(line) <= width
        assert line == line.rstrip()


def test_colours_change_nothing_but_the_colour() -> None:
    coloured = drawn(STAIRS, title="t", colour=True)
    assert "\x1b[38;5;166m" in coloured
    assert "\x1b[38;5;32m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == drawn(STAIRS, title="t")


def test_a_curve_is_where_its_rates_are() -> None:
    """The dots of a line from 1 to 0 lie on the diagonal."""
    rows = [
        line.partition("│")[2] or line.partition("┤")[2]
        for line in drawn(["linear:lr=1,steps=1000"], width=60, height=20).splitlines()[2:22]
    ]
    first = [len(row) - len(row.lstrip()) for row in rows if row.strip()]
    wanted = np.linspace(0, len(rows[-1]) - 3, len(first))
    assert np.abs(np.array(first) - wanted).max() <= 4


def test_each_curve_ends_with_its_letter() -> None:
    text = drawn(["const:lr=1", "const:lr=0.5", "const:lr=0"])
    ends = [line.split()[-1] for line in text.splitlines() if line.endswith((" a", " b", " c"))]
    assert ends == ["a", "b", "c"]


def test_thirty_curves_have_thirty_names() -> None:
    legend = drawn(["const:lr={1..30}"]).partition("learning rate")[0]
    names = [entry.split()[1] for entry in re.findall(r"── \S+", legend)]
    assert len(set(names)) == 30


points = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 90)), min_size=1, max_size=8)


@given(points)
def test_a_line_goes_from_point_to_point_without_a_gap(through: list[tuple[int, int]]) -> None:
    dots = _line(np.array(through).T)
    assert dots.T.tolist()[0] == [*through[0]]
    assert dots.T.tolist()[-1] == [*through[-1]]
    assert {*through} <= {(x, y) for x, y in dots.T.tolist()}
    if dots.shape[1] > 1:
        assert np.abs(np.diff(dots)).max() == 1


@given(*[st.tuples(st.integers(0, 300), st.integers(0, 90))] * 2)
def test_a_line_is_nowhere_more_than_half_a_dot_off(
    start: tuple[int, int], stop: tuple[int, int]
) -> None:
    dots = _line(np.array([start, stop]).T).T
    longer = int(np.argmax(np.abs(np.subtract(stop, start))))
    way = np.subtract(stop, start)
    for dot in dots:
        part = (dot[longer] - start[longer]) / (way[longer] or 1)
        assert np.abs(start + part * way - dot).max() <= 0.5 + 1e-9
