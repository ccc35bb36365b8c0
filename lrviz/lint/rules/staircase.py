"""Stairs of which not even the first is reached."""

import math

from ...schedules.numeric import LAST_STEP
from .. import Finding, rule
from ..plan import Plan, end_of


@rule("the first drop of a staircase is never reached")
def staircase(plan: Plan) -> Finding | None:
    """Return the first staircase that is level for the whole time."""
    for part in plan.parts:
        period = part.schedule.period
        if period is None or part.replaced:
            continue
        key, steps = period
        passed = max(part.inside(part.start), 0)
        drop = part.outside(math.ceil((passed // steps + 1) * steps))
        if part.stop <= drop < LAST_STEP:
            return Finding(
                "staircase",
                f"the first drop of {part.name} would come at step {drop}, but "
                f"{end_of(plan, part)}, so that the rate never changes; lower {key}, or let it go "
                "on for longer",
            )
    return None
