"""What the noisy quadratic says of series: their courses, and the panel that draws them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..curves import Curve
from ..errors import LrvizError, option, printable, quoted
from ..outputs.content import Panel, Spread
from ..outputs.look import Look
from ..schedules.quantity import Quantity
from ..schedules.signal import Signal
from ..series import Series
from ..theory.logged import Joined
from ..theory.quadratic import Course, Quadratic, drawn_steps
from ..theory.sums import cells_of

EXPECTED = Quantity("noisy quadratic: loss ± sd", "loss", "L")

_LEAST = 1e-300
"""How high the highest rate is at least."""
_MOST_DRAWN = 600
"""After how many steps a loss is drawn."""


def signal_of(one: Series) -> Signal:
    """Return the rates of a series as a function of the step."""
    if one.plan is not None:
        return one.plan
    steps = one.known_steps
    return Joined(one.label, steps, one.at(steps))


def courses(
    signals: Sequence[Signal], quadratic: Quadratic, steps: Sequence[int], peak: float
) -> list[Course]:
    """Return the loss of each after so many updates, rates multiplied by the same factor.

    `peak` is the highest rate of all. LrvizError if that is too low to be scaled, or if a rate
    cannot be evaluated.
    """
    if peak < _LEAST:
        raise LrvizError(
            f"the highest rate is {peak:.3g}, and rates are scaled here from {_LEAST:g} on; "
            "name higher ones"
        )
    factor = quadratic.factor(peak)
    return [quadratic.course(one, steps, factor) for one in signals]


def panel_of(inputs: Sequence[Series], rates: Sequence[Curve], look: Look) -> Panel:
    """Return the panel of expected losses, with what they spread over, above the rates.

    LrvizError if one is beyond all numbers.
    """
    assert look.quadratic is not None
    shown = [look.first + step for step in drawn_steps(look.horizon - look.first, _MOST_DRAWN)]
    signals = [signal_of(one) for one in inputs]
    steps = np.array(shown, np.int64)
    curves, spreads = [], []
    peak = max(cells_of(one, look.horizon).peak for one in signals) or 1.0
    found = courses(signals, look.quadratic, shown, peak)
    for one, course in zip(rates, found, strict=True):
        if not np.isfinite(course.sd).all():
            raise LrvizError(
                f"the loss of {quoted(one.label)} grows beyond all numbers, which cannot be drawn; "
                "lower " + option("curvature")
            )
        curves.append(
            replace(one, steps=steps, values=course.mean, recorded=False, quantity=EXPECTED)
        )
        spreads.append(Spread(course.mean - course.sd, course.mean + course.sd, course.sample))
    return Panel(curves, look, rates, spreads)


def joined(found: Sequence[Series]) -> Iterator[str]:
    """Yield a note for each recorded run that lacks the rates of some steps."""
    for one in found:
        known = one.known_steps
        if known is not None and (known[0] > 0 or len(known) <= known[-1]):
            yield (
                f"{printable(one.label)}: between its logged steps, {known[0]} to {known[-1]}, "
                "rates are taken from straight lines, and held before and after"
            )


def sampled(found: Sequence[Series], horizon: int) -> Iterator[str]:
    """Yield a note for each schedule whose steps are not all looked at, and may hide a turn."""
    from ..sampling import is_exact

    for one in found:
        if one.plan is not None and not is_exact(one.plan, horizon, columns=1):
            yield (
                f"{printable(one.label)}: not all of its {horizon:,} steps are evaluated, so that "
                "a rate that lasts a few of them may not count"
            )
