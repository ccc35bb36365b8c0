"""What stands in a line of text: names with numbers, and how far a run has come."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from .cells import Comma, number
from .places import HEAD
from .records import as_text, is_text
from .tables import cells_of, mark_of

_NUMBER = (
    r"[-+]?(?:[1-9]\d{0,2}(?:,\d{3})+(?![\d,eE])(?:\.\d+)?|\d+,\d+(?![\d.])(?!,\d)"
    r"|\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
)
"""A number; `12,345` has marks between thousands, `0,5` is a half."""

_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")

_WORD = r"[^\W\d](?:\w|[./-](?=\w))*\.?"
_OPEN = r"[\"']?\s*(?:(?:\w+\.)*\w*(?:tensor|float\d*|array|Array)\(|[\[(\"'])*\s*"
"""What may stand before a number: brackets, quotes, a type such as `tensor(`."""

_PAIR = re.compile(
    rf"""
    (?<![\w.])(?:
        (?P<count>\d+)(?P<counted>epoch|batch|iter|step)(?=[:,\s]) |
        (?P<dashed>[Ee]poch|[Ii]ter|[Ss]tep)-(?P<dash>\d+)\b(?!-) |
        (?P<name>
            (?:{_WORD}[ ]){{0,4}}?{_WORD}(?=[ ]?(?:\([^()]*\))?["']?\s*[:=]) |
            (?:[Gg]lobal|[Ll]earning)[ _-]?(?:[Ss]tep|[Rr]ate)(?:[ ]of[ ](?:\w+[ ])?group[ ]\d+)? |
            {_WORD}
        )
        (?:[ ]?\([^()]*\))?["']?
        (?:\s*[:=]{{1,2}}>?\s*|\s+(?:(?:changed[ ])?from[ ]\S+[ ])?(?:(?:set[ ])?to|is|now|->)\s+
            |\s+|(?=\[))
        {_OPEN}(?!\d+(?:epoch|batch))
        (?P<value>{_NUMBER}|(?:nan|NaN|None|null|inf)\b)(?![:\w-]*:\d\d)
        (?:\s*/\s*(?P<total>\d+)(?![/.\d]))?
        (?P<more>(?:\s*,\s*{_NUMBER})+(?=\s*[\])]))?
        |
        (?:(?<=\[)|(?<![\w./:,-]))(?P<done>\d+)\s*/\s*(?P<all>\d+)(?![\w/.:]|[ ]\d+:\d)
        |
        (?:^|(?<=[\]|][ ]))\[(?P<alone>\d+)\](?=\s+\w+\s?[=:])
    )
    """,
    re.VERBOSE,
)

_JSON = re.compile(
    r"\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\]\"]|(?:null|NaN|true|false)\b|$"
    r"|[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?\s*(?:,\s*[-+\dnN\[{]|\]\s*$|$))"
)

_LOOKED_AT = 200
"""How many lines are looked at to tell them from a table."""

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
    *("global_step", "iteration", "iter", "iters", "it", "step", "steps", "current_steps"),
    *("num_updates", "update", "updates", UNNAMED, "batch", "batch_idx", ALONE),
)
"""What counts the steps of a run or of an epoch in lines of text, the surest first."""


class Line(NamedTuple):
    """The numbers of a line by their names, and of counters how far they go."""

    numbers: dict[str, str]
    totals: dict[str, str]


def pairs(line: str) -> Line:
    """Return what a line says; the first of two that have one name counts."""
    found: dict[str, str] = {}
    totals: dict[str, str] = {}
    for match in _PAIR.finditer(line):
        name, value, total, more = _said(match)
        if not name or name in found or f"{name}/0" in found:
            continue
        if more:
            for place, each in enumerate([value, *more]):
                found[f"{name}/{place}"] = each
            continue
        found[name] = value
        if total:
            totals[name] = total
    return Line(found, totals)


def _said(match: re.Match[str]) -> tuple[str, str, str | None, list[str]]:
    """Return a name, its number, the total of a counter, and more numbers of a list."""
    said = match.groupdict()
    if said["done"]:
        return UNNAMED, said["done"], said["all"], []
    if said["alone"]:
        return ALONE, said["alone"], None, []
    if said["count"]:
        return said["counted"], said["count"], None, []
    if said["dash"]:
        return said["dashed"].lower(), said["dash"], None, []
    more = re.findall(_NUMBER, said["more"] or "")
    name = _named(said["name"])
    if name == "train":
        name = "epoch" if _WITHIN.match(match.string, match.end()) else name
    return name, _plain(said["value"]), said["total"], [*map(_plain, more)]


def _named(words: str) -> str:
    """Return what a name is short for, the group of parameters that it is of after a slash."""
    words, _, group = words.partition(" of ") if " group " in words else (words, "", "")
    *before, last = [word for word in words.split(" ") if word not in _LEVELS] or [words]
    name = "_".join([*before, last]).lower()
    usual = "learning_rate" if name.endswith("learning_rate") else "lr"
    said = name.removesuffix(usual).rstrip("_").rpartition("_")[2]
    if name.endswith(usual) and said in _VERBS:
        name = usual
    name = _MEANT.get(name, "train" if last.lower() == "train" else name)
    return f"{name}/{group.split()[-1]}" if group else name


_LEVELS = {"INFO", "DEBUG", "WARNING", "TRAIN"}
"""Words in capitals that logging puts before a message."""

_VERBS = {"setting", "reducing", "adjusting", "current", "new", "the", "with", "using"}
"""Words that say nothing more of a rate."""


def _plain(value: str) -> str:
    """Return a number without marks between thousands, its decimal mark a point."""
    return value.replace(",", "" if _THOUSANDS.fullmatch(value) else ".")


def begins_as_lines(head: bytes) -> bool:
    """Return whether a file begins as lines with names and numbers in them, and is no table."""
    if not is_text(head):
        return False
    text = as_text(head)
    if text.startswith(("{", "[")):
        return not begins_as_json(text)
    lines = [line for line in text.split("\n") if line.strip() and line.lstrip()[0] != "#"]
    lines = lines[: max(len(lines) - (len(head) >= HEAD), 1)][:_LOOKED_AT]
    if not lines:
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
    bare = [len(row) >= len(first) and any(map(_is_bare, row)) for row in rows]
    return bool(bare) and 2 * sum(bare) < len(bare) and _say_something(lines[1:])


def begins_as_json(text: str) -> bool:
    """Return whether a text begins as JSON does, and not as a line or as Python prints a dict."""
    return _JSON.match(text) is not None


def _say_something(lines: Sequence[str]) -> bool:
    return any(pairs(line).numbers for line in lines)


def _is_bare(cell: str) -> bool:
    return bool(cell) and number(cell, Comma.DECIMAL) is not None
