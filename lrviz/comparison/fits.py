"""Which other rates, in the fields of a plan, make it what was recorded."""

from collections.abc import Iterator
from itertools import chain, combinations, product
from typing import Literal, NamedTuple

import numpy as np

from ..logs.digits import Rounded
from ..schedules.base import Schedule
from ..schedules.fields import rounded_text
from ..schedules.numeric import Array, Steps
from .case import Case
from .clocks import rates_at
from .variants import Field, field_text, rate_fields
from .wording import factor_text, rate_text, rounded, roundest

_MOST_FIELDS = 4
"""Plans with more rates than this are only scaled."""
_LOOKED_AT = 500
"""At how many points rates are tried before all."""
_NOTHING = 1e-9
"""A field that has no larger part in a rate has none."""
_OPEN = 0.03
"""A rate that is known no better than to this part of it is said as a range."""
_DIGITS = 8
"""With how many digits two rates at once are said at most."""

Scale = Literal["fixed", "scaled", "free"]
"""Whether the rates of a plan stand, or may all be scaled, or each be another."""


class Fit(NamedTuple):
    """What makes rates those recorded: in words, by name, and the rates; no words if they are."""

    words: str
    numbers: dict[str, float]
    rates: Array


def factor_of(log: Rounded, planned: Array) -> float | None:
    """Return the number with fewest digits that makes planned rates those of a log."""
    has = planned > 0
    if not has.any() or np.isnan(planned).any():
        return None
    with np.errstate(over="ignore"):  # rates of next to nothing, which no factor makes any
        low = float(((log.values - log.tolerance)[has] / planned[has]).max())
        high = float(((log.values + log.tolerance)[has] / planned[has]).min())
    if not 0 < low <= high < np.inf:
        return None
    factor = roundest(low, high, upside_down=True)
    return factor if log.fits(planned * factor).all() else None


class Columns:
    """The rates of a plan as a sum over its fields of rates; empty if they are no such sum."""

    def __init__(self, plan: Schedule, steps: Steps) -> None:
        self.whole = rates_at(plan, steps)
        self.fields = rate_fields(plan)
        self.columns: list[Array] = []
        if len(self.fields) > _MOST_FIELDS:
            return
        more = max((field.value for field in self.fields), default=0) or 1.0
        for field in self.fields:
            raised = field.becomes(field.value + more)
            if raised is None:
                self.columns = []
                return
            self.columns.append((rates_at(raised, steps) - self.whole) / more)
        total = sum(f.value * c for f, c in zip(self.fields, self.columns, strict=True))
        if not np.allclose(total, self.whole, rtol=1e-9, atol=1e-12 * np.nanmax(self.whole)):
            self.columns = []


def misfit(plan: Schedule, log: Rounded, scale: Scale) -> float:
    """Return how far a plan is from a log, at the best scale or rates if those are not `fixed`."""
    found = Columns(plan, log.steps) if scale == "free" else None
    rates = rates_at(plan, log.steps) if found is None else found.whole
    basis = np.column_stack(found.columns if found and found.columns else [rates])
    if not np.isfinite(basis).all():
        return np.inf
    if scale != "fixed":
        rates = basis @ np.linalg.lstsq(basis, log.values, rcond=None)[0]
    off = abs(rates - log.values)
    # Beyond rounding counts; of rates that are right up to that, the nearest are the best.
    return float(np.maximum(off - log.tolerance, 0).sum() + 1e-6 * off.sum())


def fits(case: Case, plan: Schedule) -> Iterator[Fit]:
    """Yield what makes a plan that which was recorded, the simplest first: nothing, a factor."""
    if case.screened is not case and next(fits(case.screened, plan), None) is None:
        return
    log = case.log
    found = Columns(plan, log.steps)
    if case.explained(found.whole):
        yield Fit("", {}, found.whole)
    factor = factor_of(log, found.whole)
    if factor is not None:
        words = f"it is multiplied by {factor_text(factor)}"
        yield Fit(words, {"factor": factor}, found.whole * factor)
    for count in (1, 2):
        for chosen in combinations(range(len(found.columns)), count):
            yield from _changed(case, found, chosen)


def _changed(case: Case, found: Columns, chosen: tuple[int, ...]) -> Iterator[Fit]:
    """Yield the fit for which the chosen fields have other rates."""
    columns = np.column_stack([found.columns[i] for i in chosen])
    rest = found.whole - columns @ [found.fields[i].value for i in chosen]
    if not np.isfinite(columns).all():
        return
    wanted = case.log.values - rest
    scale = case.log.tolerance
    some = np.arange(0, len(wanted), max(len(wanted) // _LOOKED_AT, 1))
    basis, sought = columns[some] / scale[some, None], wanted[some] / scale[some]
    solved = np.linalg.lstsq(basis, sought, rcond=None)[0]
    # Rates that fit every point within its rounding are no better than these.
    if np.square(basis @ solved - sought).mean() > 1:
        return
    names = [found.fields[i].name for i in chosen]
    if len(set(names)) < len(names):
        return
    bounds = _bounds(columns[:, 0], wanted, scale) if len(chosen) == 1 else None
    tried = _round(solved, float(case.log.values.max()))
    if bounds is not None and 0 < bounds[0] <= bounds[1]:
        tried = chain([np.array([roundest(*bounds)])], tried)
    for rates in tried:
        near = rest[some] + columns[some] @ rates
        if (rates < 0).any() or not case.log.at(some).fits(near).all():
            continue
        made = rest + columns @ rates
        if case.explained(made):
            old = [found.fields[i].value for i in chosen]
            if np.allclose(rates, old, rtol=1e-12, atol=0):
                return
            numbers = dict(zip(names, rates.tolist(), strict=True))
            fields = [found.fields[i] for i in chosen]
            if bounds is not None and bounds[1] - bounds[0] > _OPEN * max(rates[0], bounds[1]):
                texts = [" to ".join(rounded_text(bound, 3) for bound in bounds)]
                numbers |= {"from": bounds[0], "to": bounds[1]}
            else:
                texts = [rate_text(rate) for rate in rates.tolist()]
            yield Fit(_words(fields, texts), numbers, made)
            return


def _bounds(column: Array, wanted: Array, tolerance: Array) -> tuple[float, float] | None:
    """Return from where to where a rate in one field may be, None if no point tells."""
    has = column > _NOTHING
    if not has.any() or (column < -_NOTHING).any():
        return None
    low = float(((wanted - tolerance)[has] / column[has]).max())
    high = float(((wanted + tolerance)[has] / column[has]).min())
    return max(low, 0.0), high


def _round(solved: Array, peak: float) -> Iterator[Array]:
    """Yield rates near those that were solved for, those with fewest digits first."""
    near = [[rounded(float(one), digits) for digits in range(1, _DIGITS + 1)] for one in solved]
    near = [
        ([0.0] if abs(one) < 1e-3 * peak else []) + rates
        for one, rates in zip(solved, near, strict=True)
    ]
    for number in sorted(product(*(range(len(one)) for one in near)), key=sum):
        yield np.array([one[i] for one, i in zip(near, number, strict=True)])
    yield solved


def _words(fields: list[Field], new: list[str]) -> str:
    """Return in words which rates some fields have in place of their own."""
    names = [field.name for field in fields]
    if sorted(names) == ["end", "lr"]:
        (end, old_end), (peak, old_peak) = (
            (new[i], rate_text(fields[i].value)) for i in map(names.index, ("end", "lr"))
        )
        return f"it goes from {peak} to {end} in place of {old_peak} to {old_end}"
    return ", and ".join(
        field_text(one.part, one.name).format(new=rate, old=rate_text(one.value))
        for one, rate in zip(fields, new, strict=True)
    )
