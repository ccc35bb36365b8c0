"""Another scale of all rates."""

from collections.abc import Iterator

from ..case import Case
from ..cause import Cause, cause
from ..fits import factor_of
from ..wording import factor_text, has_digits

_ROUND = 3
"""Factors with so many digits are likely to have been chosen."""


@cause(rank=11)
def factor(case: Case) -> Iterator[Cause]:
    """Yield the cause that all rates are multiplied by one number."""
    if case.levels == 1 or not case.tells:
        return
    number = factor_of(case.log, case.planned)
    if number is not None:
        rates = case.planned * number
        is_round = any(has_digits(one, _ROUND) for one in (number, 1 / number))
        text = f"it is {case.of} multiplied by {factor_text(number)}"
        why = "as by a batch size or a number of devices that rates are scaled with"
        yield case.cause("factor", text, rates, 11 if is_round else 13, why, factor=number)
