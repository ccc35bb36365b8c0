"""Another peak, end or start, or two of them."""

from collections.abc import Iterator

from ..case import Case
from ..cause import Cause, cause
from ..fits import fits
from ..wording import has_digits

_RATES_FOR_EACH = 3
"""So many different rates are needed for each odd one that explains them."""
_ROUND = 3
"""Rates with so many digits are likely to have been chosen."""


@cause(rank=42)
def rates(case: Case) -> Iterator[Cause]:
    """Yield the cause that the plan has other rates in its fields."""
    if case.levels == 1 or not case.tells:
        return
    for fit in fits(case, case.plan):
        if fit.words and "factor" not in fit.numbers:
            # Of odd numbers, it is rather another length of the same line.
            is_round = all(has_digits(rate, _ROUND) for rate in fit.numbers.values())
            if not is_round and case.different < _RATES_FOR_EACH * len(fit.numbers):
                continue
            rank = 42 if is_round else 52
            yield case.cause("rates", fit.words, fit.rates, rank, **fit.numbers)
            return
