"""Stairs of which not even the first is reached."""

import math

from ...schedules.numeric import LAST_STEP
from .. import Finding, rule
from ..plan import Part, Plan, end_of


@rule("the first drop of a staircase is never reached")
def staircase(plan: Plan) -> Finding | None:
    """Return the first staircase that is level for the whole time."""
    for part in plan.parts:
        period = _period(part)
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


def _period(part: Part) -> tuple[str, float] | None:
    """Return the word for the length of a stair, and that; None for what has no stairs."""
    fields = part.fields
    if getattr(fields, "rate", None) == (0 if part.name in ("natural_exp", "inverse_time") else 1):
        return None
    if part.name == "exp_epoch":
        return "epoch", fields.epoch
    if part.name == "step" or getattr(fields, "staircase", False):
        return "steps", fields.steps
    return None
