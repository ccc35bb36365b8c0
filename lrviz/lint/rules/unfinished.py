"""A decay whose end lies beyond the run, by more than a tenth of the way; not one that is held."""

import math

from .. import Finding, rule
from ..plan import Part, Plan, text


@rule("a decay ends beyond the end of the run")
def unfinished(plan: Plan) -> Finding | None:
    """Return the decay in which the run ends."""
    if not plan.given:
        return None
    cut = (part for part in plan.parts if part.alone and part.start < plan.stop <= part.stop)
    return next((found for part in cut if (found := _cut_off(plan, part))), None)


def _cut_off(plan: Plan, part: Part) -> Finding | None:
    end = part.outside(part.schedule.length or 0)
    falls = part.schedule.falls and part.schedule.ends and not part.is_held
    if not falls or end <= plan.stop:
        return None
    now = plan.stop - 1
    ahead = plan.rates([now + (end - 1 - now) * i // 64 for i in range(65)], part)
    (here,), (last,) = plan.rates([now]), plan.rates([end], part)
    if math.isnan(last):  # one that refuses to go on past its end
        last = ahead[-1]
    if not max(ahead) - last > 0.1 * (max(plan.peak, *ahead) - last):
        return None
    return Finding(
        "unfinished",
        f"{part.name} ends at step {end}, but the run ends after {plan.stop} steps, at the rate "
        f"{text(here)}, and never comes down to {text(last)}; make it shorter "
        f"({max(part.inside(plan.stop), 1)} steps), or the run longer",
    )
