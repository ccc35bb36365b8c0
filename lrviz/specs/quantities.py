"""Numbers as people write them: 0.01, 3e-4, 10_000, 10k, 1.5M, 2G, 5ep, 10%."""

import math
import re
from decimal import Decimal
from typing import NamedTuple

from ..errors import LrvizError, Sentence, did_you_mean, option, quoted, sentence
from ..schedules.fields import number_text
from ..schedules.numeric import LAST_STEP
from ..schedules.run import Run as Run  # noqa: PLC0414, what reads quantities knows it from here

_NUMBER = re.compile(r"[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][+-]?\d+)?")
_TIMES = {"": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9}
_UNITS = ("k", "M", "G", "ep", "%")


def starts_as_number(text: str) -> bool:
    """Return whether `text` begins like a number."""
    return _NUMBER.match(text) is not None


def quantity(text: str, run: Run, counts_steps: bool = True) -> float:
    """Return the number that `text` says.

    Where it `counts_steps`, `ep` and `%` are allowed and give the nearest whole step. LrvizError
    says what is wrong as a sentence without its subject: "is not a number".
    """
    match = _NUMBER.match(text)
    try:
        number = float(match[0]) if match else math.nan
    except ValueError:  # such as 1__0
        number = math.nan
    if match is None or math.isnan(number):
        raise LrvizError("is not a number")
    unit = text[match.end() :].strip()
    if unit in _TIMES:
        return number * _TIMES[unit]
    if unit not in _UNITS:
        cure = did_you_mean(unit, _UNITS) or "; the units are k, M, G, ep and %"
        raise LrvizError(f"has the unknown unit {quoted(unit)}{cure}")
    if not counts_steps:
        raise LrvizError(f"is given in {unit}, which only a number of steps can be")
    return math.floor(number * _steps_in(unit, run) + 0.5)


class Part(NamedTuple):
    """A part of a rate, as it is written in percent."""

    text: str
    share: Decimal

    def of(self, rate: float) -> float:
        """Return that part of a rate, as who writes it out would write it."""
        return float(self.share * Decimal(repr(rate)))


def percent(text: str) -> Part:
    """Return the part that a text in percent says; LrvizError as of `quantity`."""
    number = quantity(text.removesuffix("%"), Run(), counts_steps=False)
    return Part(text, Decimal(repr(number)) / 100)


def number(
    subject: str | Sentence,
    text: str,
    run: Run | None = None,
    least: float = 1,
    most: float = LAST_STEP,
) -> float:
    """Return the number that `text` says; LrvizError about `subject` if it says none in bounds."""
    try:
        value = quantity(text, run or Run())
    except LrvizError as error:
        raise LrvizError(sentence(subject) + f" {quoted(text)} " + error.sentence) from None
    if not least <= value <= most:
        bounds = f"from {number_text(least)} to {number_text(most)}"
        raise LrvizError(sentence(subject) + f" is a number {bounds}, not {quoted(text)}")
    return value


def count(subject: str | Sentence, text: str, run: Run, least: int = 1) -> int:
    """Return the whole number of steps that `text` says; LrvizError about `subject` if none."""
    value = number(subject, text, run, least)
    if value != int(value):
        raise LrvizError(sentence(subject) + f" is a whole number, not {quoted(text)}")
    return int(value)


def span(subject: str | Sentence, text: str, run: Run) -> range:
    """Return the steps of FROM:TO, both included, or of one step; LrvizError if it says none."""
    texts = [end.strip() for end in text.split(":")]
    if len(texts) == 2 and bool(texts[0]) != bool(texts[1]):
        rule = f" takes both ends, such as 5:100, and {quoted(text)} has one; add the other"
        raise LrvizError(sentence(subject) + rule)
    ends = [count(subject, end, run, least=0) for end in texts]
    if len(ends) > 2:
        rule = f" takes FROM:TO, such as 900:1000, not {quoted(text)}"
        raise LrvizError(sentence(subject) + rule)
    if ends[-1] < ends[0]:
        raise LrvizError(
            sentence(subject) + f" {quoted(text)} ends before it begins; write {ends[1]}:{ends[0]}"
        )
    return range(ends[0], ends[-1] + 1)


def horizon(subject: str | Sentence, text: str, run: Run) -> int:
    """Return the length of the run that `text` says; LrvizError if it says a part of it."""
    if text.endswith("%"):
        raise LrvizError(
            sentence(subject)
            + f" is the length of the run, and {quoted(text)} is a part of it; give it in steps"
        )
    return count(subject, text, run)


def _steps_in(unit: str, run: Run) -> float:
    if unit == "%":
        if run.horizon is None:
            raise LrvizError(
                "is a part of the run, whose length is not known; give it with "
                + option("horizon", "STEPS")
            )
        return run.horizon / 100
    if run.steps_per_epoch is None:
        raise LrvizError(
            "counts epochs, whose length is not known; give it with "
            + option("steps_per_epoch", "STEPS")
        )
    return run.steps_per_epoch
