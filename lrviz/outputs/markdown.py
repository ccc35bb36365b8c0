"""Markdown as text for a terminal: paragraphs wrapped, tables as terms, code as it is."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from .palette import styled
from .prose import Entry, below, beside, paragraph

_WIDEST_TERM = 26
"""How wide terms may be that have their meaning beside them."""

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_PAGE = re.compile(r"([a-z_]+)\.md")
"""A link to a page in the same folder."""

_MARKS = {"|": "table", "- ": "list", "  ": "list", "#": "heading"}
"""What lines are that begin so."""


def for_terminal(text: str, width: int, colour: bool) -> Iterator[str]:
    """Yield the lines of a page for a terminal of so many columns; comments are left out."""
    text = re.sub(r"^<!-- .+ -->\n", "", text, flags=re.MULTILINE)
    for i, part in enumerate(re.split(r"^```.*\n", text, flags=re.MULTILINE)):
        if i % 2:
            yield from ("    " + line if line else "" for line in part.splitlines())
            continue
        for kind, lines in groupby(_inline(part).splitlines(), key=_kind):
            yield from _shown(kind, list(lines), width, colour)


def _kind(line: str) -> str:
    """Return what a line is a part of."""
    found = (kind for mark, kind in _MARKS.items() if line.startswith(mark))
    return next(found, "paragraph" if line.strip() else "")


def _shown(kind: str, lines: Sequence[str], width: int, colour: bool) -> Iterator[str]:
    """Yield lines that are all of one kind; the empty one is that of the lines between others."""
    match kind:
        case "":
            yield ""
        case "heading":
            yield from (styled(line.lstrip("# "), "1", colour) for line in lines)
        case "list":
            items = re.split(r"^- ", "\n".join(lines), flags=re.MULTILINE)[1:]
            for item in items:
                first, *others = paragraph(" ".join(item.split()), width, 4)
                yield f"  - {first}"
                yield from ("    " + line for line in others)
        case "table":
            yield from _table(lines, width, colour)
        case _:
            yield from ("  " + line for line in paragraph(" ".join(lines), width, 2))


def _table(lines: Sequence[str], width: int, colour: bool) -> Iterator[str]:
    """Yield a table: the first column as terms, the next as what they mean, others by their name.

    Names of columns that are already known stand before what is in them.
    """
    (_, _, *names), _, *rows = ([cell.strip() for cell in line[1:-1].split("|")] for line in lines)
    entries = [
        Entry(term.replace("`", ""), [meaning, *map("{}: {}".format, names, more)])
        for term, meaning, *more in rows
    ]
    is_narrow = all(len(entry.term) <= _WIDEST_TERM for entry in entries)
    yield from (beside if is_narrow else below)(entries, width, colour)


def _inline(text: str) -> str:
    """Return text without the marks of links; that to a page says how it is seen."""

    def said(link: re.Match[str]) -> str:
        page = _PAGE.fullmatch(link[2])
        return f"{link[1]} (lrviz help {page[1]})" if page else link[1]

    return _LINK.sub(said, text)
