"""Charts in the terminal: lines of braille dots with axes, title and legend."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from ..curves import Curve
from ..errors import cells, printable
from . import ticks
from .look import Look
from .palette import CURVES

_BLANK = 0x2800
"""The braille character without dots; the eight dots are its lowest bits."""

_LONGEST_NAME = 16
"""How many columns the name of the axis of steps may have."""

_BITS = np.array([[0x40, 0x80], [0x04, 0x20], [0x02, 0x10], [0x01, 0x08]])
"""The bits of the dots in a character, its rows from below, in each the left and the right one."""


def chart(
    curves: Sequence[Curve],
    look: Look,
    width: int = 80,
    height: int = 16,
    colour: bool = False,
) -> str:
    """Return the chart as lines of at most `width` columns, with `height` rows of dots.

    Several curves have letters, in the legend and where each curve ends, so that the chart can be
    read without `colour` too.
    """
    lines = _Chart(curves, look, width, height, colour).lines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


class _Chart:
    def __init__(
        self, curves: Sequence[Curve], look: Look, width: int, height: int, colour: bool
    ) -> None:
        self.curves, self.look, self.height, self.colour = curves, look, height, colour
        self.low, self.high = look.rates or ticks.rate_range(curves, look.log)
        self.first, self.last = look.first, max(look.horizon - 1, look.first + 1)
        find = ticks.logarithmic if look.log else ticks.linear
        self.rates = find(self.low, self.high, max(2 * height // 5, 2))
        self.labels = ticks.rate_labels(self.rates, together=not look.log)
        self.xlabel = _fitted(look.xlabel, _LONGEST_NAME)
        self.margin = max(*map(len, self.labels), len(ticks.EPOCH), cells(self.xlabel)) + 1
        self.letters = [_letter(i) if len(curves) > 1 else "" for i in range(len(curves))]
        self.ends = self._ends()
        self.full = width
        self.width = max(width - self.margin - 2 - max(map(len, self.ends)), 10)

    def lines(self) -> Iterator[str]:
        if self.look.title:
            yield self._styled(1, _fitted(self.look.title, self.full))
        if self.look.legend != "none":
            yield from self._legend()
        yield self._styled(2, _fitted(self.look.name_of(self.curves), self.full))
        yield from self._rows()
        yield from self._axes()
        yield from self._marks()

    def _legend(self) -> Iterator[str]:
        """Return letters and labels, as many in a line as fit."""
        line, used = "", 0
        for i, (letter, curve) in enumerate(zip(self.letters, self.curves, strict=True)):
            mark = f"── {letter}".rstrip()
            label = _fitted(curve.label, self.full - len(mark) - 1)
            taken = len(mark) + 1 + cells(label)
            if line and used + 3 + taken > self.full:
                yield line
                line, used = "", 0
            gap = "   " if line else ""
            line += f"{gap}{self._tinted(i, mark)} {label}"
            used += len(gap) + taken
        yield line

    def _rows(self) -> Iterator[str]:
        """Return the rows of dots, the highest first, with the axis of rates and the letters."""
        dots, owner = self._dots()
        labels = {
            self._row(rate): label for rate, label in zip(self.rates, self.labels, strict=True)
        }
        for row in range(self.height):
            label = labels.get(row, "")
            axis = f"{label:>{self.margin - 1}} {'┤' if label else '│'}"
            cells_of_row = zip(owner[row].tolist(), dots[row].tolist(), strict=True)
            line = "".join(
                self._tinted(i, "".join(chr(_BLANK + bits) if bits else " " for _, bits in run))
                for i, run in itertools.groupby(cells_of_row, key=lambda cell: cell[0])
            )
            yield f"{axis}{line} {self.ends[row]}"

    def _dots(self) -> tuple[np.ndarray, np.ndarray]:
        """Return for each character its dots as bits, and the curve that gives it its colour."""
        dots = np.zeros((self.height, self.width), np.int64)
        owner = np.full((self.height, self.width), -1)
        # Plans are drawn over what was logged, which would hide them where they agree.
        for i in sorted(range(len(self.curves)), key=lambda i: not self.curves[i].recorded):
            curve = self.curves[i]
            part = (curve.steps - self.first) / (self.last - self.first)
            points = np.array(
                [np.round(part * (2 * self.width - 1)), self._heights(curve.values)]
            ).astype(np.int64)
            x, y = points if curve.recorded else _line(points)
            seen = (y >= 0) & (y < 4 * self.height)
            x, y = x[seen], y[seen]
            at = self.height - 1 - y // 4, x // 2
            np.bitwise_or.at(dots, at, _BITS[y % 4, x % 2])
            owner[at] = i
        return dots, owner

    def _heights(self, rates: np.ndarray) -> np.ndarray:
        """Return how many dots above the axis the rates are; no more than thrice its height."""
        low, high = self.low, self.high
        if self.look.log:
            least = np.finfo(np.float64).tiny
            low, high, rates = np.log(low), np.log(high), np.log(np.maximum(rates, least))
        part = np.clip((rates - low) / (high - low), -2, 3)
        return np.round(part * (4 * self.height - 1))

    def _row(self, rate: float) -> int:
        """Return the row of a rate, or the one that is nearest."""
        height = int(self._heights(np.array(rate)))
        return self.height - 1 - min(max(height, 0), 4 * self.height - 1) // 4

    def _ends(self) -> list[str]:
        """Return for each row the letters of the curves that end in it."""
        rows: list[str] = [""] * self.height
        for letter, curve in zip(self.letters, self.curves, strict=True):
            rows[self._row(curve.values[-1])] += f"{letter}"
        return [row if len(row) <= 8 else f"{row[:7]}…" for row in rows]

    def _axes(self) -> Iterator[str]:
        """Return the axis of steps, and that of epochs."""
        most = max(self.width // 10, 2)
        steps = ticks.whole(self.first, self.last, most)
        columns = {self._column(step) for step in steps}
        line = "".join("┬" if c in columns else "─" for c in range(self.width))
        yield f"{' ' * self.margin}└{line}"
        yield self._labels(self.xlabel, steps, ticks.step_labels(steps))
        per_epoch = self.look.steps_per_epoch
        if per_epoch:
            first, last = self.first / per_epoch, self.last / per_epoch
            epochs = ticks.linear(first, last + 0.01 * (last - first), most)
            yield self._labels(
                ticks.EPOCH, [epoch * per_epoch for epoch in epochs], ticks.step_labels(epochs)
            )

    def _labels(self, name: str, steps: Sequence[float], labels: Sequence[str]) -> str:
        """Return a line with each label below its step."""
        line = ""
        for step, label in zip(steps, labels, strict=True):
            start = self.margin + 1 + self._column(step) - len(label) // 2
            start = max(min(start, self.full - len(label)), self.margin)
            if start > len(line) or not line:
                line = line.ljust(start) + label
        before = " " * (self.margin - 1 - cells(name))
        return self._styled(2, before + name) + line[self.margin - 1 :]

    def _marks(self) -> Iterator[str]:
        """Return lines with the texts of steps, each below its step where there is room."""
        line = ""
        for step, words in self.look.annotations:
            column = self.margin + 1 + self._column(step)
            text = _fitted(words, self.full - 2)
            start = min(column, self.full - cells(text) - 2)
            if line and start < cells(line) + 2:
                yield line
                line = ""
            line += " " * (start - cells(line)) + f"↑ {text}"
        if line:
            yield line

    def _column(self, step: float) -> int:
        part = (step - self.first) / (self.last - self.first)
        return min(int(part * (2 * self.width - 1) + 0.5) // 2, self.width - 1)

    def _tinted(self, curve: int, text: str) -> str:
        if not self.colour or curve < 0:
            return text
        return f"\x1b[38;5;{CURVES[curve % len(CURVES)]}m{text}\x1b[39m"

    def _styled(self, style: int, text: str) -> str:
        """Return `text` bold (1) or faint (2)."""
        return f"\x1b[{style}m{text}\x1b[22m" if self.colour else text


def _line(points: np.ndarray) -> np.ndarray:
    """Return the dots of a line through points, both of shape (2, n), of whole numbers."""
    ways = np.diff(points)
    counts = np.abs(ways).max(axis=0)  # how many dots lead from a point to the next
    of = np.repeat(np.arange(len(counts)), counts)
    done = np.arange(len(of)) - (np.cumsum(counts) - counts)[of]
    dots = points[:, of] + np.round(ways[:, of] / counts[of] * done).astype(np.int64)
    return np.append(dots, points[:, -1:], axis=1)


def _letter(i: int) -> str:
    """Return a, b, ... z, then 27, 28, ..."""
    return chr(ord("a") + i) if i < 26 else str(i + 1)


def _fitted(text: str, room: int) -> str:
    """Return `text` in one visible line, cut at its end if it is wider than `room`."""
    text = printable(text)
    if cells(text) <= room:
        return text
    widths = itertools.accumulate(map(cells, text))
    kept = sum(1 for _ in itertools.takewhile(lambda width: width < max(room, 2), widths))
    return f"{text[:kept]}…"
