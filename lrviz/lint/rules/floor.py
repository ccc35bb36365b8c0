"""A floor that is reached long before the end.

That is a tenth of the run where a decay would land lower, because it can land on the floor itself
and use all of its steps; a third of it otherwise, where the run's length is known.
"""

from .. import Finding, rule
from ..plan import Part, Plan, share, text


@rule("a floor is reached long before the end of the run")
def floor(plan: Plan) -> Finding | None:
    """Return the outermost floor that is."""
    floors = ((part, part.schedule.lowest) for part in plan.parts if part.alone)
    found = (_early(plan, part, value) for part, value in floors if value is not None)
    return next((one for one in found if one), None)


def _early(plan: Plan, part: Part, value: float) -> Finding | None:
    (inner,), last = part.parts, part.last.schedule
    lands = last.way is not None and last.falls and last.ends
    if part.stop < plan.stop or not (plan.is_sure if lands else plan.given):
        return None

    def is_cut(steps: list[int]) -> list[bool]:
        return [rate < value for rate in plan.rates(steps, inner)]

    cut = is_cut(plan.steps)
    if not cut[-1]:
        return None
    free = [step for step, is_it in zip(plan.steps, cut, strict=True) if not is_it]
    if not free:
        return Finding(
            "floor",
            f"the floor {text(value)} is above the whole schedule, so that the rate never changes; "
            "lower it",
        )
    after = next(step for step in plan.steps if step > free[-1])
    begin = plan.first_where(is_cut, free[-1], after)
    flat = plan.stop - begin
    if flat * (10 if lands else 3) <= plan.stop:
        return None
    cure = (
        f"to land on it at the end, write end={text(value)} in its place"
        if lands
        else "lower the floor, or let the rate fall more slowly"
    )
    return Finding(
        "floor",
        f"the floor {text(value)} is reached at step {begin}, and the rate stays there for the "
        f"last {share(flat, plan.stop)} of the run; {cure}",
    )
