"""Round numbers for a guess: the fewest digits that a record allows."""

import math
from collections.abc import Iterator

from ..errors import LrvizError
from ..schedules.base import Schedule
from .digits import MOST_DIGITS, digits, parts_of
from .polishing import Polished, polish
from .record import Record
from .shape import Guess

_SURE = 6
"""So many standard errors from its best value a number is not."""
_TRIED = 4
"""How many round numbers are tried for each."""
_SOLVED = 60
"""How often a guess is solved again at most."""
_LOWS = ("end", "start", "warm_start")
_TINY = 1e-200
"""Less is nothing."""
_NONE = ("alpha", "beta", "held", "lr")
"""Other numbers that may be 0."""


class Rounding:
    """The search for round numbers, which is given up after some time."""

    def __init__(self, guess: Guess, record: Record) -> None:
        self.guess, self.record, self.left = guess, record, _SOLVED
        self.nearest: Schedule | None = None

    def plans(self) -> Iterator[Schedule]:
        """Yield the schedules that meet the record, those of the roundest numbers first."""
        yield from self._plans(self.guess, [*self.guess.numbers])

    def _plans(self, guess: Guess, free: list[str]) -> Iterator[Schedule]:
        """Yield schedules in which the numbers that are not free are round already."""
        self.left -= 1
        found = polish(guess, self.record.some, free) if self.left >= 0 else None
        if found is None:
            return
        self._remember(guess, found, free)
        # Of numbers that meet every point, the nearest are off by less than the tolerances.
        if found.rms > 1 + 1e-9:
            return
        if not free:
            plan = guess.plan(guess.numbers)
            if self.record.is_met(plan):
                yield plan
            elif self.record.is_near(plan):
                self.record = self.record.with_points_against(plan)
            return
        name, tried = self._surest(guess, found, free)
        rest = [one for one in free if one != name]
        for number in tried:
            yield from self._plans(guess._replace(numbers=found.numbers | {name: number}), rest)

    def _remember(self, guess: Guess, found: Polished, free: list[str]) -> None:
        """Keep the nearest of all schedules, before any of its numbers is rounded."""
        if len(free) == len(guess.numbers):
            try:
                self.nearest = guess.plan(found.numbers)
            except LrvizError:
                return

    def _surest(self, guess: Guess, found: Polished, free: list[str]) -> tuple[str, list[float]]:
        """Return the number that is least likely to be round by chance, and what it may be."""
        best: tuple[float, str, list[float]] | None = None
        for name in free:
            tried = [*candidates(guess, found, name)]
            if not tried:
                return name, []
            size = abs(found.numbers[name]) or self.record.peak
            error = min(max(found.errors[name], 1e-12 * size), size)
            surprise = math.log10(size / error) - digits(tried[0])
            if best is None or surprise > best[0]:
                best = surprise, name, tried
        assert best is not None
        return best[1], best[2]


def candidates(guess: Guess, found: Polished, name: str) -> list[float]:
    """Return the round numbers that one may be, the likeliest first."""
    middle, error = found.numbers[name], found.errors[name]
    is_whole = name in guess.counts or name in guess.stiff
    error = max(error, 1e-9 * abs(middle), 0.1 if name in guess.stiff else 1e-5 if is_whole else 0)
    reach = _SURE * error
    tried: set[float] = set()
    if middle > _TINY:
        top = math.floor(math.log10(middle))
        for places in range(MOST_DIGITS + is_whole):
            unit = 10.0 ** (top - places)
            if is_whole and unit < 1:
                break
            near = round(middle / unit)
            for ways in range(-3, 4):
                tried.add(float(f"{(near + ways) * unit:.{places + 1}e}"))
    if is_whole:
        tried |= {float(max(round(middle), 1))}
        tried = {one for one in tried if one >= 1}
    usual: list[float] = []
    if name in _NONE:
        usual = [0.0]
    elif name in _LOWS:
        full = found.numbers.get("lr", 0.0)
        usual = [0.0, *(parts_of(full) if digits(full) <= MOST_DIGITS else ())]
        if name == "end" and "start" in found.numbers:  # as of PyTorch's OneCycleLR
            usual.insert(1, float(f"{found.numbers['start'] / 1e4:.12g}"))
    else:
        tried.discard(0.0)
    likely = dict.fromkeys([*usual, *sorted(tried, key=lambda one: abs(one - middle))])
    within = [one for one in likely if abs(one - middle) <= reach and one >= 0]

    def unlikely(one: float) -> float:
        count = 1 if one in usual[1:] else digits(one)
        return round(2.3 * count + 0.5 * ((one - middle) / error) ** 2, 6)

    within.sort(key=unlikely)
    return within[: _TRIED + len(usual)]
