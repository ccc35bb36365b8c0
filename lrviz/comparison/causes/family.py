"""Another family with the parameters of the plan's, or one of its flags."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...families import families
from ...schedules.base import Schedule
from ..case import Case
from ..cause import Cause, cause
from ..variants import made, parts


@cause(rank=54)
def family(case: Case) -> Iterator[Cause]:
    """Yield the causes that a part of the plan is of another family, or has another flag."""
    if case.levels == 1 or not case.tells:
        return
    for part, put in parts(case.plan):
        if part.inner() is not None:
            continue
        for rank, words, other in (*_flags(part), *_others(part)):
            rates = case.rates_of(made(partial(put, other)))
            if rates is not None:
                yield case.cause("family", words, rates, rank)
                return


def _flags(part: Schedule) -> Iterator[tuple[float, str, Schedule]]:
    """Yield a schedule with each of its flags turned."""
    itself: Any = part
    for field, value in part.given():
        if field.item is bool:
            other = made(partial(replace, itself, **{field.name: not value}))
            if other is not None:
                yield 54, f"its {part.name} is {'not ' * value}{field.key}", other


def _others(part: Schedule) -> Iterator[tuple[float, str, Schedule]]:
    """Yield the schedules of other families that need nothing but what a schedule has."""
    given = {field.name: value for field, value in part.given() if value is not None}
    for kind in families().values():
        known = {field.name: field for field in kind.parameters()}
        needed = {name for name, field in known.items() if field.required}
        if kind is type(part) or kind.inner() is not None or not needed <= set(given):
            continue
        shared = {name: value for name, value in given.items() if name in known}
        if not needed or "lr" not in shared:
            continue
        other = made(partial(kind, **shared))
        if other is not None:
            yield 55, f"its decay is {kind.name} in place of {part.name}", other
