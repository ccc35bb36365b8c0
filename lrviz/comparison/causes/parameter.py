"""Another value of a parameter that is neither a rate nor a length, such as a factor or a power."""

from collections.abc import Iterator

import numpy as np

from ..case import Case
from ..cause import Cause, cause
from ..clocks import rates_at
from ..variants import RATES, field_text, fields
from ..wording import rate_text

_VALUES = np.unique(
    np.concatenate([np.arange(1, 100) / 100, [0.999, 0.995, 0.985, 0.975], np.arange(2, 21) / 2])
)
"""Values that are likely to have been chosen."""
_LOOKED_AT = 64
"""At how many points a value is tried before all."""
_MOST_FIELDS = 6
"""How many parameters of a plan are looked at."""


@cause(rank=57)
def parameter(case: Case) -> Iterator[Cause]:
    """Yield the cause that one parameter of the plan has another value of few digits."""
    if case.levels == 1 or not case.tells:
        return
    chosen = np.linspace(0, len(case.some.steps) - 1, _LOOKED_AT).astype(np.int64)
    points = case.some.at(np.unique(chosen))
    numbers = [field for field, unit in fields(case.plan) if unit != "steps"]
    for field in [one for one in numbers if one.name not in RATES][:_MOST_FIELDS]:
        for value in _VALUES[np.argsort(abs(_VALUES - field.value), kind="stable")].tolist():
            plan = field.becomes(value)
            if plan is None or not points.fits(rates_at(plan, points.steps)).all():
                continue
            rates = case.rates_of(plan)
            if rates is not None:
                text = field_text(field.part, field.name)
                text = text.format(new=rate_text(value), old=rate_text(field.value))
                yield case.cause("parameter", text, rates, 57, **{field.name: value})
                return
