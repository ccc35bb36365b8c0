"""Paragraphs of text, and terms that are explained."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..errors import cells
from .palette import styled

_WIDEST = 100
"""How wide a column of prose may be."""


class Entry(NamedTuple):
    """A term, the paragraphs that say what it is, and what stands beside it aside."""

    term: str
    paragraphs: Sequence[str]
    aside: str = ""


def beside(entries: Sequence[Entry], width: int, colour: bool) -> Iterator[str]:
    """Yield terms, and beside each the paragraphs that say what it is, wrapped."""
    column = 4 + max(cells(entry.term) for entry in entries)
    for term, paragraphs, _ in entries:
        margin = "  " + styled(term, "1", colour) + " " * (column - 2 - cells(term))
        for text in paragraphs:
            for line in paragraph(text, width, column):
                yield margin + line
                margin = " " * column


def below(entries: Sequence[Entry], width: int, colour: bool) -> Iterator[str]:
    """Yield terms, and below each the paragraphs that say what it is, wrapped."""
    for term, paragraphs, aside in entries:
        yield "  " + styled(term, "1", colour) + aside
        for text in paragraphs:
            for line in paragraph(text, width, 6):
                yield " " * 6 + line


def paragraph(text: str, width: int, margin: int) -> list[str]:
    """Return a paragraph as lines that fit a terminal beside a margin."""
    return textwrap.wrap(
        text, min(width, _WIDEST) - margin, break_long_words=False, break_on_hyphens=False
    )
