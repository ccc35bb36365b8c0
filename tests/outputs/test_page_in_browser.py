"""Pages in a real browser: what the mouse, fingers and keys do there, and how it looks.

The fixture `page` also fails whatever the browser complains of, and any request to elsewhere.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lrviz.answers.compare import compare
from lrviz.answers.plot import drawing_of as plot
from lrviz.outputs import ticks
from lrviz.outputs.pictures.html import Html
from lrviz.outputs.tables.table import short
from lrviz.specs import parse
from lrviz.specs.quantities import Run
from tests.browser import Browser, Page, browser

pytestmark = pytest.mark.browser

PLAN = "warmup:steps=2000/cosine:lr=3e-4,steps=98000,end=3e-5"
LINEAR = "linear:lr=3e-4,steps=100000"
WSD = "wsd:lr=3e-4,warmup=2000,steps=100000,decay=20000"
SVG = ".chart > svg"

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Have a browser for the tests of this file."""
    with browser(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Have a page of its own for a test."""
    with chromium.page() as one:
        yield one


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Opened:
    """Return a function that opens a page with curves."""

    def open_page(*specs: str, width: int = 1000, dark: bool = False, **look: Any) -> Page:
        theme = look.pop("theme", "light")
        run = Run(steps_per_epoch=look.pop("steps_per_epoch", None))
        data = plot(specs, run, **look).render(Html(), theme).data
        (tmp_path / "x.html").write_bytes(data)
        page.open(tmp_path / "x.html", width, color_scheme="dark" if dark else "light")
        return page

    return open_page


def at(page: Page, part: float, down: float = 0.5) -> tuple[float, float]:
    """Return a place on the chart, as parts of its width and height."""
    left, top, width, height = page.box(SVG)
    return left + part * width, top + down * height


def step_read(page: Page) -> int:
    """Return the step that is said to be read."""
    found = re.match(r"step ([\d,]+)", page.text(".at"))
    assert found is not None, page.text(".at")
    return int(found[1].replace(",", ""))


def steps_of(page: Page) -> list[str]:
    """Return the labels of the axis of steps."""
    return [text for text in page.texts(".steps text") if text]


def colour(page: Page, selector: str, name: str) -> str:
    return str(page.run(f"getComputedStyle(document.querySelector('{selector}'))['{name}']"))


def test_hovering_reads_every_curve_at_a_step_that_was_evaluated(opened: Opened) -> None:
    page = opened(f"a={PLAN}", f"b={WSD}", f"c={LINEAR}", steps_per_epoch=391.0)
    steps = set(page.run("new Drawing(data[0], 9).curves[0].steps"))
    read = set()
    for part in (0.2, 0.21, 0.37, 0.5, 0.77, 0.9):
        page.hover(*at(page, part))
        step = step_read(page)
        read.add(step)
        assert step in steps
        assert page.text(".at") == f"step {step:,}, epoch {step / 391:.6g}"
        assert page.texts(".names b") == [short(parse(one)(step)) for one in (PLAN, WSD, LINEAR)]
        wanted = part * 1e5
        assert abs(step - wanted) < 12_000
        assert len(page.texts(".cursor .dot")) == 3
    assert len(read) == 6
    assert page.texts(".names i") == ["cosine", "decay", ""]
    page.hover(5, 5)
    assert page.texts(".names b") == ["", "", ""]
    assert page.text(".at").startswith("hover")
    assert page.texts(".cursor *") == []


@pytest.mark.parametrize(
    ("spec", "dtype"),
    [
        ("exp:lr=1,rate=0.5,steps=1,staircase", "float64"),  # ties: 2.44140625e-4 has nine digits
        ("exp:lr=0.01,rate=0.9,steps=10", "float64"),
        ("exp:lr=0.01,rate=0.9,steps=10", "float32"),
        ("exp:lr=1e30,rate=1e-20,steps=2", "float64"),
        ("exp:lr=1e-290,rate=0.9,steps=2", "float64"),
        ("linear:lr=123456789,steps=31,end=0", "float64"),
        ("cosine:lr=3e-4,steps=31", "float64"),
    ],
)
def test_every_rate_reads_as_in_the_table(opened: Opened, spec: str, dtype: str) -> None:
    page = opened(spec, steps="31", dtype=dtype)
    found = page.run("new Drawing(data[0], 9).curves[0].values.map(rateText)")
    rates = parse(spec)(np.arange(31), np.dtype(dtype).type)
    assert found == [short(rate) for rate in rates]


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0, 3.1e-4),
        (-0.2, 1.03),
        (2.1e-4, 2.73e-4),
        (0, 1e-9),
        (0, 31_000),
        (1e-7, 1.04),
        (0.5, 0.6),
    ],
)
def test_axes_are_those_of_the_pictures(opened: Opened, low: float, high: float) -> None:
    page = opened("const:lr=1")
    for most in (2, 3, 5, 6, 9):
        places = ticks.linear(low, high, most)
        assert page.run(f"linear({low}, {high}, {most})") == pytest.approx(places)
        labels = page.run(f"rateLabels({places}, true)")
        assert labels == ticks.rate_labels(places)
        assert page.run(f"peakLabel({high}, {labels})") == ticks.peak_label(high, labels)
        first, last = round(low), round(1e6 * high)
        steps = ticks.whole(first, max(last, first + 1), most)
        assert page.run(f"whole({first}, {max(last, first + 1)}, {most})") == steps
        assert page.run(f"stepLabels({steps})") == ticks.step_labels(steps)
        if low > 0:
            places = ticks.logarithmic(low, high, most)
            assert page.run(f"logarithmic({low}, {high}, {most})") == pytest.approx(places)
            assert page.run(f"rateLabels({places}, false)") == ticks.rate_labels(
                places, together=False
            )


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("specs", [[PLAN, WSD], ["const:lr=0.1"], ["step:lr=1,rate=0.1,steps=300"]])
def test_the_axis_of_rates_ends_where_it_does_in_pictures(
    opened: Opened, specs: list[str], log: bool
) -> None:
    page = opened(*specs, log=log)
    drawing = plot(specs, log=log).views[0].together(4000)
    found = page.run(
        "(() => { const one = new Drawing(data[0], 9); one.box = {}; return one.rateRange(); })()"
    )
    assert found == pytest.approx(ticks.rate_range(drawing.curves, log), rel=0.02)


def test_a_log_is_read_at_the_nearest_step_that_it_has(opened: Opened, tmp_path: Path) -> None:
    log = tmp_path / "run.csv"
    log.write_text("step,lr\n" + "".join(f"{t},{t / 1e4!r}\n" for t in range(0, 1000, 100)))
    page = opened("linear:lr=1,steps=1000", f"run=@{log}")
    page.hover(*at(page, 0.37))
    step = step_read(page)
    nearest = min(range(0, 1000, 100), key=lambda one: abs(one - step))
    assert step % 100 != 0
    assert page.texts(".names b") == [short(1 - step / 1000), short(nearest / 1e4)]
    assert page.texts(".names i") == ["", f"at step {nearest}"]
    assert page.run("document.querySelectorAll('g[clip-path] .dot').length") == 10


def test_a_difference_is_drawn_and_read(page: Page, tmp_path: Path) -> None:
    answer = compare([f"a={PLAN}", f"b={LINEAR}"])
    (tmp_path / "x.html").write_bytes(answer.drawing().render(Html()).data)
    page.open(tmp_path / "x.html")
    page.hover(*at(page, 0.5))
    step = step_read(page)
    gap = short(parse(LINEAR)(step) - parse(PLAN)(step))
    assert page.texts(".names i") == ["cosine", f"difference {gap}"]
    assert page.run("document.querySelectorAll('[clip-path*=lower] .line').length") == 1


def test_clicks_and_keys_hide_curves(opened: Opened) -> None:
    page = opened(f"a={PLAN}", f"b={WSD}", f"c={LINEAR}")
    lines = "document.querySelectorAll('[clip-path*=upper] .line').length"
    page.click(".names li:nth-child(2) button")
    assert page.run(lines) == 2
    page.hover(*at(page, 0.5))
    assert page.texts(".names b")[1] == ""
    assert page.run("document.querySelectorAll('[aria-pressed=false]').length") == 2  # and the log
    page.click(SVG)
    page.press("2")
    assert page.run(lines) == 3
    for key in "123":
        page.press(key)
    assert page.run(lines) == 0
    page.press("1")
    assert page.run(lines) == 1


def test_phases_are_named_where_all_curves_that_are_shown_have_them(opened: Opened) -> None:
    page = opened(f"a={PLAN}", f"b={LINEAR}", annotations={"50000": "half"})
    assert page.texts(".notes text") == ["half"]
    page.click(".names li:nth-child(2) button")
    assert page.texts(".notes text") == ["warmup", "cosine", "half"]
    page.drag(at(page, 0.4), at(page, 0.7))
    assert page.texts(".notes text") == ["cosine", "half"]


def test_the_axis_is_logarithmic_by_click_and_by_key(opened: Opened) -> None:
    page = opened("exp:lr=1,rate=0.1,steps=100", steps="300")
    assert page.texts(".rates text") == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    page.click(".tools button")
    logarithmic = page.texts(".rates text")
    assert "0.01" in logarithmic
    assert "0" not in logarithmic
    page.click(SVG)
    page.press("l")
    assert "0" in page.texts(".rates text")


def test_dragging_zooms_and_a_double_click_shows_all(opened: Opened) -> None:
    page = opened(PLAN)
    usual = steps_of(page)
    page.drag(at(page, 0.4), at(page, 0.6))
    inside = [float(text.removesuffix("k")) for text in steps_of(page)]
    assert 35 < inside[0] < inside[-1] < 62
    assert not page.run("document.querySelector('.tools button:last-child').disabled")
    page.drag(at(page, 0.5), at(page, 0.5), clicks=1)
    page.drag(at(page, 0.5), at(page, 0.5), clicks=2)
    assert steps_of(page) == usual
    assert page.run("document.querySelector('.tools button:last-child').disabled")


def test_the_wheel_and_keys_zoom(opened: Opened) -> None:
    page = opened(PLAN)
    usual = steps_of(page)
    page.mouse("mouseWheel", *at(page, 0.5), deltaX=0, deltaY=-100)
    assert steps_of(page) != usual
    page.mouse("mouseWheel", *at(page, 0.5), deltaX=0, deltaY=100)
    assert steps_of(page) == usual
    page.click(SVG)
    for key in ("+", "+"):
        page.press(key)
    assert steps_of(page) != usual
    page.press("Escape")
    assert steps_of(page) == usual
    page.click(".tools button:nth-child(3)")
    assert steps_of(page) != usual
    page.click(".tools button:nth-child(2)")
    assert steps_of(page) == usual


def test_a_zoom_ends_where_steps_that_were_evaluated_end(opened: Opened) -> None:
    page = opened(PLAN, LINEAR, WSD)
    page.click(SVG)
    for _ in range(60):
        page.press("+")
    seen = page.run("document.querySelectorAll('g[clip-path] .dot').length")
    assert seen >= 9  # three of each curve, drawn as dots
    assert all(text for text in steps_of(page))
    assert len(set(steps_of(page))) == len(steps_of(page))


def test_a_chart_is_read_by_keys_alone_and_aloud(opened: Opened) -> None:
    page = opened(f"a={PLAN}", f"b={LINEAR}", steps_per_epoch=391.0)
    for _ in range(20):
        page.press("Tab")
        if page.run(f"document.activeElement === document.querySelector('{SVG}')"):
            break
    else:
        pytest.fail("Tab does not come to the chart")
    assert page.box("#keys")[3] > 10  # what the keys do is seen by who uses them
    page.press("Home")
    assert step_read(page) == 0
    page.press("ArrowRight")
    second = step_read(page)
    assert second == page.run("new Drawing(data[0], 9).curves[0].steps[1]")
    page.press("ArrowRight", shift=True)
    assert step_read(page) == page.run("new Drawing(data[0], 9).curves[0].steps[11]")
    page.press("End")
    assert step_read(page) == 99_999
    last = [short(parse(one)(99_999)) for one in (PLAN, LINEAR)]
    said = f"step 99,999, epoch {99_999 / 391:.6g}, a {last[0]} cosine, b {last[1]}"
    assert page.text("[aria-live]") == said
    page.press("Tab")
    assert page.box("#keys")[3] <= 1
    label = page.run(f"document.querySelector('{SVG}').getAttribute('aria-label')")
    assert label.startswith("learning rate over 100000 steps; a from 0 up to 0.0003")


def test_a_finger_reads_and_two_zoom(opened: Opened) -> None:
    page = opened(PLAN, width=390)
    page.send("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
    usual = steps_of(page)
    page.touch("touchStart", at(page, 0.5))
    first = step_read(page)
    page.touch("touchMove", at(page, 0.7))
    last = step_read(page)
    assert last > first
    page.touch("touchEnd")
    assert step_read(page) == last
    page.touch("touchStart", at(page, 0.5), at(page, 0.6))
    page.touch("touchMove", at(page, 0.3), at(page, 0.8))
    page.touch("touchEnd")
    assert steps_of(page) != usual


@pytest.mark.parametrize("width", [320, 390, 768, 1000, 1600])
def test_nothing_is_wider_than_the_window(opened: Opened, width: int) -> None:
    page = opened(
        f"{PLAN}", f"a long name, {'and longer ' * 9}={WSD}", width=width, title="t" * 300
    )
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    _, _, chart, height = page.box(SVG)
    assert chart > 0.6 * min(width, 960)
    assert 240 <= height <= 700


@pytest.mark.parametrize("width", [320, 1000])
def test_no_text_of_a_chart_lies_on_another(opened: Opened, width: int) -> None:
    marks = {
        "100": "one",
        "1500": "two that is rather long",
        "99000": "near the end",
        "99999": "end",
    }
    page = opened(PLAN, annotations=marks, width=width, steps_per_epoch=391.0)
    boxes = page.run(
        "[...document.querySelectorAll('.chart text')].map((one) => one.getBoundingClientRect())"
        ".map(({left, right, top, bottom}) => [left, right, top, bottom])"
    )
    assert len(boxes) > 10
    for i, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[1] <= width
        for other in boxes[:i]:
            across = min(one[1], other[1]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[2], other[2])
            assert across <= 0.5 or down <= 3, (one, other)


def test_a_page_is_dark_where_the_reader_is_and_light_in_print(opened: Opened) -> None:
    page = opened(PLAN, dark=True)
    assert colour(page, "body", "backgroundColor") == "rgb(22, 25, 29)"
    assert colour(page, ".line", "stroke") == "rgb(255, 135, 72)"
    page.send("Emulation.setEmulatedMedia", media="print")
    assert colour(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    assert colour(page, ".tools", "display") == "none"
    assert page.printed().startswith(b"%PDF")


@pytest.mark.parametrize("dark", [False, True])
def test_a_theme_that_is_given_wins(opened: Opened, dark: bool) -> None:
    page = opened(PLAN, theme="dark", dark=dark)
    assert colour(page, "body", "backgroundColor") == "rgb(22, 25, 29)"


def test_the_curve_is_where_its_rates_are(opened: Opened) -> None:
    """Held to the pixels of a screenshot, at places that are computed here from the schedule."""
    page = opened(LINEAR, theme="light")
    image = Image.open(io.BytesIO(page.picture())).convert("RGB")
    grid = page.run(
        "[...document.querySelectorAll('.rates .grid')].map((one) => one.getBoundingClientRect().y)"
    )
    labels = page.texts(".rates text")
    low, high = grid[labels.index("0")], grid[labels.index("3e-4")]
    marks = page.run(
        "[...document.querySelectorAll('.steps .axis')].slice(1)"
        ".map((one) => one.getBoundingClientRect().x)"
    )
    for i in range(1, 10):
        y = low + (high - low) * (1 - i / 10)
        assert image.getpixel((round(marks[i]), round(y))) == (213, 94, 0)


HOSTILE = "</script><img src=x onerror=alert(1)>\"'`&lt;<!--<script>"


def test_hostile_texts_are_shown_as_they_are(page: Page, tmp_path: Path) -> None:
    drawing = plot(
        "const:lr=1", title=HOSTILE, xlabel=HOSTILE, ylabel=HOSTILE, annotations={"500": HOSTILE}
    )
    (series,) = drawing.views[0].inputs
    view = drawing.views[0]._replace(inputs=[series.labelled(HOSTILE)])
    data = type(drawing)([view], drawing.paper).render(Html()).data
    (tmp_path / "x.html").write_bytes(data)
    page.open(tmp_path / "x.html", 1400)
    assert page.text("h1") == page.text("title") == page.text(".name") == HOSTILE
    assert page.texts(".axis-names text") == [HOSTILE, HOSTILE]
    assert page.text(".mark-name") in HOSTILE or page.text(".mark-name").endswith("…")
    assert page.run("document.querySelectorAll('img').length") == 0
    assert page.run("document.scripts.length") == 2
    page.click("summary")
    assert page.text("th:nth-child(2)") == HOSTILE


def test_the_config_can_be_copied(opened: Opened) -> None:
    page = opened(PLAN, title="a title")
    page.click(".panels + details summary")
    page.click("#copy")
    page.wait("document.getElementById('copy').textContent !== 'copy'")
    assert page.run("String(getSelection())").strip() == page.text("#config").strip()
    assert page.text("#config").startswith(
        '[figure.plan]\noutput = "{name}.html"\ntitle = "a title"'
    )


@pytest.mark.parametrize(
    ("spec", "look"),
    [
        ("cosine_restarts:lr=1,steps=1000000,t_mul=1", {"steps": "1000000000000"}),
        ("exp:lr=1,rate=0.9,steps=100,staircase", {"zoom": "900:1100", "steps_per_epoch": 0.7}),
        ("exp:lr=1,rate=0.1,steps=1", {"steps": "300", "log": True}),
        ("const:lr=0", {}),
        ("const:lr=1", {"steps": "1"}),
        ("const:lr=1", {"steps": "2", "rates": [0.5, 0.6]}),
        ("exp:lr=1e-30,rate=0.9,steps=100", {"legend": "none"}),
        ("noisy_linear_cosine:lr=1,steps=1000", {"rates": [0.1, 2], "log": True}),
    ],
)
def test_anything_can_be_zoomed_read_and_switched(
    opened: Opened, spec: str, look: dict[str, Any]
) -> None:
    page = opened(spec, **look)
    page.click(SVG)
    for key in (*"+++", "End", "ArrowLeft", "l", *"++++++++", "Home", "l", *"---", "1", "l", "1"):
        page.press(key)
        shown = page.run(f"document.querySelector('{SVG}').innerHTML")
        assert "NaN" not in shown
        assert "Infinity" not in shown
        assert "undefined" not in shown
        assert len(set(steps_of(page))) == len(steps_of(page))
    assert step_read(page) == int(look.get("zoom", "0").partition(":")[0])


def test_panels_are_charts_of_their_own(page: Page, tmp_path: Path) -> None:
    one, two = plot(f"a={PLAN}", title="one"), plot("b=const:lr=1", title="two")
    drawing = type(one)([*one.views, *two.views], one.paper, "both", 2)
    (tmp_path / "x.html").write_bytes(drawing.render(Html()).data)
    page.open(tmp_path / "x.html")
    assert (page.text("h1"), page.texts("h2")) == ("both", ["one", "two"])
    lefts = [page.box(f"section:nth-child({i}) svg")[0] for i in (1, 2)]
    assert lefts[1] > lefts[0] + 400
    page.hover(*at(page, 0.5))
    assert page.texts(".names b")[1] == ""
    assert page.texts(".names b")[0] != ""
    page.resize(500, 900)
    page.wait(
        "document.querySelector('section:nth-child(2) .chart').getBoundingClientRect().x < 100"
    )
