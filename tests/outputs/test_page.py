"""Pages: what is in the file, and that nothing else is; what a browser makes of it comes later."""

import base64
import hashlib
import html
import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lrviz.answers.compare import compare
from lrviz.answers.plot import drawing_of as plot
from lrviz.curves import Curve
from lrviz.errors import printable
from lrviz.outputs import pictures
from lrviz.outputs.content import Panel
from lrviz.outputs.look import Look, Style
from lrviz.outputs.paper import Paper
from lrviz.outputs.pictures import Stamp
from lrviz.outputs.pictures.html import Html
from lrviz.outputs.tables.table import short
from lrviz.schedules.numeric import Array, Steps
from lrviz.specs import parse
from lrviz.specs.quantities import Run as TheRun
from tests.conftest import Run

THREE = [
    "cosine=warmup:steps=2k/cosine:lr=3e-4,steps=98k,end=3e-5",
    "wsd=wsd:lr=3e-4,warmup=2k,steps=100k,decay=20k",
    "linear=linear:lr=3e-4,steps=100k",
]
KINDS = {
    "smooth curves": THREE,
    "noise": ["noisy_linear_cosine:lr={1,0.5,0.3},steps=100k"],
    "stairs": ["exp:lr=1,rate=0.99,steps={97,101,103},staircase"],
    "cycles": ["cyclic:lr=0.001,peak={1,2,3},up=37.7,down=22.9"],
    "restarts": ["cosine_restarts:lr=1,steps={70,80,90},t_mul=1"],
    "formulas": [f"LambdaLR(o, lambda t: 1 + math.sin(t * t), lr={lr})" for lr in (1, 2, 3)],
}
HOSTILE = (
    *("</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- <script>"),
    *('"quotes\' and `ticks`"', "\u202eright to left\u2066", "a\0b\x1b[31m", "&lt;b&gt; &amp;"),
    *("</title></style></pre>", "__proto__", "{data}", "%s {0}", "两个 😀", "\ud800", "]]>"),
)


def page(*specs: str, steps: str | None = None, theme: str = "light", **look: Any) -> str:
    drawing = plot(specs, TheRun(horizon=int(steps) if steps else None), **look)
    return drawing.render(Html(), theme).data.decode()


def data_in(text: str) -> list[dict[str, Any]]:
    """Return what the script of a page gets, read as browsers do: up to the first end."""
    start = text.index('<script type="application/json" id="data">')
    found = text[text.index(">", start) + 1 : text.index("</script", start)]
    return list(json.loads(found))


def read(panel: dict[str, Any], curve: dict[str, Any]) -> tuple[Steps, Array]:
    """Return steps and rates of a curve, as the script unpacks them."""
    unit = float(f"1e{-curve['power']}")
    values = [float(f"{value * unit:.9g}") for value in curve["values"]]
    return np.cumsum(panel["grids"][curve["grid"]], dtype=np.int64), np.array(values)


class Tags(HTMLParser):
    """Which elements a page has, and with which attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.names.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("specs", KINDS.values(), ids=KINDS.keys())
def test_rates_are_those_of_the_schedule_to_the_digits_of_the_table(specs: list[str]) -> None:
    drawing = plot(specs, TheRun(horizon=100_000))
    (panel,) = data_in(drawing.render(Html()).data.decode())
    assert len(panel["curves"]) == 3
    for curve, one in zip(panel["curves"], drawing.views[0].inputs, strict=True):
        assert one.plan is not None
        steps, rates = read(panel, curve)
        assert [short(rate) for rate in rates] == [short(rate) for rate in one.plan(steps)]


def test_in_float32_rates_have_all_digits_of_the_table() -> None:
    (panel,) = data_in(page("exp:lr=0.01,rate=0.9,steps=10", steps="11", dtype="float32"))
    _, rates = read(panel, panel["curves"][0])
    exact = parse("exp:lr=0.01,rate=0.9,steps=10")(np.arange(11), np.float32)
    assert [short(rate) for rate in rates] == [short(rate) for rate in exact]


@pytest.mark.parametrize("specs", KINDS.values(), ids=KINDS.keys())
def test_three_curves_of_100_000_steps_are_80_000_bytes_at_most(specs: list[str]) -> None:
    text = page(*specs, steps="100000", title="three curves", steps_per_epoch=391.0)
    assert len(text.encode()) <= 80_000
    (panel,) = data_in(text)
    assert len(panel["grids"]) == 1
    assert len(panel["grids"][0]) >= 700


def test_all_curves_are_evaluated_at_the_same_steps_with_round_ones_knots_and_marks() -> None:
    (panel,) = data_in(page(*THREE, annotations={"12345": "a mark"}))
    assert len(panel["grids"]) == 1
    steps = set(np.cumsum(panel["grids"][0]).tolist())
    assert {0, 10_000, 50_000, 99_999, 2000, 80_000, 12_345} <= steps
    assert panel["marks"] == [[12_345, "a mark"]]
    assert panel["curves"][1]["phases"] == [["warmup", 0], ["stable", 2000], ["decay", 80_000]]


@pytest.mark.parametrize("every", [30, 33_333])
def test_a_jump_is_upright_between_two_steps_that_are_both_there(every: int) -> None:
    (panel,) = data_in(page(f"step:lr=1,rate=0.1,steps={every}", steps=str(3 * every)))
    (curve,) = panel["curves"]
    steps, rates = read(panel, curve)
    at = np.array(curve["jumps"])
    assert steps[at].tolist() == [every, 2 * every]
    assert steps[at - 1].tolist() == [every - 1, 2 * every - 1]
    assert rates[at - 1] == pytest.approx(10 * rates[at])


def test_a_run_of_a_few_steps_has_all_of_them() -> None:
    (panel,) = data_in(page("cosine:lr={1,2,3,4,5,6,7,8,9,10,11,12},steps=1000"))
    assert panel["grids"] == [[0, *[1] * 999]]


def test_a_log_is_dots_at_its_own_steps(tmp_path: Path) -> None:
    log = tmp_path / "run.csv"
    log.write_text("step,lr\n" + "".join(f"{t},{1 - t / 1e4!r}\n" for t in range(0, 10_000, 70)))
    (panel,) = data_in(page("linear:lr=1,steps=10k", f"@{log}"))
    plan, logged = panel["curves"]
    assert (plan["dots"], plan["line"]) == (False, True)
    assert (logged["dots"], logged["line"]) == (True, False)
    assert set(range(0, 10_000, 70)) <= set(read(panel, plan)[0].tolist())
    steps, rates = read(panel, logged)
    assert steps.tolist() == [*range(0, 10_000, 70)]
    assert rates == pytest.approx(1 - steps / 1e4)


def test_differences_are_those_of_the_rates_at_the_same_steps() -> None:
    answer = compare(["cosine:lr=1,steps=1k", "linear:lr=1,steps=1k"])
    (panel,) = data_in(answer.drawing().render(Html()).data.decode())
    (first, second), (gap,) = panel["curves"], panel["differences"]
    assert gap["of"] == 1
    _, a = read(panel, first)
    _, b = read(panel, second)
    assert read(panel, gap)[1] == pytest.approx(b - a, rel=0, abs=2e-8)


def test_the_policy_allows_its_own_script_and_style_alone() -> None:
    text = page(*THREE)
    policy = re.search('Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    hashes = [
        base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (style, script)
    ]
    assert policy[1] == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'"
    )


def test_nothing_is_asked_for_from_elsewhere() -> None:
    text = page(*THREE)
    tags = Tags(text)
    assert not {"link", "img", "iframe", "object", "embed", "base", "form", "a"} & {*tags.names}
    assert not {"src", "href", "srcset", "action", "style"} & {name for name, _ in tags.attributes}
    assert not [name for name, _ in tags.attributes if name.startswith("on")]
    assert {*re.findall(r"\w+://[^\s\"']*", text)} == {"http://www.w3.org/2000/svg"}
    assert "@import" not in text
    assert not re.search(r"innerHTML|eval\(|document\.write|Function\(", text)


@settings(max_examples=60)
@given(st.text(max_size=30) | st.sampled_from(HOSTILE))
@example("")
def test_texts_are_texts_whatever_is_in_them(label: str) -> None:
    curve = Curve(label, np.arange(3), np.array([1.0, 2.0, 3.0]))
    plain = Curve("x", np.arange(3), np.array([1.0, 2.0, 3.0]))
    both = []
    for one, words in ((curve, label), (plain, "x")):
        look = Look(steps=3, title=words, xlabel=words, ylabel=words, annotations=((1, words),))
        drawn = Html().render([Panel([one], look)] * 2, Paper(), title=words, columns=2)
        both.append(drawn.data.decode())
    hostile, usual = (Tags(text) for text in both)
    if label:
        assert hostile.names == usual.names
        assert [n for n, _ in hostile.attributes] == [n for n, _ in usual.attributes]
    assert [panel["curves"][0]["label"] for panel in data_in(both[0])] == [printable(label)] * 2
    assert {*both[0]} <= {*both[1], *map(chr, range(32, 127)), *printable(label)}


def test_colours_are_those_of_the_styles_and_of_the_theme() -> None:
    look = Look(
        steps=3,
        styles=tuple(
            Style(color=one)
            for one in (("purple", "#Abc"), ("tab:blue", "0.5"), None, ("C1", "C1"))
        ),
    )
    curves = [Curve(f"{i}", np.arange(3), np.ones(3)) for i in "abcd"]
    text = Html().render([Panel(curves, look)], Paper()).data.decode()
    light, dark = (re.findall(r"--c\d: ([^; ]*)", line) for line in text.split("@media screen")[:2])
    assert light == ["#800080", "#1f77b4", "#009e73", "#0072b2"]
    assert dark == ["#Abc", "#808080", "#2fc596", "#5cb8f0"]


def test_the_same_words_give_the_same_bytes() -> None:
    assert page(*THREE, title="t") == page(*THREE, title="t")


def test_a_page_follows_the_reader_unless_a_theme_is_given() -> None:
    usual, dark, printed = (page(*THREE, theme=name) for name in ("light", "dark", "print"))
    assert "@media screen and (prefers-color-scheme: dark) {" in usual
    for text in (dark, printed):
        assert "prefers-color-scheme" not in text
    assert "@media screen { :root { color-scheme: dark; --paper: #16191d" in dark
    assert "#16191d" not in printed
    assert usual.index("#16191d") > usual.index("#ffffff")


def test_a_page_says_how_it_was_drawn_and_is_drawn_by_that_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [*THREE, "两个 'q' <b>=cosine:lr=1,steps=10k", "--steps-per-epoch", "391", "--log"]
    assert run("plot", *words, "--title", "a 'b' <c>", "-o", "plan.html", "-q").status == 0
    text = Path("plan.html").read_text(encoding="utf-8")
    config = re.search('<pre id="config">(.*?)\n</pre>', text, re.DOTALL)
    assert config is not None
    shown = html.unescape(config[1])
    assert tomllib.loads(shown) == tomllib.loads(run("explain", "plan.html", "-q").out)
    Path("figures.toml").write_text(shown, encoding="utf-8")
    assert run("build", "figures.toml", "--check").status == 0
    assert run("build", "figures.toml", "--force", "-q").status == 0
    assert Path("plan.html").read_text(encoding="utf-8") == text


def test_a_page_is_built_checked_and_explained(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = (
        '[figure.x]\noutput = "{name}.html"\ntheme = "both"\ncolumns = 2\n'
        '[[figure.x.panel]]\ncurves = ["const:lr={1,2}"]\n'
        '[[figure.x.panel]]\ntitle = "t"\ncurves = ["exp:lr=1,rate=0.9,steps=9"]\n'
    )
    Path("x.toml").write_text(config)
    assert "2 drawn" in run("build", "x.toml").err
    assert run("build", "x.toml", "--check", "--pixels").status == 0
    assert Path("x-dark.html").read_text().count("<figure>") == 2
    assert run("explain", "x.html", "-q").out.startswith('[figure.x]\noutput = "{name}.html"\n')
    Path("x.toml").write_text(config.replace("0.9", "0.8"))
    assert "x.html: stale (panel[1].curves[0] was" in run("build", "x.toml", "--check").out
    edited = Path("x.html").read_text().replace("<h2>t</h2>", "<h2>u</h2>")
    Path("x.html").write_text(edited)
    assert "x.html: edited (it is not as it was drawn)" in run("build", "x.toml", "--check").out


STAMPED = page("const:lr=1", "exp:lr=1,rate=0.9,steps=9", steps="20", title="t").encode()


@settings(max_examples=300)
@given(st.integers(0, len(STAMPED) - 1), st.integers(0, 255))
def test_a_change_of_any_byte_is_noticed(place: int, byte: int) -> None:
    changed = STAMPED[:place] + bytes([byte]) + STAMPED[place + 1 :]
    said = pictures.read(changed)
    assert (said is not None and said.whole) <= (changed.split() == STAMPED.split())


def test_other_line_ends_change_nothing() -> None:
    said = pictures.read(STAMPED)
    assert said is not None
    assert said == pictures.read(STAMPED.replace(b"\n", b"\r\n"))
    assert said == Stamp("html", said.about, whole=True)


def test_without_a_text_about_it_a_page_has_no_stamp() -> None:
    curve = Curve("x", np.arange(3), np.ones(3))
    drawn = Html().render([Panel([curve], Look(steps=3))], Paper()).data
    assert pictures.read(drawn) is None
    assert b'id="config"' not in drawn


def test_a_table_stands_for_the_chart_where_no_script_runs() -> None:
    text = page("a<b=warmup:steps=2k/cosine:lr=3e-4,steps=98k,end=3e-5", steps="100000")
    (table,) = re.findall("<table>(.*?)</table>", text, re.DOTALL)
    rows = [re.findall("<t[dh]>([^<]*)", row) for row in table.split("<tr>")[1:]]
    schedule = parse("warmup:steps=2k/cosine:lr=3e-4,steps=98k,end=3e-5")
    assert rows[0] == ["step", "a&lt;b"]
    steps = [0, 2000, *range(10_000, 100_000, 10_000), 99_999]
    assert rows[1:] == [[f"{step:,}", short(schedule(step))] for step in steps]
