"""Text that shows pictures in a document: Markdown or reStructuredText."""

import html
import os
from collections.abc import Callable
from pathlib import PurePath
from urllib.parse import quote

from ..errors import printable
from ..outputs.description import described
from .pictures import Figure


def markdown(figure: Figure) -> str:
    """Return an image, a pair of which the reader's theme picks one, or a link to what is none."""
    alt, (picture, in_dark) = alt_text(figure), figure.shown
    shown, is_image = _link(picture.path), picture.form.in_documents
    if in_dark is None or not is_image:
        for mark in "\\[]":
            alt = alt.replace(mark, f"\\{mark}")
        return f"{'!' if is_image else ''}[{alt}]({shown})\n"
    dark = _link(in_dark.path)
    return (
        "<picture>\n"
        f'  <source media="(prefers-color-scheme: dark)" srcset="{html.escape(dark)}">\n'
        f'  <img alt="{html.escape(alt)}" src="{html.escape(shown)}">\n'
        "</picture>\n"
    )


def restructured_text(figure: Figure) -> str:
    """Return an image, a pair with the classes that Sphinx themes know, or a link."""
    alt, (picture, in_dark) = alt_text(figure), figure.shown
    shown = _from_here(picture.path)
    if not picture.form.in_documents:
        for mark in "\\`<":
            alt = alt.replace(mark, f"\\{mark}")
        return f"`{alt} <{_link(picture.path)}>`__\n"
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
    return described(drawing.panels, drawing.title)


def _from_here(path: str) -> str:
    """Return the path of a picture from the folder that the command runs in."""
    return PurePath(os.path.relpath(path)).as_posix()


def _link(path: str) -> str:
    return quote(_from_here(path))
