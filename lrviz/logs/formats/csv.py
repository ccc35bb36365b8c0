"""Values between commas, semicolons or tabs, as loggers and spreadsheets write them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from .. import log_format
from ..cells import Comma, number
from ..lines import begins_as_lines
from ..places import HEAD
from ..records import Block, Records, Source, as_text, is_text
from ..tables import (
    SPACES,
    cells_of,
    first_lines,
    is_beside,
    is_numbered,
    lines_before,
    mark_of,
    tidy,
)

_CELLS = 20_000
"""About how many quoted cells are held at once."""


def _begins_well(head: bytes) -> bool:
    return is_text(head) and as_text(head)[:1] not in ("{", "[") and not begins_as_lines(head)


@log_format(".csv", ".tsv", ".txt", fits=_begins_well)
def records(source: Source) -> Records:
    """Return the records of a table in text, with or without a line of names.

    Lines that begin with `#` are comments; the last of them may be that of the names.
    """
    texts = source.texts()
    head = source.head()
    banner = lines_before(first_lines(as_text(head), is_whole=len(head) < HEAD))
    if banner:
        source.tell(f"{banner} line{'s' if banner > 1 else ''} before the table passed over")
    before, comment, line, rest = _first_line(texts, banner)
    following = first_lines(rest[:HEAD], is_whole=True)[:1]
    mark = mark_of([line, *following])
    header = cells_of(line, mark)
    if mark == SPACES and following and is_numbered(following[0].split(), header):
        header = ["", *header]
    names = [name.strip() for name in header]
    if all(
        number(name, Comma.NONE if mark == "," else Comma.DECIMAL) is not None for name in names
    ):
        usual = {1: ["lr"], 2: ["step", "lr"], 3: _named_by_mlflow(names)}
        noted = [name.strip() for name in cells_of(comment, mark_of([comment, line]))]
        names = usual.get(len(names), [str(i + 1) for i in range(len(names))])
        names = noted if len(noted) == len(names) and _are_words(noted) else names
        table = _Table(source, mark, len(names))
        start, rest = before, line + rest
    else:
        table = _Table(source, mark, len(names), header, tidy(line, mark))
        start = before + 1
    return Records(names, lambda columns: table.blocks(columns, chain([rest], texts), start))


def _named_by_mlflow(values: Sequence[str]) -> list[str]:
    """Return the names of a wall time, a value and a step, as MLflow writes them without names."""
    is_wall_time = values[0].isdecimal() and int(values[0][:20]) > _EARLIEST
    if is_wall_time and values[-1].isdecimal():
        return ["wall time", "value", "step"]
    return [str(i + 1) for i in range(len(values))]


_EARLIEST = 10**9
"""Seconds since 1970; no run has so many steps that they are taken for them."""


def _are_words(names: Sequence[str]) -> bool:
    return all(name and number(name) is None for name in names)


def _first_line(texts: Iterator[str], banner: int) -> tuple[int, str, str, str]:
    """Return how many lines come before the first of the table, and of these the last comment.

    So many lines are a `banner`.

    Then that line, and the rest of its text.
    """
    before, comment = 0, ""
    for text in texts:
        rest = text
        while rest:
            line, end, rest = rest.partition("\n")
            if is_beside(line):
                named = line.lstrip().startswith("#")
                comment = line.lstrip().lstrip("#").strip() if named else comment
            elif line.strip() and banner:
                banner -= 1
            elif line.strip():
                return before, comment, line + end, rest
            before += 1
    if comment:
        return before - 1, "", comment, ""
    return before, "", "", ""


class _Table:
    """The rows of a table, and what is wrong with them."""

    def __init__(
        self, source: Source, mark: str, width: int, header: list[str] | None = None, line: str = ""
    ) -> None:
        self.source, self.mark, self.width = source, mark, width
        self.header, self.header_line = header, line
        self.good = self.headers = 0
        self.misfits: list[int] = []
        self.misfit_count = 0
        self.ended = self.unfinished = False

    def blocks(self, columns: Sequence[int], texts: Iterable[str], row: int) -> Iterator[Block]:
        """Yield the cells of some columns; `row` is the number of rows before the texts."""
        texts = (tidy(text, self.mark) for text in texts)
        for text in texts:
            if '"' in text:
                yield from self._quoted(columns, chain([text], texts), row)
                break
            whole, end, unfinished = text.rpartition("\n")
            block = self._even(columns, whole + end, row + 1)
            if block is None:
                lines = [line.split(self.mark) for line in whole.split("\n")]
                block = self._block(columns, lines, row + 1)
            yield block
            row += text.count("\n")
            if unfinished:
                yield from self._last(columns, unfinished.split(self.mark), row + 1)
        self._tell()

    def _even(self, columns: Sequence[int], text: str, row: int) -> Block | None:
        """Return the cells of lines without quotes, from `row` on; None if they are uneven."""
        cells = text.replace("\n", f"{self.mark}\n{self.mark}").split(self.mark)
        cells.pop()  # what would be on the next line
        period = self.width + 1  # with a cell for the end of the line
        rows = range(row, row + text.count("\n"))
        even = len(cells) == len(rows) * period and set(cells[self.width :: period]) <= {"\n"}
        if not even or "#" in text or (self.header_line and self.header_line in text):
            return None
        self.good += len(rows)
        return Block(rows, [cells[column::period] for column in columns])

    def _quoted(self, columns: Sequence[int], texts: Iterable[str], row: int) -> Iterator[Block]:
        """Yield the cells of lines in which values may be quoted, and may hold ends of lines."""
        reader = csv.reader(self._lines(texts), delimiter=self.mark, strict=True)
        rows: list[list[str]] = []
        while True:
            begin = reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if self.ended and reader.line_num - begin <= 1:
                    self._cut_off()
                    break
                raise self.source.refused(
                    f"row {row + len(rows) + 1} is not quoted well ({error}); mend the row"
                ) from None
            if self.unfinished:
                yield self._block(columns, rows, row + 1)
                yield from self._last(columns, cells, row + len(rows) + 1)
                return
            rows.append(cells)
            if len(rows) * self.width > _CELLS:
                yield self._block(columns, rows, row + 1)
                row += len(rows)
                rows = []
        yield self._block(columns, rows, row + 1)

    def _lines(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield lines without their ends, and see whether the last is given, and has no end."""
        for text in texts:
            *lines, rest = text.split("\n")
            yield from lines
            if rest:
                self.unfinished = True
                yield rest
        self.ended = True

    def _last(self, columns: Sequence[int], cells: list[str], row: int) -> Iterator[Block]:
        """Yield the last row, which has no end of line, unless it is cut off."""
        block = self._block(columns, [cells], row) if len(cells) >= self.width else None
        if block is None or any(
            number(cell, Comma.DECIMAL) is None for column in block.columns for cell in column
        ):
            self._cut_off()
        else:
            yield block

    def _block(self, columns: Sequence[int], lines: list[list[str]], row: int) -> Block:
        """Return the cells of the lines, from `row` on, that have as many as the header."""
        rows: Sequence[int] = range(row, row + len(lines))
        if {*map(len, lines)} != {self.width} or self.header in lines:
            rows = [i for i, cells in enumerate(lines, row) if self._fits(i, cells)]
            lines = [lines[i - row] for i in rows]
        self.good += len(rows)
        return Block(rows, [[cells[column] for cells in lines] for column in columns])

    def _fits(self, row: int, cells: list[str]) -> bool:
        """Return whether a row counts: it is not blank, nor the header again, nor misshapen."""
        if not any(cells) or cells[0].lstrip().startswith("#"):
            return False
        if len(cells) < self.width or any(cells[self.width :]):
            self.misfits = self.misfits or [row]
            self.misfit_count += 1
            return False
        if cells == self.header:
            self.headers += 1
            return False
        return True

    def _cut_off(self) -> None:
        self.source.tell("the last row is cut off and was passed over")

    def _tell(self) -> None:
        """Note the rows that do not count."""
        if self.misfit_count and not self.good:
            raise self.source.refused(
                f"no row has {self.width} values as its first line does; name a file with a table"
            )
        if self.misfit_count == 1:
            self.source.tell(
                f"row {self.misfits[0]} has not {self.width} values and was passed over"
            )
        elif self.misfit_count:
            self.source.tell(
                f"{self.misfit_count:,} rows, first row {self.misfits[0]}, have not {self.width} "
                "values and were passed over"
            )
        if self.headers:
            self.source.tell("the header stands in it again; it was passed over")
