"""A page of figures that are read by hovering: what it holds, and the files that it is made of.

It is one file that asks for nothing else, and a policy in it lets browsers run its own script
alone.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...curves import Curve
from ...errors import printable
from ...sampling import round_step
from ..content import Panel
from ..description import described
from ..paper import Paper
from ..tables.table import short
from ..themes import PAIR, THEMES, Theme
from .data import Palette, data_of

_WIDEST = 120
"""How wide a page is at most, in pixels for each inch of paper."""
_ROWS = 40
"""How many rows the table of a panel has at most."""
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
{title}<noscript><p>A script of this page draws its charts; without it, tables stand for them.</p>
</noscript>
<div class="panels">
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
    palette = Palette(paper)
    rows = -(-len(panels) // columns)
    ratio = round(paper.height / rows / (paper.width / columns), 4)
    data = [data_of(panel, palette, ratio) for panel in panels]
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


def _style(paper: Paper, palette: Palette, columns: int) -> str:
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
        colour = f"var(--c{number})"
        blocks += [f".line.c{number} {{ stroke: {colour} }} .dot.c{number} {{ fill: {colour} }}"]
    return "\n" + "\n".join(blocks) + "\n" + _file("page.css")


def _colours(theme: Theme, palette: Palette, number: int) -> str:
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


def _json(data: Any) -> str:
    """Return data as JSON that ends no element, whatever is in its texts."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
