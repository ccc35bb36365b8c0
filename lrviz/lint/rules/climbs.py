"""A cosine that goes on past its end, up again: PyTorch's and Transformers' do."""

from .. import Finding, rule
from ..plan import Part, Plan, text


@rule("a cosine climbs again past its end")
def climbs(plan: Plan) -> Finding | None:
    """Return the first cosine that does."""
    return next((found for part in plan.parts if (found := _climb(plan, part))), None)


def _climb(plan: Plan, wave: Part) -> Finding | None:
    way, own = wave.schedule.way, wave.schedule.length
    if way is None or own is None or wave.schedule.cycle_length is None:
        return None
    if way.last >= way.first or not wave.alone:
        return None
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
        f"because this {wave.name} goes on past its end; give it a length (T_max in PyTorch) of "
        f"{wave.inside(stop)} steps, or take unclamped away",
    )
