"""Lines as trainers print them: `key: value`, `key=value`, dicts and JSON behind any prefix."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import le, ne
from typing import NamedTuple

from ...errors import quoted
from .. import log_format
from ..cells import number
from ..columns import TOTAL, Wanted, listed, places
from ..lines import COUNTERS, UNNAMED, Pairs, begins_as_lines
from ..records import Block, Records, Source

_LOOKED_AT = 2000
"""How many lines with a rate are looked at for the names of rates and counters."""

_HELD = 1000
"""How many lines with a rate are held at once."""

_COUNTS = {*COUNTERS, *(f"{name} {TOTAL}" for name in COUNTERS)}

Found = dict[str, str]


@log_format(".log", fits=begins_as_lines)
def records(source: Source) -> Records:
    """Return the records of the lines that name what is wanted, and count the steps."""
    wanted = _Names(source.wanted)
    rows = _rows(source, wanted)
    head = list(islice(rows, _LOOKED_AT))
    if not head:
        raise source.refused(wanted.lacking())
    kept = _kept(head, source)
    counter = _counter(head, source.wanted)
    if counter is not None and _turned(head, counter):
        by = counter
        head = [(row, _turn(found, by)) for row, found in head]
        rows = ((row, _turn(found, by)) for row, found in rows)
    if counter is None and len(head) == 1:
        raise source.refused(
            f"it says one {next(iter(source.wanted.columns)).word}, in row {head[0][0]}, and no "
            "step beside it; name a file with a line for each step"
        )
    names = [*([counter] if counter else []), *_beside(head, counter), *kept]

    def take(columns: Sequence[int]) -> Iterator[Block]:
        rates = {*kept}
        counts = [name for name in names if name not in rates]
        merged = _merged(chain(head, rows), rates, counts)
        while group := list(islice(merged, _HELD)):
            yield Block(
                [row for row, _ in group],
                [[found.get(names[column]) for _, found in group] for column in columns],
            )

    return Records(names, take)


class _Position(NamedTuple):
    """What the lines before said of how far the run has come."""

    epoch: str | None = None
    counts: Found = {}


def _rows(source: Source, wanted: "_Names") -> Iterator[tuple[int, Found]]:
    """Yield the numbers of lines that name what is wanted, with counters of lines before them.

    Of an unnamed counter, a bar, the line after counts too: where a line is printed over a bar,
    the bar before may be an old one, and that after is drawn anew.
    """
    before = _Position()
    said = Pairs()
    open_row: tuple[int, Found] | None = None
    follows = False
    for row, line in _lines(source):
        found = said.of(line)
        counts = {name: found[name] for name in found if name in _COUNTS}
        epoch = found.get("epoch")
        if open_row is not None:
            if UNNAMED in found and follows:
                open_row[1][_AFTER] = found[UNNAMED]
            yield open_row
            open_row = None
        if any(map(wanted.__contains__, found)):
            is_whole = epoch is not None and epoch.isdigit()
            is_counted = is_whole or not counts.keys().isdisjoint(COUNTERS)
            here = {**({} if is_counted else before.counts), **found}
            if epoch is None and before.epoch is not None:
                here["epoch"] = before.epoch
            follows, open_row = not is_counted, (row, here)
            if UNNAMED in counts:
                here[_AFTER] = counts[UNNAMED]
        if epoch is not None and epoch.isdigit() and epoch != before.epoch:
            before = _Position(epoch)
        if counts:
            before = _Position(before.epoch, counts)
    if open_row is not None:
        yield open_row


_AFTER = f"{UNNAMED} after"
_USUAL_LINE, _LONGEST_LINE = 1000, 10_000
"""So many characters of a line are looked at; no logger prints more."""


def _cut(line: str) -> str:
    """Return the beginning of a long line, without its widest gaps."""
    return _GAP.sub(" " * 20, line[:_LONGEST_LINE])


_GAP = re.compile(r"\s{21,}")

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the numbers of lines that are not blank, and the lines without colours.

    Each object of a list that stands in one line is a line.
    """
    row = long = 0
    for text in source.texts():
        for line in text.removesuffix("\n").split("\n"):
            row += 1
            plain = _COLOURS.sub("", line) if "\x1b" in line else line
            for part in plain.split("}, {") if plain.startswith(("[{", "{'")) else [plain]:
                long += len(part) > _LONGEST_LINE
                if part and not part.isspace():
                    yield row, part if len(part) < _USUAL_LINE else _cut(part)
    if long:
        lines = "a line has" if long == 1 else f"{long:,} lines have"
        source.tell(f"{lines} more than {_LONGEST_LINE:,} characters; only those were read")


class _Names:
    """Which names are those of what is wanted."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.known: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        known = self.known.get(name)
        if known is None:
            known = any(places([name], *each) for each in self.wanted.columns.items())
            if len(self.known) < 100_000:
                self.known[name] = known
        return known

    def lacking(self) -> str:
        """Return that no line names what is wanted, and the cure."""
        what, column = next(iter(self.wanted.columns.items()))
        called = quoted(column) if column else f"a {what.name}"
        like = f"{column or what.symbol}=0.001" if column is None else f"{column}: 1"
        found = f"no line of the text says {called} with its number, such as {like}"
        if not self.known:
            return f"{found}, nor any other; name another file"
        return f"{found}; the lines say {listed([*self.known])}; {self.wanted.cure('one')}"


def _kept(head: list[tuple[int, Found]], source: Source) -> list[str]:
    """Return the names of what is wanted; of names that never stand in one line, the usual one."""
    names = list(dict.fromkeys(name for _, found in head for name in found))
    kept: dict[str, None] = {}
    for what, column in source.wanted.columns.items():
        likely = [names[i] for i in places(names, what, column)]
        lines = [[name for name in likely if name in found] for _, found in head]
        counted = Counter(name for line in lines for name in line)
        if not counted:
            continue
        usual = max(counted, key=lambda name: counted[name])
        group = _whose(usual)
        beside = {name for line in lines if usual in line for name in line}
        mine = [name for name in likely if name in beside or _whose(name) == group]
        kept |= dict.fromkeys(mine)
        others = [name for name in likely if name not in mine]
        if others:
            source.tell(
                f"the {what.word}s are those called {usual!r}; lines that call them "
                f"{others[0]!r} were passed over"
            )
    return list(kept)


def _whose(name: str) -> str:
    """Return the name of a quantity without that of the group of parameters."""
    return re.sub(r"[/_-]?\d+$", "", name)


def _counter(head: list[tuple[int, Found]], wanted: Wanted) -> str | None:
    """Return the surest counter of steps that most of the lines have; else that of the epochs."""
    if wanted.step is not None:
        names = dict.fromkeys(name for _, found in head for name in found)
        return next((name for name in names if name == wanted.step.lower()), None)
    likely = [name for name in COUNTERS if 2 * len(_having(head, name)) >= max(len(head), 1)]
    likely = [name for name in likely if not (name == UNNAMED and _is_whole_epoch(head))]
    moving = [name for name in likely if len({*_said(head, name)}) > 1] or likely
    onward = [name for name in moving if _goes_on(head, name)]
    for name in dict.fromkeys([*onward, *moving]):
        if name != UNNAMED:
            return name
        bar = _bar([found for _, found in head])
        if bar:
            return bar
    return "epoch" if any("epoch" in found for _, found in head) else None


Head = list[tuple[int, Found]]


def _having(head: Head, name: str) -> list[Found]:
    """Return what the rows say that have a counter."""
    return [found for _, found in head if name in found]


def _said(head: Head, name: str) -> list[str]:
    """Return what a counter says, row by row."""
    return [found[name] for found in _having(head, name)]


def _goes_on(head: Head, name: str) -> bool:
    """Return whether a counter never goes back, as one does that begins anew in each epoch."""
    counts = [number(count) or 0.0 for count in _said(head, name)]
    return all(map(le, counts, counts[1:]))


def _is_whole_epoch(head: Head) -> bool:
    """Return whether an unnamed counter is that of a bar that was full at the end of each epoch."""
    return all(
        "epoch" in found and found[UNNAMED] == found.get(f"{UNNAMED} {TOTAL}")
        for found in _having(head, UNNAMED)
    )


def _turned(head: Head, counter: str | None) -> bool:
    """Return whether a counter says its epoch first, `Batch 0/100`, and then how far that has come.

    Then what it says of all changes more often than it does.
    """
    changes: list[int] = [
        sum(map(ne, said, said[1:]))
        for said in (_said(head, f"{counter} {TOTAL}"), _said(head, str(counter)))
    ]
    return changes[0] > changes[1]


def _turn(found: Found, counter: str) -> Found:
    """Return what a row says with its epoch by that name, and the counter by its own."""
    total = found.get(f"{counter} {TOTAL}")
    if total is None:
        return found
    rest = {name: value for name, value in found.items() if name != f"{counter} {TOTAL}"}
    return {**rest, "epoch": found[counter], counter: total}


def _bar(having: list[Found]) -> str:
    """Return which of the bars before and after lines fits the epochs that those say, "" if none.

    Epochs that are no fractions say nothing of that.
    """
    if not any("." in found.get("epoch", "") for found in having):
        return UNNAMED
    fits = {name: _misfit(_counted(having, name)) for name in _BARS}
    even = {name: math.gcd(*(count for count, _ in _counted(having, name))) for name in _BARS}
    best = min(_BARS, key=lambda name: (fits[name] > 1, -even[name], fits[name]))
    return best if fits[best] <= 1 else ""


_BARS = (UNNAMED, _AFTER)


def _counted(having: list[Found], name: str) -> list[tuple[int, float]]:
    """Return what a counter says, and the epochs beside it."""
    return [
        (int(found[name]), number(found.get("epoch")) or math.nan)
        for found in having
        if len(found.get(name, " " * _LONGEST)) < _LONGEST
    ]


_LONGEST = 16
"""No counter of steps has so many digits."""


def _misfit(pairs: list[tuple[int, float]]) -> float:
    """Return how far a counter is from being in step with the epochs; more than 1 if it is not."""
    known = [(count, epoch) for count, epoch in pairs if epoch > 0]
    if not known:
        return math.inf
    count, epoch = known[-1]
    per_epoch = count / epoch
    allowed = 0.5 + _ROUNDED * per_epoch  # by which the last and each are rounded
    return max(abs(count - per_epoch * epoch) for count, epoch in known) / allowed


_ROUNDED = 0.01


def _beside(head: list[tuple[int, Found]], counter: str | None) -> list[str]:
    """Return the names that say where in the run a counter begins anew."""
    usual = ("epoch", f"{counter} {TOTAL}") if counter not in (None, "epoch") else ()
    return [name for name in usual if any(name in found for _, found in head)]


def _merged(
    rows: Iterator[tuple[int, Found]], kept: set[str], counts: Sequence[str]
) -> Iterator[tuple[int, Found]]:
    """Yield rows that have something that is kept; those of groups of parameters become one."""
    last: tuple[int, Found] | None = None
    for row, found in rows:
        mine = {name: found[name] for name in kept if name in found}
        if not mine:
            continue
        here = {name: found[name] for name in counts if name in found}
        if last is not None:
            before = last[1]
            same = all(before.get(name) == here.get(name) for name in counts)
            if same and before.keys().isdisjoint(mine):
                before.update(mine)
                continue
            yield last
        last = row, {**here, **mine}
    if last is not None:
        yield last
