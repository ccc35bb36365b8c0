"""Another length of a warmup or a decay, with the plan's rates or with others."""

from collections.abc import Iterator
from functools import partial

from ..case import Case, reach
from ..cause import Cause, cause
from ..fits import Scale, fits
from ..search import nearest
from ..variants import Length, lengths
from ..wording import has_digits

_POINTS_FOR_EACH = 6
"""So many points are needed for each number that is another."""
_ROUND = 3
"""Rates and factors with so many digits are likely to have been chosen."""
_MOST_LENGTHS = 6
"""How many lengths of a plan are looked at."""


@cause(rank=50)
def length(case: Case) -> Iterator[Cause]:
    """Yield the cause that one length is another."""
    yield from _any(case, "fixed")


@cause(rank=70)
def length_and_rates(case: Case) -> Iterator[Cause]:
    """Yield the cause that one length is another, and so are the rates, all alike or not."""
    yield from _any(case, "scaled")
    yield from _any(case, "free")


def _any(case: Case, scale: Scale) -> Iterator[Cause]:
    # One jump alone is explained by any length, but of stairs.
    if case.levels < (2 if case.plan.stairs else 3) or not case.tells:
        return
    for one, _ in zip(lengths(case.plan), range(_MOST_LENGTHS), strict=False):
        found = next(_found(case, one, scale), None)
        if found is not None:
            yield found
            return


def _found(case: Case, one: Length, scale: Scale) -> Iterator[Cause]:
    """Yield the cause that a length is another one."""
    for steps in nearest(case, one.becomes, scale):
        plan = one.becomes(steps)
        fit = None if plan is None else next(fits(case, plan), None)
        if fit is None or (fit.words and scale == "fixed"):
            continue
        low, high = reach(steps, partial(_fits, case, one, is_scaled=bool(fit.words)))
        if low <= one.steps <= high:
            continue
        words = one.said(low, high)
        if fit.words:
            words = f"{words}, and {fit.words}"
        numbers = {"length": float(steps), "from": float(low), "to": float(high)}
        # Three numbers say much of few points; rather it is one of two.
        # An odd number is rather another length of the same line.
        is_round = all(has_digits(rate, _ROUND) for rate in fit.numbers.values())
        rank = (50, 70, 76)[len(fit.numbers)] + 4 * (not is_round)
        enough = _POINTS_FOR_EACH * (1 + len(fit.numbers))
        if len(case.log.steps) < enough or (fit.numbers and case.different < enough):
            continue
        yield case.cause("length", words, fit.rates, rank, **numbers, **fit.numbers)
        return


def _fits(case: Case, one: Length, steps: int, *, is_scaled: bool) -> bool:
    """Return whether a plan with another length explains a case, with other rates if need be."""
    plan = one.becomes(steps)
    if plan is None:
        return False
    if is_scaled:
        return next(fits(case, plan), None) is not None
    return case.rates_of(plan) is not None
