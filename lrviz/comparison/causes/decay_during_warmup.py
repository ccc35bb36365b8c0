"""A decay that runs from step 0 on, during the warmup, and has another length."""

from collections.abc import Iterator

from ...families.warmup import Warmup
from ...schedules.base import Schedule
from ..case import Case, reach
from ..cause import Cause, cause
from ..search import nearest
from ..variants import longer, made
from ..warmups import during
from ..wording import steps_text


@cause(rank=51)
def decay_during_warmup(case: Case) -> Iterator[Cause]:
    """Yield the cause that the decay begins at step 0, whatever its length."""
    warmup = case.plan
    if not isinstance(warmup, Warmup) or case.levels < 3 or not case.tells:
        return
    own = warmup.then.length
    if own is None:
        return
    for kind in range(3):

        def becomes(steps: int, kind: int = kind) -> Schedule | None:
            then = longer(warmup.then, steps - own)
            if then is None:
                return None
            return made(lambda: [*during(warmup, then)][kind])

        if kind == 2 and warmup.start:
            break
        for steps in nearest(case, becomes, "fixed"):
            rates = case.rates_of(becomes(steps))
            if rates is not None:
                low, high = reach(steps, lambda n: case.rates_of(becomes(n)) is not None)
                text = (
                    f"its decay runs from step 0 on, during the warmup of {warmup.steps} steps, "
                    f"and takes {steps_text(low, high)}"
                )
                yield case.cause(
                    "decay_during_warmup", text, rates, 51, warmup=warmup.steps, length=steps
                )
                return
