"""Random schedules for the laws, made from what the fields of the families say of themselves."""

import math
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from lrviz.errors import ParameterError
from lrviz.families import families
from lrviz.families.chain import Chain
from lrviz.families.for_ import For
from lrviz.families.product import Product
from lrviz.families.restarts import Restarts
from lrviz.families.resume import Resume
from lrviz.families.stepped import Stepped
from lrviz.families.sum import Sum
from lrviz.families.warmup import Warmup
from lrviz.schedules.base import Schedule
from lrviz.schedules.decay import Decay
from lrviz.schedules.fields import Parameter, Points
from lrviz.schedules.modifier import Modifier

LONGEST = 100_000
"""How many steps anything lasts at most."""

FACTORS = ("rate", "alpha", "m_mul", "shrink")
"""What rates are multiplied by over and over; above 1 they overflow."""

BOUNDED = ("linear", "one_cycle", "power")
"""Families whose curves fall below 0 past their end, or stop there, when they are unclamped."""


def _number(field: Parameter) -> st.SearchStrategy[float]:
    """Return numbers within the bounds of a field, none so large that a rate overflows."""
    param = field.param
    if param.unit == "steps":
        low = -LONGEST if param.at_least == param.above == -math.inf else max(param.at_least, 1)
        steps = st.integers(int(max(low, -LONGEST)), LONGEST)
        return steps if field.item is int else steps.map(float) | st.floats(max(low, 0.5), LONGEST)
    if field.item is int:
        low = max(param.at_least, 0)
        return st.integers(int(low), 5) | st.integers(int(low), 1000)
    low = max(param.at_least, param.above, 0.0)
    high = min(param.at_most, 1.0 if field.key in FACTORS else 5.0)
    if field.key == "power":
        low = 0.1  # with less, a curve falls off at its last step as if it jumped
    if low >= high:
        high = low + 2
    return st.floats(low, high, exclude_min=low == param.above) | st.just(high)


def _value(field: Parameter) -> st.SearchStrategy[Any]:
    if field.item is bool:
        return st.booleans()
    if field.item is Points:
        steps = st.sets(st.integers(1, LONGEST), max_size=5).map(lambda found: [0, *sorted(found)])
        rates = st.lists(st.floats(0, 10), min_size=6, max_size=6)
        return st.builds(lambda at, lr: tuple(zip(at, lr, strict=False)), steps, rates)
    if field.choices:
        return st.sampled_from(field.choices)
    if not field.param.finite:
        number = st.floats(0, 5) | st.sampled_from([math.nan, math.inf, -math.inf])
        return st.lists(number, min_size=1, max_size=12).map(tuple)
    if field.many:
        return st.lists(_number(field), min_size=1, max_size=5).map(tuple)
    return (st.none() | _number(field)) if field.optional else _number(field)


@st.composite
def _built(draw: st.DrawFn, /, kind: type[Schedule], **given: st.SearchStrategy[Any]) -> Schedule:
    if kind.name in BOUNDED:
        given["unclamped"] = st.just(False)
    values = {
        field.name: draw(given[field.name] if field.name in given else _value(field))
        for field in kind.parameters()
    }
    try:
        return kind(**values)
    except ParameterError:  # numbers that are allowed one by one and do not fit together
        assume(False)
        raise


CURVES = [kind for kind in families().values() if kind.inner() is None]
DECAYS = [kind for kind in CURVES if issubclass(kind, Decay)]
MODIFIERS = [kind for kind in families().values() if issubclass(kind, Modifier)]

curves = st.sampled_from(CURVES).flatmap(_built)
"""Schedules of one family, without wrappers."""

decays = (
    st.sampled_from(DECAYS).flatmap(_built).filter(lambda of: getattr(of, "alpha", None) is None)
)
"""Decays that can be repeated."""


def _wrapped(inner: st.SearchStrategy[Schedule]) -> st.SearchStrategy[Schedule]:
    ended = st.builds(lambda of, steps: For(of=of, steps=steps), inner, st.integers(1, LONGEST))
    return st.one_of(
        st.sampled_from(MODIFIERS).flatmap(lambda kind: _built(kind, of=inner)),
        _built(Warmup, then=inner),
        _built(Restarts, of=decays),
        _built(Stepped, of=inner, by=st.integers(1, 100)),
        _built(Product, factors=st.lists(inner, min_size=2, max_size=3).map(tuple)),
        _built(Resume, plans=st.tuples(inner, inner)),
        _built(Sum, terms=st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(
            lambda first, last: Chain(stages=(*first, last)),
            st.lists(ended, min_size=1, max_size=3),
            inner,
        ),
    )


schedules = st.recursive(curves, _wrapped, max_leaves=5)
"""Schedules of all kinds."""

steps = st.lists(st.integers(0, 2 * LONGEST), min_size=1, max_size=20)
"""Some steps, in any order."""
