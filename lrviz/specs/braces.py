"""Braces, expanded as the shell expands them: `lr={0.1,0.01}` is two texts, `{1..3}` three."""

import re

from ..errors import SpecError

MOST = 100
"""How many texts one text may become."""

_RANGE = re.compile(r"(-?\d{1,15})\.\.(-?\d{1,15})(?:\.\.(-?\d{1,15}))?")
_DEEPEST = 20


def expand(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return every text that `text` stands for, each with what was chosen in its braces.

    SpecError if a brace is not closed or has nothing to choose from, or if they are too many.
    """
    found, end = _sequence(text, 0, 0)
    if end < len(text):
        raise SpecError("'}' closes a brace that was not opened; take it away", text, end, end + 1)
    return found


def _sequence(text: str, start: int, depth: int) -> tuple[list[tuple[str, tuple[str, ...]]], int]:
    """Expand from `start` to the end of the text, inside braces to the `,` or `}` that ends it."""
    found: list[tuple[str, tuple[str, ...]]] = [("", ())]
    at = start
    while at < len(text) and text[at] != "}" and not (depth and text[at] == ","):
        if text[at] == "{":
            choices, end = _choices(text, at, depth + 1)
            if len(found) * len(choices) > MOST:
                raise SpecError(
                    f"these braces make more than {MOST} curves; take some of them away",
                    text,
                    at,
                    end,
                )
            found = [(head + tail, (*chosen, tail)) for head, chosen in found for tail in choices]
            at = end
        else:
            end = _plain_end(text, at, depth)
            found = [(head + text[at:end], chosen) for head, chosen in found]
            at = end
    return found, at


def _plain_end(text: str, at: int, depth: int) -> int:
    ends = "{},"[: 3 if depth else 2]
    return next((i for i in range(at, len(text)) if text[i] in ends), len(text))


def _choices(text: str, start: int, depth: int) -> tuple[list[str], int]:
    """Return what the brace that opens at `start` offers, and where it ends."""
    if depth > _DEEPEST:
        raise SpecError(
            f"braces are nested more than {_DEEPEST} deep; take some away", text, start, start + 1
        )
    choices: list[str] = []
    at = start
    while at < len(text) and text[at] != "}":
        found, at = _sequence(text, at + 1, depth)
        choices += [choice for choice, _ in found]
    if at >= len(text):
        raise SpecError("'{' is never closed; add '}'", text, start, start + 1)
    end = at + 1
    match = _RANGE.fullmatch(text[start + 1 : at])
    if match:
        return _numbers(match, text, start, end), end
    if len(choices) < 2:
        raise SpecError(
            "braces offer at least two values, {0.1,0.01} or {1..3}; write the value without them",
            text,
            start,
            end,
        )
    return choices, end


def _numbers(match: re.Match[str], text: str, start: int, end: int) -> list[str]:
    """Return the numbers of a range, both ends included, as the shell counts them."""
    first, last = int(match[1]), int(match[2])
    stride = abs(int(match[3] or 1)) or 1
    numbers = range(first, last + 1, stride) if first <= last else range(first, last - 1, -stride)
    if len(numbers) > MOST:
        raise SpecError(
            f"these braces make more than {MOST} curves; take some of them away", text, start, end
        )
    return [str(number) for number in numbers]
