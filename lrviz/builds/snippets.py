"""Text that shows pictures in a document: Markdown or reStructuredText."""

import html
import os
from collections.abc import Callable
from pathlib import PurePath
from urllib.parse import quote

from ..answers.drawing import View
from ..errors import cut, listing, printable
from ..outputs.panel import Panel
from ..schedules.fields import rounded_text
from .pictures import Figure

MOST_CURVES = 6
"""How many curves of a panel are put into words."""


def markdown(figure: Figure) -> str:
    """Return an image, or a pair of which the reader's theme picks one."""
    alt, (picture, in_dark) = alt_text(figure), figure.shown
    shown = _link(picture.path)
    if in_dark is None:
        for mark in "\\[]":
            alt = alt.replace(mark, f"\\{mark}")
        return f"![{alt}]({shown})\n"
    dark = _link(in_dark.path)
    return (
        "<picture>\n"
        f'  <source media="(prefers-color-scheme: dark)" srcset="{html.escape(dark)}">\n'
        f'  <img alt="{html.escape(alt)}" src="{html.escape(shown)}">\n'
        "</picture>\n"
    )


def restructured_text(figure: Figure) -> str:
    """Return an image; for two themes a pair with the classes that Sphinx themes know."""
    alt, (picture, in_dark) = alt_text(figure), figure.shown
    shown = _from_here(picture.path)
    if in_dark is None:
        return f".. image:: {shown}\n   :alt: {alt}\n"
    pair = {"only-light": shown, "only-dark": _from_here(in_dark.path)}
    return "\n".join(
        f".. image:: {path}\n   :alt: {alt}\n   :class: {name}\n" for name, path in pair.items()
    )


SNIPPETS: dict[str, Callable[[Figure], str]] = {"md": markdown, "rst": restructured_text}
"""How a figure is shown, by the usual ending of the document."""


def alt_text(figure: Figure) -> str:
    """Return what the figure shows, in one line: as its config says, or its curves in words."""
    if figure.settings.alt:
        return printable(" ".join(figure.settings.alt.split()))
    drawing = figure.pictures[0].drawing
    if len(drawing.views) == 1:
        return printable(_alone(drawing.views[0], drawing.panels[0]))
    title = f"{drawing.title}: " if drawing.title else ""
    return printable(title + "; ".join(_beside_others(view) for view in drawing.views))


def _alone(view: View, panel: Panel) -> str:
    """Return what the only panel of a figure shows, and how its first curves go."""
    look = view.look
    title = f"{look.title}: " if look.title else ""
    steps = f"steps {look.first} to {look.horizon - 1}" if look.first else f"{look.horizon} steps"
    curves = [
        f"{cut(curve.label)} {_course(curve.values[0], curve.values.max(), curve.values[-1])}"
        for curve in panel.curves[:MOST_CURVES]
    ]
    return f"{title}{look.name_of(panel.curves)} over {steps}; {_listed(curves, view)}"


def _beside_others(view: View) -> str:
    """Return what one panel of several shows."""
    names = [cut(one.label) for one in view.inputs[:MOST_CURVES]]
    return (
        f"{view.look.title} ({_listed(names, view)})" if view.look.title else _listed(names, view)
    )


def _listed(texts: list[str], view: View) -> str:
    left = len(view.inputs) - len(texts)
    return listing([*texts, f"{left} more"] if left else texts)


def _course(first: float, peak: float, last: float) -> str:
    """Return in words how a curve goes."""
    begin, top, end = (rounded_text(rate, 3) for rate in (first, peak, last))
    if top not in (begin, end):
        return f"from {begin} up to {top}, then to {end}"
    return f"stays at {begin}" if begin == top == end else f"from {begin} to {end}"


def _from_here(path: str) -> str:
    """Return the path of a picture from the folder that the command runs in."""
    return PurePath(os.path.relpath(path)).as_posix()


def _link(path: str) -> str:
    return quote(_from_here(path))
