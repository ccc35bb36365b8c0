"""A warmup that is counted in another way against the decay."""

from collections.abc import Iterator

from ..case import Case
from ..cause import Cause, cause
from ..warmups import recounts, warmup_of


@cause(rank=30)
def warmup_count(case: Case) -> Iterator[Cause]:
    """Yield the causes that the decay begins elsewhere, or has another length by the warmup."""
    warmup = warmup_of(case.plan)
    if warmup is None or not case.tells or case.levels == 1:
        return
    for name, text, schedules in recounts(case.plan, warmup, case.of):
        for schedule in schedules:
            rates = case.rates_of(schedule)
            if rates is not None:
                yield case.cause(name, text, rates, 30, warmup=warmup.steps)
                return
