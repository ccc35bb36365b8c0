"""A table for the terminal, drawn by rich, with rates rounded to eight digits."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from ...errors import LrvizError, cells, option, printable
from ...schedules.fields import number_text, rounded_text
from ..palette import CURVES
from . import Rows, writer

MOST_ROWS = 10_000
"""How many rows are laid out at once."""

_GAP = 3
"""How many columns of the terminal are between two columns of the table."""


@writer("table")
def write(rows: Rows) -> Iterator[str]:
    """Yield the table; one that is too wide for the terminal as several, one below the other."""
    steps: list[str] = []
    columns: list[list[str]] = [[] for _ in rows.labels]
    for block, rates in rows.blocks:
        steps += map(str, block)
        for column, values in zip(columns, rates, strict=True):
            column.extend(map(short, values))
        if len(steps) > MOST_ROWS:
            raise LrvizError(
                f"a table on the terminal has at most {MOST_ROWS} rows; "
                "ask for fewer steps, or for " + option("format", "csv")
            )
    widths = [_width(label, column) for label, column in zip(rows.labels, columns, strict=True)]
    room = (rows.width or 10**9) - max(map(len, [rows.first, *steps])) - _GAP
    for number, group in enumerate(_groups(widths, room)):
        yield "\n" if number else ""
        yield _drawn(steps, [(i, rows.labels[i], columns[i]) for i in group], rows)


def short(rate: np.floating[Any] | float | None) -> str:
    """Return the digits of a float32, or eight of a float64; of a missing number nothing."""
    if rate is None or np.isnan(rate):
        return ""
    if isinstance(rate, int):
        return str(rate)
    return number_text(float(str(rate))) if isinstance(rate, np.float32) else rounded_text(rate, 8)


def _width(label: str, column: Sequence[str]) -> int:
    """Return the width of a column; labels much wider than the rates are folded."""
    return max(*map(len, column), min(cells(printable(label)), 24))


def _groups(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """Yield the numbers of columns that fit side by side."""
    group: list[int] = []
    left = room
    for i, width in enumerate(widths):
        if group and width + _GAP > left:
            yield group
            group, left = [], room
        group.append(i)
        left -= width + _GAP
    yield group


def _drawn(steps: list[str], columns: list[tuple[int, str, list[str]]], rows: Rows) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="", show_edge=False)
    justify: Literal["right", "left"] = "right" if rows.first_is_number else "left"
    table.add_column(rows.first, justify=justify, no_wrap=True)
    for i, label, column in columns:
        style = f"color({CURVES[i % len(CURVES)]})"
        table.add_column(
            Text(printable(label), style), overflow="fold", width=_width(label, column)
        )
    for row in zip(steps, *(column for _, _, column in columns), strict=True):
        table.add_row(*row)
    file = io.StringIO()
    Console(
        file=file,
        width=10_000,
        force_terminal=rows.colour,
        color_system="256" if rows.colour else None,
        markup=False,
        highlight=False,
    ).print(table)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())
