"""A cosine that goes on past its end, up again: PyTorch's and Transformers' do."""

import math

from .. import Finding, rule
from ..plan import Part, Plan, text


@rule("a cosine climbs again past its end")
def climbs(plan: Plan) -> Finding | None:
    """Return the first cosine that does."""
    waves = (part for part in plan.parts if getattr(part.schedule, "unclamped", False))
    return next((found for wave in waves if (found := _climb(plan, wave))), None)


def _climb(plan: Plan, wave: Part) -> Finding | None:
    if wave.name != "cosine" or wave.lands_on >= wave.fields.lr or not wave.alone:
        return None
    own = math.ceil(wave.fields.steps)
    end, stop = wave.outside(own), min(wave.stop, plan.shown)
    top = min(wave.outside(2 * own), stop - 1)
    if not 0 <= end < top:
        return None
    low, high = plan.rates([end, top])
    if not high - low > 0.01 * plan.peak:
        return None
    return Finding(
        "climbs",
        f"the rate climbs again from {text(low)} at step {end} to {text(high)} at step {top}, "
        "because this cosine goes on past its end; give it a length (T_max in PyTorch) of "
        f"{wave.inside(stop)} steps, or take unclamped away",
    )
