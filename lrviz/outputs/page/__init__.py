"""A page of figures that are read by hovering: what it holds, and the files that it is made of.

It is one file that asks for nothing else, and a policy in it lets browsers run its own script
alone.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...curves import Curve
from ...errors import printable
from ...sampling import round_step
from ...schedules.numeric import Steps
from ..description import described
from ..look import Look, Style
from ..panel import Panel
from ..paper import Paper
from ..strokes import Stroke, strokes
from ..tables.table import short
from ..themes import PAIR, THEMES, Theme

_PIXELS = 96 / 72
"""How many of CSS's pixels a point is."""
_DASHES = {"dashed": (3.7, 1.6), "dotted": (1.0, 1.65), "dashdot": (6.4, 1.6, 1.0, 1.6)}
"""The line styles of matplotlib, in widths of the line."""
_WIDEST = 120
"""How wide a page is at most, in pixels for each inch of paper."""
_ROWS = 40
"""How many rows the table of a panel has at most."""
_TINIEST = 290
"""By how many decimal places numbers are moved at most."""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
{stamp}<title>{name}</title>
<style>{style}</style>
</head>
<body>
<main>
{title}<div class="panels">
{panels}</div>
{drawn}</main>
<p class="unseen" id="keys">{keys}</p>
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""

_KEYS = (
    "Left and right: step by step; with shift, ten at a time; Home and End: first and last step; "
    "plus and minus: zoom; Escape: all steps; l: logarithmic axis; 1 to 9: hide or show a curve."
)

def page(
    panels: Sequence[Panel], paper: Paper, *, title: str, columns: int, about: str, stamp: str
) -> str:
    """Return a page with panels in so many columns, which ends in the config `about` it.

    The `stamp` stands in its head.
    """
    alone = panels[0].look.title if len(panels) == 1 and not title else ""
    title, titled_panels = printable(title or alone), not alone
    palette = _Palette(paper)
    rows = -(-len(panels) // columns)
    ratio = round(paper.height / rows / (paper.width / columns), 4)
    data = [_panel(panel, palette, ratio) for panel in panels]
    style = _style(paper, palette, columns)
    script = "".join(f"\n{_file(name)}" for name in ("ticks.js", "drawing.js", "chart.js"))
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )
    return _PAGE.format(
        policy=policy,
        stamp=stamp,
        name=html.escape(title or described(panels)),
        style=style,
        title=f"<h1>{html.escape(title)}</h1>\n" if title else "",
        panels="".join(_figure(panel, titled=titled_panels) for panel in panels),
        drawn=_drawn(about) if about else "",
        keys=_KEYS,
        data=_json(data),
        script=script,
    )


class _Palette:
    """The colours of all curves on a page, by number; each on every paper that it may be read on.

    The usual paper is light, and dark for readers of dark pages.
    """

    def __init__(self, paper: Paper) -> None:
        self.themes = PAIR if paper.theme == PAIR[0] else (paper.theme,)
        self.colours: dict[tuple[str, ...], int] = {}

    def strokes(self, panel: Panel) -> list[tuple[int, Stroke]]:
        """Return the number of its colour, and how it is drawn, of each curve of a panel."""
        styles = panel.look.styles or (Style(),) * len(panel.curves)
        on_each = [strokes(panel.curves, styles, THEMES[theme]) for theme in self.themes]
        found = []
        for same in zip(*on_each, strict=True):
            colours = tuple(_css(one.colour) for one in same)
            found.append((self.colours.setdefault(colours, len(self.colours)), same[0]))
        return found


def _css(colour: Any) -> str:
    """Return a colour of matplotlib in CSS."""
    if isinstance(colour, str) and colour.startswith("#"):
        return colour
    from matplotlib.colors import to_hex

    return str(to_hex(colour, keep_alpha=True)).removesuffix("ff" if len(colour) == 9 else "")


def _style(paper: Paper, palette: _Palette, columns: int) -> str:
    """Return the style of a page: its colours on each paper, and what is the same on all."""
    size = f"--widest: {round(paper.width * _WIDEST)}px; --columns: {columns}"
    *_, last = palette.themes
    on_screen = {
        PAIR: "screen and (prefers-color-scheme: dark)",
        (PAIR[1],): "screen",  # what is printed is on white paper
    }.get(palette.themes)
    first = PAIR[0] if palette.themes == (PAIR[1],) else palette.themes[0]
    blocks = [f":root {{ {_colours(THEMES[first], palette, 0)}; {size} }}"]
    if on_screen:
        number = len(palette.themes) - 1
        blocks.append(
            f"@media {on_screen} {{ :root {{ {_colours(THEMES[last], palette, number)} }} }}"
        )
    for number in range(len(palette.colours)):
        blocks.append(
            f".line.c{number} {{ stroke: var(--c{number}) }} .dot.c{number} {{ fill: var(--c{number}) }}"
        )
    return "\n" + "\n".join(blocks) + "\n" + _file("page.css")


def _colours(theme: Theme, palette: _Palette, number: int) -> str:
    paper = {name: getattr(theme, name) for name in ("paper", "ink", "pale", "faint")}
    curves = {f"c{i}": colours[number] for colours, i in palette.colours.items()}
    found = "; ".join(f"--{name}: {colour}" for name, colour in (paper | curves).items())
    return f"color-scheme: {'dark' if theme.dark else 'light'}; {found}"


def _figure(panel: Panel, *, titled: bool) -> str:
    """Return what of a panel there is before the script draws: its title, and a table."""
    title = printable(panel.look.title) if titled else ""
    heading = f"<h2>{html.escape(title)}</h2>" if title else ""
    return f"<section>\n{heading}<figure></figure>\n{_table(panel)}</section>\n"


def _table(panel: Panel) -> str:
    """Return a table of the rates at round steps and where curves are highest."""
    steps = _said_steps(panel)
    rows = []
    for step in steps:
        rates = (_rate_at(curve, step) for curve in panel.curves)
        rows.append("".join(f"<td>{text}" for text in (f"{step:,}", *rates)))
    labels = "".join(f"<th>{html.escape(printable(curve.label))}" for curve in panel.curves)
    name = html.escape(printable(panel.look.name_of(panel.curves)))
    return (
        f'<details><summary>as a table</summary><div class="scroll"><table><caption>{name}'
        f"</caption><thead><tr><th>{html.escape(printable(panel.look.xlabel))}{labels}"
        f"<tbody><tr>{'<tr>'.join(rows)}</table></div></details>\n"
    )


def _said_steps(panel: Panel) -> list[int]:
    """Return the steps of a table: round ones, both ends, and where each curve is highest."""
    known = np.unique(np.concatenate([curve.steps for curve in panel.curves]))
    every = round_step(panel.look.horizon - panel.look.first, 10)
    wanted = {int(known[0]), int(known[-1]), *known[known % every == 0].tolist()}
    wanted |= {int(curve.steps[curve.values.argmax()]) for curve in panel.curves}
    found = sorted(wanted)
    return found[:: -(-len(found) // _ROWS)]


def _rate_at(curve: Curve, step: int) -> str:
    """Return the rate at a step as tables have it; nothing where there is none."""
    place = int(np.searchsorted(curve.steps, step, side="right")) - 1
    return short(curve.values[place]) if place >= 0 and curve.steps[place] == step else ""


def _drawn(about: str) -> str:
    """Return how the page was drawn: a config that draws it again."""
    config = about.partition("\n\n")[2]
    named = re.sub(r'^(\[+figure\.)""', r"\1plan", config, flags=re.MULTILINE)
    header, _, settings = named.partition("\n")
    text = f'{header}\noutput = "{{name}}.html"\n{settings}'
    return (
        "<details><summary>how this was drawn</summary>\n"
        "<p>By lrviz. Saved as figures.toml, this draws the page again with "
        "<code>lrviz build figures.toml</code>:</p>\n"
        f'<pre id="config">{html.escape(text)}\n</pre>\n'
        '<button type="button" id="copy">copy</button></details>\n'
    )


def _panel(panel: Panel, palette: _Palette, ratio: float) -> dict[str, Any]:
    """Return what the script has of a panel."""
    look, grids = panel.look, _Grids()
    drawn = palette.strokes(panel)
    recorded = all(curve.recorded for curve in panel.curves)
    phases = panel.phases or ((),) * len(panel.curves)
    curves = [
        {
            "label": printable(curve.label),
            "phases": [[phase.name, phase.start] for phase in steps],
            **_stroke(curve, stroke, style, colour),
            "behind": int(stroke.noisy or (curve.recorded and not recorded)),
            **grids.written(curve),
        }
        for curve, (colour, stroke), style, steps in zip(
            panel.curves, drawn, look.styles or (Style(),) * len(drawn), phases, strict=True
        )
    ]
    differences = [
        {
            "of": i,
            **_stroke(gap, drawn[i][1], Style(linewidth=1.4), drawn[i][0]),
            "behind": 0,
            **grids.written(gap),
        }
        for i, gap in enumerate(panel.differences, 1)
    ]
    return {
        "about": described([panel]),
        "name": printable(look.name_of(panel.curves)),
        "xname": printable(look.xlabel),
        "log": look.log,
        "rates": look.rates,
        "perEpoch": look.steps_per_epoch,
        "ratio": ratio,
        "first": look.first,
        "last": look.horizon - 1,
        "marks": [[step, printable(text)] for step, text in look.annotations if step in look.shown],
        "curves": curves,
        "differences": differences,
        "grids": grids.steps,
    }


def _stroke(curve: Curve, stroke: Stroke, style: Style, colour: int) -> dict[str, Any]:
    """Return how a line is drawn."""
    width = (style.linewidth or stroke.width) * _PIXELS
    kind = stroke.linestyle
    dash = _DASHES.get(kind, ()) if isinstance(kind, str) else kind[1]
    return {
        "colour": colour,
        "width": round(width, 2),
        "dash": " ".join(f"{width * length:.3g}" for length in dash),
        "line": kind != "none",
        "dots": curve.recorded,
    }


class _Grids:
    """The steps of curves, written once if several have the same: as ways from each to the next."""

    def __init__(self) -> None:
        self.steps: list[list[int]] = []

    def written(self, curve: Curve) -> dict[str, Any]:
        """Return the rates of a curve, and which steps they belong to.

        It jumps where a step stands twice.
        """
        steps, values = curve.steps, curve.values
        last = np.append(np.diff(steps) > 0, True)
        ways = np.diff(steps[last], prepend=0).tolist()
        if ways not in self.steps:
            self.steps.append(ways)
        jumps = np.flatnonzero(~last) - np.arange(int((~last).sum()))
        return {
            "grid": self.steps.index(ways),
            "jumps": jumps.tolist(),
            **_numbers(values[last]),
        }


def _numbers(values: Any) -> dict[str, Any]:
    """Return numbers with as many digits as tables have, without the power of ten they share."""
    texts = [f"{float(short(value)):.8e}".partition("e") for value in values]
    exponents = [int(exponent) for mantissa, _, exponent in texts if float(mantissa)]
    power = max(min(7 - max(exponents, default=7), _TINIEST), -_TINIEST)
    moved = (float(f"{mantissa}e{int(exponent) + power}") for mantissa, _, exponent in texts)
    return {"power": power, "values": [int(n) if n == int(n) else n for n in moved]}


def _json(data: Any) -> str:
    """Return data as JSON that ends no element, whatever is in its texts."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
