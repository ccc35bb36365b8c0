"""The times of Composer's schedulers, made into the unit that a schedule counts in."""

import math
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..errors import quoted, say_of_run
from ..schedules.fields import number_text
from .composing import refusal

_TIME = re.compile(r"(.+)(ba|ep|dur|tok|sp|iter|sec)", re.IGNORECASE)
_LAST = 2**53
"""No step is later than this."""


def unit_of(times: Iterable[Any], max_duration: str | None) -> str:
    """Return what times count: tokens, samples or batches; parts count what the run does."""
    texts = [text for one in times for text in (one if isinstance(one, tuple) else (one,))]
    units = [match[2].lower() for text in texts if (match := _TIME.fullmatch(str(text)))]
    if all(unit == "dur" for unit in units):
        match = _TIME.fullmatch(max_duration or "")
        units = [match[2].lower()] if match else []
    return next((unit for unit in units if unit in ("tok", "sp")), "ba")


def _counted(unit: str) -> str:
    """Return the unit that a unit is counted in: epochs are made into batches."""
    return "ba" if unit == "ep" else unit


class Clock(NamedTuple):
    """What makes times into the unit that a call counts in: batches, tokens or samples.

    `increment` is how many of it a batch has.
    """

    call: str
    steps_per_epoch: int | None
    horizon: int | None
    max_duration: str | None
    ratio: float
    increment: int | None
    unit: str

    def by(self) -> int:
        """Return how many of the unit a step moves on by."""
        if self.unit == "ba":
            return 1
        if self.increment is None:
            rule = f"must be given where a schedule counts in {self.unit}: how many a batch has"
            raise refusal(self.call, "increment", rule)
        return self.increment

    def batches(self, parameter: str, text: str, *, scaled: bool = True) -> int:
        """Return a time in the unit; `scaled` by the ratio, unless it is a part of the run."""
        number, unit = self.split(parameter, text)
        if unit == "dur":
            return self.part(parameter, number)
        if _counted(unit) != self.unit:
            rule = f"must count in {self.unit} as the other times do, not {quoted(text)}"
            raise refusal(self.call, parameter, rule)
        if unit == "ep":
            number *= self.epoch(parameter)
        return int(number * self.ratio) if scaled else int(number)

    def split(self, parameter: str, text: str) -> tuple[float, str]:
        """Return the number and the unit of a time."""
        match = _TIME.fullmatch(text)
        try:
            number = float(match[1]) if match else math.nan
        except ValueError:
            number = math.nan
        if match is None or not 0 <= number <= _LAST:
            rule = f"must be a time such as '10ba', '2ep' or '0.9dur', not {quoted(text)}"
            raise refusal(self.call, parameter, rule)
        unit = match[2].lower()
        if unit not in ("ba", "ep", "dur", "tok", "sp"):
            rule = f"counts in {unit}, and ba, ep, dur, tok and sp are read, not {quoted(text)}"
            raise refusal(self.call, parameter, rule)
        if unit != "dur" and number != int(number):
            rule = f"must be a whole number of {unit}, not {quoted(text)}"
            raise refusal(self.call, parameter, rule)
        return number, unit

    def epoch(self, parameter: str) -> int:
        if self.steps_per_epoch is None:
            cure = say_of_run("steps_per_epoch", 100)
            raise refusal(self.call, parameter, "counts epochs; " + cure)
        return self.steps_per_epoch

    def part(self, parameter: str, part: float) -> int:
        """Return a part of the run in batches, rounded down as Composer rounds it."""
        number, unit = self.run()
        if number is None:
            cure = say_of_run("horizon", 1000)
            raise refusal(self.call, parameter, "depends on the length of the run; " + cure)
        if _counted(unit) != self.unit:
            rule = f"is in {_counted(unit)} as the run is, and the other times are in {self.unit}"
            raise refusal(self.call, parameter, rule)
        if unit == "ep":
            return int(part * self.epoch("max_duration") * number)
        return int(part * number)

    def run(self) -> tuple[int | None, str]:
        """Return the length of the run that Composer counts with, which the ratio scales too."""
        number, unit = self.horizon, self.unit
        if number is not None:
            number *= self.by()
        if self.max_duration is not None:
            duration, unit = self.split("max_duration", self.max_duration)
            if unit == "dur":
                rule = f"must be in ba, ep, tok or sp, not {quoted(self.max_duration)}"
                raise refusal(self.call, "max_duration", rule)
            number = int(duration)
        if number is None:
            return None, unit
        scaled = int(number * self.ratio)
        if scaled == 0:
            rule = f"must leave the run a step, not {number_text(self.ratio)}"
            raise refusal(self.call, "scale_schedule_ratio", rule)
        return scaled, unit

    def run_length(self) -> int | None:
        """Return the length of the run, None if it is not known in the unit."""
        number, unit = self.run()
        if _counted(unit) != self.unit:
            return None
        return number * self.epoch("max_duration") if number and unit == "ep" else number

    def period(self, parameter: str, text: str) -> int:
        """Return a time in batches that is not 0."""
        batches = self.batches(parameter, text)
        if batches == 0:
            raise refusal(self.call, parameter, f"must be at least a batch, not {quoted(text)}")
        return batches
