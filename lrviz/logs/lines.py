"""What stands in a line of text: names with numbers, and how far a run has come."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ..schedules.quantity import LEARNING_RATE
from .cells import Comma, number
from .columns import TOTAL, is_step, places
from .places import HEAD
from .records import as_text, is_text
from .tables import BARS, SPACES, cells_of, first_lines, lines_before, mark_of

_NUMBER = (
    r"[-+]?(?:[1-9]\d{0,2}(?:,\d{3})+(?![\d,eE])(?:\.\d+)?|\d+,\d+(?![\d.])(?!,\d)"
    r"|\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
)
"""A number; `12,345` has marks between thousands, `0,5` is a half."""

_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")

_WORD = r"[^\W\d](?:\w|[./-](?=\w)){0,99}\.?"
_OPEN = r"[\"']?\s*(?:(?:\w+\.)*\w*(?:tensor|float\d*|array|Array)\(|[\[(\"'])*\s*"
"""What may stand before a number: brackets, quotes, a type such as `tensor(`."""

_PAIR = re.compile(
    rf"""
    (?<![\w.])(?:
        ^s:(?P<lead>\d+)(?=[ ]\w+:) |
        (?P<count>\d+)(?P<counted>epoch|batch|iter|step)(?=[:,\s]) |
        (?P<dashed>[Ee]poch|[Ii]ter|[Ss]tep)-(?P<dash>\d+)\b(?!-) |
        (?P<name>
            (?:{_WORD}[ ]){{0,4}}?{_WORD}(?=[ ]?(?:\([^()]*\))?["']?\s*[:=]) |
            (?:[Gg]lobal|[Ll]earning)[ _-]?(?:[Ss]tep|[Rr]ate)(?:[ ]of[ ](?:\w+[ ])?group[ ]\d+)? |
            {_WORD}
        )
        (?:[ ]?\([^()]*\))?["']?
        (?:\s*[:=]{{1,2}}>?\s*|\s*\|\s*(?=[^|]*\|\s*$)
            |\s+(?:(?:changed[ ])?from[ ]\S+[ ])?(?:(?:set[ ])?to|is|now|->)\s+
            |\s+|(?=\[))
        {_OPEN}(?!\d+(?:epoch|batch))
        (?P<value>{_NUMBER}|(?:nan|NaN|None|null|inf)\b)(?P<unit>[kKM](?!\w)|[ ]?%)?(?![:\w-]*:\d\d)
        (?:\s*/\s*(?P<total>\d+)(?![/.\d]))?
        (?P<more>(?:\s*,\s*{_NUMBER})+(?=\s*[\])]))?
        |
        (?:(?<=\[)|(?<![\w./:,-]))(?P<done>\d+)\s*/\s*(?P<all>\d+)(?![\w/.:]|[ ]\d+:\d)
        |
        (?:^|(?<=[\]|][ ]))\[(?P<alone>\d+)\](?=\s+\w+\s?[=:]) |
        ^\s*(?P<first>\d+)(?=\s*[|:]\s+[^\W\d])
    )
    """,
    re.VERBOSE,
)

_JSON = re.compile(
    r"\{\s*(?:[\"}]|$)|\[\s*(?:\{\s*(?:[\"}]|$)|[\[\]\"]|(?:null|NaN|true|false)\b|$"
    r"|[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?\s*(?:,\s*[-+\dnN\[{]|\]\s*$|$))"
)

_MEANT = {
    "l.r.": "lr",
    "up.": "update",
    "ep.": "epoch",
}
"""What words in front of numbers are short for."""

_WITHIN = re.compile(r"\]?\s*\[\s*\d+/")
"""What follows the number of an epoch where it is called `Train`, as timm and Swin do."""

UNNAMED, ALONE = "N/M", "[N]"
"""What counters without a name are called here: `[50/500]`, and `[50]` before a pair."""

COUNTERS = (
    *("步数", "步", "迭代", "迭代次数", "ステップ", "스텝", "schritt", "étape", "paso", "шаг"),
    *("global_step", "total_timesteps", "num_timesteps", "timesteps"),
    *("iteration", "iter", "iters", "it", "step", "steps", "current_steps"),
    *("num_updates", "update", "updates", UNNAMED, "batch", "batch_idx", ALONE),
)
"""What counts the steps of a run or of an epoch in lines of text, the surest first."""

_COUNTED = {*COUNTERS, "epoch"}


def pairs(line: str) -> dict[str, str]:
    """Return the numbers of a line by their names; of two that have one name the first.

    How far a counter goes is called after it, with `TOTAL`.
    """
    return {name: _plain(line[start:end]) for name, start, end in _spans(line)}


def _spans(line: str) -> list[tuple[str, int, int]]:
    """Return the names in a line, and where their numbers begin and end."""
    found: dict[str, tuple[int, int]] = {}
    for match in _PAIR.finditer(line):
        for name, span in _said(match):
            if name and name not in found and f"{name}/0" not in found:
                found[name] = span
    return [(name, *span) for name, span in found.items()]


def _said(match: re.Match[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield what one match says: a number, a counter and its total, or a list of numbers."""
    kind = next(group for group in _KINDS if match[group])
    name = _called(match, kind)
    unit = match["unit"]
    if unit and "%" in unit and name in _COUNTED:
        return  # how much is done is no count
    more = match["more"] and [*re.finditer(_NUMBER, match["more"])]
    if more:
        begin = match.start("more")
        yield f"{name}/0", match.span("value")
        for place, each in enumerate(more, 1):
            yield f"{name}/{place}", (begin + each.start(), begin + each.end())
        return
    yield name, (match.start(kind), match.end("unit" if unit else kind))
    for total in ("total", "all"):
        if match[total]:
            yield f"{name} {TOTAL}", match.span(total)


_KINDS = ("done", "alone", "first", "lead", "count", "dash", "value")
"""The groups of which one holds the number."""


def _called(match: re.Match[str], kind: str) -> str:
    """Return what a number is called."""
    if kind == "value":
        name = _named(match["name"])
        if name != "train":
            return name
        return "epoch" if _WITHIN.match(match.string, match.end()) else name
    unnamed = {"done": UNNAMED, "alone": ALONE, "first": ALONE, "lead": "step"}
    return unnamed.get(kind) or (match["counted"] or match["dashed"]).lower()


class Pairs:
    """What lines say, of which many differ from one another only in their digits.

    So where the numbers stand is worked out once for all that are alike.
    """

    def __init__(self) -> None:
        self.known: dict[str, list[tuple[str, int, int, int, int]]] = {}

    def of(self, line: str) -> dict[str, str]:
        """Return what `pairs` does."""
        if _AMBIGUOUS.search(line):
            return pairs(line)
        key = _DIGITS.sub("0", line)
        ends = [0, *(match.end() for match in _DIGITS.finditer(line))]
        known = self.known.get(key)
        if known is None:
            spans = _spans(line)
            known = [(name, *_from(ends, begin), *_from(ends, end)) for name, begin, end in spans]
            if len(self.known) < _MOST_KNOWN:
                self.known[key] = known
        return {
            name: line[ends[first] + begin : ends[last] + end]
            for name, first, begin, last, end in known
        }


_DIGITS = re.compile(r"\d(?<!\w\d)(?<![^\W\d][./-]\d)(?<!group \d)\d*")
"""Digits that belong to no name; looking back from the first is quicker than before it."""

_AMBIGUOUS = re.compile(r"\d,\d(?<!:\d\d,\d)")
"""A comma that may be a decimal mark, or between thousands, which the digits tell."""

_MOST_KNOWN = 20_000


def _from(ends: Sequence[int], place: int) -> tuple[int, int]:
    """Return a place in a line as the number of the digits before it, and how far it is away."""
    number = bisect_right(ends, place) - 1
    return number, place - ends[number]


def _named(words: str) -> str:
    """Return what a name is short for, the group of parameters that it is of after a slash."""
    words, _, group = words.partition(" of ") if " group " in words else (words, "", "")
    *before, last = [word for word in words.split(" ") if word not in _LEVELS] or [words]
    name = "_".join([*before, last]).lower()
    for usual in ("learning_rate", "lr", "step", "iteration", "epoch"):
        said = name.removesuffix(usual).rstrip("_").rpartition("_")[2]
        if name.endswith(f"_{usual}") and (said in _VERBS or (said, usual) == ("train", "epoch")):
            name = usual
    name = _MEANT.get(name, "train" if last.lower() == "train" else name)
    return f"{name}/{group.split()[-1]}" if group else name


_LEVELS = {"INFO", "DEBUG", "WARNING", "TRAIN"}
"""Words in capitals that logging puts before a message."""

_VERBS = {"setting", "reducing", "adjusting", "current", "new", "the", "with", "using", "at"}
_VERBS |= {"completed", "finished", "training", "optimizer"}
"""Words that say nothing more of a rate or a counter."""


def _plain(value: str) -> str:
    """Return a number without marks between thousands, its decimal mark a point."""
    return value.replace(",", "" if _THOUSANDS.fullmatch(value) else ".")


def begins_as_lines(head: bytes) -> bool:
    """Return whether a file begins as lines with names and numbers in them, and is no table."""
    if not is_text(head):
        return False
    text = as_text(head)
    if text.startswith(("{", "[")):
        return not begins_as_json(text) or wraps_lines(text)
    lines = first_lines(text, is_whole=len(head) < HEAD)
    if not lines:
        return False
    if lines_before(lines):
        return False
    mark = mark_of(lines)
    first, *rows = ([cell.strip() for cell in cells_of(line, mark)] for line in lines)
    numeric = [number(cell) is not None for cell in first]
    if all(numeric):
        return False
    if any(n and cell for n, cell in zip(numeric, first, strict=True)):
        return _say_something(lines)
    if any(re.search(r"[:=]\s*[\[('\"]?[-+]?\d", cell) for cell in first):
        return _say_something(lines)
    if len(first) == 1:
        plain = all(number(line, Comma.DECIMAL) is not None for line in lines[1:])
        return not plain or " " in lines[0].strip()
    if mark in (SPACES, BARS) and not _names_some(first) and any(map(_names_some, rows)):
        return True
    bare = [len(row) >= len(first) and any(map(_is_bare, row)) for row in rows]
    return bool(bare) and 2 * sum(bare) < len(bare) and _say_something(lines[1:])


def begins_as_json(text: str) -> bool:
    """Return whether a text begins as JSON does, and not as a line or as Python prints a dict."""
    return _JSON.match(text) is not None


def wraps_lines(text: str) -> bool:
    """Return whether the objects of JSON lines hold lines of a console, and no rates of their own.

    Docker and other collectors of logs keep them so.
    """
    texts = []
    for line in text.split("\n"):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(found, dict) or _names_some([*map(str, found)]):
            return False
        texts += [value for value in found.values() if isinstance(value, str)]
    return any(places([*pairs(value)], LEARNING_RATE, None) for value in texts)


def _names_some(cells: Sequence[str]) -> bool:
    """Return whether a word of a line is what a counter of steps or a rate is called."""
    return any(map(is_step, cells)) or bool(places(cells, LEARNING_RATE, None))


def _say_something(lines: Sequence[str]) -> bool:
    return any(map(pairs, lines))


def _is_bare(cell: str) -> bool:
    return bool(cell) and number(cell, Comma.DECIMAL) is not None
