"""A rate that never changes, whichever it is."""

from collections.abc import Iterator

import numpy as np

from ..case import Case
from ..cause import Cause, cause
from ..wording import rate_text, roundest


@cause(rank=2)
def constant(case: Case) -> Iterator[Cause]:
    """Yield the cause that it stays at one rate, where the plan does not."""
    log = case.log
    low = float((log.values - log.tolerance).max())
    high = float((log.values + log.tolerance).min())
    if not case.tells or not low <= high or np.ptp(case.planned) <= log.tolerance.max():
        return
    peak = float(np.nanmax(case.planned))
    rate = peak if low <= peak <= high else roundest(low, high) if low > 0 else 0.0
    of = f", the peak of {case.of}" if rate == peak else ""
    text = f"it stays at {rate_text(rate)}{of}, and never changes"
    why = "the schedule was not applied, or another one that is constant"
    yield case.cause("constant", text, np.full(log.values.shape, rate), 2, why, rate=rate)
